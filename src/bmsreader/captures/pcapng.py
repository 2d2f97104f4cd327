"""pcapng, the format of Wireshark."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.linktypes import NAMES, Captured, take_captured
from bmsreader.model.errors import CaptureError

MAGIC = b"\x0a\x0d\x0d\x0a"
SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}

RESOLUTION, OFFSET, FLAGS = 9, 14, 2
"""Options: of an interface, of an interface, of a packet."""

LARGEST = 1 << 20
MOST_INTERFACES = 4096
LATEST = 1 << 62
"""us; a damaged file may say that it is later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """Where packets were captured."""

    number: int
    link: int
    ticks: int = 1_000_000
    """In a second."""
    offset: int = 0
    """s to add to each time."""

    def microseconds(self, ticks: int) -> int:
        """Return the time in us since 1970."""
        return min(LATEST, max(0, ticks * 1_000_000 // self.ticks + self.offset * 1_000_000))


@dataclass(slots=True, kw_only=True)
class Section:
    """A part of the file with its own byte order and interfaces."""

    order: str
    interfaces: list[Interface] = field(default_factory=list)


def read_pcapng(file: BinaryIO, gathering: Gathering, source: str) -> str:
    """Read a file and return its format; raise CaptureError when it holds no Bluetooth packets."""
    links = take_captured(_packets(file, gathering, source), gathering, source) & NAMES.keys()
    kinds = sorted({f"{NAMES[link]}, link type {link}" for link in links})
    return f"pcapng ({'; '.join(kinds) or 'empty'})"


def _packets(file: BinaryIO, gathering: Gathering, source: str) -> Iterator[Captured]:
    section: Section | None = None
    numbered = 0
    for kind, body, order in _blocks(file, gathering, source):
        if kind == SECTION:
            section = Section(order=order)
        elif section is None:
            continue
        elif kind == INTERFACE and len(body) >= 8 and numbered < MOST_INTERFACES:
            section.interfaces.append(_interface(body, order, numbered))
            numbered += 1
        else:
            packet = _packet(kind, body, section)
            if packet is not None:
                yield packet


def _blocks(file: BinaryIO, gathering: Gathering, source: str) -> Iterator[tuple[int, bytes, str]]:
    """Yield kind, body and byte order of each block; stop with a remark where the file is damaged."""
    order = ""
    while len(header := file.read(8)) == 8:
        ahead = b""
        if header[:4] == MAGIC:
            ahead = file.read(4)
            order = _ORDERS.get(ahead, order)
        if not order:
            raise CaptureError(f"{source}: not a pcapng file")
        kind, size = struct.unpack(order + "II", header)
        if not 12 + len(ahead) <= size <= LARGEST:
            gathering.remark(f"The file is damaged: a block claims {size:,} bytes. What follows it is left out.")
            return
        rest = size - 8 - len(ahead)
        body = ahead + file.read(rest)
        if len(body) < size - 8:
            break
        yield kind, body[:-4], order
    else:
        if not header:
            return
    gathering.remark("The file ends within a block: the copy or the capture was cut off.")


def _options(body: bytes, order: str) -> dict[int, bytes]:
    options: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            break
        options[code] = body[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4
    return options


def _interface(body: bytes, order: str, number: int) -> Interface:
    options = _options(body[8:], order)
    resolution = options.get(RESOLUTION, b"\x06")[:1] or b"\x06"
    power = resolution[0] & 0x7F
    offset = options.get(OFFSET, b"")
    return Interface(
        number=number,
        link=struct.unpack_from(order + "H", body)[0],
        ticks=2**power if resolution[0] & 0x80 else 10**power,
        offset=struct.unpack(order + "q", offset)[0] if len(offset) == 8 else 0,
    )


def _packet(kind: int, body: bytes, section: Section) -> Captured | None:
    """Return the packet of a block; None when the block is another or makes no sense."""
    order, interfaces = section.order, section.interfaces
    if kind == SIMPLE_PACKET and len(body) >= 4 and interfaces:
        original = struct.unpack_from(order + "I", body)[0]
        packet = body[4 : 4 + original]
        return interfaces[0].link, 0, interfaces[0].number, None, packet, original - len(packet)
    if kind not in (PACKET, OLD_PACKET) or len(body) < 20:
        return None
    number, high, low, included, original = struct.unpack_from(order + "IIIII", body)
    if kind == OLD_PACKET:
        number = struct.unpack_from(order + "H", body)[0]
    if number >= len(interfaces) or included > len(body) - 20:
        return None
    interface = interfaces[number]
    flags = _options(body[20 + included + -included % 4 :], order).get(FLAGS, b"")
    way = struct.unpack(order + "I", flags)[0] & 3 if len(flags) == 4 else 0
    return (
        interface.link,
        interface.microseconds(high << 32 | low),
        interface.number,
        {1: 1, 2: 0}.get(way),
        body[20 : 20 + included],
        max(0, original - included),
    )
