"""Capacity measured: the Ah that came out from a full charge down to where the cells' voltage says nearly empty."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bmsreader.health.anchors import BUILT_UP, REPEATED, Anchors, charge_left
from bmsreader.health.currents import Currents
from bmsreader.health.estimate import Estimate, estimated, grade, mean
from bmsreader.health.finding import Finding, Span, missing
from bmsreader.health.past import DAY, QUARTER, Source, Tell
from bmsreader.health.report import Curve
from bmsreader.health.said import monthly
from bmsreader.health.spread import DEAD

LOOKED_AT = 24
"""Discharges that are looked at: the deepest ones."""
LONGEST = 21
"""Days from full to nearly empty; longer, what is not counted grows larger than what is."""
HIDDEN = 0.03
"""Part of the capacity that gaps may hide in a cycle that is used."""
GAIN = 0.01
"""Part of each Ah by which a battery's own current sensor is off: from the data alone this cannot be seen."""
RETURNED = 0.005
"""Part of a charge on the way down that may not come back out."""
UNKNOWN = 0.2
"""Ohm x Ah of a cell whose resistance is not known, at most."""
RECENT, ENOUGH = 90, 3
"""Days, the last ones, from which the figure is made if it was measured so many times in them: capacity fades."""
GOOD, FAIR, USELESS = 0.03, 0.07, 0.15
"""Half the interval, as a part of the capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Low:
    """The deepest moment of a discharge."""

    stamp: int
    since: int
    """The beginning of its quarter, ms."""
    charge: float
    """Ah that flowed within that quarter before the moment, positive = in."""
    volts: float
    """V at rest of the lowest cell, about."""
    uncertain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One discharge from full on."""

    start: int
    end: int
    drawn: float
    """Ah."""
    alone: float
    """Half an interval (Ah) of what is not known of this cycle alone ..."""
    common: float
    """... and of what is wrong in the same way with all cycles."""
    hidden: float
    """Ah that gaps may hide."""
    left: tuple[float, float] | None
    """Part that was left in the lowest cell, with half its interval; None: not nearly empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Capacity from one cycle."""

    end: int
    value: float
    alone: float
    common: float


def examine(
    source: Source, currents: Currents, anchors: Anchors, *, ohm: float | None, uncounted: Estimate | None, tell: Tell
) -> tuple[Finding, list[Curve]]:
    """Return the capacity that was measured; ``ohm`` of a cell and the ``uncounted`` loss (A), if they are known."""
    deepest: dict[int, Cycle] = {}
    days = _deep_days(source) if currents.grain and anchors.days else []
    for number, day in enumerate(days):
        tell(number, len(days))
        found = _cycle(source, currents, anchors, day, ohm, uncounted)
        if found is not None and (found.start not in deepest or found.drawn > deepest[found.start].drawn):
            deepest[found.start] = found
    cycles = sorted(deepest.values(), key=lambda cycle: cycle.end)
    measured = [one for cycle in cycles if (one := _measured(cycle, currents)) is not None]
    finding = _finding(source, currents, anchors, cycles, _recent(measured))
    shown = measured if finding.value is not None else []
    curve = monthly("capacity", "Ah", [one.end for one in shown], [one.value for one in shown])
    return finding, [curve] if shown else []


# ---- looking


def _deep_days(source: Source) -> list[int]:
    """Return the days in which some cell was lowest, in order."""
    answer = source.days(*source.cells)
    lowest = []
    for stamp, *lows in zip(answer.stamps, *(answer.series[name].min for name in source.cells), strict=True):
        there = [low for low in lows if low is not None and low >= DEAD]
        if there and stamp >= source.detailed:
            lowest.append((min(there), stamp // DAY))
    return sorted(day for _, day in sorted(lowest)[:LOOKED_AT])


def _cycle(
    source: Source, currents: Currents, anchors: Anchors, day: int, ohm: float | None, uncounted: Estimate | None
) -> Cycle | None:
    """Return the discharge that was deepest on a day; None where no full charge is before it."""
    low = _lowest(source, currents, day, ohm)
    full = None if low is None else anchors.full_before(low.since, LONGEST)
    if low is None or full is None:
        return None
    counted = currents.counted(full.stamp, low.since)
    hours = (low.stamp - full.stamp) / 3_600_000
    missed, unsure = _zero(currents, uncounted)
    drawn = -counted.charge - low.charge + missed * hours
    return Cycle(
        start=full.stamp,
        end=low.stamp,
        drawn=drawn,
        alone=math.hypot(counted.rounding, counted.hidden, full.spill, RETURNED * counted.charge_in),
        common=math.hypot(unsure * hours, GAIN * drawn, REPEATED * currents.capacity),
        hidden=counted.hidden,
        left=charge_left(low.volts, low.uncertain),
    )


def _zero(currents: Currents, uncounted: Estimate | None) -> tuple[float, float]:
    """Return A that are drawn without being counted, and half an interval of that.

    What is lost between full charges tells, if it is known better than what the current's resolution can hide.
    """
    blind = currents.grain / 2
    if uncounted is None:
        return 0.0, blind
    half = math.hypot(uncounted.half, uncounted.value / 2)  # a part is lost while charging only
    return (uncounted.value, half) if half < blind else (0.0, blind)


def _lowest(source: Source, currents: Currents, day: int, ohm: float | None) -> Low | None:
    """Return the moment of a day in which the lowest cell would have been lowest without current."""
    answer = source.quarters(source.cells, day * DAY, (day + 1) * DAY)
    lows = [
        (min(values), stamp)
        for stamp, *row in zip(answer.stamps, *(answer.series[name].min for name in source.cells), strict=True)
        if len(values := [value for value in row if value is not None and value >= DEAD]) == len(row)
    ]
    if not lows:
        return None
    since = min(lows)[1]
    stretch = source.raw(("current", *source.cells), since, since + QUARTER)
    resistance = ohm if ohm is not None else UNKNOWN / max(currents.capacity, 1.0) / 2
    best: Low | None = None
    charge = 0.0
    current = stretch.columns["current"]
    before = since
    for at, stamp in enumerate(stretch.stamps):
        charge += current[at] * (stamp - before) / 3_600_000
        before = stamp
        sag = -min(current[at], 0.0) * resistance
        volts = min(stretch.columns[name][at] for name in source.cells) + (1 + BUILT_UP) * sag
        if best is None or volts <= best.volts:
            uncertain = (BUILT_UP if ohm is not None else 1 + BUILT_UP) * sag
            best = Low(stamp=stamp, since=since, charge=charge, volts=volts, uncertain=uncertain)
    return best


# ---- judging


def _measured(cycle: Cycle, currents: Currents) -> Measured | None:
    """Return the capacity from a cycle, unless it does not reach the steep end or too much of it was not read."""
    if cycle.left is None or cycle.drawn <= 0 or cycle.hidden > HIDDEN * currents.capacity:
        return None
    left, half = cycle.left
    value = cycle.drawn / (1 - left)
    share = value / cycle.drawn
    found = Measured(
        end=cycle.end,
        value=value,
        alone=math.hypot(share * cycle.alone, value * half / (1 - left) / 2),
        common=math.hypot(share * cycle.common, value * half / (1 - left)),
    )
    return found if math.hypot(found.alone, found.common) <= USELESS * value else None


def _finding(
    source: Source, currents: Currents, anchors: Anchors, cycles: Sequence[Cycle], measured: Sequence[Measured]
) -> Finding:
    name, unit = "capacity", "Ah"
    if not measured:
        code, reason = _why(source, currents, anchors, cycles)
        bound = _at_least(cycles)
        if bound is not None and code == "never_empty":
            at_least, cycle = bound
            reason += f" At least {at_least:.0f} Ah came out after a full charge."
            span = Span(start=cycle.start, end=cycle.end)
            return missing(name, unit, code, reason, low=at_least, events=len(cycles), span=span)
        return missing(name, unit, code, reason, events=len(cycles))
    found = _combined(measured)
    used = [cycle for cycle in cycles if any(one.end == cycle.end for one in measured)]
    several = "discharges" if len(measured) > 1 else "discharge"
    text = (
        f"Counted in {len(measured)} {several} from a full charge down to a cell voltage that says nearly empty, in Ah "
        f"of the battery's own current sensor (steps of {currents.grain:g} A; {100 * GAIN:.0f} % is allowed for its "
        "scale)."
    )
    left_out = sum(cycle.end >= used[0].end for cycle in cycles) - len(measured)
    if left_out:
        text += f" {left_out} others were not deep enough, or not read completely."
    return estimated(
        name,
        unit,
        found,
        grade=grade(found.half / found.value, GOOD, FAIR if len(measured) > 1 else GOOD),
        events=len(measured),
        span=Span(start=min(one.start for one in used), end=max(one.end for one in used)),
        text=text,
        details={"left_out": float(left_out), "step": currents.grain},
    )


def _recent(measured: Sequence[Measured]) -> Sequence[Measured]:
    last = [one for one in measured if one.end >= measured[-1].end - RECENT * DAY]
    return last if len(last) >= ENOUGH else measured


def _combined(measured: Sequence[Measured]) -> Estimate:
    weights = [1 / (one.alone**2 + one.common**2) for one in measured]
    whole = sum(weights)
    value = sum(weight * one.value for weight, one in zip(weights, measured, strict=True)) / whole
    alone = math.sqrt(sum((weight * one.alone) ** 2 for weight, one in zip(weights, measured, strict=True))) / whole
    common = sum(weight * one.common for weight, one in zip(weights, measured, strict=True)) / whole
    if len(measured) > 2:
        alone = max(alone, mean([one.value for one in measured]).half)
    return Estimate(value=value, half=math.hypot(alone, common))


def _at_least(cycles: Sequence[Cycle]) -> tuple[float, Cycle] | None:
    """Return the Ah that surely came out of a full battery."""
    bounds = [(cycle.drawn - math.hypot(cycle.alone, cycle.common), cycle) for cycle in cycles]
    bounds = [pair for pair in bounds if pair[0] > 0]
    return max(bounds, key=lambda pair: pair[0]) if bounds else None


def _why(source: Source, currents: Currents, anchors: Anchors, cycles: Sequence[Cycle]) -> tuple[str, str]:
    if not source.cells:
        return "no_cells", "This battery does not report its cells: nothing tells when it is full or empty."
    if currents.grain == 0:
        return "no_current", "No current that changes was ever read: nothing can be counted."
    if not anchors.days:
        return "no_full", "The battery was never nearly full while it was read: there is no point to count from."
    if not cycles:
        return "no_cycle", f"No discharge within {LONGEST} days of a full charge was read."
    deep = [cycle for cycle in cycles if cycle.left is not None]
    if not deep:
        return "never_empty", (
            "No discharge from a full charge went down to where the cells' voltage says how much is left "
            "(3.2 V at rest and below): in the flat middle nothing does but the battery's own counter."
        )
    if all(cycle.hidden > HIDDEN * currents.capacity for cycle in deep):
        return "gaps", f"All {len(deep)} deep discharges have gaps in which too much could have flowed unread."
    hours = min((cycle.end - cycle.start) / 3_600_000 for cycle in deep)
    return "too_uncertain", (
        f"All {len(deep)} deep discharges took too long for a current in steps of {currents.grain:g} A: in {hours:.0f} "
        f"hours up to {currents.grain / 2 * hours:.0f} Ah can flow unseen."
    )
