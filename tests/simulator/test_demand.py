"""What is connected to a pack: sun and loads as an owner knows them."""

from random import Random

import pytest

from bmsreader.model import UsageError
from bmsreader.simulator import SCENARIOS, Demand, scenario
from bmsreader.simulator.demand import HOUSEHOLD, Appliance, Loads, Steady

STEP = 5.0


def over_a_day(demand: Demand, seed: int = 1) -> list[tuple[float, float]]:
    """Return (hour, wanted current) for each step of a day."""
    dice = Random(seed)
    hours = [step * STEP / 3600 for step in range(round(86_400 / STEP))]
    return [(hour, demand.current(hour, STEP, dice)) for hour in hours]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_a_day_has_sun_an_evening_and_a_silent_night(seed: int) -> None:
    day = over_a_day(scenario("day"), seed)
    noon = [rate for hour, rate in day if 11 < hour < 14]
    evening = [rate for hour, rate in day if 20 < hour < 22]
    night = [rate for hour, rate in day if hour < 6 or hour > 23.6]

    assert sum(noon) / len(noon) > 0.05
    assert max(evening) <= 0
    assert min(evening) < -0.05
    assert set(night) <= {0.0}


@pytest.mark.slow
def test_no_day_is_like_the_next() -> None:
    assert over_a_day(scenario("day"), 1) != over_a_day(scenario("day"), 2)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_day() -> None:
    assert over_a_day(scenario("day"), 1) == over_a_day(scenario("day"), 1)


def test_what_is_on_goes_off_again() -> None:
    kettle = Appliance(name="kettle", rate=0.5, hours=(0, 24), starts_per_hour=2, minutes=(3, 4))
    rates = [rate for _, rate in over_a_day(Loads([kettle]))]
    runs = "".join("#" if rate else " " for rate in rates).split()

    assert set(rates) == {0, -0.5}
    assert 20 < len(runs) < 70
    assert {3 <= len(run) * STEP / 60 <= 4.2 for run in runs} == {True}


def test_what_may_not_run_at_night_is_switched_off() -> None:
    assert all(rate == 0 for hour, rate in over_a_day(Loads(HOUSEHOLD)) if hour < 6)


def test_a_steady_current_is_steady() -> None:
    assert {rate for _, rate in over_a_day(Steady(rate=-0.1))} == {-0.1}


def test_a_charge_charges_and_a_discharge_comes_in_steps() -> None:
    charge = [rate for _, rate in over_a_day(scenario("charge"))]
    discharge = [rate for _, rate in over_a_day(scenario("discharge"))]

    assert 0.1 < min(charge) <= max(charge) < 0.25
    assert max(discharge) < 0
    assert min(discharge) < 10 * max(discharge)


def test_rest_is_rest() -> None:
    assert {rate for _, rate in over_a_day(scenario("rest"))} == {0.0}


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no scenario is called 'winter'") as refused:
        scenario("winter")

    assert all(name in refused.value.advice for name in SCENARIOS)
