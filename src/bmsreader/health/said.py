"""What the battery itself says about its capacity, and whether that is more than a constant."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from bmsreader.health.estimate import Estimate, estimated, grade, grain, slope
from bmsreader.health.finding import Finding, Span, missing
from bmsreader.health.past import DAY, Source, month
from bmsreader.health.report import Curve

SHORTEST = 60
"""Days over which a trend per year is worth naming."""
FEWEST = 20
"""Days with readings that a trend needs."""
YEAR = 365.25
GOOD, FAIR, USELESS = 0.7, 2.0, 10.0
"""% per year: half the interval of a trend."""

Days = tuple[list[int], list[float]]


def examine(source: Source) -> tuple[list[Finding], list[Curve]]:
    """Return full-charge capacity, its trend and the state of health, as the battery says."""
    names = [name for name in ("full_charge_capacity", "design_capacity") if name in source.fields]
    answer = source.days(*names) if names else None
    found: dict[str, Days] = {"full_charge_capacity": ([], []), "design_capacity": ([], [])}
    if answer is not None:
        for name in names:
            pairs = [
                (stamp, value)
                for stamp, value in zip(answer.stamps, answer.series[name].last, strict=True)
                if value is not None and value > 0
            ]
            found[name] = ([stamp for stamp, _ in pairs], [value for _, value in pairs])
    full, design = found["full_charge_capacity"], found["design_capacity"]
    curves = [_monthly("full_charge_capacity", "Ah", full)]
    label = median(design[1]) if design[1] else None
    if label:
        curves.append(_monthly("soh", "%", (full[0], [100 * value / label for value in full[1]])))
    findings = [_capacity(full), _trend(full, label), _health(full, label)]
    return findings, [curve for curve in curves if curve.stamps]


def _span(days: Days) -> Span:
    return Span(start=days[0][0], end=days[0][-1] + DAY)


def _constant(days: Days) -> str:
    if len(days[0]) < FEWEST:
        return (
            f"The battery says {days[1][-1]:g} Ah. Whether it measures that or repeats a setting takes {FEWEST} days "
            f"of readings to tell; there are {len(days[0])}."
        )
    return (
        f"The battery has repeated the same {days[1][-1]:g} Ah on all {len(days[0])} days: "
        "this looks like a setting, not like something that it measures."
    )


def _capacity(days: Days) -> Finding:
    name, unit = "full_charge_capacity", "Ah"
    if not days[0]:
        return missing(name, unit, "not_reported", "This battery does not report its full-charge capacity.")
    stamps, values = days
    step = grain(values)
    half = step / 2
    if len(set(values)) == 1:
        text, how = _constant(days), "poor"
        bounds: tuple[float | None, float | None] = (None, None)
    else:
        text = f"As the battery says, in steps of {step:g} Ah; from {max(values):g} to {min(values):g} Ah in this time."
        how, bounds = "fair", (values[-1] - half, values[-1] + half)
    return Finding(
        name=name,
        unit=unit,
        value=values[-1],
        low=bounds[0],
        high=bounds[1],
        grade="poor" if how == "poor" else "fair",
        events=len(stamps),
        span=_span(days),
        text=text,
        code="constant" if how == "poor" else "",
        details={"step": step},
    )


def _trend(days: Days, label: float | None) -> Finding:
    name, unit = "full_charge_capacity_trend", "%/year"
    if not days[0]:
        return missing(name, unit, "not_reported", "This battery does not report its full-charge capacity.")
    stamps, values = days
    span = _span(days)
    known = {"events": len(stamps), "span": span}
    if len(set(values)) == 1 and span.days >= SHORTEST:
        return missing(name, unit, "constant", _constant(days), **known)
    if span.days < SHORTEST or len(stamps) < FEWEST:
        reason = (
            f"A trend needs {FEWEST} days of readings within {SHORTEST}; "
            f"so far there are {len(stamps)} within {span.days:.0f}."
        )
        return missing(name, unit, "too_short", reason, **known)
    whole = label or max(values)
    years = [stamp / DAY / YEAR for stamp in stamps]
    found = slope(years, [100 * value / whole for value in values], rounding=100 * grain(values) / whole)
    if found.half > USELESS:
        reason = f"After {span.days:.0f} days the trend could be anything from {found.low:+.0f} to {found.high:+.0f} %."
        return missing(name, unit, "too_uncertain", reason, **known)
    return _trend_found(name, unit, found, known["events"], span)


def _trend_found(name: str, unit: str, found: Estimate, events: object, span: Span) -> Finding:
    clear = found.low > 0 or found.high < 0
    text = f"As the battery says: {found.value:+.1f} % of what it held when new, per year" + (
        "." if clear else "; that cannot be told apart from no change at all."
    )
    return estimated(
        name,
        unit,
        found,
        grade=grade(found.half, GOOD, FAIR),
        events=int(str(events)),
        span=span,
        text=text,
    )


def _health(full: Days, label: float | None) -> Finding:
    name, unit = "soh", "%"
    if not full[0]:
        return missing(name, unit, "not_reported", "This battery does not report its full-charge capacity.")
    if not label:
        return missing(name, unit, "no_design", "This battery does not report the capacity on its label.")
    value, half = full[1][-1], grain(full[1]) / 2
    constant = len(set(full[1])) == 1
    text = f"{value:g} of {label:g} Ah, as the battery says."
    return Finding(
        name=name,
        unit=unit,
        value=100 * value / label,
        low=None if constant else 100 * (value - half) / label,
        high=None if constant else 100 * (value + half) / label,
        grade="poor" if constant else "fair",
        events=len(full[0]),
        span=_span(full),
        text=f"{text} {_constant(full)}" if constant else text,
        code="constant" if constant else "",
        details={"full": value, "design": label},
    )


def _monthly(name: str, unit: str, days: Days) -> Curve:
    return monthly(name, unit, *days)


def monthly(name: str, unit: str, stamps: Sequence[int], values: Sequence[float], fewest: int = 1) -> Curve:
    """Return the median of each month that has enough values."""
    months: defaultdict[int, list[float]] = defaultdict(list)
    for stamp, value in zip(stamps, values, strict=True):
        months[month(stamp)].append(value)
    kept = {start: found for start, found in sorted(months.items()) if len(found) >= fewest}
    return Curve(
        name=name,
        unit=unit,
        stamps=list(kept),
        values=[median(found) for found in kept.values()],
        counts=[len(found) for found in kept.values()],
    )
