"""What a battery loses at rest, and without counting it: against the truth of simulated packs."""

from functools import cache

import pytest

from bmsreader.health import Finding
from bmsreader.health.anchors import Anchors
from bmsreader.health.currents import Currents
from bmsreader.health.loss import examine
from bmsreader.health.past import DAY, MONTH_DAYS, Source
from bmsreader.simulator.nature import Nature
from tests.health.lives import CYCLES, START, STORED, Column, Life, Remembered, live

LEVEL = (200.0,) * 4


def look(past: Remembered) -> dict[str, Finding]:
    source = Source(past, "x", past.stamps[0], past.stamps[-1] + 1)
    currents = Currents(source)
    anchors = Anchors(source, currents)
    return {one.name: one for one in examine(source, currents, anchors, lambda _done, _whole: None).findings}


@cache
def stored() -> Life:
    """A pack in a cellar that loses 3 % a month, filled every fortnight."""
    return live(48, STORED, pace=100, nature=Nature(self_discharge=3.0, capacities=LEVEL))


@pytest.mark.slow
def test_what_refills_a_battery_after_rest_is_what_it_lost() -> None:
    found = look(stored().past)["self_discharge"]

    assert found.low is not None
    assert found.high is not None
    assert found.low <= 3.0 * 200 / 194 <= found.high
    assert found.high - found.low < 3


@pytest.mark.slow
def test_a_load_too_small_to_be_seen_looks_like_self_discharge_and_the_report_says_so() -> None:
    found = look(live(48, STORED, pace=100, nature=Nature(parasite=0.01, capacities=LEVEL)).past)["self_discharge"]

    assert found.value == pytest.approx(100 * 0.01 * 24 * MONTH_DAYS / 194, rel=0.3)
    assert "A load of less than 0.1 A is not seen" in found.text


@pytest.mark.slow
def test_a_battery_in_use_tells_what_it_loses_but_not_how_much_of_it_is_self_discharge() -> None:
    life = live(40, CYCLES, pace=60, nature=Nature(self_discharge=4.0, capacities=LEVEL))
    found = look(life.past)

    loss = found["uncounted_loss"]
    assert loss.low is not None
    assert loss.high is not None
    assert loss.low <= 100 * life.lost * 24 * MONTH_DAYS / 194 <= loss.high
    assert (found["self_discharge"].value, found["self_discharge"].code) == (None, "no_rest")


@pytest.mark.slow
def test_gaps_in_which_too_much_could_have_flowed_leave_a_reason_only() -> None:
    life = stored()
    past = life.past
    for day in (7, 20, 36):
        past = past.without(START + day * DAY, START + (day + 1) * DAY)
    found = look(past)

    assert (found["uncounted_loss"].value, found["uncounted_loss"].code) == (None, "gaps")
    assert found["self_discharge"].value is None


def rested(days: int, remaining: Column, cells: float = 3.3) -> dict[str, Finding]:
    """A battery at rest, as its own counter and its cells tell it, each hour."""
    count = 24 * days
    columns: dict[str, Column] = {
        "current": [0.0 if hour < count - 1 else -0.2 for hour in range(count)],
        "full_charge_capacity": [200.0] * count,
        "remaining_capacity": remaining,
        "cell_1": [round(cells - 0.0001 * hour / 24, 3) for hour in range(count)],
        "cell_2": [round(cells + 0.0005 - 0.0001 * hour / 24, 3) for hour in range(count)],
    }
    return look(Remembered([START + hour * 3_600_000 for hour in range(count)], columns))


@pytest.mark.slow
def test_a_counter_that_stands_still_at_rest_says_nothing() -> None:
    found = rested(30, [120.0] * 720)["self_discharge"]

    assert (found.value, found.code) == (None, "not_counted")
    assert "0.1 A" in found.reason


@pytest.mark.slow
def test_a_counter_that_falls_at_rest_is_taken_at_its_word() -> None:
    found = rested(60, [120.0 - hour // 240 for hour in range(1440)])["self_discharge"]

    assert found.low is not None
    assert found.high is not None
    assert found.low <= 100 * 0.1 * MONTH_DAYS / 120 <= found.high
    assert found.grade in {"fair", "poor"}


@pytest.mark.slow
def test_the_fall_of_the_voltage_at_rest_is_told_in_volts_only() -> None:
    found = rested(60, [120.0] * 1440)["rest_voltage_fall"]

    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0.0001 * MONTH_DAYS <= found.high
    assert "cannot be turned into Ah" in found.text


def test_a_battery_that_never_rested_gives_that_as_the_reason() -> None:
    columns: dict[str, Column] = {"current": [0.0, 4.0], "cell_1": [3.3, 3.31], "cell_2": [3.3, 3.31]}
    found = look(Remembered([START, START + 10_000], columns))

    assert {one.value for one in found.values()} == {None}
    assert found["self_discharge"].code == "no_rest"
    assert found["uncounted_loss"].code == "no_full"
