"""The truth lies inside the stated interval: in many random packs, as often as 95 % promises."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random

import pytest

from bmsreader.health import Finding, Report, examine
from bmsreader.health.past import DAY, MONTH_DAYS
from tests.health.lives import CYCLES, LOADS, STORED, Life, Remembered, live, random_nature

Lives = Callable[[int], Iterator[tuple[str, Finding, float]]]
"""The figures of the pack that a seed makes, with their names and their truth."""

PACKS = 8
LEAST = 0.88
"""Part of the intervals that hold at least: with so few packs, one outside is what 95 % promises."""
PACE = 10.0


def a_pack(dice: Random) -> tuple[float, int]:
    return dice.choice((100.0, 200.0, 280.0)), dice.choice((4, 4, 8))


def with_gaps(past: Remembered, dice: Random, count: int) -> Remembered:
    """Return a history with short gaps, as a weak radio makes them."""
    for _ in range(count):
        begin = dice.randrange(past.stamps[0], past.stamps[-1])
        past = past.without(begin, begin + dice.randrange(60_000, 900_000))
    return past


def loads(seed: int) -> Iterator[tuple[str, Finding, float]]:
    """Yield figures of a pack under changing loads, with their truth."""
    dice = Random(seed)
    capacity, cells = a_pack(dice)
    nature = random_nature(dice, cells=cells, capacity=capacity)
    report = look(live(4.2, LOADS, seed=seed, pace=PACE, nature=nature, capacity=capacity, cells=cells).past)
    at_once = 1 - nature.polarisation * math.exp(-PACE / nature.polarisation_time)
    truth = [at_once * ohm for ohm in nature.resistances or ()]
    yield "resistance", report.finding("resistance"), sum(truth)
    for cell, ohm in zip(report.cells, truth, strict=True):
        yield "resistance of a cell", cell.findings[-1], ohm


def cycles(seed: int) -> Iterator[tuple[str, Finding, float]]:
    """Yield figures of a pack that is filled and emptied, read with gaps, with their truth."""
    dice = Random(seed)
    capacity, cells = a_pack(dice)
    nature = random_nature(dice, cells=cells, capacity=capacity)
    life = live(24, CYCLES, seed=seed, pace=60, nature=nature, capacity=capacity, cells=cells)
    report = look(with_gaps(life.past, dice, 6))
    yield "capacity", report.finding("capacity"), life.usable
    yield "uncounted loss", report.finding("uncounted_loss"), per_month(life.lost, report)
    for number, cell in enumerate(report.cells):
        yield "offset at rest", cell.findings[0], offset_at_rest(life, number)


def knees(seed: int) -> Iterator[tuple[str, Finding, float]]:
    """Yield the capacity of a pack that is discharged to somewhere near empty, seldom to the very end."""
    dice = Random(seed)
    capacity, cells = a_pack(dice)
    nature = random_nature(dice, cells=cells, capacity=capacity)
    phases = ((9, 0.2, 0), (4, 0, 0), (dice.uniform(10.5, 11.5), -0.08, 0), (3, 0, 0))
    life = live(16, phases, seed=seed, pace=60, nature=nature, capacity=capacity, cells=cells)
    yield "capacity", look(life.past).finding("capacity"), life.usable


def stored(seed: int) -> Iterator[tuple[str, Finding, float]]:
    """Yield figures of a pack in store, with their truth."""
    dice = Random(seed)
    capacity, cells = a_pack(dice)
    nature = random_nature(dice, cells=cells, capacity=capacity)
    life = live(46, STORED, seed=seed, pace=100, nature=nature, capacity=capacity, cells=cells)
    report = look(life.past)
    leak = 3600 * nature.leaks(cells)[0] * (nature.capacities or (0.0,))[0]
    yield "self-discharge", report.finding("self_discharge"), per_month(leak + nature.parasite, report)
    yield "uncounted loss", report.finding("uncounted_loss"), per_month(life.lost, report)


def look(past: Remembered) -> Report:
    report = examine(past, "x")
    assert report is not None
    return report


def per_month(ampere: float, report: Report) -> float:
    return 100 * ampere * 24 * MONTH_DAYS / (report.finding("full_charge_capacity").value or math.nan)


def offset_at_rest(life: Life, number: int) -> float:
    """Return V of a cell above the mean of all, averaged over all days with rest."""
    days: defaultdict[int, list[float]] = defaultdict(list)
    current, still = life.past.columns["current"], 0
    for stamp, flows, cells in zip(life.past.stamps, current, life.true_cells, strict=True):
        still = 0 if flows else still + 1
        mean = sum(cells) / len(cells)
        if still > 45 and 3.15 < mean < 3.36:
            days[stamp // DAY].append(cells[number] - mean)
    return sum(sum(values) / len(values) for values in days.values()) / len(days)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("lives", [loads, cycles, knees, stored])
def test_the_truth_is_inside_the_interval_as_often_as_promised(lives: Lives) -> None:
    inside: defaultdict[str, list[bool]] = defaultdict(list)
    for seed in range(PACKS):
        for name, finding, truth in lives(seed):
            if finding.low is not None and finding.high is not None:
                inside[name].append(finding.low <= truth <= finding.high)

    assert inside
    for name, hits in inside.items():
        assert len(hits) >= PACKS * 0.5, f"{name}: there is hardly any value"
        assert sum(hits) >= int(LEAST * len(hits)), f"{name}: {sum(hits)} of {len(hits)}"


@pytest.mark.slow
def test_an_interval_is_no_wider_than_it_has_to_be() -> None:
    widths: defaultdict[str, list[float]] = defaultdict(list)
    for lives in (loads, cycles):
        for seed in range(2):
            for name, finding, truth in lives(seed):
                if finding.low is not None and finding.high is not None and name != "offset at rest":
                    widths[name].append((finding.high - finding.low) / 2 / truth)

    assert max(widths["resistance"]) < 0.06
    assert max(widths["resistance of a cell"]) < 0.1
    assert max(widths["capacity"]) < 0.08
