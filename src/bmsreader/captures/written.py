"""What logs made of text have in common: times of day, colours, addresses, UUIDs in place of handles."""

import re
from datetime import UTC, datetime

from bmsreader.captures.attributes import Attributes
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.traffic import Kind

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00\x01\x02\x08]")
_CLOCK = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T])?\b(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))?")
_HEX = re.compile(r"[0-9a-fA-F]{2}(?:[ .:-]?[0-9a-fA-F]{2})*")

DAY = 86_400_000_000
"""us"""


def plain(line: str) -> str:
    """Return a line without the colours of a terminal, and without its end."""
    return _COLOUR.sub("", line).rstrip()


def hex_bytes(text: str) -> bytes | None:
    """Return the bytes of hex digits, with or without separators; None when it is anything else."""
    text = text.strip()
    if not _HEX.fullmatch(text):
        return None
    digits = re.sub(r"[ .:-]", "", text)
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else None


class Written:
    """Adds what a log says to a gathering, in the order of its lines."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._connections: dict[str, tuple[int, Attributes]] = {}
        self._handles: dict[tuple[int, str], int] = {}
        self._peer = self._key = ""
        self._named: dict[int, str] = {}
        self._at = 0
        self._days = 0
        gathering.dated = False

    def clock(self, line: str) -> None:
        """Take the time at the start of a line, if it has one; a time of day that goes back begins the next day."""
        found = _CLOCK.search(line[:64])
        if found is None:
            return
        date, hour, minute, second, part = found.groups()
        at = ((int(hour) * 60 + int(minute)) * 60 + int(second)) * 1_000_000 + int((part or "0").ljust(6, "0"))
        if date is not None:
            at += _midnight(date)
        elif at + self._days * DAY < self._at - DAY // 2:
            self._days += 1
        self._at = at + self._days * DAY

    def peer(self, peer: str, *, key: str = "") -> None:
        """Say whose traffic follows: an address, or a name where the log has no addresses.

        ``key`` tells connections apart that have neither.
        """
        self._peer, self._key = peer, peer or key

    def named(self, handle: int, uuid: str) -> None:
        """Say which UUID a handle has."""
        self._named[handle] = short_uuid(uuid)

    def add(
        self, kind: Kind, value: bytes, *, handle: int | None = None, uuid: str | None = None, truncated: bool = False
    ) -> None:
        """Add a value at the time of the latest clock.

        A log that names UUIDs only gets handles that count 1, 2, 3 in the order in which they appear.
        """
        self._gathering.begin(self._at)
        number, attributes = self._connection()
        if uuid is not None:
            uuid = short_uuid(uuid)
            handle = self._handles.setdefault((number, uuid), len(self._handles) + 1)
            attributes.named(handle, uuid)
        elif handle in self._named:
            attributes.named(handle, self._named[handle])
        table = self._gathering.table
        self._gathering.truncated += truncated
        table.add(self._at, table.head(kind, handle, number, truncated=truncated), value)

    def _connection(self) -> tuple[int, Attributes]:
        known = self._connections.get(self._key)
        if known is None:
            is_address = re.fullmatch(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}", self._peer)
            attributes = self._gathering.connect(self._peer if is_address else None)
            if not is_address:
                attributes.name = self._peer or None
            known = self._connections[self._key] = (len(self._connections), attributes)
        return known


def short_uuid(uuid: str) -> str:
    """Return a UUID as captures hold it: four digits where it is of the Bluetooth SIG's."""
    uuid = uuid.lower().removeprefix("0x")
    if re.fullmatch(r"0000[0-9a-f]{4}-0000-1000-8000-00805f9b34fb", uuid):
        return uuid[4:8]
    return uuid


def _midnight(date: str) -> int:
    try:
        moment = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return 0
    return int(moment.timestamp()) * 1_000_000
