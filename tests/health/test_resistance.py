"""Internal resistance from steps of the current, against the truth of simulated packs."""

from functools import cache

import pytest

from bmsreader.health.currents import Currents
from bmsreader.health.past import Source
from bmsreader.health.resistance import Result, examine
from bmsreader.simulator.nature import Nature
from tests.health.lives import LOADS, START, Column, Life, Phase, Remembered, live

OHMS = (0.0005, 0.0006, 0.0010, 0.0006)


def look(past: Remembered) -> Result:
    source = Source(past, "x", past.stamps[0], past.stamps[-1] + 1)
    return examine(source, Currents(source), lambda _done, _whole: None)


@cache
def busy() -> Life:
    """Five days of loads that come and go, read every 10 s."""
    return live(5, LOADS, pace=10, nature=Nature(resistances=OHMS))


@pytest.mark.slow
def test_each_cell_has_its_own_resistance() -> None:
    found = look(busy().past)

    for finding, truth in zip(found.cells, OHMS, strict=True):
        assert finding.low is not None
        assert finding.high is not None
        assert finding.low <= truth <= finding.high
        assert finding.grade == "good"
    assert found.pack.value == pytest.approx(sum(OHMS), rel=0.03)
    assert found.ohm == pytest.approx(sum(OHMS) / 4, rel=0.03)


@pytest.mark.slow
def test_the_temperature_is_told_with_it() -> None:
    cold = live(5, LOADS, pace=10, nature=Nature(resistances=OHMS), ambient=5)
    found = look(cold.past).pack

    temperature = found.details["temperature"]
    assert 0 < temperature < 12
    assert found.value == pytest.approx(sum(OHMS) * (1 + 0.02 * (25 - temperature)), rel=0.03)
    assert f"{temperature:.0f} °C" in found.text


@pytest.mark.slow
def test_a_month_of_steps_is_a_point_of_the_curve() -> None:
    assert look(busy().past).curve.counts == [look(busy().past).pack.events]


@pytest.mark.slow
def test_a_load_that_never_changes_tells_nothing() -> None:
    found = look(live(5, ((24, -0.001, 0),), pace=60).past)

    assert (found.pack.value, found.pack.code) == (None, "no_steps")
    assert found.ohm is None


@pytest.mark.slow
def test_steps_smaller_than_the_resolution_tells_are_not_used() -> None:
    small: tuple[Phase, ...] = ((3, -0.005, 3), (3, 0.005, 3))
    found = look(live(5, small, pace=10).past)

    assert (found.pack.value, found.pack.code) == (None, "no_steps")
    assert "resolution" in found.pack.reason


@pytest.mark.slow
def test_readings_that_are_minutes_apart_tell_nothing() -> None:
    life = busy()
    found = look(life.past.picked(range(0, len(life.past.stamps), 30)))

    assert (found.pack.value, found.pack.code) == (None, "no_steps")


@pytest.mark.slow
def test_a_single_day_is_not_enough() -> None:
    found = look(live(1, LOADS, pace=10).past)

    assert (found.pack.value, found.pack.code) == (None, "too_few")
    assert found.pack.events > 0


@pytest.mark.slow
def test_voltages_that_do_not_follow_the_current_are_not_believed() -> None:
    past = busy().past
    columns = dict(past.columns)
    columns["pack_voltage"] = list(reversed(columns["pack_voltage"]))
    found = look(Remembered(past.stamps, columns))

    assert (found.pack.value, found.pack.code) == (None, "too_uncertain")


def test_a_battery_without_voltages_gives_that_as_the_reason() -> None:
    columns: dict[str, Column] = {"current": [0.0, 4.0]}
    found = look(Remembered([START, START + 10_000], columns))

    assert found.pack.code == "not_reported"
    assert found.cells == ()
