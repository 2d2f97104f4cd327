"""How long a battery lasts: told at once, steadily, and anew when the load changes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.gateway.horizon import Outlook
from bmsreader.model.horizon import Horizon
from tests.gateway.made import reading

HOUR = 3600.0


def said(currents: Sequence[float | None], *, every: float = 10.0, **values: float | None) -> list[Horizon]:
    usual: dict[str, float | None] = {"remaining_capacity": 100.0, "full_charge_capacity": 200.0, **values}
    outlook = Outlook()
    return [
        outlook.take(reading(every * number, current=current, **usual), elapsed=every if number else None)
        for number, current in enumerate(currents)
    ]


def test_a_battery_tells_with_its_first_reading_how_long_it_lasts() -> None:
    assert said([-10.0]) == [Horizon(time_to_empty=10 * HOUR)]


def test_a_battery_that_charges_tells_when_it_is_full() -> None:
    assert said([20.0]) == [Horizon(time_to_full=5 * HOUR)]


@pytest.mark.parametrize("before", [-2.0, -60.0])
def test_a_change_of_load_shows_within_a_minute(before: float) -> None:
    told = said([before] * 30 + [-20.0] * 6)[-1]

    assert told.time_to_empty == pytest.approx(5 * HOUR, rel=0.12)


def test_from_discharge_to_charge_it_turns_within_a_minute() -> None:
    told = said([-20.0] * 30 + [20.0] * 6)[-1]

    assert told.time_to_empty is None
    assert told.time_to_full == pytest.approx(5 * HOUR, rel=0.12)


def test_a_current_that_comes_in_steps_does_not_make_it_leap() -> None:
    told = [one.time_to_empty or 0.0 for one in said([-2.0, -2.2] * 200)[50:]]

    assert max(told) / min(told) < 1.02  # the steps themselves are a tenth


def test_a_short_peak_is_forgotten_soon() -> None:
    before, after = said([-5.0] * 30)[-1], said([-5.0] * 30 + [-80.0] + [-5.0] * 12)[-1]

    assert after.time_to_empty == pytest.approx(before.time_to_empty, rel=0.12)


@pytest.mark.parametrize("currents", [[0.0], [0.2, -0.2] * 40, [None], [-5.0, None]])
def test_a_battery_at_rest_tells_nothing(currents: list[float | None]) -> None:
    assert said(currents)[-1] == Horizon()


def test_a_battery_that_comes_to_rest_stops_telling() -> None:
    assert said([-5.0] * 30 + [0.0] * 12)[-1] == Horizon()


def test_a_small_load_does_not_make_it_come_and_go() -> None:
    told = said([-0.4, -0.2] * 100)

    assert {one.time_to_empty is None for one in told} == {False}


def test_without_remaining_capacity_the_state_of_charge_has_to_do() -> None:
    assert said([-10.0], remaining_capacity=None, soc=25.0) == [Horizon(time_to_empty=5 * HOUR)]


def test_a_battery_that_says_neither_tells_nothing() -> None:
    assert said([-10.0], remaining_capacity=None, soc=None) == [Horizon()]
    assert said([10.0], full_charge_capacity=None, design_capacity=None) == [Horizon()]


def test_a_full_battery_is_full_now() -> None:
    assert said([3.0], remaining_capacity=201.0) == [Horizon(time_to_full=0.0)]


def test_after_a_gap_the_past_does_not_count() -> None:
    outlook = Outlook()
    outlook.take(reading(0, current=-50.0, remaining_capacity=100.0), elapsed=None)

    assert outlook.take(reading(9000, current=-10.0, remaining_capacity=80.0), elapsed=9000) == Horizon(
        time_to_empty=8 * HOUR
    )


AMPERES = st.floats(-200, 200, allow_nan=False)


@given(st.lists(st.tuples(st.floats(0, 1000), st.one_of(st.none(), AMPERES)), min_size=1, max_size=40))
def test_it_never_tells_both_and_never_a_negative_time(points: list[tuple[float, float | None]]) -> None:
    outlook = Outlook()
    for seconds, current in points:
        told = outlook.take(reading(0, current=current, remaining_capacity=50.0), elapsed=seconds)
        times = [time for time in (told.time_to_empty, told.time_to_full) if time is not None]
        assert len(times) <= 1
        assert all(time >= 0 for time in times)


@given(st.lists(st.floats(-100, -1), min_size=2, max_size=40), st.floats(1, 60))
def test_the_smoothed_current_lies_between_the_currents_that_were_read(currents: list[float], every: float) -> None:
    for number, told in enumerate(said(list(currents), every=every), 1):
        assert told.time_to_empty is not None
        low, high = (3600 * 100 / -limit for limit in (min(currents[:number]), max(currents[:number])))
        assert low - 1 <= told.time_to_empty <= high + 1


@given(st.floats(-100, -1), st.floats(-100, -1), st.integers(5, 60))
def test_whatever_the_load_changes_to_shows_within_a_minute(before: float, after: float, every: int) -> None:
    told = said([before] * 20 + [after] * -(-60 // every), every=every)[-1]

    assert told.time_to_empty is not None
    assert 100 * 3600 / told.time_to_empty == pytest.approx(-after, rel=0.13, abs=0.6 + abs(before - after) / 100)
