"""pcap, the older format of tcpdump and Wireshark."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.linktypes import NAMES, Captured, take_captured
from bmsreader.model.errors import CaptureError

MAGICS = {
    b"\xa1\xb2\xc3\xd4": (">", 1),
    b"\xd4\xc3\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1000),
}
"""Byte order, and fractions of a second in a us."""

LARGEST = 1 << 18
LINK_BITS = 0x03FF_FFFF


def read_pcap(file: BinaryIO, gathering: Gathering, source: str) -> str:
    """Read a file and return its format; raise CaptureError when it holds no Bluetooth packets."""
    header = file.read(24)
    if len(header) < 24 or header[:4] not in MAGICS:
        raise CaptureError(f"{source}: not a pcap file")
    order, fraction = MAGICS[header[:4]]
    link = struct.unpack(order + "I", header[20:])[0] & LINK_BITS
    if link not in NAMES:
        raise CaptureError(f"{source}: holds no Bluetooth packets that can be read (link type {link})")
    take_captured(_records(file, order, fraction, link, gathering), gathering, source)
    return f"pcap ({NAMES[link]}, link type {link})"


def _records(file: BinaryIO, order: str, fraction: int, link: int, gathering: Gathering) -> Iterator[Captured]:
    read, unpack = file.read, struct.Struct(order + "IIII").unpack
    while len(header := read(16)) == 16:
        seconds, part, included, original = unpack(header)
        if included > LARGEST:
            gathering.remark(f"The file is damaged: a record claims {included:,} bytes. What follows it is left out.")
            return
        packet = read(included)
        if len(packet) < included:
            break
        yield link, seconds * 1_000_000 + part // fraction, 0, None, packet, max(0, original - included)
    else:
        if not header:
            return
    gathering.remark("The file ends within a record: the copy or the capture was cut off.")
