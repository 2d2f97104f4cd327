"""Apple PacketLogger (.pklg): what macOS and, with Apple's profile, an iPhone log; big- or little-endian."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.host import HostTraffic, Record

HEADER = 13
LEAST = HEADER - 4
"""What the length says of a record without bytes."""
LARGEST = 1 << 18

TYPES = {0x00: (0, b"\x01"), 0x01: (1, b"\x04"), 0x02: (0, b"\x02"), 0x03: (1, b"\x02")}
"""Route and H4 type of a record's type; other types are notes, voice and configuration."""
OTHERS = {*range(0x04, 0x10), *range(0xF0, 0x100)}


def is_packetlogger(start: bytes) -> bool:
    """Return whether a file begins with records of PacketLogger; it has no mark of its own."""
    return _order(start) is not None


def read_packetlogger(file: BinaryIO, gathering: Gathering) -> str:
    """Read a file and return its format."""
    first = file.read(HEADER)
    order = _order(first, whole=False) or ">"
    traffic = HostTraffic(gathering)
    traffic.take(_records(file, first, order, gathering))
    traffic.finish()
    if gathering.truncated:
        gathering.remark(f"{gathering.truncated} messages hold less than was on the air.")
    return f"PacketLogger ({'big' if order == '>' else 'little'}-endian)"


def _order(start: bytes, *, whole: bool = True) -> str | None:
    """Return the byte order in which the first records make sense."""
    for order in (">", "<"):
        if len(start) >= HEADER and _plausible(start, order, whole=whole):
            return order
    return None


def _plausible(start: bytes, order: str, *, whole: bool) -> bool:
    """Return whether the first records have lengths, times and types that PacketLogger writes."""
    at = 0
    for _ in range(3 if whole else 1):
        if len(start) < at + HEADER:
            return at == len(start) or at > 0
        size, _, microseconds, kind = struct.unpack_from(order + "IIIB", start, at)
        if not LEAST <= size <= LARGEST or microseconds >= 1_000_000 or kind not in TYPES.keys() | OTHERS:
            return False
        at += 4 + size
    return True


def _records(file: BinaryIO, first: bytes, order: str, gathering: Gathering) -> Iterator[Record]:
    read, unpack, types = file.read, struct.Struct(order + "IIIB").unpack, TYPES
    header = first
    while len(header) == HEADER:
        size, seconds, microseconds, kind = unpack(header)
        if not LEAST <= size <= LARGEST:
            gathering.remark(f"The file is damaged: a record claims {size:,} bytes. What follows it is left out.")
            return
        packet = read(size - LEAST)
        if len(packet) < size - LEAST:
            break
        found = types.get(kind)
        if found is not None:
            yield seconds * 1_000_000 + microseconds, found[0], found[1] + packet, 0
        header = read(HEADER)
    if header:
        gathering.remark("The file ends within a record: the copy or the capture was cut off.")
