"""Frames that follow each other wherever notifications end: each says where the next begins, or all begin alike."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from re import DOTALL, escape, split

from bmsreader.lab.evidence import Length
from bmsreader.lab.framing.lengths import CONSTANTS, OFFSETS, SCALES, SHAPES, field_value, size_of

SMALLEST = 4
"""Bytes of a frame."""
ENOUGH, SHARE = 24, 0.85
"""Bursts that judge, and how many of them must be nothing but whole frames."""
FEW, ENDLESS, PAIRS, ROUNDS = 2, 20_000, 12, 8
"""Bursts of an endless stream; bytes of it that are looked at; pairs of bytes that may begin frames, and how often."""
BEGINNING = 4096
"""Bytes of a burst that judge."""
SEVERAL = 1.3
"""Frames in a burst, on average at least: else bursts are frames, and others look at these."""


def tiled(bursts: Sequence[bytes]) -> list[bytes]:
    """Return the frames that bursts are made of, if a number in each says how long it is; empty when none does."""
    heads = Counter(burst[:1] for burst in bursts)
    head = heads.most_common(1)[0][0] if heads else b""
    judges = list(dict.fromkeys(burst for burst in bursts if burst.startswith(head)))[:ENOUGH]
    if not judges or len(judges) * 2 < min(ENOUGH, len(bursts)):
        return []
    longest = max(judges, key=len)
    best: tuple[float, Length] | None = None
    for length in dict.fromkeys(_lengths(longest, head)):
        if not _tiles(longest, length, head, BEGINNING):
            continue
        tiles = [_tiles(burst, length, head, BEGINNING) for burst in judges]
        whole = sum(map(bool, tiles))
        if whole >= SHARE * len(judges) and sum(map(len, tiles)) >= SEVERAL * whole:
            merit = whole - 0.01 * length.at
            if best is None or merit > best[0]:
                best = merit, length
    if best is None:
        return []
    return [tile for burst in bursts for tile in _tiles(burst, best[1], head)]


def packed(bursts: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield frames that may begin with one of the pairs of bytes that come most often, anywhere; for endless streams.

    Bursts that mostly begin alike, or are of one size, are left to others.
    """
    heads = Counter(burst[:1] for burst in bursts if any(burst[:1]))
    sizes = Counter(map(len, bursts))
    if not heads or (len(bursts) > FEW and max(*heads.values(), *sizes.values()) * 2 > len(bursts)):
        return
    stream = b"".join(bursts)[:ENDLESS]
    pairs = Counter(pair for at in range(len(stream) - 1) if len(set(pair := stream[at : at + 2])) > 1)
    likely = [pair for pair, count in pairs.most_common(PAIRS) if count >= ROUNDS]
    for pair in likely:
        frames = [frame for frame in split(b"(?=%s)" % escape(pair), stream, flags=DOTALL) if frame.startswith(pair)]
        yield frames[:-1]


def _lengths(burst: bytes, head: bytes) -> Iterator[Length]:
    """Yield the fields that lead from the first frame of a burst to one of the places where a second may begin."""
    ends = [at for at in range(SMALLEST, len(burst) - SMALLEST) if burst.startswith(head, at)]
    for (width, notation), at, scale in product(SHAPES, OFFSETS, SCALES):
        field = Length(at=at, width=width, notation=notation, scale=scale)
        value = field_value(field, burst[: SMALLEST + 32])
        for end in ends if value is not None else ():
            constant = end - (value or 0) * scale
            if constant in CONSTANTS and at + width < end:
                yield Length(at=at, width=width, notation=notation, scale=scale, constant=constant)


def _tiles(burst: bytes, length: Length, head: bytes, enough: int | None = None) -> list[bytes]:
    """Return the frames of a burst, or of its beginning; none when they do not fill it."""
    found, at = [], 0
    while at < len(burst) and (enough is None or at < enough):
        size = size_of(length, burst[at : at + 40])
        if size is None or size < SMALLEST or at + size > len(burst) or not burst.startswith(head, at):
            return []
        found.append(burst[at : at + size])
        at += size
    return found
