"""Moments in which the charge of a battery is known without asking its own counter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.health.anchors import Anchors, charge_left
from bmsreader.health.currents import Currents
from bmsreader.health.past import DAY, Source
from bmsreader.simulator.cell import OPEN_CIRCUIT
from tests.health.lives import START, Phase, live

FEW = 50
DAILY: tuple[Phase, ...] = ((8, 0.2, 0), (4, 0, 0), (12, -0.06, 0))


def anchors(phases: tuple[Phase, ...], days: float = 3) -> tuple[Anchors, Source]:
    past = live(days, phases, pace=60).past
    source = Source(past, "x", past.stamps[0], past.stamps[-1] + 1)
    return Anchors(source, Currents(source)), source


@pytest.mark.slow
def test_a_battery_is_full_when_charging_ends() -> None:
    found, _ = anchors(DAILY)

    assert [day - START // DAY for day in found.days] == [0, 1, 2]
    full = found.full(found.days[1])
    assert full is not None
    hour = (full.stamp - START) % DAY / 3_600_000
    assert 3 < hour < 8
    assert full.spill == 0.0


@pytest.mark.slow
def test_the_last_full_charge_before_a_moment_is_found() -> None:
    found, _ = anchors(DAILY)
    evening = START + DAY + 80_000_000

    full = found.full_before(evening, 21)

    assert full is not None
    assert full.stamp // DAY == evening // DAY
    assert found.full_before(START + 3_600_000, 21) is None


@pytest.mark.slow
def test_a_charge_that_is_broken_off_is_not_full() -> None:
    found, source = anchors(((1, 0.1, 0), (2, -0.05, 0)))

    assert found.days == []
    assert found.full_before(source.end, 21) is None


def test_in_the_flat_middle_no_voltage_tells_the_charge() -> None:
    assert charge_left(3.25, 0.0) is None
    assert charge_left(3.33, 0.0) is None


def test_an_empty_cell_is_empty() -> None:
    left = charge_left(2.4, 0.0)

    assert left is not None
    assert left[0] == 0.0


def test_what_is_left_of_a_typical_cell_is_within_the_interval() -> None:
    for soc, volts in OPEN_CIRCUIT:
        left = charge_left(volts, 0.0)
        if soc >= 0 and left is not None:
            assert abs(left[0] - soc) <= left[1]


@settings(max_examples=FEW)
@given(st.floats(2.0, 3.2), st.floats(0.0, 0.1), st.floats(0.0, 0.3))
def test_more_volts_are_more_charge_and_less_certain_volts_a_wider_interval(
    volts: float, more: float, uncertain: float
) -> None:
    low, high = charge_left(volts, uncertain), charge_left(min(volts + more, 3.2), uncertain)
    sharp = charge_left(volts, 0.0)

    assert low is not None
    assert high is not None
    assert sharp is not None
    assert low[0] <= high[0]
    assert sharp[1] <= low[1] + 1e-12
