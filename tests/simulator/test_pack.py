"""A simulated pack behaves as a real one: it fills, empties, warms, protects itself, and counts what it moved."""

from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from bmsreader.model import UsageError
from bmsreader.simulator import Demand, Measured, Pack, Steady, scenario
from bmsreader.simulator.pack import PROTECTIONS, STEP
from tests.clock import Clock

HOUR = 3600.0


def a_pack(clock: Clock, *, seed: int = 7, **properties: Any) -> Pack:
    return Pack(clock=clock, dice=Random(seed), **properties)


def life(hours: float, *, every: float = 60.0, **properties: Any) -> list[Measured]:
    """Return what a pack measures over some hours, once per ``every`` seconds."""
    clock = Clock()
    pack = a_pack(clock, **properties)
    seen = [pack.measure()]
    while clock.now < hours * HOUR:
        clock.advance(every)
        seen.append(pack.measure())
    return seen


@cache
def a_day() -> list[Measured]:
    """What a pack measures over a day, every five minutes; lived once for all tests that look at it."""
    return life(24, design_capacity=200, every=300)


class Changing:
    """A demand that changes when the test says so."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        return self.rate


# ---- seeds and time


@pytest.mark.slow
def test_the_same_seed_lives_the_same_life_however_often_it_is_looked_at() -> None:
    seldom, often = life(12, every=HOUR, design_capacity=200), a_day()

    assert seldom == often[: 12 * 12 + 1 : 12]


def test_another_seed_lives_another_life() -> None:
    assert life(1, seed=1) != life(1, seed=2)


def test_two_looks_at_the_same_moment_see_the_same() -> None:
    pack = a_pack(Clock(1000.0))

    assert pack.measure() == pack.measure()


@pytest.mark.slow
def test_time_can_run_faster() -> None:
    slow_clock, fast_clock = Clock(), Clock()
    slow, fast = a_pack(slow_clock), a_pack(fast_clock, speed=60)
    slow_clock.advance(6 * HOUR)
    fast_clock.advance(6 * 60)

    assert slow.measure() == fast.measure()


def test_the_clock_may_begin_anywhere() -> None:
    begun, other = Clock(0.0), Clock(123_456.0)
    packs = [a_pack(begun), a_pack(other)]
    for clock in (begun, other):
        clock.advance(HOUR)

    assert packs[0].measure() == packs[1].measure()


# ---- charge is never lost


@pytest.mark.parametrize("rate", [0.2, -0.2, 0.05, -0.5])
def test_the_state_of_charge_follows_what_flowed(rate: float) -> None:
    before, *_, after = life(1, demand=Steady(rate=rate), soc=50, soh=100, every=STEP)

    assert after.soc - before.soc == pytest.approx(100 * rate, abs=1)
    assert after.remaining_capacity - before.remaining_capacity == pytest.approx(100 * rate, abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_over_a_day_the_capacity_is_what_flowed_in_and_out(seed: int) -> None:
    seen = life(24, every=STEP, seed=seed, soc=60, design_capacity=200)
    flowed = sum(measured.current for measured in seen[1:]) * STEP / HOUR
    moved = seen[-1].remaining_capacity - seen[0].remaining_capacity

    assert moved == pytest.approx(flowed, abs=2 * 2.0)  # two roundings of the capacity, and those of the current


@pytest.mark.slow
def test_soc_and_remaining_capacity_say_the_same() -> None:
    for measured in a_day():
        assert measured.soc == pytest.approx(100 * measured.remaining_capacity / measured.full_charge_capacity, abs=1.1)


@pytest.mark.slow
def test_a_pack_counts_what_it_gave_as_cycles() -> None:
    clock = Clock()
    demand = Changing(-0.5)
    pack = a_pack(clock, demand=demand, soc=100, soh=100, cycle_count=49)
    for _ in range(3):
        clock.advance(1.8 * HOUR)
        pack.measure()
        demand.rate = -demand.rate
        clock.advance(1.8 * HOUR)
        pack.measure()
        demand.rate = -demand.rate

    assert pack.measure().cycle_count == 49 + 2  # 3 x 90 %


# ---- what it reports is rounded as in real ones


@pytest.mark.parametrize("hours", [4, pytest.param(24, marks=pytest.mark.slow)])
def test_values_come_in_the_steps_of_real_batteries(hours: int) -> None:
    for measured in life(hours, design_capacity=200, every=300):
        assert round(measured.current * 10) % 2 == 0
        assert measured.current == round(measured.current, 1)
        assert measured.remaining_capacity % 2 == 0
        assert all(voltage == round(voltage, 3) for voltage in measured.cell_voltages)
        assert all(temperature == int(temperature) for temperature in measured.temperatures)
        assert str(measured.current) != "-0.0"


def test_a_used_pack_holds_less_than_its_label_says() -> None:
    (measured,) = life(0, design_capacity=200, soh=94)

    assert (measured.full_charge_capacity, measured.design_capacity) == (188, 200)


def test_the_values_have_the_names_of_a_reading() -> None:
    pack = a_pack(Clock())

    assert pack.values() == {name: getattr(pack.measure(), name) for name in Measured.__slots__}


def test_the_pack_voltage_is_that_of_its_cells() -> None:
    for cells in (4, 8, 16):
        (measured,) = life(0, cells=cells)
        assert len(measured.cell_voltages) == cells
        assert measured.pack_voltage == pytest.approx(sum(measured.cell_voltages), abs=0.0005)


def test_cells_differ_a_little_and_most_when_empty() -> None:
    spreads = {}
    for soc in (3, 50):
        (measured,) = life(0, soc=soc, demand=Steady(rate=0))
        spreads[soc] = max(measured.cell_voltages) - min(measured.cell_voltages)

    assert 0 < spreads[50] < 0.01 < spreads[3] < 0.2


def test_a_load_pulls_the_voltage_down_and_a_charger_up() -> None:
    volts = [life(0, demand=Steady(rate=rate))[0].pack_voltage for rate in (-0.5, 0, 0.5)]

    assert volts == sorted(volts)
    assert volts[2] - volts[0] > 0.3


# ---- full


def test_a_charge_tapers_at_the_top_and_ends() -> None:
    seen = life(2, demand=Steady(rate=0.5), soc=50, every=STEP)
    currents = [measured.current for measured in seen]
    tapering = [current for current in currents if 0 < current < 50]

    assert 3 < len(tapering) * STEP / 60 < 15
    assert all(later <= earlier for earlier, later in pairwise(currents))
    assert currents[-1] == 0
    assert (seen[-1].soc, seen[-1].alarms, seen[-1].charge_switch) == (100, (), True)
    assert max(max(measured.cell_voltages) for measured in seen) < 3.65


def test_a_full_pack_is_charged_again_once_some_was_used() -> None:
    clock, demand = Clock(), Changing(0.3)
    pack = a_pack(clock, demand=demand, soc=95)
    clock.advance(HOUR)
    assert pack.measure().current == 0

    demand.rate = -0.3
    clock.advance(600)
    assert pack.measure().current == -30

    demand.rate = 0.3
    clock.advance(60)
    assert pack.measure().current > 0


def test_a_charger_that_is_set_too_high_is_cut_off() -> None:
    seen = life(2, demand=Steady(rate=0.3), soc=80, charger_voltage=3.9, every=STEP)
    last = seen[-1]

    assert last.alarms == ("cell_over_voltage",)
    assert (last.charge_switch, last.discharge_switch, last.current) == (False, True, 0)
    assert 3.65 < max(max(measured.cell_voltages) for measured in seen) < 4.0


def test_a_load_ends_an_over_voltage() -> None:
    clock, demand = Clock(), Changing(0.3)
    pack = a_pack(clock, demand=demand, soc=95, charger_voltage=3.9)
    clock.advance(HOUR)
    assert not pack.measure().charge_switch

    demand.rate = -0.3
    clock.advance(600)
    assert (pack.measure().charge_switch, pack.measure().alarms) == (True, ())


# ---- empty


def test_an_empty_pack_switches_its_loads_off() -> None:
    seen = life(4, demand=Steady(rate=-0.5), soc=60)
    last = seen[-1]

    assert last.alarms == ("over_discharge",)
    assert (last.discharge_switch, last.charge_switch, last.current) == (False, True, 0)
    assert last.soc <= 2
    assert min(min(measured.cell_voltages) for measured in seen) > 1.5


def test_a_charger_revives_an_empty_pack() -> None:
    clock, demand = Clock(), Changing(-0.5)
    pack = a_pack(clock, demand=demand, soc=10)
    clock.advance(HOUR)
    assert not pack.measure().discharge_switch

    demand.rate = 0.2
    clock.advance(1200)
    assert (pack.measure().discharge_switch, pack.measure().alarms) == (True, ())


# ---- temperature


def test_a_heavy_load_warms_the_pack_and_more_so_its_mosfets() -> None:
    cold, *_, warm = life(0.8, demand=Steady(rate=-1.0), soc=100, sensors=4, ambient=20, hour=12)

    assert warm.temperatures[0] - cold.temperatures[0] > 5
    assert warm.temperatures[1] > warm.temperatures[0] + 5
    assert warm.temperatures[3] in (22, 23, 24)


def test_a_pack_has_as_many_temperatures_as_sensors() -> None:
    assert [len(life(0, sensors=sensors)[0].temperatures) for sensors in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_frost_stops_the_charge_but_not_the_discharge() -> None:
    charging = life(1, demand=Steady(rate=0.1), ambient=-8)[-1]
    discharging = life(1, demand=Steady(rate=-0.1), ambient=-8)[-1]

    assert (charging.charge_switch, charging.current, charging.alarms) == (False, 0, ("charge_under_temperature",))
    assert (discharging.discharge_switch, discharging.current) == (True, -10)


def test_the_air_is_warmest_in_the_afternoon() -> None:
    air = {round(hour): life(0, ambient=15, sensors=4, hour=hour)[0].temperatures[3] for hour in (3, 9, 15)}

    assert (air[3], air[9], air[15]) == (11, 15, 19)


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda protection: protection.alarm)
def test_a_protection_clears_later_than_it_trips(protection: Any) -> None:
    between = (protection.trips + protection.clears) / 2

    assert not protection.holds(between, tripped=False)
    assert protection.holds(between, tripped=True)
    assert not protection.holds(protection.clears, tripped=True)


# ---- time to go


@pytest.mark.parametrize(
    ("rate", "to_full", "to_empty"),
    [(0.1, 4 * HOUR, None), (-0.1, None, 6 * HOUR), (0, None, None)],
    ids=["charging", "discharging", "at rest"],
)
def test_the_time_to_go_belongs_to_the_direction(rate: float, to_full: float | None, to_empty: float | None) -> None:
    (measured,) = life(0, demand=Steady(rate=rate), soc=60, soh=100)

    assert measured.time_to_full == pytest.approx(to_full, abs=60)
    assert measured.time_to_empty == pytest.approx(to_empty, abs=60)


def test_the_time_to_go_lags_behind_a_load_that_changed() -> None:
    clock, demand = Clock(), Changing(-0.1)
    pack = a_pack(clock, demand=demand, soc=60, soh=100)
    pack.measure()
    demand.rate = -0.4
    clock.advance(60)
    soon = pack.measure().time_to_empty
    clock.advance(HOUR / 2)
    later = pack.measure().time_to_empty

    assert soon is not None
    assert later is not None
    assert soon > 4 * HOUR
    assert later == pytest.approx(HOUR, rel=0.1)


def test_a_pack_that_turned_round_has_no_time_to_go_at_first() -> None:
    clock, demand = Clock(), Changing(-0.4)
    pack = a_pack(clock, demand=demand, soc=60)
    pack.measure()
    demand.rate = 0.1
    clock.advance(30)

    assert (pack.measure().time_to_full, pack.measure().time_to_empty) == (None, None)


# ---- rest, and what cannot be


def test_a_pack_rests_at_night_and_works_in_the_evening() -> None:
    assert a_pack(Clock(), hour=2.0).at_rest
    assert sum(measured.current < 0 for measured in life(2, hour=19.5)) > 60


def test_a_load_below_the_smallest_step_looks_like_rest() -> None:
    pack = a_pack(Clock(), demand=Steady(rate=-0.0004))

    assert pack.at_rest


def test_no_charger_and_no_load_is_too_large_for_a_reading() -> None:
    demands: list[Demand] = [Steady(rate=5), Steady(rate=-5)]

    assert [life(0, demand=demand, design_capacity=400)[0].current for demand in demands] == [500, -500]


def test_a_scenario_is_chosen_by_name() -> None:
    assert life(0, demand=scenario("rest"))[0].current == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cells": 33}, "1 to 32 cells"),
        ({"design_capacity": 105}, "whole tens of Ah"),
        ({"design_capacity": 0}, "whole tens of Ah"),
        ({"soc": 101}, "0 to 100 %"),
        ({"soh": 20}, "50 to 120 %"),
        ({"health": 0}, "1 to 100 %"),
        ({"speed": 0}, "speed above 0"),
        ({"speed": 1e9}, "up to 10000"),
        ({"sensors": 5}, "1 to 4 temperature sensors"),
    ],
)
def test_an_impossible_pack_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        a_pack(Clock(), **wrong)
