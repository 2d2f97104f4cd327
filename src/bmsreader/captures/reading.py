"""Read a capture, whatever program wrote it: the format is recognised by what the file holds."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from bmsreader.captures import (
    batmon,
    btsnoop,
    btsnooz,
    esphome,
    gatttool,
    homeassistant,
    lines,
    nrfconnect,
    packetlogger,
    packetlogger_text,
    pcap,
    pcapng,
    recording,
    zipped,
)
from bmsreader.captures.gathering import Gathering
from bmsreader.captures.plaintext import cleaned, encoding_of
from bmsreader.captures.refusals import refuse, refuse_text
from bmsreader.captures.traffic import Capture
from bmsreader.captures.watching import Tell, watched
from bmsreader.model.errors import CaptureError

START = 4096
"""Bytes at the start of a file by which its format is recognised."""
LONGEST_LINE = 1 << 13
"""Characters; what is longer is read as several lines."""
PASTED = 0.8
"""Share of the lines that must be frames before a text counts as pasted frames."""

ADVICE = (
    "Known are Android's btsnoop_hci.log and bug reports, Apple's PacketLogger, Wireshark's pcap and pcapng, "
    "`btmon -w`, recordings of bmsreader, and the logs of gatttool, nRF Connect, Home Assistant, ESPHome and batmon-ha."
)

FRAMES_ONLY = "Keep the lines with the frames, one frame in each, and nothing else. " + ADVICE

Lines = Iterable[str]

LOGS: tuple[tuple[Callable[[str], bool], Callable[[Lines, Gathering], str]], ...] = (
    (nrfconnect.is_nrfconnect, nrfconnect.read_nrfconnect),
    (packetlogger_text.is_packetlogger_text, packetlogger_text.read_packetlogger_text),
    (gatttool.is_gatttool, gatttool.read_gatttool),
    (homeassistant.is_homeassistant, homeassistant.read_homeassistant),
    (esphome.is_esphome, esphome.read_esphome),
    (batmon.is_batmon, batmon.read_batmon),
)
"""How a line of a log is recognised, and how the log is read."""


def read_capture(path: Path, *, source: str | None = None, tell: Tell | None = None) -> Capture:
    """Read a capture file; ``source`` is its name in messages, the file's own if None.

    ``tell`` is told now and then how many bytes of how many are read. Raise CaptureError, with advice, when the file
    cannot be read or holds nothing of a battery's traffic.
    """
    source = source or path.name
    try:
        with path.open("rb") as file:
            return read_open(file if tell is None else watched(file, tell), source)
    except OSError as error:
        raise CaptureError(f"{source}: cannot be read: {error.strerror or error}") from error


def is_capture(start: bytes) -> bool:
    """Return whether a file that begins like this is somebody else's capture: no recording, nothing pasted."""
    if start.startswith((zipped.ZIP, zipped.GZIP, btsnoop.MAGIC, pcapng.MAGIC)) or start[:4] in pcap.MAGICS:
        return True
    if packetlogger.is_packetlogger(start):
        return True
    others = [matches for matches, _ in LOGS if matches is not gatttool.is_gatttool]
    encoding = encoding_of(start) or "latin-1"
    if encoding.startswith("utf-") and encoding != "utf-8-sig":
        return True  # two or four bytes a character: nobody pastes that
    rows = map(cleaned, start.decode(encoding, "replace").splitlines())
    return any(row.startswith("== dumpstate") or any(matches(row) for matches in others) for row in rows)


def read_open(file: BinaryIO, source: str) -> Capture:
    """Read a capture from an open file that can seek."""
    start = file.read(START)
    file.seek(0)
    if start.startswith(zipped.ZIP):
        return _read_zip(file, source)
    if start.startswith(zipped.GZIP):
        with zipped.opened_gzip(file, source) as unpacked:
            return _read_stream(unpacked, source)
    return _read_stream(file, source)


def _read_stream(file: BinaryIO, source: str) -> Capture:
    """Read a capture that is not packed."""
    start = _start(file)
    gathering = Gathering()
    if not start:
        raise CaptureError(f"{source}: the file is empty")
    kind = _read_binary(file, start, gathering, source) or _read_text(file, start, gathering, source)
    return gathering.capture(source, kind)


def _start(file: BinaryIO) -> bytes:
    """Return how a file begins, and leave it at its beginning; what is unpacked on the way can only peek."""
    if isinstance(file, io.BufferedReader) and not file.seekable():
        return file.peek(START)[:START]
    start = file.read(START)
    file.seek(0)
    return start


def _read_binary(file: BinaryIO, start: bytes, gathering: Gathering, source: str) -> str | None:
    if start.startswith(btsnoop.MAGIC):
        return btsnoop.read_btsnoop(file, gathering, source)
    if start[:4] in pcap.MAGICS:
        return pcap.read_pcap(file, gathering, source)
    if start.startswith(pcapng.MAGIC):
        return pcapng.read_pcapng(file, gathering, source)
    if packetlogger.is_packetlogger(start):
        return packetlogger.read_packetlogger(file, gathering)
    return None


def _read_text(file: BinaryIO, start: bytes, gathering: Gathering, source: str) -> str:
    encoding = encoding_of(start)
    refuse(start, source)
    if encoding is None:
        raise CaptureError(f"{source}: not a capture that can be read", advice=ADVICE)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)
    try:
        return _read_rows(map(cleaned, iter(lambda: text.readline(LONGEST_LINE), "")), gathering, source)
    finally:
        text.detach()  # the file is closed by whoever opened it


def _read_rows(rows: Iterator[str], gathering: Gathering, source: str) -> str:
    seen: list[str] = []
    for line in rows:
        seen.append(line)
        if recording.is_recording(line):
            return recording.read_recording(chain([line], rows), gathering, source)
        if line.startswith("== dumpstate") or line.lstrip().startswith(btsnooz.BEGIN):
            return btsnooz.read_btsnooz(chain(seen, rows), gathering, source)
        for matches, read in LOGS:
            if matches(line):
                return read(chain(seen, rows), gathering)
        if len(seen) > MOST_BEFORE:
            if _share_of_frames(seen) >= PASTED:
                return lines.read_lines(chain(seen, rows), gathering)
            del seen[: MOST_BEFORE // 2]
    return _read_pasted(seen, gathering, source)


MOST_BEFORE = 20_000
"""Lines before the first packet of a log that are kept: they can say who the battery is."""


def _read_pasted(seen: list[str], gathering: Gathering, source: str) -> str:
    share = _share_of_frames(seen)
    if share >= PASTED:
        return lines.read_lines(seen, gathering)
    refuse_text(seen, source)
    if not "".join(seen).strip():
        raise CaptureError(f"{source}: the file is empty")
    if share:
        raise CaptureError(f"{source}: lines of hex digits among other text", advice=FRAMES_ONLY)
    raise CaptureError(f"{source}: not a capture that can be read", advice=ADVICE)


def _share_of_frames(seen: list[str]) -> float:
    """Return the share of lines that are frames, pasted one in each."""
    filled = [line for line in seen if line.strip()]
    return sum(map(lines.is_frame, filled)) / len(filled) if filled else 0.0


def _read_zip(file: BinaryIO, source: str) -> Capture:
    """Read the capture in a zip that holds the most packets; the others are named."""
    best: Capture | None = None
    others: list[str] = []
    refused: CaptureError | None = None
    for name in _read_members(file, source):
        if isinstance(name, CaptureError):
            refused = refused or name
            continue
        if best is None or len(name.packets) > len(best.packets):
            best, name = name, best
        if name is not None:
            others.append(name.source)
    if best is None:
        raise refused or CaptureError(f"{source}: no capture in this zip file", advice=ADVICE)
    return best if not others else _remarked(best, f"Also in {source}, and left out: {', '.join(sorted(others)[:5])}.")


def _read_members(file: BinaryIO, source: str) -> Iterator[Capture | CaptureError]:
    for name in zipped.members(file, source):
        try:
            with zipped.opened_member(file, name, source) as member:
                yield _read_stream(member, f"{source}: {name}")
        except CaptureError as error:
            yield error


def _remarked(capture: Capture, remark: str) -> Capture:
    return replace(capture, remarks=(*capture.remarks, remark))
