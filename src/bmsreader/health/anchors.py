"""Moments in which the charge of a battery is known without its own counter: full, and nearly empty."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bmsreader.health.currents import Currents
from bmsreader.health.past import DAY, HOURS, QUARTER, Source
from bmsreader.health.spread import DEAD, TOP, full_days

ENDED = 0.02
"""A per Ah of capacity below which charging has ended."""
REPEATED = 0.007
"""Part of the capacity by which one full charge differs from the next (half a 95 % interval): taper, temperature."""
NEARLY_EMPTY = (
    (2.50, 0.000, 0.004), (2.80, 0.006, 0.007), (2.90, 0.010, 0.010), (3.00, 0.021, 0.016), (3.10, 0.045, 0.027),
    (3.15, 0.066, 0.034), (3.20, 0.105, 0.047),
)  # fmt: skip
"""(V at rest, state of charge, half its 95 % interval) of LiFePO4 cells where they are steep; no use above the last."""
BUILT_UP = 0.35
"""Part of the resistance within seconds by which the one within minutes is larger; as much of it is uncertain, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """A full charge."""

    stamp: int
    """The end of the quarter in which charging ended, ms."""
    spill: float
    """Ah that may have been drawn already within that quarter."""


class Anchors:
    """Finds the moments; a day is looked at when it is asked for, and once."""

    def __init__(self, source: Source, currents: Currents) -> None:
        self._source = source
        self._currents = currents
        self.days: Sequence[int] = sorted(full_days(source)) if source.cells else []
        """Days in which some cell was nearly full."""
        self._found: dict[int, Full | None] = {}

    def full(self, day: int) -> Full | None:
        """Return the last full charge that ended on a day, if one did."""
        if day not in self._found:
            self._found[day] = self._look(day)
        return self._found[day]

    def full_before(self, stamp: int, days: int) -> Full | None:
        """Return the last full charge before a moment, at most so many days before."""
        place = bisect_right(self.days, stamp // DAY)
        for day in reversed(self.days[max(0, place - 4) : place]):
            found = self.full(day)
            if found is not None and found.stamp <= stamp:
                return found if stamp - found.stamp <= days * DAY else None
        return None

    def _look(self, day: int) -> Full | None:
        source, currents = self._source, self._currents
        answer = source.quarters(source.cells, day * DAY, (day + 1) * DAY)
        columns = [answer.series[name].max for name in source.cells]
        for stamp, *highs in reversed(list(zip(answer.stamps, *columns, strict=True))):
            highest = max((high for high in highs if high is not None and high >= DEAD), default=0.0)
            at = currents.at(stamp)
            here = at < len(currents.starts) and currents.starts[at] == stamp
            if highest < TOP or not here or currents.high[at] <= 0:
                continue
            after = at + 1
            follows = after < len(currents.starts) and currents.starts[after] == stamp + QUARTER
            if not follows or currents.mean[after] > ENDED * currents.capacity:
                return None  # charging went on: a later moment is the full one
            return Full(stamp=stamp + QUARTER, spill=HOURS * max(0.0, -currents.low[at]))
        return None


def charge_left(volts: float, uncertain: float) -> tuple[float, float] | None:
    """Return the part of its capacity that is left in a nearly empty cell, with half its interval; None: not steep.

    ``volts`` at rest, with half an interval of its own.
    """
    if volts > NEARLY_EMPTY[-1][0]:
        return None
    left, half = _between(volts)
    reach = (_between(volts + uncertain)[0] - _between(volts - uncertain)[0]) / 2
    return left, (half**2 + reach**2) ** 0.5


def _between(volts: float) -> tuple[float, float]:
    first, last = NEARLY_EMPTY[0], NEARLY_EMPTY[-1]
    if volts <= first[0]:
        return first[1:]
    for (low, left, half), (high, more, wider) in pairwise(NEARLY_EMPTY):
        if volts <= high:
            part = (volts - low) / (high - low)
            return left + part * (more - left), half + part * (wider - half)
    return last[1:]
