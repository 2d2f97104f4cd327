"""Capacity counted from full to nearly empty, against the truth of simulated packs."""

from functools import cache

import pytest

from bmsreader.health import Curve, Finding
from bmsreader.health.anchors import Anchors
from bmsreader.health.capacity import examine
from bmsreader.health.currents import Currents
from bmsreader.health.past import DAY, Source
from bmsreader.simulator.nature import Nature
from tests.health.lives import CYCLES, START, Life, Phase, Remembered, live

WEAK = Nature(capacities=(176.0, 168.0, 190.0, 185.0), charges_missing=(0.0,) * 4, resistances=(0.0006,) * 4)
SHALLOW: tuple[Phase, ...] = ((9, 0.2, 0), (5, 0, 0), (10, -0.05, 20))


def look(past: Remembered, ohm: float | None = 0.0006) -> tuple[Finding, list[Curve]]:
    source = Source(past, "x", past.stamps[0], past.stamps[-1] + 1)
    currents = Currents(source)
    anchors = Anchors(source, currents)
    return examine(source, currents, anchors, ohm=ohm, uncounted=None, tell=lambda _done, _whole: None)


@cache
def weak() -> Life:
    """A pack that believes to hold 194 Ah, and whose second cell holds 168."""
    return live(20, CYCLES, nature=WEAK, pace=60)


@pytest.mark.slow
def test_the_weakest_cell_sets_the_capacity_whatever_the_battery_believes() -> None:
    life = weak()
    found, curves = look(life.past)

    assert found.low is not None
    assert found.high is not None
    assert found.low <= life.usable <= found.high
    assert life.usable < 170
    assert found.high < 194
    assert found.events >= 5
    assert [curve.name for curve in curves] == ["capacity"]


@pytest.mark.slow
def test_a_cycle_with_a_large_gap_is_not_used() -> None:
    past = weak().past
    whole, _ = look(past)
    for day in range(0, 20, 2):
        past = past.without(START + day * DAY + 70_000_000, START + day * DAY + 96_000_000)
    found, _ = look(past)

    assert whole.value is not None
    assert (found.value, found.code) == (None, "gaps")


@pytest.mark.slow
def test_a_short_gap_makes_the_interval_wider() -> None:
    past = weak().past
    whole, _ = look(past)
    for day in range(0, 20, 2):
        past = past.without(START + day * DAY + 70_000_000, START + day * DAY + 70_600_000)
    found, _ = look(past)

    assert whole.low is not None
    assert whole.high is not None
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low > whole.high - whole.low
    assert found.low <= weak().usable <= found.high


@pytest.mark.slow
def test_a_battery_that_is_never_emptied_tells_a_lower_bound_only() -> None:
    found, curves = look(live(6, SHALLOW, nature=WEAK, pace=60).past)

    assert (found.value, found.code, curves) == (None, "never_empty", [])
    assert found.low is not None
    assert 40 < found.low < 168
    assert "At least" in found.reason


@pytest.mark.slow
def test_a_battery_that_is_never_full_gives_that_as_the_reason() -> None:
    found, _ = look(live(4, ((2, 0.1, 0), (2, -0.11, 0)), nature=WEAK, pace=60).past)

    assert (found.value, found.code) == (None, "no_full")


@pytest.mark.slow
def test_a_discharge_over_weeks_is_too_uncertain_for_a_coarse_current() -> None:
    slow: tuple[Phase, ...] = ((12, 0.2, 0), (430, -0.0024, 0))
    nature = Nature(capacities=WEAK.capacities, resistances=WEAK.resistances, current_step=0.4)
    found, _ = look(live(37, slow, nature=nature, pace=100).past)

    assert (found.value, found.code) == (None, "too_uncertain")
    assert "unseen" in found.reason


@pytest.mark.slow
def test_an_unknown_resistance_never_makes_it_more_certain() -> None:
    known, _ = look(weak().past)
    unknown, _ = look(weak().past, ohm=None)

    assert known.low is not None
    assert known.high is not None
    assert unknown.low is not None
    assert unknown.high is not None
    assert unknown.high - unknown.low >= known.high - known.low
    assert unknown.low <= weak().usable <= unknown.high


def test_a_battery_without_cells_gives_that_as_the_reason() -> None:
    found, _ = look(Remembered([START, START + 10_000], {"current": [0.0, 4.0]}))

    assert (found.value, found.code) == (None, "no_cells")
