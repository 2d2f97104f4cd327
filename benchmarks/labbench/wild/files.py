"""Conversations as capture files: what Android, Apple's PacketLogger, Wireshark and our recorder write of them."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks.labbench.wild.family import Family, Format
from benchmarks.labbench.wild.talking import Said
from bmsreader.captures.recording import Header, Record, RecordingWriter

PEER = "A4:C1:38:E5:7B:21"
STARTED = 1_763_700_000
"""s since 1970."""
EPOCH = 0x00DCDDB30F2F8000
"""us between the beginnings of btsnoop's time and ours."""
LINK, NOTIFY, WRITE = 0x41, 0x12, 0x15
"""Handles: of the connection, and of the two characteristics."""
SERVICE, NOTIFIES, WRITES = 0xFFF0, 0xFFF1, 0xFFF2
PIECE = 27
"""Bytes that an older radio takes at once."""
ENDING = {"btsnoop": "log", "pklg": "pklg", "pklg-little": "pklg", "pcapng": "pcapng", "recording": "jsonl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packet:
    """One packet between a phone and its radio, with its H4 type in front."""

    at: float
    received: bool
    data: bytes

    @property
    def microseconds(self) -> int:
        return int((STARTED + self.at) * 1_000_000)


def write(folder: Path, family: Family, said: Sequence[Said]) -> tuple[Path, float]:
    """Write a capture; return its file, and when its first packet was on the air."""
    path = folder / f"{family.name}.{ENDING[family.format]}"
    if family.format == "recording":
        _recording(path, family, said)
        return path, 0.0
    packets = list(_packets(family, said))
    path.write_bytes(_file(family.format, packets))
    return path, packets[0].at


def _recording(path: Path, family: Family, said: Sequence[Said]) -> None:
    with path.open("w", encoding="utf-8") as file:
        header = Header(started=datetime.fromtimestamp(STARTED, UTC), battery=PEER, name=family.device)
        writer = RecordingWriter(file, header)
        for one in said:
            writer.write(Record(at=one.at, kind="tx" if one.sent else "rx", data=one.value))


# ---- what passes between a phone and its radio


def _packets(family: Family, said: Sequence[Said]) -> Iterator[_Packet]:
    small = Random(family.name).random() < 0.3
    size = PIECE if small else 1021
    at = said[0].at - 1.6
    for received, pdu in _discovery() if family.discovers else _remembered():
        at += 0.05
        yield from _message(at, received, pdu, size)
    request = (b"\x12" if family.acknowledged else b"\x52") + struct.pack("<H", WRITE)
    for one in said:
        if not one.sent:
            yield from _message(one.at, True, b"\x1b" + struct.pack("<H", NOTIFY) + one.value, size)
            continue
        yield from _message(one.at, False, request + one.value, size)
        completed = b"\x13\x05\x01" + struct.pack("<HH", LINK, 1)
        yield _Packet(at=one.at + 0.004, received=True, data=b"\x04" + completed)
        if family.acknowledged:
            yield from _message(one.at + 0.005, True, b"\x13", size)


def _message(at: float, received: bool, pdu: bytes, size: int) -> Iterator[_Packet]:
    """Yield an attribute message, in as many pieces as it takes."""
    whole = struct.pack("<HH", len(pdu), 4) + pdu
    for first in range(0, len(whole), size):
        flag = 1 if first else 2 if received else 0
        piece = whole[first : first + size]
        head = struct.pack("<BHH", 2, LINK | flag << 12, len(piece))
        yield _Packet(at=at + first * 1e-6, received=received, data=head + piece)


def _remembered() -> Iterator[tuple[bool, bytes]]:
    """Yield what a phone says that knows the battery: it turns the notifications on."""
    yield False, b"\x12" + struct.pack("<H", NOTIFY + 1) + b"\x01\x00"
    yield True, b"\x13"


def _discovery() -> Iterator[tuple[bool, bytes]]:
    """Yield how a phone finds out which characteristics there are."""
    yield False, b"\x02" + struct.pack("<H", 517)
    yield True, b"\x03" + struct.pack("<H", 247)
    yield False, b"\x10\x01\x00\xff\xff\x00\x28"
    yield True, b"\x11\x06" + struct.pack("<HHH", 0x10, 0x19, SERVICE)
    yield False, b"\x08\x10\x00\x19\x00\x03\x28"
    rows = ((NOTIFY, 0x10, NOTIFIES), (WRITE, 0x0C, WRITES))
    yield True, b"\x09\x07" + b"".join(struct.pack("<HBHH", at - 1, can, at, uuid) for at, can, uuid in rows)
    yield from _remembered()


# ---- files


def _file(form: Format, packets: Sequence[_Packet]) -> bytes:
    if form == "btsnoop":
        return b"btsnoop\0" + struct.pack(">II", 1, 1002) + b"".join(map(_btsnoop, packets))
    if form == "pcapng":
        blocks = (_block(6, _enhanced(packet)) for packet in packets)
        section = _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
        return section + _block(1, struct.pack("<HHI", 201, 0, 0)) + b"".join(blocks)
    order = "<" if form == "pklg-little" else ">"
    return b"".join(_packetlogger(packet, order) for packet in packets)


def _btsnoop(packet: _Packet) -> bytes:
    flags = packet.received | (2 if packet.data[0] == 4 else 0)
    size = len(packet.data)
    return struct.pack(">IIIIQ", size, size, flags, 0, EPOCH + packet.microseconds) + packet.data


def _packetlogger(packet: _Packet, order: str) -> bytes:
    kind = 1 if packet.data[0] == 4 else 3 if packet.received else 2
    seconds, part = divmod(packet.microseconds, 1_000_000)
    return struct.pack(order + "IIIB", 8 + len(packet.data), seconds, part, kind) + packet.data[1:]


def _enhanced(packet: _Packet) -> bytes:
    data = struct.pack(">I", packet.received) + packet.data
    at = packet.microseconds
    return struct.pack("<IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(data), len(data)) + data


def _block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size
