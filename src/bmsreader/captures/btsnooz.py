"""btsnooz: what an Android phone kept of its last Bluetooth traffic, inside the text of a bug report.

Base64 of a header and compressed records, as tools/scripts/btsnooz.py of the Android Open Source Project decodes it.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterable, Iterator

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.host import HostTraffic, Record
from bmsreader.model.errors import CaptureError

BEGIN, END = "--- BEGIN:BTSNOOP_LOG_SUMMARY", "--- END:BTSNOOP_LOG_SUMMARY"
FORMAT = "btsnooz (Android bug report)"

LATEST = 1 << 62
"""us; a damaged log may say that it is later."""
LARGEST = 64 << 20
"""Bytes that are unpacked at most; phones keep 256 kB."""

TYPES = {0x10: (1, b"\x04"), 0x11: (1, b"\x02"), 0x20: (0, b"\x01"), 0x21: (0, b"\x02")}
"""Route and H4 type of a record's type."""

_HEADERS = {1: struct.Struct("<HIB"), 2: struct.Struct("<HHIB")}
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
LONGEST_TEXT = 16 << 20


def read_btsnooz(lines: Iterable[str], gathering: Gathering, source: str) -> str:
    """Read the Bluetooth log in a bug report's text and return the format; raise CaptureError when it has none."""
    packed = _block(lines)
    if packed is None:
        raise CaptureError(
            f"{source}: this bug report has no Bluetooth log in it",
            advice="Switch on `Enable Bluetooth HCI snoop log` in Android's Developer options, switch Bluetooth off "
            "and on, use the battery's app, and take the bug report then.",
        )
    version = packed[0] if len(packed) >= 9 else 0
    if version not in _HEADERS:
        raise CaptureError(f"{source}: the Bluetooth log of the bug report is of an unknown version ({version})")
    last = min(int.from_bytes(packed[1:9], "little"), LATEST)
    traffic = HostTraffic(gathering)
    traffic.take(_timed(_records(_unpacked(packed[9:], source), version), last))
    traffic.finish()
    if gathering.truncated:
        gathering.remark(
            f"{gathering.truncated} messages hold less than was on the air: a bug report keeps only the beginning of "
            "each. Capture with the full HCI snoop log instead."
        )
    return FORMAT


def _block(lines: Iterable[str]) -> bytes | None:
    """Return what lies between the marks; the last block when there are several."""
    found: list[str] | None = None
    inside = False
    size = 0
    for line in lines:
        if line.lstrip().startswith(BEGIN):
            found, inside, size = [], True, 0
        elif line.lstrip().startswith(END):
            inside = False
        elif inside and found is not None and size < LONGEST_TEXT:
            found.append(_NOT_BASE64.sub("", line))
            size += len(line)
    if found is None:
        return None
    text = "".join(found)
    text += "A" * (len(text) % 4 == 1) + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(text[: len(text) // 4 * 4])
    except binascii.Error:
        return b""


def _unpacked(packed: bytes, source: str) -> bytes:
    """Return the records, as far as they can be unpacked."""
    unpacker = zlib.decompressobj()
    unpacked = bytearray()
    try:
        for at in range(0, len(packed), 4096):
            unpacked += unpacker.decompress(packed[at : at + 4096], LARGEST)
            if len(unpacked) > LARGEST or unpacker.eof:
                break
    except zlib.error as error:
        if not unpacked:
            raise CaptureError(f"{source}: the Bluetooth log of the bug report is damaged: {error}") from error
    return bytes(unpacked)


def _records(unpacked: bytes, version: int) -> list[tuple[int, int, bytes, int]]:
    """Return (us since the record before, type, bytes, missing bytes) of each record."""
    header = _HEADERS[version]
    records = []
    at = 0
    while at + header.size <= len(unpacked):
        fields = header.unpack_from(unpacked, at)
        included, delta, kind = fields[0] - 1, fields[-2], fields[-1]
        if included < 0:
            break
        original = fields[1] - 1 if version == 2 else included
        at += header.size
        packet = unpacked[at : at + included]
        records.append((delta, kind, packet, max(0, original - included)))
        at += included
    return records


def _timed(records: list[tuple[int, int, bytes, int]], last: int) -> Iterator[Record]:
    """Yield the records with their times; only the last one's is known, the others lie before it."""
    at = last - sum(record[0] for record in records)
    for delta, kind, packet, missing in records:
        at += delta
        found = TYPES.get(kind)
        if found is not None:
            yield at, found[0], found[1] + packet, missing
