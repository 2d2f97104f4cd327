"""Captures made for the tests: simulated batteries, written down in the formats that phones and sniffers write."""

import base64
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet

STARTED = 1_700_000_000_000_000
"""us since 1970."""
BTSNOOP_EPOCH = 0x00DCDDB30F2F8000

SERVICE, WRITE_TO, NOTIFY_FROM, CONFIGURATION = 0x10, 0x12, 0x14, 0x15
"""Handles of a simulated battery."""

HCI_LINKS, AIR_LINKS = (187, 201, 254), (251, 256, 272)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened: somebody advertised, connected, or sent a message."""

    at: int
    kind: str
    link: int = 0
    received: bool = True
    data: bytes = b""
    peer: str = ""


@dataclass
class Scene:
    """What a phone does with batteries, independent of how it is captured."""

    steps: list[Step] = field(default_factory=list)
    now: int = STARTED

    def advertise(self, peer: str, name: str) -> None:
        data = b"\x02\x01\x06" + bytes([1 + len(name), 9]) + name.encode()
        self._add("advertise", peer=peer, data=data)

    def connect(self, link: int, peer: str) -> None:
        self._add("connect", link=link, peer=peer)

    def att(self, link: int, received: bool, pdu: bytes, *, channel: int = 4) -> None:
        self._add("message", link=link, received=received, data=struct.pack("<HH", len(pdu), channel) + pdu)

    def exchange_mtu(self, link: int, client: int = 517, server: int = 185) -> None:
        self.att(link, False, struct.pack("<BH", 0x02, client))
        self.att(link, True, struct.pack("<BH", 0x03, server))

    def discover(self, link: int, write_uuid: str, notify_uuid: str) -> None:
        found = [(WRITE_TO, 0x04, write_uuid), (NOTIFY_FROM, 0x10, notify_uuid)]
        for handle, properties, uuid in found:
            self.att(link, False, struct.pack("<BHHH", 0x08, SERVICE, 0xFFFF, 0x2803))
            entry = struct.pack("<HBH", handle - 1, properties, handle) + uuid_bytes(uuid)
            self.att(link, True, bytes([0x09, len(entry)]) + entry)
        self.att(link, False, struct.pack("<BHH", 0x04, CONFIGURATION, CONFIGURATION))
        self.att(link, True, struct.pack("<BBHH", 0x05, 1, CONFIGURATION, 0x2902))

    def subscribe(self, link: int) -> None:
        self.att(link, False, struct.pack("<BHH", 0x12, CONFIGURATION, 1))
        self.att(link, True, b"\x13")

    def write(self, link: int, value: bytes, *, handle: int = WRITE_TO, opcode: int = 0x52) -> None:
        self.att(link, False, struct.pack("<BH", opcode, handle) + value)

    def notify(self, link: int, value: bytes, *, handle: int = NOTIFY_FROM, opcode: int = 0x1B) -> None:
        self.att(link, True, struct.pack("<BH", opcode, handle) + value)

    def read(self, link: int, handle: int, value: bytes) -> None:
        self.att(link, False, struct.pack("<BH", 0x0A, handle))
        self.att(link, True, b"\x0b" + value)

    def ask(self, link: int, battery: Battery, request: bytes | None = None) -> None:
        """Ask a simulated battery, and let its notifications come in its own rhythm."""
        request = request or next(iter(battery.codec.description.requests.values())).send
        self.write(link, request)
        for pause, value in battery.answer(request):
            self.now += int(pause * 1_000_000)
            self.notify(link, value)
        self.now += 2_000_000

    def _add(self, kind: str, **what: object) -> None:
        self.now += 20_000
        self.steps.append(Step(at=self.now, kind=kind, **what))  # type: ignore[arg-type]


def uuid_bytes(uuid: str) -> bytes:
    return bytes.fromhex(uuid.replace("-", ""))[::-1]


def address_bytes(peer: str) -> bytes:
    return bytes.fromhex(peer.replace(":", ""))[::-1]


def two_batteries(polls: int = 3, *, cached: bool = False) -> Scene:
    """Two batteries and a phone: the first is discovered (unless the phone remembers it), the second is remembered."""
    scene = Scene()
    batteries = fleet(2, clock=lambda: scene.now / 1e6, seed=5)
    for link, battery in enumerate(batteries, 0x40):
        scene.advertise(battery.address, battery.name)
        scene.connect(link, battery.address)
        scene.exchange_mtu(link)
        if link == 0x40 and not cached:
            profile = battery.profile
            scene.discover(link, profile.write, profile.notify)
        scene.subscribe(link)
    scene.read(0x40, 3, b"Battery")
    for number in range(polls):
        scene.ask(0x40, batteries[0])
        if number % 2 == 0:
            scene.ask(0x41, batteries[1])
    scene.notify(0x40, bytes(range(160)))
    scene.notify(0x41, b"indicated", opcode=0x1D)
    return scene


# ---- at the host


HostPacket = tuple[int, bool, bytes]
"""us, received, packet with its H4 type."""


def host_packets(scene: Scene, *, piece: int = 27) -> list[HostPacket]:
    """Return what the phone and its controller said to each other; messages in pieces, interleaved between links."""
    packets: list[HostPacket] = []
    for step in scene.steps:
        if step.kind == "advertise":
            report = b"\x02\x01\x00\x00" + address_bytes(step.peer) + bytes([len(step.data)]) + step.data + b"\xc0"
            packets.append((step.at, True, bytes([4, 0x3E, len(report)]) + report))
        elif step.kind == "connect":
            event = struct.pack("<BBHBB", 1, 0, step.link, 0, 0) + address_bytes(step.peer) + bytes(7)
            packets.append((step.at, True, bytes([4, 0x3E, len(event)]) + event))
        else:
            first = 0x2 if step.received else 0x0
            for at in range(0, len(step.data), piece):
                flags = (0x1 if at else first) << 12
                part = step.data[at : at + piece]
                header = struct.pack("<BHH", 2, step.link | flags, len(part))
                packets.append((step.at + at, step.received, header + part))
            packets.append((step.at + 900, True, b"\x04\x13\x05\x01" + struct.pack("<HH", step.link, 1)))
    return packets


def btsnoop(packets: Iterable[HostPacket], link: int = 1002, *, keep: int | None = None) -> bytes:
    """Return a btsnoop file; ``keep``: bytes of each ACL packet that are kept, as Android's filtered mode does."""
    out = bytearray(b"btsnoop\0" + struct.pack(">II", 1, link))
    for at, received, packet in packets:
        kind = packet[0]
        kept = packet[:keep] if keep and kind == 2 else packet
        flags = received | (2 if kind in (1, 4) else 0)
        skip = 0
        if link == 1001:
            skip = 1
        elif link == 2001:
            skip = 1
            flags = monitor_opcode(received, kind)
        out += struct.pack(">IIIIq", len(packet) - skip, len(kept) - skip, flags, 0, at + BTSNOOP_EPOCH)
        out += kept[skip:]
    return bytes(out)


def monitor_opcode(received: bool, kind: int) -> int:
    return {1: 2, 4: 3}.get(kind, 5 if received else 4)


def btsnooz(packets: Iterable[HostPacket], version: int = 2) -> bytes:
    """Return the text of a bug report that holds these packets."""
    kinds = {(True, 4): 0x10, (True, 2): 0x11, (False, 1): 0x20, (False, 2): 0x21}
    out = bytearray()
    before = 0
    for at, received, packet in packets:
        delta = at - before if before else 0
        before = at
        size = len(packet)
        head = struct.pack("<HHI", size, size, delta) if version == 2 else struct.pack("<HI", size, delta)
        out += head + bytes([kinds[received, packet[0]]]) + packet[1:]
    packed = struct.pack("<BQ", version, before) + zlib.compress(bytes(out))
    text = base64.b64encode(packed).decode()
    rows = "\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    return (
        "========================================================\n"
        "== dumpstate: 2023-11-14 22:13:20\n"
        "========================================================\n"
        f"Bluetooth Status\n--- BEGIN:BTSNOOP_LOG_SUMMARY ({len(packed)} bytes in) ---\n{rows}\n"
        "--- END:BTSNOOP_LOG_SUMMARY ---\nmore\n"
    ).encode()


def packetlogger(packets: Iterable[HostPacket], order: str = ">") -> bytes:
    kinds = {(False, 1): 0, (True, 4): 1, (False, 2): 2, (True, 2): 3}
    out = bytearray()
    for at, received, packet in packets:
        out += struct.pack(order + "III", 8 + len(packet), at // 1_000_000, at % 1_000_000)
        out += bytes([kinds[received, packet[0]]]) + packet[1:]
    return bytes(out)


def link_packet(link: int, received: bool, packet: bytes) -> bytes:
    if link == 201:
        return struct.pack(">I", received) + packet
    if link == 254:
        return struct.pack(">HH", 0, monitor_opcode(received, packet[0])) + packet[1:]
    return packet


def linked(packets: Iterable[HostPacket], link: int) -> list[tuple[int, bytes]]:
    return [(at, link_packet(link, received, packet)) for at, received, packet in packets]


def pcap(packets: Iterable[tuple[int, bytes]], link: int, *, order: str = "<", nano: bool = False) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    out = bytearray(struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link))
    for at, packet in packets:
        part = at % 1_000_000 * (1000 if nano else 1)
        out += struct.pack(order + "IIII", at // 1_000_000, part, len(packet), len(packet)) + packet
    return bytes(out)


def pcapng(packets: Iterable[tuple[int, bytes]], link: int, *, order: str = "<", nano: bool = False) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        size = struct.pack(order + "I", 12 + len(body))
        return struct.pack(order + "I", kind) + size + body + size

    resolution = struct.pack(order + "HHB3xHH", 9, 1, 9 if nano else 6, 0, 0)
    out = bytearray(block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)))
    out += block(1, struct.pack(order + "HHI", link, 0, 0) + resolution)
    out += block(0x0BAD, b"unknown blocks are passed over")
    for at, packet in packets:
        ticks = at * (1000 if nano else 1)
        head = struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), len(packet))
        out += block(6, head + packet)
    return bytes(out)


# ---- out of the air

AirPacket = tuple[int, bool | None, bytes]
"""us, whether the peripheral sent it (None: advertising), packet from its access address to its check bytes."""

ADVERTISING = 0x8E89BED6
CENTRAL = bytes.fromhex("665544332211")


def access_address(link: int) -> int:
    return 0x5A3B0000 | link << 4 | 0x9


def crc(_: bytes) -> bytes:
    """Return check bytes; sniffers say whether they were right, nobody computes them again."""
    return b"\xaa\xbb\xcc"


@dataclass
class Radio:
    """Turns a scene into what a sniffer hears; ``repeats``: the chance that a packet is sent again."""

    piece: int = 27
    repeats: float = 0.0
    encrypt_after: int | None = None
    dice: Random = field(default_factory=lambda: Random(7))
    packets: list[AirPacket] = field(default_factory=list)
    numbers: dict[tuple[int, bool], int] = field(default_factory=dict)

    def hear(self, scene: Scene) -> list[AirPacket]:
        for number, step in enumerate(scene.steps):
            if step.kind == "advertise":
                self._advertise(step)
            elif step.kind == "connect":
                self._connect(step)
            else:
                if number == self.encrypt_after:
                    self.event(step.at, step.link, True, 3, b"\x05")
                data = step.data
                if self.encrypt_after is not None and number >= self.encrypt_after:
                    data = bytes(byte ^ 0x5C for byte in data) + b"mic!"
                for at in range(0, len(data), self.piece):
                    kind = 1 if at else 2
                    self.event(step.at + at * 300, step.link, step.received, kind, data[at : at + self.piece])
        return self.packets

    def event(self, at: int, link: int, received: bool, kind: int, payload: bytes) -> None:
        """The central speaks, then the peripheral; when the central does not hear the answer, both say it again."""
        exchange = [
            (at, False, self.data(link, False, *((1, b"") if received else (kind, payload)))),
            (at + 150, True, self.data(link, True, *((kind, payload) if received else (1, b"")))),
        ]
        self.packets += exchange
        if self.dice.random() < self.repeats:
            self.packets += [(before + 7500, way, packet) for before, way, packet in exchange]

    def data(self, link: int, received: bool, kind: int, payload: bytes) -> bytes:
        key = (link, received)
        number = self.numbers[key] = 1 - self.numbers.get(key, 1)
        expected = 1 - self.numbers.get((link, not received), 1)
        header = bytes([kind | number << 3 | expected << 2, len(payload)])
        packet = struct.pack("<I", access_address(link)) + header + payload
        return packet + crc(packet)

    def _advertise(self, step: Step) -> None:
        payload = address_bytes(step.peer) + step.data
        packet = struct.pack("<IBB", ADVERTISING, 0, len(payload)) + payload
        self.packets.append((step.at, None, packet + crc(packet)))

    def _connect(self, step: Step) -> None:
        payload = CENTRAL + address_bytes(step.peer) + struct.pack("<I", access_address(step.link))
        payload += b"\x11\x22\x33" + b"\x02\x06\x00\x18\x00\x00\x00\x48\x00\xff\xff\xff\xff\x1f\x0a"
        packet = struct.pack("<IBB", ADVERTISING, 5, len(payload)) + payload
        self.packets.append((step.at, None, packet + crc(packet)))


def air_frames(packets: Iterable[AirPacket], link: int) -> list[tuple[int, bytes]]:
    """Return the packets as a sniffer writes them under this link type."""
    frames = []
    event = 0
    for at, received, packet in packets:
        event += received is False
        frames.append((at, air_header(link, packet, received, event=event) + packet))
    return frames


def air_header(link: int, packet: bytes, received: bool | None, *, event: int = 0, damaged: bool = False) -> bytes:
    if link == 256:
        kind = 0 if received is None else 3 if received else 2
        flags = 0x0001 | 0x0010 | 0x0400 | (0 if damaged else 0x0800) | kind << 7
        return struct.pack("<BbbBIH", 37, -60, -100, 0, int.from_bytes(packet[:4], "little"), flags)
    if link == 272:
        flags = (0 if damaged else 1) | (0 if received in (True, None) else 2)
        return struct.pack(
            "<BHBHBBBBBHI",
            1,
            10 + len(packet),
            3,
            0,
            2 if received is None else 6,
            10,
            flags,
            37,
            60,
            event & 0xFFFF,
            0,
        )
    return b""
