"""Notifications in bursts: what came from a battery without a pause and without a request in between."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bmsreader.captures.traffic import Capture, Packet

SUBSCRIPTIONS = (b"\x00\x00", b"\x01\x00", b"\x02\x00")
"""Values that switch notifications on and off; they ask for nothing."""
PAUSES = (0.05, 1.5)
"""s within which the pause that ends a burst is looked for."""
USUAL_PAUSE = 0.3
PIECE, TOGETHER = 20, 0.1
"""A long request is written in pieces of 20 bytes, one right after the other (s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Notifications that belong together as far as time tells."""

    at: float
    requests: tuple[bytes, ...]
    """What was written since the burst before."""
    chunks: tuple[bytes, ...]
    times: tuple[float, ...]
    alone: bool = False
    """Each value was read, not notified: a frame of its own."""

    @property
    def data(self) -> bytes:
        """All bytes."""
        return b"".join(self.chunks)


def main_connection(capture: Capture) -> int:
    """Return the connection with the most values from a battery."""
    return _most(Counter(packet.connection for packet in capture.packets if not packet.sent)) or 0


def main_handle(packets: Sequence[Packet]) -> int | None:
    """Return the handle from which the most bytes come."""
    sizes: Counter[int | None] = Counter()
    for packet in packets:
        if not packet.sent:
            sizes[packet.handle] += len(packet.value)
    return _most(sizes)


def _most(counts: Counter[int | None] | Counter[int]) -> int | None:
    return counts.most_common(1)[0][0] if counts else None


def packets_of(capture: Capture, connection: int | None) -> list[Packet]:
    """Return the packets of one connection, the busiest one by default, that hold anything."""
    chosen = main_connection(capture) if connection is None else connection
    return [packet for packet in capture.packets if packet.connection == chosen and packet.value]


def bursts_of(packets: Sequence[Packet], handle: int | None) -> list[Burst]:
    """Return the bursts from one handle, each with the requests before it."""
    limit = _pause([packet.at for packet in packets if not packet.sent and packet.handle == handle])
    found: list[Burst] = []
    requests: list[bytes] = []
    asked: tuple[bytes, ...] = ()
    current: list[Packet] = []
    written = 0.0
    for packet in packets:
        if packet.sent:
            if packet.value not in SUBSCRIPTIONS:
                if requests and len(requests[-1]) % PIECE == 0 and packet.at - written < TOGETHER:
                    requests[-1] += packet.value
                else:
                    requests.append(packet.value)
                written = packet.at
        elif packet.handle == handle:
            if current and (requests or packet.at - current[-1].at > limit or packet.kind == "read"):
                found.append(_burst(current, asked))
                current, asked = [], ()
            if requests:
                asked, requests = tuple(requests), []
            current.append(packet)
    if current:
        found.append(_burst(current, asked))
    return found


def _burst(packets: Sequence[Packet], requests: tuple[bytes, ...]) -> Burst:
    return Burst(
        at=packets[0].at,
        requests=requests,
        chunks=tuple(packet.value for packet in packets),
        times=tuple(packet.at for packet in packets),
        alone=all(packet.kind == "read" for packet in packets),
    )


def _pause(times: Sequence[float]) -> float:
    """Return the pause that parts bursts: in the widest gap between short and long pauses."""
    pauses = sorted(later - earlier for earlier, later in pairwise(times))
    least, most = PAUSES
    inner = [pause for pause in pauses if least <= pause <= most]
    steps = [least, *inner, most]
    ratio, below = max((b / a, a) for a, b in pairwise(steps))
    return below * ratio**0.5 if ratio > 2 else USUAL_PAUSE
