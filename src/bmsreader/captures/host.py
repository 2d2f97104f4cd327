"""Captures made where a host talks to its Bluetooth controller (HCI): phones, computers.

Each record is a packet with its H4 type byte in front. Messages are put together per connection handle and
direction, because their pieces interleave. The numbers are those of the Bluetooth Core Specification, volume 4, part E.
"""

from collections.abc import Iterable

from bmsreader.captures.attributes import Attributes
from bmsreader.captures.gathering import Gathering, address
from bmsreader.captures.segments import ATT_CHANNEL, Segments

Record = tuple[int, int, bytes, int]
"""us since 1970; route; packet with its H4 type; bytes of it that the capture lacks.

A route is twice the number of the adapter, plus 1 for what came from the controller.
"""

RECEIVED = 1
COMMAND, ACL, EVENT = 1, 2, 4

UNKNOWN_ROUTE = -1
"""The file does not say which way a packet went."""

START_BY_HOST, CONTINUED, START = 0, 1, 2
"""Values of the packet boundary flags; 3 is a whole message."""

CONNECTION, LE_META = 0x03, 0x3E
LE_CONNECTION, LE_REPORT, LE_ENHANCED_CONNECTION, LE_EXTENDED_REPORT = 0x01, 0x02, 0x0A, 0x0D
LE_ENHANCED_CONNECTION_2 = 0x29

SAME = 12
"""Bytes at the start of a packet that say everything but its value: type, ACL, L2CAP, opcode and handle."""
MOST_KNOWN = 4096
MOST_PARTIAL = 4096
"""Messages that can be under way at once; the oldest is given up for the next."""


class HostTraffic:
    """Takes the records of a host's capture, and gathers the attribute values in them."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._peers: dict[int, str] = {}
        self._connections: dict[int, Attributes] = {}
        self._partial: dict[tuple[int, int], Segments] = {}
        self._known: dict[bytes, tuple[int, int, int]] = {}

    def take(self, records: Iterable[Record]) -> None:
        """Take records, and those that follow them in later calls.

        Nearly all packets of a long capture begin like one that was seen before. Those only add a time and a value.
        """
        known, partial, table = self._known, self._partial, self._gathering.table
        times, heads, ends, values = table.times.append, table.heads.append, table.ends.append, table.values
        for at, route, packet, missing in records:
            found = known.get(packet[:SAME])
            if found is None or found[1] != route or found[2] != len(packet) or missing or partial:
                self._gathering.begin(at)
                self._take(at, route, packet, missing)
                continue
            times(at)
            heads(found[0])
            values += packet[SAME:]
            ends(len(values))

    def finish(self) -> None:
        """Account for messages whose last pieces never came."""
        self._gathering.unfinished += len(self._partial)

    def _take(self, at: int, route: int, packet: bytes, missing: int) -> None:
        kind = packet[0] if packet else 0
        if kind == ACL and len(packet) >= 5:
            self._acl(at, route, packet)
        elif kind == EVENT and len(packet) >= 4:
            self._event(max(route, 0) >> 1, packet)
        elif kind == ACL and missing:
            self._gathering.truncated += 1

    # ---- data

    def _acl(self, at: int, route: int, packet: bytes) -> None:
        flags = int.from_bytes(packet[1:3], "little")
        size = int.from_bytes(packet[3:5], "little")
        boundary = flags >> 12 & 3
        if route == UNKNOWN_ROUTE:
            route = self._guessed_route(flags & 0xFFF, boundary)
        link = route >> 1 << 12 | flags & 0xFFF
        key = (link, route & RECEIVED)
        missing = max(0, 5 + size - len(packet))
        if boundary == CONTINUED:
            segments = self._partial.get(key)
            if segments is None:
                return
            segments.add(packet[5 : 5 + size], missing)
        else:
            if self._partial.pop(key, None) is not None:
                self._gathering.unfinished += 1
            segments = Segments(packet[5 : 5 + size], missing)
        if not segments.complete:
            if len(self._partial) >= MOST_PARTIAL and key not in self._partial:
                del self._partial[next(iter(self._partial))]
                self._gathering.unfinished += 1
            self._partial[key] = segments
            return
        self._partial.pop(key, None)
        head = self._message(at, link, route & RECEIVED, segments)
        if head is not None and boundary != CONTINUED and len(packet) == SAME - 3 + (segments.length or 0):
            self._remember(packet, head, route)

    def _remember(self, packet: bytes, head: int, route: int) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[packet[:SAME]] = head, route, len(packet)

    def _message(self, at: int, link: int, received: int, segments: Segments) -> int | None:
        if segments.channel != ATT_CHANNEL:
            return None
        attributes = self._connections.get(link)
        if attributes is None:
            attributes = self._connections[link] = self._gathering.connect(self._peers.get(link))
        truncated = segments.truncated
        self._gathering.truncated += truncated
        head = attributes.take(at, bool(received), segments.message, truncated=truncated)
        return None if truncated else head

    def _guessed_route(self, handle: int, boundary: int) -> int:
        """Return the route where the file does not say: hosts and controllers mark beginnings differently."""
        if boundary == CONTINUED:
            return int((handle, RECEIVED) in self._partial)
        return RECEIVED if boundary == START else 0

    # ---- events

    def _event(self, adapter: int, packet: bytes) -> None:
        code, body = packet[1], packet[3:]
        if code == LE_META:
            self._le_event(adapter, body[0], body[1:])
        elif code == CONNECTION and len(body) >= 9 and body[0] == 0:
            self._connected(adapter, body[1:3], body[3:9])

    def _le_event(self, adapter: int, code: int, body: bytes) -> None:
        if code in (LE_CONNECTION, LE_ENHANCED_CONNECTION, LE_ENHANCED_CONNECTION_2):
            if len(body) >= 11 and body[0] == 0:
                self._connected(adapter, body[1:3], body[5:11])
        elif code == LE_REPORT and body:
            self._reports(body[1:], fixed=9, address_at=2, after=1)
        elif code == LE_EXTENDED_REPORT and body:
            self._reports(body[1:], fixed=24, address_at=3, after=0)

    def _connected(self, adapter: int, handle: bytes, peer: bytes) -> None:
        """Begin a new connection: handles are used again for other peers."""
        link = adapter << 12 | int.from_bytes(handle, "little") & 0xFFF
        self._peers[link] = address(peer)
        self._connections.pop(link, None)
        for received in (0, RECEIVED):
            if self._partial.pop((link, received), None) is not None:
                self._gathering.unfinished += 1
        self._known.clear()

    def _reports(self, body: bytes, *, fixed: int, address_at: int, after: int) -> None:
        """Look for names in advertising reports; ``fixed`` bytes, of which the last is the length of the data."""
        at = 0
        while at + fixed <= len(body):
            end = at + fixed + body[at + fixed - 1]
            peer = address(body[at + address_at : at + address_at + 6])
            self._gathering.advertised(peer, body[at + fixed : end])
            at = end + after
