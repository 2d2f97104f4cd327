"""What goes in and out of a battery is counted once, in the right direction, and only where it was seen."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.gateway.energy import Meter
from bmsreader.model.battery import Totals
from bmsreader.model.energy import LONGEST_GAP, longest_gap
from bmsreader.model.reading import Reading
from bmsreader.simulator.demand import Steady
from tests.gateway.made import life_of_a_pack, reading


def counted(*readings: Reading, totals: Totals = Totals()) -> Totals:  # noqa: B008 - frozen
    meter = Meter(totals)
    for one in readings:
        totals = meter.take(one)
    assert totals == meter.totals
    return totals


def test_an_hour_at_10_amperes_is_10_ampere_hours() -> None:
    hour = [reading(seconds, current=10.0, pack_voltage=13.0) for seconds in range(0, 3601, 10)]

    assert astuple(counted(*hour)) == pytest.approx((130.0, 0.0, 10.0, 0.0, 0.0))


def test_what_is_drawn_counts_as_out() -> None:
    totals = counted(reading(0, current=-5.0, pack_voltage=12.0), reading(36, current=-5.0, pack_voltage=12.0))

    assert astuple(totals) == pytest.approx((0.0, 0.6, 0.0, 0.05, 0.0))


def test_from_charge_to_discharge_both_directions_are_counted() -> None:
    totals = counted(reading(0, current=10.0, pack_voltage=13.0), reading(360, current=-30.0, pack_voltage=13.0))
    assert totals.gaps == 360

    joined = Meter(longest_gap=360)
    joined.take(reading(0, current=10.0, pack_voltage=13.0))
    totals = joined.take(reading(360, current=-30.0, pack_voltage=13.0))

    assert totals.charge_in == pytest.approx(10 / 2 * 0.025)  # a quarter of the six minutes
    assert totals.charge_out == pytest.approx(30 / 2 * 0.075)
    assert totals.energy_in == pytest.approx(13 * totals.charge_in)


def test_the_first_reading_counts_nothing() -> None:
    assert counted(reading(0, current=80.0)) == Totals()


def test_a_long_silence_is_a_gap_and_no_energy() -> None:
    assert counted(reading(0, current=20.0), reading(3600, current=20.0)) == Totals(gaps=3600)


def test_a_slow_interval_is_no_gap() -> None:
    assert (longest_gap(10.0), longest_gap(600.0)) == (LONGEST_GAP, 1800.0)


def test_a_battery_without_current_counts_nothing() -> None:
    assert counted(*(reading(seconds, current=None) for seconds in range(0, 7200, 10))) == Totals()


def test_a_single_reading_without_current_is_passed_over() -> None:
    whole = counted(reading(0, current=4.0), reading(20, current=4.0))

    assert counted(reading(0, current=4.0), reading(10, current=None), reading(20, current=4.0)) == whole


def test_without_voltage_charge_is_counted_and_energy_is_not() -> None:
    totals = counted(reading(0, current=36.0, pack_voltage=None), reading(100, current=36.0, pack_voltage=None))

    assert [totals.charge_in, totals.energy_in] == pytest.approx([1.0, 0.0])


def test_the_same_reading_twice_counts_once() -> None:
    first, second = reading(0, current=9.0), reading(10, current=9.0)

    assert counted(first, first, second, second) == counted(first, second)


def test_a_clock_that_is_set_back_an_hour_counts_nothing_twice() -> None:
    before = counted(reading(7200, current=9.0), reading(7210, current=9.0))
    after = counted(reading(7200, current=9.0), reading(7210, current=9.0), reading(3620, current=9.0))

    assert after == before


def test_a_clock_that_is_set_forward_an_hour_adds_no_energy() -> None:
    totals = counted(reading(0, current=9.0), reading(3610, current=9.0))

    assert (totals.charge_in, totals.gaps) == (0.0, 3610)


@pytest.mark.parametrize("jump", [-3600, 200, 3600])
def test_where_the_monotonic_clock_is_known_a_jump_changes_nothing(jump: float) -> None:
    meter = Meter()
    meter.take(reading(0, current=36.0), elapsed=None)
    totals = meter.take(reading(10 + jump, current=36.0), elapsed=10.0)

    assert [totals.charge_in, totals.gaps] == pytest.approx([0.1, 0.0])


def test_counting_goes_on_where_it_ended() -> None:
    before = Totals(energy_in=5.0, energy_out=4.0, charge_in=3.0, charge_out=2.0, gaps=1.0)

    assert counted(reading(0, current=3.0), totals=before) == before


@pytest.mark.slow
def test_it_agrees_with_the_battery_that_counts_itself() -> None:
    life = list(life_of_a_pack(every=5, hours=2, demand=Steady(rate=-0.22), soc=90.0))
    totals = counted(*life)

    assert life[0].remaining_capacity is not None
    assert life[-1].remaining_capacity is not None
    assert totals.charge_out == pytest.approx(life[0].remaining_capacity - life[-1].remaining_capacity, abs=1.0)


AMPERES = st.one_of(st.none(), st.floats(-200, 200, allow_nan=False))
POINTS = st.lists(st.tuples(st.integers(-4000, 4000), AMPERES), min_size=2, max_size=20)


@given(POINTS)
def test_it_never_decreases_and_never_counts_more_than_the_largest_current_allows(
    points: list[tuple[int, float | None]],
) -> None:
    meter, before, at, most = Meter(), Totals(), 0, 0.0
    for seconds, current in points:
        at += seconds
        most += max(seconds, 0) * 200 / 3600
        totals = meter.take(reading(at, current=current))
        assert all(new >= old for old, new in zip(astuple(before), astuple(totals), strict=True))
        before = totals

    assert before.charge_in + before.charge_out <= most + 1e-9


@given(POINTS, st.data())
def test_a_series_may_be_cut_anywhere(points: list[tuple[int, float | None]], data: st.DataObject) -> None:
    at, series = 0, []
    for seconds, current in points:
        at += seconds
        series.append(reading(at, current=current if current is not None else 1.0))
    cut = data.draw(st.integers(0, len(series) - 1))
    in_two = counted(*series[cut:], totals=counted(*series[: cut + 1]))

    assert astuple(in_two) == pytest.approx(astuple(counted(*series)))


@given(st.floats(0.1, 200), st.floats(0.1, 200), st.integers(1, 300))
def test_a_change_of_direction_loses_nothing(charge: float, discharge: float, seconds: int) -> None:
    totals = counted(reading(0, current=charge), reading(seconds, current=-discharge))

    assert totals.charge_in - totals.charge_out == pytest.approx((charge - discharge) / 2 * seconds / 3600)
    assert totals.charge_in / totals.charge_out == pytest.approx((charge / discharge) ** 2)
