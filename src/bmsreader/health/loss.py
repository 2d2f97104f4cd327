"""Self-discharge, and all that a battery loses without counting it: from one full charge to another, and at rest."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from bmsreader.health.anchors import REPEATED, Anchors
from bmsreader.health.currents import Currents
from bmsreader.health.estimate import NORMAL, Estimate, estimated, grade, grain, slope
from bmsreader.health.finding import Finding, Span, missing
from bmsreader.health.past import DAY, MONTH_DAYS, Source, Tell, spread_out

LOOKED_AT = 30
"""Full charges that are looked at."""
SHORTEST_REST = 7
"""Days from one full charge to the next that say something about self-discharge, if the battery rested."""
RESTED = 0.8
"""Part of that time without current."""
HIDDEN = 0.02
"""Part of the capacity that may have flowed unseen in gaps between two full charges."""
INEFFICIENT = 0.005
"""Part of a charge that may not come back out, at most: no loss of a battery at rest."""
STILL_DAYS = 4
"""Whole days at rest in a row in which remaining capacity and voltage are followed."""
GOOD, FAIR, USELESS = 0.7, 2.0, 8.0
"""% of the capacity per month: half the interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What went in and out from one full charge to a later one: what is left over was lost."""

    start: int
    end: int
    lost: float
    """Ah more that went in than came out."""
    half: float
    """Half its interval, without that of the two full charges."""
    at_rest: float
    """Part of the time without current."""
    usable: bool

    @property
    def days(self) -> float:
        """How long it was."""
        return (self.end - self.start) / DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is lost."""

    findings: tuple[Finding, ...]
    uncounted: Estimate | None
    """A, on average, that the battery loses without counting it; None: not known."""


def examine(source: Source, currents: Currents, anchors: Anchors, tell: Tell) -> Result:
    """Return self-discharge, loss that is not counted, and the fall of the voltage at rest."""
    balances = _balances(currents, anchors, tell)
    loss, uncounted = _uncounted(balances, currents)
    still = _still_days(source)
    return Result(
        findings=(_self_discharge(source, balances, currents, still), loss, _voltage_fall(source, still)),
        uncounted=uncounted,
    )


def _balances(currents: Currents, anchors: Anchors, tell: Tell) -> list[Balance]:
    """Return balances between full charges, each of which begins where the one before ended."""
    wanted = set(spread_out(anchors.days, LOOKED_AT))
    wanted |= {day for pair in pairwise(anchors.days) if pair[1] - pair[0] >= SHORTEST_REST for day in pair}
    days = spread_out(sorted(wanted), 2 * LOOKED_AT)
    full = []
    for number, day in enumerate(days):
        tell(number, len(days))
        found = anchors.full(day)
        if found is not None:
            full.append(found)
    balances = []
    for before, after in pairwise(full):
        counted = currents.counted(before.stamp, after.stamp)
        balances.append(
            Balance(
                start=before.stamp,
                end=after.stamp,
                lost=counted.charge,
                half=math.hypot(counted.rounding, counted.hidden, before.spill, after.spill),
                at_rest=counted.hours_at_rest / counted.hours,
                usable=counted.hidden <= HIDDEN * currents.capacity,
            )
        )
    return balances


def _rate(balances: Sequence[Balance], currents: Currents) -> Estimate:
    """Return Ah per day over several balances; what ends one and begins the next is the same full charge."""
    ends = 2 * len(balances) - 2 * sum(before.end == after.start for before, after in pairwise(balances))
    days = sum(one.days for one in balances)
    half = math.hypot(REPEATED * currents.capacity * math.sqrt(ends), *(one.half for one in balances))
    return Estimate(value=sum(one.lost for one in balances) / days, half=half / days)


def _uncounted(balances: Sequence[Balance], currents: Currents) -> tuple[Finding, Estimate | None]:
    name, unit = "uncounted_loss", "%/month"
    good = [one for one in balances if one.usable]
    days = sum(one.days for one in good)
    why = _why_no_balance(balances, good, days, currents)
    if why:
        return missing(name, unit, *why, events=len(balances)), None
    rate = _rate(good, currents)
    found = _monthly(rate, currents)
    ampere = Estimate(value=rate.value / 24, half=rate.half / 24)
    span = Span(start=good[0].start, end=good[-1].end)
    if found.half > USELESS:
        reason = f"Over {days:.0f} days from full charge to full charge, {found.half:.0f} % a month remain uncertain."
        return missing(name, unit, "too_uncertain", reason, events=len(good), span=span), ampere
    text = (
        f"Over {days:.0f} days, more Ah went in than came out: {1000 * ampere.value:.0f} mA on average. In it are "
        "self-discharge, charge that never comes back, loads too small to be seen, and a meter whose zero is off."
    )
    return estimated(
        name,
        unit,
        found,
        grade=grade(found.half, GOOD, FAIR),
        events=len(good),
        span=span,
        text=text,
        details={"ampere": ampere.value, "days": days},
    ), ampere


def _why_no_balance(
    balances: Sequence[Balance], good: Sequence[Balance], days: float, currents: Currents
) -> tuple[str, str] | None:
    if currents.grain == 0:
        return "no_current", "No current that changes was ever read: nothing can be counted."
    if not balances:
        return "no_full", "The battery was not full twice while it was read: there is nothing to compare."
    if not good:
        return "gaps", f"In all {len(balances)} times between full charges too much could have flowed unread, in gaps."
    if days < SHORTEST_REST:
        return "too_short", f"There are only {days:.1f} days from full charge to full charge; it takes {SHORTEST_REST}."
    return None


def _monthly(rate: Estimate, currents: Currents) -> Estimate:
    factor = 100 * MONTH_DAYS / currents.capacity
    return Estimate(value=factor * rate.value, half=factor * rate.half)


# ---- at rest


def _still_days(source: Source) -> list[list[int]]:
    """Return days in a row in which no current was ever told, as indices of the daily summaries."""
    if "current" not in source.fields:
        return []
    answer = source.days("current")
    current = answer.series["current"]
    runs: list[list[int]] = []
    for stamp, low, high in zip(answer.stamps, current.min, current.max, strict=True):
        if low == 0 == high:
            if runs and stamp - runs[-1][-1] == DAY:
                runs[-1].append(stamp)
            else:
                runs.append([stamp])
    return [run for run in runs if len(run) >= STILL_DAYS]


def _self_discharge(
    source: Source, balances: Sequence[Balance], currents: Currents, still: Sequence[Sequence[int]]
) -> Finding:
    name, unit = "self_discharge", "%/month"
    quiet = [one for one in balances if one.usable and one.days >= SHORTEST_REST and one.at_rest >= RESTED]
    unseen = 100 * currents.grain / 2 * 24 * MONTH_DAYS / currents.capacity if currents.capacity else 0.0
    small = (
        f"A load of less than {currents.grain / 2:g} A is not seen and looks the same: "
        f"it could be up to {unseen:.0f} % a month."
    )
    if not quiet or currents.grain == 0:
        return _counted_by_itself(source, still, small)
    rate = _rate(quiet, currents).widened(
        INEFFICIENT * currents.capacity * math.sqrt(len(quiet)) / sum(one.days for one in quiet)
    )
    found = _monthly(rate, currents)
    span = Span(start=quiet[0].start, end=quiet[-1].end)
    if found.half > USELESS:
        reason = f"{len(quiet)} rests between full charges leave {found.half:.0f} % a month uncertain."
        return missing(name, unit, "too_uncertain", reason, events=len(quiet), span=span)
    text = f"What it took to fill the battery again after {sum(one.days for one in quiet):.0f} days at rest. {small}"
    return estimated(
        name,
        unit,
        found,
        grade=grade(found.half, GOOD, FAIR),
        events=len(quiet),
        span=span,
        text=text,
        details={"unseen": unseen, "unseen_ampere": currents.grain / 2},
    )


def _counted_by_itself(source: Source, still: Sequence[Sequence[int]], small: str) -> Finding:
    """Return how its own remaining capacity falls at rest, if it does."""
    name, unit = "self_discharge", "%/month"
    if not still:
        return missing(
            name,
            unit,
            "no_rest",
            f"The battery never rested for {STILL_DAYS} whole days, nor for {SHORTEST_REST} days between two full "
            f"charges, while it was read. {small}",
        )
    span = Span(start=still[0][0], end=still[-1][-1] + DAY)
    known = dict(zip(*_daily(source, "remaining_capacity"), strict=True))
    runs = [[known[stamp] for stamp in run if stamp in known] for run in still]
    runs = [run for run in runs if len(run) >= STILL_DAYS]
    fallen = sum(run[0] - run[-1] for run in runs)
    if fallen <= 0:
        reason = (
            "At rest the battery's own remaining capacity stays the same: it counts only the current that it can "
            f"measure. It was not rested for {SHORTEST_REST} days between two full charges either. {small}"
        )
        return missing(name, unit, "not_counted", reason, events=len(still), span=span)
    days = sum(len(run) - 1 for run in runs)
    full = max(known.values())
    step = grain(known.values())
    factor = 100 * MONTH_DAYS / full / days
    found = Estimate(value=factor * fallen, half=factor * step * NORMAL * math.sqrt(len(runs) / 6))
    if found.half > USELESS:
        reason = f"In steps of {step:g} Ah, {days} days at rest leave {found.half:.0f} % a month uncertain. {small}"
        return missing(name, unit, "too_uncertain", reason, events=len(runs), span=span)
    text = f"As the battery's own remaining capacity fell in {days} days at rest, in steps of {step:g} Ah. {small}"
    return estimated(
        name,
        unit,
        found,
        grade="fair" if found.half <= FAIR else "poor",
        events=len(runs),
        span=span,
        text=text,
        details={"step": step},
    )


def _daily(source: Source, name: str) -> tuple[list[int], list[float]]:
    if name not in source.fields:
        return [], []
    answer = source.days(name)
    pairs = [
        (stamp, value)
        for stamp, value in zip(answer.stamps, answer.series[name].last, strict=True)
        if value is not None
    ]
    return [stamp for stamp, _ in pairs], [value for _, value in pairs]


def _voltage_fall(source: Source, still: Sequence[Sequence[int]]) -> Finding:
    """Return by how much the cells' mean voltage falls in a month at rest."""
    name, unit = "rest_voltage_fall", "V/month"
    if not source.cells:
        return missing(name, unit, "no_cells", "This battery does not report its cells.")
    if not still:
        return missing(
            name, unit, "no_rest", f"The battery never rested for {STILL_DAYS} whole days while it was read."
        )
    answer = source.days(*source.cells)
    rows = zip(answer.stamps, *(answer.series[cell].mean for cell in source.cells), strict=True)
    level = {stamp: fmean(values) for stamp, *cells in rows if len(values := _there(cells)) == len(cells)}
    slopes = []
    for run in still:
        stamps = [stamp for stamp in run[1:] if stamp in level]  # on the first day it still settles
        if len(stamps) >= STILL_DAYS - 1:
            months = [stamp / DAY / MONTH_DAYS for stamp in stamps]
            slopes.append((slope(months, [level[stamp] for stamp in stamps], rounding=0.0005), len(stamps) ** 3))
    span = Span(start=still[0][0], end=still[-1][-1] + DAY)
    if not slopes:
        return missing(name, unit, "gaps", "There are gaps in all rests.", events=len(still), span=span)
    whole = sum(weight for _, weight in slopes)
    value = -sum(weight * one.value for one, weight in slopes) / whole
    half = math.hypot(*(weight * one.half for one, weight in slopes)) / whole
    if half > max(0.02, 0.5 * abs(value)):
        reason = f"In rests this short, the voltage of a cell is uncertain by {1000 * half:.0f} mV per month."
        return missing(name, unit, "too_uncertain", reason, events=len(slopes), span=span)
    return Finding(
        name=name,
        unit=unit,
        value=value,
        low=value - half,
        high=value + half,
        grade=grade(half, 0.002, 0.008),
        events=len(slopes),
        span=span,
        text="How far the mean cell falls at rest, in a month. In the flat middle of the charge, a LiFePO4 cell may "
        "lose a tenth of its charge within a few mV: this cannot be turned into Ah.",
    )


def _there(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
