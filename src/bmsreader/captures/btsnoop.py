"""btsnoop: Android's btsnoop_hci.log, ``btmon -w`` and others.

The format is RFC 1761's with other link types; times count us from the year 0.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from bmsreader.captures.gathering import Gathering
from bmsreader.captures.host import ACL, COMMAND, EVENT, HostTraffic, Record
from bmsreader.captures.monitor import packet_of_monitor
from bmsreader.model.errors import CaptureError

MAGIC = b"btsnoop\0"
EPOCH = 0x00DCDDB30F2F8000
"""us from the format's year 0 to 1970, as all programs that write it count; the calendar would say 12 days less."""

H1, H4, BSCP, H5, MONITOR, SIMULATOR = 1001, 1002, 1003, 1004, 2001, 2002
FORMATS = {H1: "btsnoop (H1)", H4: "btsnoop (H4)", MONITOR: "btsnoop (btmon)"}
UNREADABLE = {
    BSCP: "HCI over BCSP",
    H5: "HCI over three-wire UART (H5)",
    SIMULATOR: "btsnoop of a simulator (2002)",
}

_HEADER = struct.Struct(">IIIIq")
LARGEST = 1 << 18
"""Bytes that a record may have; the largest Bluetooth packet has 64 kB."""

FILTERED = (
    "messages hold less than was on the air: in `filtered` mode Android cuts them off. "
    "Set the Bluetooth HCI snoop log to `full` and capture again."
)


def read_btsnoop(file: BinaryIO, gathering: Gathering, source: str) -> str:
    """Read a file and return its format; raise CaptureError for link types that cannot be read."""
    header = file.read(16)
    if len(header) < 16 or not header.startswith(MAGIC):
        raise CaptureError(f"{source}: not a btsnoop file")
    version, link = struct.unpack(">II", header[8:])
    if version != 1:
        raise CaptureError(f"{source}: btsnoop of an unknown version ({version})")
    if link not in FORMATS:
        named = UNREADABLE.get(link, "an unknown link type")
        raise CaptureError(
            f"{source}: this btsnoop file holds {named} (datalink {link}), which cannot be read",
            advice="Capture with Android's own log, with PacketLogger or with `btmon -w`.",
        )
    gathering.epoch = EPOCH
    traffic = HostTraffic(gathering)
    if link == H4:
        traffic.take(_records(file, gathering, routes=1))
    else:
        traffic.take(_typed(_records(file, gathering)) if link == H1 else _unwrapped(_records(file, gathering)))
    traffic.finish()
    if gathering.truncated:
        gathering.remark(f"{gathering.truncated} {FILTERED}")
    return FORMATS[link]


def _records(file: BinaryIO, gathering: Gathering, routes: int = -1) -> Iterator[Record]:
    """Yield (us, flags, bytes, missing bytes) of each record; stop with a remark where the file is damaged.

    ``routes``: the bits of the flags that are wanted.
    """
    read, unpack = file.read, _HEADER.unpack
    largest = LARGEST
    while len(header := read(24)) == 24:
        original, included, flags, _, at = unpack(header)
        if included > largest:
            gathering.remark(f"The file is damaged: a record claims {included:,} bytes. What follows it is left out.")
            return
        packet = read(included)
        if len(packet) < included:
            break
        yield at, flags & routes, packet, original - included
    else:
        if not header:
            return
    gathering.remark("The file ends within a record: the copy or the capture was cut off.")


def _typed(records: Iterator[Record]) -> Iterator[Record]:
    """Add the type that H1 leaves out: the flags say whether it is data, and which way it went."""
    types = {0: bytes([ACL]), 1: bytes([ACL]), 2: bytes([COMMAND]), 3: bytes([EVENT])}
    for at, flags, packet, missing in records:
        yield at, flags & 1, types[flags & 3] + packet, missing


def _unwrapped(records: Iterator[Record]) -> Iterator[Record]:
    """Turn what the monitor noted into packets."""
    for at, flags, packet, missing in records:
        found = packet_of_monitor(flags >> 16, flags & 0xFFFF, packet)
        if found is not None:
            yield at, found[0], found[1], missing
