"""Pauses in a battery's readings, as explicit intervals: what was not read is a gap, never a straight line."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from bmsreader.store.varint import differences

TIMES = 3
"""A pause is a gap when it is longer than so many usual steps from reading to reading ..."""
SHORTEST = 5000
"""... and longer than this, ms."""

Interval = tuple[int, int]
"""Last reading before, first reading after: ms since 1970."""


def pace(stamps: Sequence[int], usual: int | None = None, *, enough: int = 8) -> int | None:
    """Return the usual step, ms, as the median of many steps; ``usual`` where there are few of them."""
    steps = sorted(step for step in differences(list(stamps)) if step > 0)
    if len(steps) < enough and usual is not None:
        return usual
    return steps[len(steps) // 2] if steps else usual


def limit(usual: int | None) -> int:
    """Return the longest pause, ms, that is no gap at this pace."""
    return max(TIMES * (usual or 0), SHORTEST)


def find(stamps: Sequence[int], longest: int, *, after: int | None = None) -> list[Interval]:
    """Return the gaps between moments in order, and before the first one if another came ``after`` which."""
    if after is not None:
        stamps = [after, *(stamp for stamp in stamps if stamp > after)]
    steps = differences(list(stamps))
    if not steps or max(steps) <= longest:
        return []
    return [(stamps[at], stamps[at + 1]) for at, step in enumerate(steps) if step > longest]


def refine(gaps: Iterable[Interval], stamps: Sequence[int], longest: int) -> list[Interval]:
    """Return what is left of gaps now that there are readings in them: a clock that was wrong for a while does that.

    The moments are in order.
    """
    left: list[Interval] = []
    for start, end in gaps:
        inside = stamps[bisect_right(stamps, start) : bisect_left(stamps, end)]
        left += find([start, *inside, end], longest) if inside else [(start, end)]
    return left
