"""Our own recordings: JSON Lines that hold every notification and request with its time.

The first line is the header, each further line one record, see docs/recording-format.md. A recording is complete:
whatever reads from a battery can read from it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TextIO

from bmsreader.model.errors import CaptureError

if TYPE_CHECKING:
    from bmsreader.captures.gathering import Gathering

VERSION = 1

LONGEST = 1e9
"""s that a recording may last."""

Direction = Literal["rx", "tx", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a recording says of itself."""

    started: datetime
    """UTC; the records count seconds from here."""
    battery: str = ""
    name: str | None = None
    link: str = "ble"
    protocol: str | None = None

    def line(self) -> str:
        """Return the first line of the file."""
        return json.dumps(
            {
                "bmsreader": "recording",
                "version": VERSION,
                "started": self.started.isoformat().replace("+00:00", "Z"),
                "battery": self.battery,
                "name": self.name,
                "link": self.link,
                "protocol": self.protocol,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One notification (``rx``), request (``tx``) or event of the link."""

    at: float
    """s since the recording started."""
    kind: Direction
    data: bytes = b""
    event: str = ""

    def line(self) -> str:
        """Return the line of this record, without line end."""
        if self.kind == "event":
            return f'{{"t":{self.at:.6f},"event":{json.dumps(self.event)}}}'
        return f'{{"t":{self.at:.6f},"{self.kind}":"{self.data.hex()}"}}'


class RecordingWriter:
    """Write a recording line by line; each line is flushed, so that a power cut costs at most the last one."""

    def __init__(self, file: TextIO, header: Header) -> None:
        self._file = file
        self._put(header.line())

    def write(self, record: Record) -> None:
        """Append one record."""
        self._put(record.line())

    def _put(self, line: str) -> None:
        self._file.write(line + "\n")
        self._file.flush()


def is_recording(first_line: str | bytes) -> bool:
    """Return whether a file that starts with this line is a recording of ours."""
    text = first_line.decode("utf-8", "replace") if isinstance(first_line, bytes) else first_line
    return text.lstrip().startswith("{") and '"bmsreader"' in text


def read_header(line: str | bytes, *, source: str = "recording") -> Header:
    """Return the header; raise CaptureError when the file is no recording or too new."""
    try:
        fields = json.loads(line)
        if fields["bmsreader"] != "recording":
            raise CaptureError(f"{source}: not a recording of bmsreader")
        if fields["version"] > VERSION:
            raise CaptureError(f"{source}: written by a newer bmsreader (format {fields['version']})", advice=_UPDATE)
        return Header(
            started=datetime.fromisoformat(fields["started"]).astimezone(UTC),
            battery=fields.get("battery") or "",
            name=fields.get("name"),
            link=fields.get("link") or "ble",
            protocol=fields.get("protocol"),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CaptureError(f"{source}: line 1: not the header of a recording: {error}") from error


_UPDATE = "Update bmsreader."


def read_record(line: str | bytes) -> Record | None:
    """Return the record of a line; None when it is damaged, as the last line after a power cut may be."""
    try:
        fields = json.loads(line)
        at = float(fields["t"])
        if not 0 <= at < LONGEST:
            return None
        if "event" in fields:
            return Record(at=at, kind="event", event=str(fields["event"]))
        kind: Direction = "rx" if "rx" in fields else "tx"
        return Record(at=at, kind=kind, data=bytes.fromhex(fields[kind]))
    except (ValueError, KeyError, TypeError):
        return None


def read_records(lines: Iterable[str | bytes]) -> Iterator[Record]:
    """Yield the records of a recording's lines after the header; damaged lines are passed over."""
    for line in lines:
        record = read_record(line)
        if record is not None:
            yield record


_LINE = re.compile(rb'^\{"t":([0-9]{1,9}\.[0-9]{6}),"(?:rx":"([^"]*)|tx":"(?:[0-9a-f]{2})*)"\}$', re.MULTILINE)


def notifications_of(block: bytes) -> list[tuple[bytes, bytes]] | None:
    """Return (time, hex) of every record in whole lines of a recording, many times faster than line by line.

    A request counts as a notification of nothing. None when a line is anything but a notification or request in the
    form that ``Record.line`` writes: then ``read_record`` must look at each. Whether the hex is hex is not checked.
    """
    found = _LINE.findall(block)
    lines = block.count(b"\n") + (not block.endswith(b"\n") and bool(block))
    return found if len(found) == lines else None


def read_recording(lines: Iterable[str], gathering: "Gathering", source: str) -> str:
    """Read a recording as a capture and return the format; raise CaptureError when it is too new."""
    rows = iter(lines)
    header = read_header(next(rows, ""), source=source)
    connection = gathering.connect(header.battery or None)
    connection.name = header.name
    table = gathering.table
    received, sent = table.head("notification", None, 0), table.head("write-command", None, 0)
    gathering.begin(int(header.started.timestamp() * 1_000_000))
    for record in read_records(rows):
        if record.kind != "event":
            at = (gathering.origin or 0) + round(record.at * 1_000_000)
            table.add(at, received if record.kind == "rx" else sent, record.data)
    return "recording of bmsreader"
