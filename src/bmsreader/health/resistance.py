"""Internal resistance: what the voltage does within seconds when the current changes, over many such steps."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from bmsreader.health.currents import Currents
from bmsreader.health.estimate import Fit, estimated, grade, grain, through_origin
from bmsreader.health.finding import Finding, Span, missing
from bmsreader.health.past import DAY, QUARTER, Source, Stretch, Tell, month, spread_out
from bmsreader.health.report import Curve

LARGEST_PAUSE = 30_000
"""ms between the readings before and after a step: later, the charge and slow processes have changed too much."""
LEAST = 0.02
"""A per Ah of capacity from which on a change of current is a step; and so many steps of the current's resolution:"""
GRAINS = 8
STEADY = 0.03
"""Part of a current, or two steps of its resolution, by which it may waver before and after a step."""
FEWEST, FEWEST_DAYS = 12, 4
"""Steps, and days with steps, that a resistance needs."""
PER_MONTH, MOST = 4, 60
"""Stretches of readings that are looked at, of each month and in all."""
COLUMNS = 400
"""Stretches times voltages that are looked at in all: a pack of 16 cells takes no longer than one of 4."""
WINDOW = 16 * QUARTER
"""ms that one of them is long."""
MONTHLY = 8
"""Steps that a month needs for a point of the curve."""
RECENT = 90
"""Days, the last ones, from which a figure is made if there are three times as many steps, on twice as many days."""
VOLTAGE = 0.001
"""V: least resolution of a cell."""
SCALE = 0.01
"""Part of each A by which a battery's own current sensor is off; this cannot be seen from the data alone."""
BLUR = 0.02
"""Part of the resistance that depends on what was before a step: the slow part never quite settles."""
GOOD, FAIR, USELESS = 0.1, 0.25, 0.5
"""Half the interval, as a part of the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of the current from one steady value to another, and what each voltage did."""

    stamp: int
    current: float
    """A, after minus before."""
    voltages: Sequence[float]
    """V, after minus before: pack or cells, in the order of the fields."""
    seconds: float
    """From the reading before to the one after."""
    temperature: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Resistance of the pack and of its cells, and the pack's over the months."""

    pack: Finding
    cells: tuple[Finding, ...]
    curve: Curve
    ohm: float | None
    """Of one cell, on average; None where it is not known."""


def examine(source: Source, currents: Currents, tell: Tell) -> Result:
    """Return the resistance of the pack and of each cell, or why it cannot be known."""
    voltages = (*(("pack_voltage",) if "pack_voltage" in source.fields else ()), *source.cells)
    steps: list[Step] = []
    windows = [] if not voltages else _windows(currents, min(MOST, COLUMNS // len(voltages)))
    for number, (start, end) in enumerate(windows):
        tell(number, len(windows))
        steps += found_in(source, currents, voltages, start, end)
    grains = _grains(steps, len(voltages))
    recent = _recent(steps)
    named = dict(zip(voltages, range(len(voltages)), strict=True))
    pack = _finding(recent, named.get("pack_voltage"), grains, currents, "the pack")
    cells = tuple(
        _finding(recent, named[name], grains, currents, f"cell {number}") for number, name in enumerate(source.cells, 1)
    )
    known = [cell.value for cell in cells if cell.value is not None]
    return Result(
        pack=pack,
        cells=cells,
        curve=_curve(steps, named.get("pack_voltage"), grains),
        ohm=fmean(known) if known else None,
    )


# ---- looking


def _windows(currents: Currents, most: int) -> list[tuple[int, int]]:
    """Return where the largest changes of current are: some stretches of each month, at most one a day."""
    least = max(LEAST * currents.capacity, GRAINS * currents.grain)
    blocks: defaultdict[int, float] = defaultdict(float)
    for number, start in enumerate(currents.starts):
        reach = currents.high[number] - currents.low[number]
        if reach >= least:
            blocks[start // WINDOW] += reach**2
    days: dict[int, tuple[float, int]] = {}
    for block, score in blocks.items():
        day = block * WINDOW // DAY
        days[day] = max(days.get(day, (0.0, 0)), (score, block * WINDOW))
    months: defaultdict[int, list[int]] = defaultdict(list)
    for day in days:
        months[month(day * DAY)].append(day)
    quota = max(min(PER_MONTH, -(-most // 12)), most // max(len(months), 1))
    chosen: list[int] = []
    for found in months.values():
        busiest = sorted(found, key=lambda day: days[day][0], reverse=True)[: max(quota, len(found) // 2)]
        chosen += spread_out(sorted(busiest), quota)
    return [(days[day][1], days[day][1] + WINDOW) for day in spread_out(sorted(chosen), most)]


def found_in(source: Source, currents: Currents, voltages: Sequence[str], start: int, end: int) -> list[Step]:
    """Return the steps in a stretch of readings."""
    heat = tuple(name for name in ("temperature_1",) if name in source.fields)
    stretch = source.raw(("current", *voltages, *heat), start, end)
    least = max(LEAST * currents.capacity, GRAINS * currents.grain)
    current = stretch.columns["current"]
    columns = [stretch.columns[name] for name in voltages]
    return [
        Step(
            stamp=stretch.stamps[after],
            current=current[after] - current[before],
            voltages=[column[after] - column[before] for column in columns],
            seconds=(stretch.stamps[after] - stretch.stamps[before]) / 1000,
            temperature=stretch.columns[heat[0]][after] if heat else None,
        )
        for before, after in _changes(stretch, currents.grain, least)
    ]


def _changes(stretch: Stretch, step: float, least: float) -> Iterator[tuple[int, int]]:
    """Yield the last reading before and the first one after each change between two steady currents.

    Battery and program look at different moments: a reading in the middle of a change is left out.
    """
    current, stamps = stretch.columns["current"], stretch.stamps
    count = len(stamps)

    def steady(one: int) -> bool:
        allowed = max(STEADY * abs(current[one]), 2 * step)
        return abs(current[one + 1] - current[one]) <= allowed and stamps[one + 1] - stamps[one] <= LARGEST_PAUSE

    before = 1
    while before < count - 2:
        if abs(current[before + 1] - current[before]) < least / 2 or not steady(before - 1):
            before += 1
            continue
        for after in (before + 1, before + 2):
            if (
                after + 1 < count
                and abs(current[after] - current[before]) >= least
                and stamps[after] - stamps[before] <= LARGEST_PAUSE
                and steady(after)
            ):
                yield before, after
                break
        before += 1


# ---- judging


def _recent(steps: Sequence[Step]) -> Sequence[Step]:
    """Return the steps of the last months, where they are enough: resistance grows."""
    last = [step for step in steps if step.stamp >= steps[-1].stamp - RECENT * DAY]
    enough = len(last) >= 3 * FEWEST and len({step.stamp // DAY for step in last}) >= 2 * FEWEST_DAYS
    return last if enough else steps


def _grains(steps: Sequence[Step], count: int) -> list[float]:
    """Return in which steps each voltage is told, V; at least a thousandth."""
    return [max(grain(step.voltages[at] for step in steps), VOLTAGE) for at in range(count)]


def _fit(steps: Sequence[Step], at: int, grains: Sequence[float]) -> Fit | None:
    noise = grains[at] / 6**0.5
    return through_origin(
        [step.current for step in steps],
        [step.voltages[at] for step in steps],
        [step.stamp // DAY for step in steps],
        noise=noise,
    )


def _none(steps: Sequence[Step], at: int | None, currents: Currents) -> tuple[str, str] | None:
    days = len({step.stamp // DAY for step in steps})
    least = max(LEAST * currents.capacity, GRAINS * currents.grain)
    if at is None:
        return "not_reported", "This battery does not report this voltage."
    if currents.grain == 0:
        return "no_steps", "The current never changed while the battery was read."
    if not steps:
        return "no_steps", (
            f"The current never changed by {least:.1f} A or more between two steady values within "
            f"{LARGEST_PAUSE // 1000} s: smaller steps drown in its resolution of {currents.grain:g} A, and readings "
            "further apart show more than resistance."
        )
    if len(steps) < FEWEST or days < FEWEST_DAYS:
        return "too_few", (
            f"There were {len(steps)} steps of the current of {least:.1f} A or more on {days} days; "
            f"it takes {FEWEST} on {FEWEST_DAYS} days."
        )
    return None


def _finding(steps: Sequence[Step], at: int | None, grains: Sequence[float], currents: Currents, whose: str) -> Finding:
    name, unit = "resistance", "Ω"
    span = Span(start=steps[0].stamp, end=steps[-1].stamp) if steps else None
    why = _none(steps, at, currents)
    if why or at is None:
        return missing(name, unit, *(why or ("", "")), events=len(steps), span=span)
    fit = _fit(steps, at, grains)
    if fit is None or fit.estimate.value <= 0 or fit.estimate.half > USELESS * fit.estimate.value:
        reason = (
            f"The steps of current and voltage of {whose} do not agree with each other: "
            f"{len(steps)} steps leave more than {100 * USELESS:.0f} % uncertain."
        )
        return missing(name, unit, "too_uncertain", reason, events=len(steps), span=span)
    found = fit.estimate
    # The current's rounding makes each step a little uncertain itself, and so the slope a little too small.
    square = sum(weight * step.current**2 for weight, step in zip(fit.weights, steps, strict=True))
    shrunk = sum(fit.weights) * currents.grain**2 / 6 / square
    found = found.widened(found.value * shrunk, found.value * SCALE, found.value * BLUR)
    seconds = fmean(step.seconds for step in steps)
    details = {"seconds": seconds, "step": currents.grain}
    warmth = _temperature(steps, fit.weights)
    words = ""
    if warmth is not None:
        details["temperature"] = warmth
        words = f" at {warmth:.0f} °C"
    text = (
        f"What {whose} answers within about {seconds:.0f} s to a change of the current{words}. "
        f"Colder cells have more; what builds up over minutes is not in it."
    )
    return estimated(
        name,
        unit,
        found,
        grade=grade(found.half / found.value, GOOD, FAIR),
        events=len(steps),
        span=span,
        text=text,
        details=details,
    )


def _temperature(steps: Sequence[Step], weights: Sequence[float]) -> float | None:
    """Return the temperature that the resistance belongs to: each step counts as it does there."""
    pairs = [
        (weight * step.current**2, step.temperature)
        for weight, step in zip(weights, steps, strict=True)
        if step.temperature is not None
    ]
    total = sum(weight for weight, _ in pairs)
    return sum(weight * warmth for weight, warmth in pairs) / total if total else None


def _curve(steps: Sequence[Step], at: int | None, grains: Sequence[float]) -> Curve:
    months: defaultdict[int, list[Step]] = defaultdict(list)
    for step in steps:
        months[month(step.stamp)].append(step)
    points: list[tuple[int, float, int]] = []
    for start, some in sorted(months.items()):
        fit = None if at is None or len(some) < MONTHLY else _fit(some, at, grains)
        if fit is not None and fit.estimate.value > 0 and fit.estimate.half <= USELESS * fit.estimate.value:
            points.append((start, fit.estimate.value, len(some)))
    return Curve(
        name="resistance",
        unit="Ω",
        stamps=[point[0] for point in points],
        values=[point[1] for point in points],
        counts=[point[2] for point in points],
    )
