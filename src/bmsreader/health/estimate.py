"""Estimates with intervals that hold when readings are rounded, follow each other closely, and are sometimes wrong."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from bmsreader.health.finding import Finding, Grade

STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13)
"""Student's t for 95 %, by degrees of freedom from 1 on."""
NORMAL = 1.96
DIGITS = 1000
"""What a battery reports are multiples of a thousandth of its unit."""
TURNS = 12
"""Times that a robust fit looks again at which steps to believe."""
TUKEY = 4.685
"""Deviations, in standard deviations, beyond which a value is not believed at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value and half the width of its 95 % interval."""

    value: float
    half: float

    @property
    def low(self) -> float:
        """The lower end."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """The upper end."""
        return self.value + self.half

    def widened(self, *bounds: float) -> "Estimate":
        """Return the estimate with more that is not known, each given as half a 95 % interval of its own."""
        return Estimate(value=self.value, half=math.hypot(self.half, *bounds))


def student(freedom: float) -> float:
    """Return how many standard errors a 95 % interval reaches to each side, for so many degrees of freedom."""
    if freedom < 1:
        return math.inf
    if freedom <= len(STUDENT):
        return STUDENT[int(freedom) - 1]
    return NORMAL + 2.4 / freedom + 2.8 / freedom**2


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of independent values."""
    count = len(values)
    middle = fmean(values)
    if count < 2:
        return Estimate(value=middle, half=math.inf)
    variance = sum((value - middle) ** 2 for value in values) / (count - 1)
    return Estimate(value=middle, half=student(count - 1) * math.sqrt(variance / count))


def mean_of_days(values: Sequence[float]) -> Estimate:
    """Return the mean of values in the order of time, as if there were fewer where neighbours are alike."""
    plain = mean(values)
    follow = min(_following([value - plain.value for value in values]), 0.9)
    return Estimate(value=plain.value, half=plain.half * math.sqrt((1 + follow) / (1 - follow)))


def _following(rest: Sequence[float]) -> float:
    """Return how much each deviation is like the one before: 0 not at all, 1 the same."""
    total = sum(one**2 for one in rest)
    return max(sum(one * other for one, other in pairwise(rest)) / total, 0.0) if total else 0.0


def share(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson), 0 to 1."""
    if count == 0:
        return 0.0, 1.0
    part, square = hits / count, NORMAL**2 / count
    middle = (part + square / 2) / (1 + square)
    half = NORMAL / (1 + square) * math.sqrt(part * (1 - part) / count + square / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def grain(values: Iterable[float]) -> float:
    """Return the step that all values are multiples of, apart from rounding to thousandths; 0 where none differ."""
    found = 0
    numbers = {round(value * DIGITS) for value in values}
    for number in numbers:
        found = math.gcd(found, number)
        if found == 1:
            break
    if found == 0 or len(numbers) == 1:
        return 0.0
    return found / DIGITS


def slope(times: Sequence[float], values: Sequence[float], *, rounding: float = 0.0) -> Estimate:
    """Return the slope of values that may follow each other slowly: their residuals need not be independent.

    ``rounding`` is the step in which values are told: what it can do to a slope at most is in the interval.
    """
    count = len(times)
    middle, level = fmean(times), fmean(values)
    square = sum((time - middle) ** 2 for time in times)
    steep = sum((time - middle) * (value - level) for time, value in zip(times, values, strict=True)) / square
    rest = [value - level - steep * (time - middle) for time, value in zip(times, values, strict=True)]
    total = sum(one**2 for one in rest)
    follow = min(_following(rest), 0.95)
    alone = max(count * (1 - follow) / (1 + follow), 3.0)
    error = math.sqrt(total / max(count - 2, 1) / square * count / alone)
    at_most = rounding / 2 * sum(abs(time - middle) for time in times) / square
    return Estimate(value=steep, half=math.hypot(student(alone - 2) * error, at_most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A straight line through the origin, fitted to steps of which some are wrong."""

    estimate: Estimate
    weights: Sequence[float]
    """How much each step counted."""


def through_origin(
    steps: Sequence[float], answers: Sequence[float], groups: Sequence[int], *, noise: float
) -> Fit | None:
    """Return answer per step, with an interval from what whole groups (days) change it; None where that is hopeless.

    ``noise`` is the least standard deviation of an answer, from its rounding alone.
    """
    start = sorted(zip((a / s for s, a in zip(steps, answers, strict=True)), map(abs, steps), strict=True))
    value = _weighted_median(start)
    weights = [1.0] * len(steps)
    for _ in range(TURNS):
        rest = [answer - value * step for step, answer in zip(steps, answers, strict=True)]
        spread = max(1.4826 * median(map(abs, rest)), noise)
        weights = [_tukey(one / (TUKEY * spread)) for one in rest]
        square = sum(weight * step**2 for weight, step in zip(weights, steps, strict=True))
        if square == 0:
            return None
        product = sum(w * s * a for w, s, a in zip(weights, steps, answers, strict=True))
        value = product / square
    parts: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for group, weight, step, answer in zip(groups, weights, steps, answers, strict=True):
        parts[group][0] += weight * step * answer
        parts[group][1] += weight * step**2
    half = _without_each(parts, value)
    rounding = NORMAL * noise / math.sqrt(sum(weight * step**2 for weight, step in zip(weights, steps, strict=True)))
    return Fit(estimate=Estimate(value=value, half=max(half, rounding)), weights=weights)


def _tukey(distance: float) -> float:
    return (1 - distance**2) ** 2 if abs(distance) < 1 else 0.0


def _weighted_median(pairs: Sequence[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in pairs) / 2
    for value, weight in pairs:
        half -= weight
        if half <= 0:
            return value
    return pairs[-1][0]


def _without_each(parts: Mapping[int, Sequence[float]], value: float) -> float:
    """Return half the interval of a ratio of sums, by leaving each group out in turn (delete-one jackknife)."""
    product, square = (sum(part[at] for part in parts.values()) for at in (0, 1))
    count = len(parts)
    if count < 2:
        return math.inf
    others = [(product - p) / (square - s) for p, s in parts.values() if square - s > 0]
    if len(others) < count:
        return math.inf
    variance = (count - 1) / count * sum((other - value) ** 2 for other in others)
    return student(_effective([part[1] for part in parts.values()]) - 1) * math.sqrt(variance)


def _effective(weights: Sequence[float]) -> float:
    """Return how many equal groups these are worth."""
    return max(sum(weights) ** 2 / sum(weight**2 for weight in weights), 2.0)


def grade(half: float, good: float, fair: float) -> Grade:
    """Return in a word how narrow an interval is."""
    return "good" if half <= good else "fair" if half <= fair else "poor"


def estimated(name: str, unit: str, found: Estimate, **known: Any) -> Finding:
    """Return a figure with its interval."""
    return Finding(name=name, unit=unit, value=found.value, low=found.low, high=found.high, **known)
