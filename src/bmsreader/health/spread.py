"""How the cells of a pack differ: at rest, under load and nearly full; which is the weakest, and since when."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from bmsreader.health.currents import Currents
from bmsreader.health.estimate import Estimate, estimated, grade, mean_of_days, share, slope
from bmsreader.health.finding import Finding, Grade, Span, missing
from bmsreader.health.past import DAY, Source, Tell, month, spread_out
from bmsreader.health.report import CellHealth, Curve
from bmsreader.health.said import YEAR, monthly

RESOLUTION = 0.001
"""V: what batteries tell their cells in."""
BLUR = 0.0006
"""V: half a 95 % interval of what rounding to 1 mV can do to a difference that never changes."""
FEWEST = 5
"""Days in a condition that a figure needs."""
PER_MONTH, MOST, MANY = 5, 60, 8
"""Days of each month, and in each condition, that are looked at; more of each where there are few months, and fewer
where there are many cells."""
FLAT = (3.15, 3.36)
"""V per cell between which cells at rest or under load are compared: beyond, a little charge is a lot of voltage."""
TOP = 3.45
"""V of the highest cell from which on a pack is nearly full."""
RECENT, ENOUGH = 90, 10
"""Days that a figure is made from, the last ones, if so many of them were in the condition: cells drift apart."""
TREND_DAYS, TREND_FEWEST = 90, 12
"""Days over which a trend is worth naming, and days in the condition that it needs."""
TREND_USELESS = 0.05
"""V per year: half an interval that says nothing any more."""
DEAD = 1.0
"""V below which a cell is dead or not connected: nothing can be compared with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a pack does while its cells are compared."""

    name: str
    words: str
    never: str
    """Why there is nothing when the history has no such time."""
    lowest: bool
    """Whether the cell that stands out is the lowest one in this condition."""


CONDITIONS = (
    Condition(
        name="rest",
        words="after half an hour without current, in the flat middle of the charge",
        never="The battery never rested for three quarters of an hour while it was read.",
        lowest=True,
    ),
    Condition(
        name="load",
        words="while it was discharged steadily",
        never="The battery was never discharged steadily, with a current that tells cells apart, while it was read.",
        lowest=True,
    ),
    Condition(
        name="top",
        words="in the quarter of an hour in which it was fullest",
        never=f"No cell reached {TOP} V while charging: the battery was never nearly full, or not read then.",
        lowest=False,
    ),
)


@dataclass(slots=True, kw_only=True)
class Compared:
    """The cells beside their mean in one condition, day by day."""

    days: list[int] = field(default_factory=list)
    """Day numbers since 1970, in order."""
    offsets: list[tuple[float, ...]] = field(default_factory=list)
    """V above the mean of all cells, for each of the days."""

    @property
    def span(self) -> Span | None:
        """From the first to the last day."""
        return Span(start=self.days[0] * DAY, end=(self.days[-1] + 1) * DAY) if self.days else None

    @property
    def recent(self) -> "Compared":
        """The last months alone, where they are enough."""
        first = bisect_left(self.days, self.days[-1] - RECENT) if self.days else 0
        if len(self.days) - first < ENOUGH:
            return self
        return Compared(days=self.days[first:], offsets=self.offsets[first:])

    @property
    def spreads(self) -> list[float]:
        """V between the highest and the lowest cell, for each of the days."""
        return [max(offsets) - min(offsets) for offsets in self.offsets]


def examine(source: Source, currents: Currents, tell: Tell) -> tuple[list[Finding], list[CellHealth], list[Curve]]:
    """Return spread and trend in each condition, the weakest cell, each cell's offsets, and how all that developed."""
    compared = compare(source, currents, tell)
    recent = {name: one.recent for name, one in compared.items()}
    findings = [_spread(condition, recent[condition.name], len(source.cells)) for condition in CONDITIONS]
    rest, load, top = CONDITIONS
    findings.append(_standing_out("weakest_cell", (load, rest), recent, len(source.cells), highest=False))
    findings.append(_standing_out("first_full_cell", (top,), recent, len(source.cells), highest=True))
    findings += [_trend(condition, compared[condition.name], len(source.cells)) for condition in CONDITIONS]
    cells = [
        CellHealth(
            cell=number + 1,
            findings=tuple(_offset(condition, recent[condition.name], number) for condition in CONDITIONS),
        )
        for number in range(len(source.cells))
    ]
    return findings, cells, _curves(compared, len(source.cells))


# ---- looking


def compare(source: Source, currents: Currents, tell: Tell) -> dict[str, Compared]:
    """Return how the cells compare in each condition, on some days of each month."""
    found = {condition.name: Compared() for condition in CONDITIONS}
    if len(source.cells) < 2:
        return found
    wanted: dict[str, Mapping[int, Sequence[int]]] = {"rest": currents.rests(), "load": currents.works()}
    full = full_days(source)
    chosen = _chosen([full, *wanted.values()], many=len(source.cells) > MANY)
    for number, day in enumerate(chosen):
        tell(number, len(chosen))
        answer = source.quarters(source.cells, day * DAY, (day + 1) * DAY)
        cells = [answer.series[name] for name in source.cells]
        place = {stamp: at for at, stamp in enumerate(answer.stamps)}
        for name, days in wanted.items():
            at = [place[currents.starts[quarter]] for quarter in days.get(day, ()) if currents.starts[quarter] in place]
            rows = list(zip(*([cell.mean[one] for one in at] for cell in cells), strict=True))
            _add(found[name], day, [values for row in rows if (values := _level(row)) is not None])
        if day in full:
            rows = list(zip(*(cell.max for cell in cells), strict=True))
            tops = [values for row in rows if (values := _complete(row)) is not None and max(values) >= TOP]
            _add(found["top"], day, [max(tops, key=fmean)] if tops else [])
    return found


def full_days(source: Source) -> set[int]:
    """Return the days in which some cell was nearly full."""
    answer = source.days(*source.cells)
    return {
        stamp // DAY
        for name in source.cells
        for stamp, high in zip(answer.stamps, answer.series[name].max, strict=True)
        if high is not None and high >= TOP and stamp >= source.detailed
    }


def _chosen(conditions: Sequence[Iterable[int]], *, many: bool) -> list[int]:
    """Return some days of each month for each condition; a day that serves several is taken once."""
    chosen: set[int] = set()
    for days in conditions:
        months: defaultdict[int, list[int]] = defaultdict(list)
        for day in sorted(days):
            months[month(day * DAY)].append(day)
        quota = max(PER_MONTH - many, (MOST // 2 if many else MOST) // max(len(months), 1))
        for found in months.values():
            have = sum(day in chosen for day in found)
            left = [day for day in found if day not in chosen]
            chosen.update(spread_out(left, max(0, quota - have)))
    return sorted(chosen)


def _complete(row: Sequence[float | None]) -> tuple[float, ...] | None:
    values = tuple(value for value in row if value is not None and value >= DEAD)
    return values if len(values) == len(row) else None


def _level(row: Sequence[float | None]) -> tuple[float, ...] | None:
    """Return the cells if all are there and the pack is in the flat part of its curve."""
    values = _complete(row)
    return values if values is not None and FLAT[0] <= fmean(values) <= FLAT[1] else None


def _add(compared: Compared, day: int, rows: Sequence[Sequence[float]]) -> None:
    """Add a day: the mean of what was seen in it."""
    if rows:
        cells = [fmean(column) for column in zip(*rows, strict=True)]
        middle = fmean(cells)
        compared.days.append(day)
        compared.offsets.append(tuple(cell - middle for cell in cells))


# ---- judging


def _none(condition: Condition, compared: Compared, cells: int) -> tuple[str, str] | None:
    """Return why nothing can be said, as a code and in words; None where there is enough."""
    if cells < 2:
        return "no_cells", "This battery does not report its cells."
    if not compared.days:
        return f"never_{condition.name}", condition.never
    if len(compared.days) < FEWEST:
        count = len(compared.days)
        return "too_few", f"Only {count} {'day was' if count == 1 else 'days were'} like that; it takes {FEWEST}."
    return None


def _spread(condition: Condition, compared: Compared, cells: int) -> Finding:
    name, unit = f"spread_{condition.name}", "V"
    why = _none(condition, compared, cells)
    if why:
        return missing(name, unit, *why, events=len(compared.days), span=compared.span)
    spreads = compared.spreads
    found = mean_of_days(spreads).widened(1.5 * BLUR)
    text = (
        f"Highest minus lowest cell {condition.words}: {1000 * min(spreads):.1f} to {1000 * max(spreads):.1f} mV "
        f"on {len(spreads)} days."
    )
    return Finding(
        name=name,
        unit=unit,
        value=found.value,
        low=max(0.0, found.low),
        high=found.high,
        grade=_grade(found),
        events=len(spreads),
        span=compared.span,
        text=text,
        details={"lowest": min(spreads), "highest": max(spreads)},
    )


def _grade(found: Estimate) -> Grade:
    """Return how far a voltage can be trusted: a millivolt is as good as it gets."""
    size = abs(found.value)
    return grade(found.half, max(0.0015, 0.15 * size), max(0.004, 0.4 * size))


def _offset(condition: Condition, compared: Compared, number: int) -> Finding:
    name, unit = f"offset_{condition.name}", "V"
    why = _none(condition, compared, 2)
    if why:
        return missing(name, unit, *why, events=len(compared.days), span=compared.span)
    values = [offsets[number] for offsets in compared.offsets]
    found = mean_of_days(values).widened(BLUR)
    lowest = sum(value == min(offsets) for value, offsets in zip(values, compared.offsets, strict=True))
    highest = sum(value == max(offsets) for value, offsets in zip(values, compared.offsets, strict=True))
    count = len(values)
    text = (
        f"{abs(1000 * found.value):.1f} mV {'above' if found.value >= 0 else 'below'} the mean of all cells "
        f"{condition.words}; the lowest on {lowest} and the highest on {highest} of {count} days."
    )
    return estimated(
        name,
        unit,
        found,
        grade=_grade(found),
        events=count,
        span=compared.span,
        text=text,
        details={"days_lowest": float(lowest), "days_highest": float(highest)},
    )


def _standing_out(
    name: str, conditions: Sequence[Condition], compared: Mapping[str, Compared], cells: int, *, highest: bool
) -> Finding:
    """Return the cell that is lowest (or highest) in the first of the conditions that there is enough of."""
    for condition in conditions:
        found = compared[condition.name]
        if _none(condition, found, cells):
            continue
        sign = -1 if highest else 1
        rows = [[sign * value for value in row] for row in found.offsets]
        levels = [mean_of_days([row[at] for row in rows]) for at in range(cells)]
        first, second = sorted(range(cells), key=lambda at: levels[at].value)[:2]
        return _outlier(
            name, condition, found, rows, (first, levels[second].value - levels[first].value), levels[first]
        )
    why = _none(conditions[0], compared[conditions[0].name], cells) or ("too_few", "")
    return missing(name, "", *why, events=len(compared[conditions[0].name].days))


def _outlier(
    name: str,
    condition: Condition,
    compared: Compared,
    rows: Sequence[Sequence[float]],
    first: tuple[int, float],
    level: Estimate,
) -> Finding:
    cell, apart = first
    most, beside = ("lowest", "below") if condition.lowest else ("highest", "above")
    if apart < max(RESOLUTION, level.half):
        reason = (
            f"The two {most} cells {condition.words} differ by {1000 * apart:.1f} mV, which is less than what tells "
            "cells apart: no cell clearly stands out."
        )
        known = {"events": len(rows), "span": compared.span, "details": {"apart": apart}}
        return missing(name, "", "not_apart", reason, **known)
    days = sum(row[cell] == min(row) for row in rows)
    low, high = share(days, len(rows))
    text = (
        f"Cell {cell + 1} is the {most} {condition.words} on {days} of {len(rows)} days, "
        f"{1000 * apart:.1f} mV {beside} the next one."
    )
    return Finding(
        name=name,
        unit="",
        value=float(cell + 1),
        grade="good" if low >= 0.8 else "fair" if low >= 0.5 else "poor",
        events=len(rows),
        span=compared.span,
        text=text,
        details={"days_outermost": float(days), "share_low": low, "share_high": high, "apart": apart},
    )


def _trend(condition: Condition, compared: Compared, cells: int) -> Finding:
    name, unit = f"spread_{condition.name}_trend", "V/year"
    why = _none(condition, compared, cells)
    count, span = len(compared.days), compared.span
    if why:
        return missing(name, unit, *why, events=count, span=span)
    days = compared.days[-1] - compared.days[0] + 1
    if days < TREND_DAYS or len(compared.days) < TREND_FEWEST:
        reason = (
            f"There are {len(compared.days)} such days within {days} days; "
            f"a trend needs {TREND_FEWEST} within {TREND_DAYS}."
        )
        return missing(name, unit, "too_short", reason, events=count, span=span)
    found = slope([day / YEAR for day in compared.days], compared.spreads, rounding=RESOLUTION / 2)
    if found.half > TREND_USELESS:
        reason = f"The spread jumps too much from day to day: {1000 * found.half:.0f} mV per year either way."
        return missing(name, unit, "too_uncertain", reason, events=count, span=span)
    clear = found.low > 0 or found.high < 0
    change = "grows" if found.value > 0 else "shrinks"
    text = (
        f"The spread {condition.words} {change} by {abs(1000 * found.value):.1f} mV per year."
        if clear
        else f"No change of the spread {condition.words} can be told apart from its ups and downs."
    )
    return estimated(
        name,
        unit,
        found,
        grade=grade(found.half, 0.003, 0.01),
        events=count,
        span=span,
        text=text,
    )


def _curves(compared: Mapping[str, Compared], cells: int) -> list[Curve]:
    curves = []
    for name, one in compared.items():
        stamps = [day * DAY for day in one.days]
        curves.append(monthly(f"spread_{name}", "V", stamps, one.spreads))
        for number in range(cells):
            values = [offsets[number] for offsets in one.offsets]
            curves.append(monthly(f"cell_{number + 1}_offset_{name}", "V", stamps, values))
    return [curve for curve in curves if curve.stamps]
