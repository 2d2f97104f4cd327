"""Cut bursts into frames by a rule, and start again after whatever does not fit."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bmsreader.lab.evidence import Frame, Framing
from bmsreader.lab.framing.bursts import Burst
from bmsreader.lab.framing.lengths import size_of

LARGEST = 2048
"""Bytes of a frame."""

JOINED = 64
"""Bursts that are joined, at most, when none begins with a frame."""
FIXED_SIZES = 6
"""A battery whose frames have no more sizes than these sends no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Whole frames, and pieces that are none."""

    frames: tuple[Frame, ...]
    broken: tuple[Frame, ...]

    @property
    def covered(self) -> float:
        """Share of all bytes that is in whole frames."""
        whole, rest = (sum(len(frame.data) for frame in part) for part in (self.frames, self.broken))
        return whole / (whole + rest) if whole else 0.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Bursts that follow each other so that a frame may reach from one into the next."""

    data: bytes
    offsets: list[int]
    """Where each notification begins; the end of all at last."""
    times: list[float]
    owners: list[int]
    """Index of each notification's burst."""
    requests: list[tuple[bytes, ...]]
    bounds: frozenset[int]
    """The same as ``offsets``."""
    pauses: frozenset[int]
    """Those where a burst ends."""

    def inner(self, begin: int, end: int) -> list[int]:
        """Return the notification boundaries between two places."""
        return self.offsets[bisect_right(self.offsets, begin) : bisect_left(self.offsets, end)]


def cut(bursts: Sequence[Burst], framing: Framing, handle: int | None = None) -> Cut:
    """Return the frames in the bursts."""
    heads = (framing.start,) if framing.start else framing.starts
    frames: list[Frame] = []
    broken: list[Frame] = []
    for run in _runs(bursts, heads):
        served = [0] * len(run.requests)
        for begin, end, whole in _pieces(run, framing, heads):
            index = bisect_right(run.offsets, begin) - 1
            owner = run.owners[index]
            asked = run.requests[owner]
            request = asked[min(served[owner], len(asked) - 1)] if asked else None
            served[owner] += whole
            frame = Frame(at=run.times[index], request=request, data=run.data[begin:end], handle=handle)
            (frames if whole else broken).append(frame)
    return Cut(frames=tuple(frames), broken=tuple(broken))


def _runs(bursts: Sequence[Burst], heads: tuple[bytes, ...]) -> Iterator[_Run]:
    """Join a burst that begins in the middle of a frame with the one before it."""
    group: list[Burst] = []
    for burst in bursts:
        continues = group and heads and not burst.alone and not burst.chunks[0].startswith(heads)
        if group and not (continues and len(group) < JOINED):
            yield _run(group)
            group = []
        group.append(burst)
    if group:
        yield _run(group)


def _run(bursts: Sequence[Burst]) -> _Run:
    chunks = [chunk for burst in bursts for chunk in burst.chunks]
    offsets = list(accumulate(map(len, chunks), initial=0))
    return _Run(
        b"".join(chunks),
        offsets,
        [time for burst in bursts for time in burst.times],
        [index for index, burst in enumerate(bursts) for _ in burst.chunks],
        [burst.requests for burst in bursts],
        frozenset(offsets),
        frozenset(accumulate(len(burst.data) for burst in bursts)),
    )


def _pieces(run: _Run, framing: Framing, heads: tuple[bytes, ...]) -> Iterator[tuple[int, int, bool]]:
    """Yield begin, end and whether it is a whole frame."""
    at, lost = 0, 0
    total = len(run.data)
    while at < total:
        end = _end(run, at, framing, heads)
        if end is None:
            at = _next(run, at, heads, text=framing.text)
            continue
        if lost < at:
            yield lost, at, False
        yield at, end, True
        at = lost = end
    if lost < total:
        yield lost, total, False


def _next(run: _Run, at: int, heads: tuple[bytes, ...], *, text: bool) -> int:
    """Return where to try again: at a start mark, or at the next notification when frames have none to speak of."""
    if max(map(len, heads), default=0) < 2 and not text:  # a single byte is too often a byte of something else
        return run.offsets[bisect_right(run.offsets, at)]
    found = [place for head in heads if (place := run.data.find(head, at + 1)) >= 0]
    return min(found, default=len(run.data))


def _end(run: _Run, at: int, framing: Framing, heads: tuple[bytes, ...]) -> int | None:
    """Return the end of the whole frame that begins here; None when there is none."""
    if heads and not run.data.startswith(heads, at):
        return None
    if framing.length:
        return _end_by_length(run, at, framing, heads)
    if framing.end:
        return _end_by_mark(run, at, framing)
    return _end_by_size(run, at, framing, heads)


def _end_by_length(run: _Run, at: int, framing: Framing, heads: tuple[bytes, ...]) -> int | None:
    assert framing.length is not None  # noqa: S101 - the caller looked
    size = size_of(framing.length, run.data[at : at + 32])
    if size is None or not len(framing.start) < size <= LARGEST or at + size > len(run.data):
        return None
    end = at + size
    if not run.data.endswith(framing.end, at, end):
        return None
    if not framing.end and end not in run.bounds and not run.data.startswith(heads or b"", end):
        return None  # ends within a notification, and no frame follows
    if framing.start and not framing.end and _restarts(run, at, end, framing.start):
        return None
    return end


def _restarts(run: _Run, at: int, end: int, start: bytes) -> bool:
    """Whether another frame begins inside: a notification was lost. Zeros at the start of one prove nothing."""
    if len(start) < 2 or not any(start):
        return False
    return any(run.data.startswith(start, offset) for offset in run.inner(at, end))


def _end_by_mark(run: _Run, at: int, framing: Framing) -> int | None:
    """Return the first end mark that may end a frame: where a notification ends, or anywhere in text."""
    end = at + len(framing.start)
    while (found := run.data.find(framing.end, end)) >= 0:
        end = found + len(framing.end)
        if framing.end == b"}" and run.data.count(b"{", at, end) > run.data.count(b"}", at, end):
            continue  # JSON within JSON
        if end in run.bounds or framing.text:
            return None if _cut_short(run, at, end, framing) else end
    return None


def _cut_short(run: _Run, at: int, end: int, framing: Framing) -> bool:
    """Whether notifications are missing: the next start stands inside, or the size is unlike all others."""
    if framing.text and framing.start and run.data.find(framing.start, at + 1, end) >= 0:
        return True
    return len(framing.sizes) <= FIXED_SIZES and end - at not in framing.sizes


def _end_by_size(run: _Run, at: int, framing: Framing, heads: tuple[bytes, ...]) -> int | None:
    """Return the end of a frame of a known size that ends with a notification: best before another frame or a pause."""
    ends = [at + size for size in sorted(framing.sizes, reverse=True) if at + size in run.bounds]
    possible = [end for end in ends if not _restarts(run, at, end, framing.start)]
    followed = [end for end in possible if end in run.pauses or not heads or run.data.startswith(heads, end)]
    return next(iter(followed or possible), None)
