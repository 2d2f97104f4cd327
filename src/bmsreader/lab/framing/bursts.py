"""Notifications in bursts: what came from a battery without a pause and without a request in between."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from bmsreader.captures.choosing import SUBSCRIPTIONS
from bmsreader.captures.traffic import Capture, Packet

PAUSES = (0.05, 1.5)
"""s within which the pause that ends a burst is looked for."""
USUAL_PAUSE = 0.3
ECHO, CHATTER, HABIT = 3, 6, 4
"""Bytes of an echoed request, at least; of an acknowledgement, at most; and how often it must have come."""
SAID_AGAIN = 8
"""Bytes of a request, or of a notification, that the other side says again with one of them changed, at least."""
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
    confirmed: bool = False
    """The app said what it had heard again."""

    @property
    def data(self) -> bytes:
        """All bytes."""
        return b"".join(self.chunks)


def main_connections(capture: Capture) -> frozenset[int]:
    """Return the connection with the most values from a battery, and all others with the same battery.

    An app often connects anew: when its owner looks at something else, and when the battery was out of reach.
    """
    main = _most(Counter(packet.connection for packet in capture.packets if not packet.sent)) or 0
    peers = [connection.peer for connection in capture.connections]
    peer = peers[main] if main < len(peers) else None
    return frozenset({main, *(number for number, one in enumerate(peers) if peer and one == peer)})


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
    """Return the packets that hold anything of one connection, or by default of the battery that says most."""
    chosen = main_connections(capture) if connection is None else {connection}
    return [packet for packet in capture.packets if packet.connection in chosen and packet.value]


def bursts_of(packets: Sequence[Packet], handle: int | None) -> list[Burst]:
    """Return the bursts from one handle, each with the requests before it."""
    limit = _pause([packet.at for packet in packets if not packet.sent and packet.handle == handle])
    found: list[Burst] = []
    requests: list[bytes] = []
    pieces: list[bytes] = []
    asked: tuple[bytes, ...] = ()
    current: list[Packet] = []
    written = 0.0
    said: set[int] = set()
    for packet in packets:
        if packet.sent:
            if current and _said_again(packet.value, current[-1].value):
                said.add(len(found))
                continue
            pieces.append(packet.value)
            if packet.value not in SUBSCRIPTIONS:
                _take(packet.value, requests, more=packet.at - written < TOGETHER)
                written = packet.at
        elif packet.handle == handle:
            if _is_echo(packet.value, pieces):
                continue
            pieces.clear()
            if current and (requests or packet.at - current[-1].at > limit or packet.kind == "read"):
                found.append(_burst(current, asked))
                current, asked = [], ()
            if requests:
                asked, requests = tuple(requests), []
            current.append(packet)
    if current:
        found.append(_burst(current, asked))
    found = [replace(burst, confirmed=number in said) for number, burst in enumerate(found)] if said else found
    return _without_chatter(found)


def _take(written: bytes, requests: list[bytes], *, more: bool) -> None:
    """Note a request; what is written right behind a full piece of one goes on with it."""
    if requests and len(requests[-1]) % PIECE == 0 and more:
        requests[-1] += written
    else:
        requests.append(written)


def _is_echo(heard: bytes, pieces: list[bytes]) -> bool:
    """Return whether a notification is a request, said again, and forget that request."""
    for piece in pieces:
        if (len(heard) >= ECHO and heard == piece) or _said_again(heard, piece):
            pieces.remove(piece)
            return True
    return False


def _said_again(one: bytes, other: bytes) -> bool:
    """Return whether one side says what it heard again, but for a byte: that it arrived, and nothing more."""
    if len(one) != len(other) or len(one) < SAID_AGAIN:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _without_chatter(bursts: Sequence[Burst]) -> list[Burst]:
    """Return the bursts without what is said behind a frame and is always the same: an acknowledgement, a sign of life.

    It comes behind a notification that is not full; what comes behind a full one is the rest of a frame.
    """
    full = max((len(chunk) for burst in bursts for chunk in burst.chunks), default=0)
    behind: Counter[bytes] = Counter()
    loose: Counter[bytes] = Counter()
    for burst in bursts:
        for before, chunk in pairwise(burst.chunks):
            if len(chunk) <= CHATTER:
                behind[chunk] += 1
                loose[chunk] += len(before) < full
    ends = Counter(burst.chunks[-1][-CHATTER:] for burst in bursts if len(burst.chunks[-1]) > CHATTER)
    marks = {value for value in behind if any(end.endswith(value) for end in ends)}
    chatter = {value for value, count in loose.items() if count >= HABIT and count >= 0.8 * behind[value]} - marks
    return [_without(burst, chatter) for burst in bursts] if chatter else [*bursts]


def _without(burst: Burst, chatter: Set[bytes]) -> Burst:
    both = enumerate(zip(burst.chunks, burst.times, strict=True))
    kept = [(chunk, time) for number, (chunk, time) in both if not number or chunk not in chatter]
    return replace(burst, chunks=tuple(chunk for chunk, _ in kept), times=tuple(time for _, time in kept))


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
