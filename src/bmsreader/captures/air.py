"""Captures made out of the air by a sniffer (Bluetooth LE link layer).

What was sent again because the other side did not hear it is dropped, by the sequence bit; encrypted packets cannot be
read. The numbers are those of the Bluetooth Core Specification, volume 6, part B.
"""

from collections import Counter
from collections.abc import Iterable

from bmsreader.captures.attributes import Attributes
from bmsreader.captures.gathering import Gathering, address
from bmsreader.captures.segments import ATT_CHANNEL, HEADER, Segments
from bmsreader.captures.sniffers import DECRYPTED, ENCRYPTED, Frame

ADVERTISING = bytes.fromhex("D6BE898E")
"""The access address of advertising."""
CONNECT, SCAN_RESPONSE = 5, 4
NAMED = (0, 2, SCAN_RESPONSE, 6)
"""Kinds of advertising packets that carry data, such as a name."""

CRC = 3
CONTINUED, START, CONTROL = 1, 2, 3
SEQUENCE, CTE = 0x08, 0x20
START_ENCRYPTION = 0x05

CHANNELS = (ATT_CHANNEL, 5, 6)
"""The channels of Bluetooth LE: attributes, signals, pairing."""

NEW_EVENT = 2000
"""us of silence after which the central speaks first; within an event the two take turns 150 us apart."""

SUSPECT = 4
"""Messages that make no sense before a connection is taken for encrypted."""
MOST_SUSPECTS = 10_000


class Link:
    """One connection as it is heard."""

    __slots__ = ("attributes", "encrypted", "last", "partial", "peer", "turn")

    def __init__(self, peer: str | None = None) -> None:
        self.peer = peer
        self.attributes: Attributes | None = None
        self.encrypted = False
        self.partial: dict[int, Segments] = {}
        self.last: dict[int, tuple[int, bytes]] = {}
        self.turn = (0, 1)
        """us of the last packet, and its way."""

    def guessed_way(self, at: int, kind: int, payload: bytes) -> int:
        """Return which way a packet went when the sniffer does not say: by its opcode, its message or its turn."""
        if kind == START and len(payload) > HEADER and payload[2:4] == b"\x04\0":
            opcode = payload[HEADER] & 0x3F
            return int(opcode & 1 and opcode < 0x30)
        if kind == CONTINUED and payload and len(self.partial) == 1:
            return next(iter(self.partial))
        before, way = self.turn
        return 0 if at - before > NEW_EVENT else 1 - way


class AirTraffic:
    """Takes the frames of a sniffer, and gathers the attribute values in them."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._links: dict[bytes, Link] = {}
        self._suspects: Counter[bytes] = Counter()
        self.repeated = 0
        """Packets that were dropped because they had been heard before."""

    def take(self, frames: Iterable[Frame]) -> None:
        """Take frames, and those that follow them in later calls."""
        for at, way, packet, state in frames:
            self._gathering.begin(at)
            if len(packet) < 6:
                continue
            if packet[:4] == ADVERTISING:
                self._advertising(packet)
            else:
                self._data(at, way, packet, state)

    def finish(self) -> None:
        """Say what could not be read."""
        unknown = [link for link, count in self._suspects.items() if count >= SUSPECT and link not in self._links]
        for access in unknown[:MOST_SUSPECTS]:
            link = self._links[access] = Link()
            self._encrypted(link)
        hidden = [link for link in self._links.values() if link.encrypted]
        if hidden:
            self._gathering.remark(
                f"{len(hidden)} of {len(self._links)} connections are encrypted: a sniffer cannot read them. Capture "
                "on the phone itself, where the traffic is in the clear."
            )
        self._gathering.unfinished += sum(len(link.partial) for link in self._links.values())

    def _advertising(self, packet: bytes) -> None:
        kind, size = packet[4] & 0x0F, packet[5]
        payload = packet[6 : 6 + size]
        if kind in NAMED and len(payload) >= 6:
            self._gathering.advertised(address(payload[:6]), payload[6:])
        elif kind == CONNECT and len(payload) >= 16:
            self._links[payload[12:16]] = Link(address(payload[6:12]))

    def _data(self, at: int, way: int | None, packet: bytes, state: int) -> None:
        header, size = packet[4], packet[5]
        begin = 7 if header & CTE else 6
        payload = packet[begin : begin + size]
        missing = size - len(payload)
        link = self._link(packet[:4], header & 3, payload)
        if link is None:
            return
        if way is None:
            way = link.guessed_way(at, header & 3, payload)
        link.turn = (at, way)
        heard = (header & (SEQUENCE | 3), payload)
        if link.last.get(way) == heard:
            self.repeated += bool(payload)
            return
        link.last[way] = heard
        if state == ENCRYPTED or (link.encrypted and state != DECRYPTED):
            self._encrypted(link)
        elif header & 3 == CONTROL:
            if payload[:1] == bytes([START_ENCRYPTION]):
                self._encrypted(link)
        elif payload:
            self._piece(at, link, way, header & 3, payload, missing)

    def _link(self, access: bytes, kind: int, payload: bytes) -> Link | None:
        """Return the connection; one whose beginning was not heard is known by its first message that makes sense."""
        link = self._links.get(access)
        if link is None and kind == START and len(payload) >= HEADER:
            if int.from_bytes(payload[2:4], "little") in CHANNELS:
                link = self._links[access] = Link()
            elif len(self._suspects) < MOST_SUSPECTS:
                self._suspects[access] += 1
        return link

    def _encrypted(self, link: Link) -> None:
        link.encrypted = True
        self._attributes(link).encrypted = True

    def _attributes(self, link: Link) -> Attributes:
        if link.attributes is None:
            link.attributes = self._gathering.connect(link.peer)
        return link.attributes

    def _piece(self, at: int, link: Link, way: int, kind: int, payload: bytes, missing: int) -> None:
        if kind == START:
            if link.partial.pop(way, None) is not None:
                self._gathering.unfinished += 1
            segments = Segments(payload, missing)
        else:
            found = link.partial.pop(way, None)
            if found is None:
                return
            segments = found
            segments.add(payload, missing)
        if not segments.complete:
            link.partial[way] = segments
        elif segments.channel == ATT_CHANNEL:
            self._gathering.truncated += segments.truncated
            self._attributes(link).take(at, way == 1, segments.message, truncated=segments.truncated)
