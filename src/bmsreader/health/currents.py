"""The current over time, in quarters of an hour: when the battery rested, when it worked, and how much was counted."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean, median

from bmsreader.health.estimate import NORMAL, grain
from bmsreader.health.past import DAY, HOURS, QUARTER, Source, spread_out

RELAXED = 2
"""Quarters without current before one that counts as rest: the cells' voltage must have settled."""
WORKING = 0.03
"""A per Ah of capacity from which on a discharge tells cells apart."""
WHOLE = 0.9
"""Part of its readings that a quarter has at least, to count as seen."""
SAMPLES = 4
"""Quarters whose single readings are looked at for the step in which the battery tells its current."""
LONG = 16
"""Quarters: over a gap as long as this or longer, less flows on average than in the heaviest quarter of an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The charge that went in (positive) from one moment to another, and what is not known about it."""

    charge: float
    """Ah, the sum of in and out."""
    charge_in: float
    """Ah."""
    hours: float
    hours_at_rest: float
    """Hours in which the battery told a current of 0."""
    hours_missing: float
    """Hours without readings."""
    rounding: float
    """Ah: half a 95 % interval of what the rounding of single currents can add up to."""
    hidden: float
    """Ah that at most flowed unseen, in either direction, while nothing was read."""


class Currents:
    """Quarters of an hour with their current."""

    def __init__(self, source: Source) -> None:
        self.capacity = capacity_of(source)
        """Ah: what full means for this battery, only to tell large currents from small ones."""
        answer = source.quarters(["current"], source.detailed, source.end)
        current = answer.series["current"]
        rows = [
            row
            for row in zip(
                answer.stamps, current.min, current.mean, current.max, current.last, current.count, strict=True
            )
            if row[5]
        ]
        self.starts = [row[0] for row in rows]
        self.low: list[float] = [row[1] or 0.0 for row in rows]
        self.mean: list[float] = [row[2] or 0.0 for row in rows]
        self.high: list[float] = [row[3] or 0.0 for row in rows]
        self.grain = grain([*self.low, *self.high, *(row[4] or 0.0 for row in rows), *self._sample(source)])
        """A: the step in which the battery tells its current; 0: it never changed."""
        self.counts = [row[5] for row in rows]
        self.seen = _seen(self.starts, self.counts)
        """Part of each quarter that was read."""
        self.heaviest = max(map(abs, self.mean), default=0.0), max(map(abs, _averages(self.mean, LONG)), default=0.0)
        """A that may have flowed, on average, over a gap that is short or long."""

    def _sample(self, source: Source) -> list[float]:
        """Return single currents of some quarters in which it changed."""
        changing = [start for start, low, high in zip(self.starts, self.low, self.high, strict=True) if high > low]
        found: list[float] = []
        for start in spread_out(changing, SAMPLES):
            found += source.raw(("current",), start, start + QUARTER).columns["current"]
        return found

    def at(self, stamp: int) -> int:
        """Return the number of the first quarter that begins at a moment or later."""
        return bisect_left(self.starts, stamp)

    def rests(self) -> dict[int, list[int]]:
        """Return quarters in which the battery had rested for a while, by day."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        still = 0
        for number, start in enumerate(self.starts):
            follows = number > 0 and start - self.starts[number - 1] == QUARTER
            at_rest = self.low[number] == 0 == self.high[number] and self.seen[number] >= WHOLE
            still = (still if follows else 0) + 1 if at_rest else 0
            if still > RELAXED:
                found[start // DAY].append(number)
        return found

    def works(self) -> dict[int, list[int]]:
        """Return quarters in which the battery was discharged all the time, by day."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        least = max(WORKING * self.capacity, 4 * self.grain)
        for number, start in enumerate(self.starts):
            if self.high[number] < 0 and self.mean[number] <= -least and self.seen[number] >= WHOLE:
                found[start // DAY].append(number)
        return found

    def counted(self, start: int, end: int) -> Counted:
        """Return what flowed between two moments on the grid of quarters."""
        charge = charge_in = variance = hidden = 0.0
        seen_quarters = at_rest = 0.0
        for number in range(self.at(start), self.at(end)):
            mean, part = self.mean[number], self.seen[number]
            charge += HOURS * mean
            charge_in += HOURS * max(mean, 0.0)
            seen_quarters += 1
            if self.low[number] == 0 == self.high[number]:
                at_rest += 1
            else:
                # The rounding of a current that stays, and of the moments in which it changes between two readings.
                reach = (self.high[number] - self.low[number]) / self.counts[number]
                variance += (HOURS * self.grain) ** 2 / 12 + (HOURS * reach) ** 2 / 12
            if part < WHOLE:
                hidden += HOURS * (1 - part) * max(abs(self.low[number] - mean), abs(self.high[number] - mean))
        hours = (end - start) / 3_600_000
        return Counted(
            charge=charge,
            charge_in=charge_in,
            hours=hours,
            hours_at_rest=HOURS * at_rest,
            hours_missing=hours - HOURS * seen_quarters,
            rounding=NORMAL * math.sqrt(variance),
            hidden=hidden + self._unread(start, end),
        )

    def _unread(self, start: int, end: int) -> float:
        """Return Ah that may have flowed in the quarters without any reading."""
        short, long = self.heaviest
        edges = [start - QUARTER, *self.starts[self.at(start) : self.at(end)], end]
        gaps = [after - before - QUARTER for before, after in pairwise(edges) if after - before > QUARTER]
        return math.fsum((long if gap >= LONG * QUARTER else short) * gap / 3_600_000 for gap in gaps)


def _averages(values: Sequence[float], count: int) -> list[float]:
    """Return the means of so many values that follow each other, for each place where they may begin."""
    sums = list(accumulate(values, initial=0.0))
    return [(after - before) / count for before, after in zip(sums, sums[count:], strict=False)] or [
        fmean(values or [0.0])
    ]


def capacity_of(source: Source) -> float:
    """Return Ah of a full battery, about: as it says, else from what it was seen to hold; 0 where nothing tells."""
    for name in ("full_charge_capacity", "design_capacity", "remaining_capacity"):
        if name in source.fields:
            values = [value for value in source.days(name).series[name].max if value]
            if values:
                return max(values) if name == "remaining_capacity" else median(values)
    return 0.0


def _seen(starts: Sequence[int], counts: Sequence[int]) -> list[float]:
    """Return which part of its usual number of readings each quarter has; what is usual may change from day to day."""
    days: defaultdict[int, list[int]] = defaultdict(list)
    for start, count in zip(starts, counts, strict=True):
        days[start // DAY].append(count)
    usual = {day: _mostly(found) for day, found in days.items()}
    return [min(count / usual[start // DAY], 1.0) for start, count in zip(starts, counts, strict=True)]


def _mostly(counts: Sequence[int]) -> int:
    """Return how many readings a quarter usually has: what most have, but not less than the upper half of them."""
    return max(Counter(counts).most_common(1)[0][0], sorted(counts)[len(counts) // 2])
