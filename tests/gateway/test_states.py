from dataclasses import replace

import pytest

from bmsreader.gateway.states import AT_LEAST, Facts, fresh_for, judge
from bmsreader.model import BatteryBusy, BatteryState, CorruptAnswer, NoAnswer, NoBluetooth, NotHeard, Unreachable
from tests.gateway.world import reading

FRESH = Facts(age=2.0, interval=10.0, reading=reading())
OLD = replace(FRESH, age=600.0)


def test_a_battery_with_a_fresh_reading_is_live() -> None:
    assert judge(FRESH).state is BatteryState.LIVE


def test_three_missed_readings_are_forgiven_and_a_fourth_is_not() -> None:
    assert judge(replace(FRESH, age=30.0)).state is BatteryState.LIVE
    assert judge(replace(FRESH, age=30.1)).state is not BatteryState.LIVE


def test_a_short_interval_leaves_time_for_one_reconnection() -> None:
    assert fresh_for(0.5) == AT_LEAST


def test_frozen_values_are_stale_though_they_are_fresh() -> None:
    assert judge(replace(FRESH, frozen="they stand still")).state is BatteryState.STALE
    assert judge(replace(FRESH, frozen="they stand still")).reason == "they stand still"


def test_a_battery_at_rest_that_left_the_air_is_asleep() -> None:
    resting = replace(OLD, reading=reading(current=0.1), error=NotHeard("not heard"))

    assert judge(resting).state is BatteryState.ASLEEP


def test_a_battery_in_use_that_left_the_air_is_not_asleep_but_away() -> None:
    used = judge(replace(OLD, reading=reading(current=-20.0), error=NotHeard("not heard")))

    assert used.state is BatteryState.UNREACHABLE
    assert "held by a phone" in used.reason


def test_a_battery_whose_connection_fails_is_not_asleep_even_at_rest() -> None:
    resting = replace(OLD, reading=reading(current=0.0), error=Unreachable("no connection"))

    assert judge(resting).state is BatteryState.UNREACHABLE


def test_a_battery_that_somebody_else_holds_is_busy() -> None:
    assert judge(replace(OLD, error=BatteryBusy("held"))).state is BatteryState.BUSY


def test_a_released_battery_is_busy_whatever_else_is_known() -> None:
    released = judge(replace(FRESH, released="12:40"))

    assert released.state is BatteryState.BUSY
    assert "12:40" in released.reason


@pytest.mark.parametrize("error", [NoAnswer("silent"), CorruptAnswer("garbage")])
def test_a_link_that_answers_nothing_useful_makes_old_values_stale(error: NoAnswer) -> None:
    assert judge(replace(OLD, error=error)).state is BatteryState.STALE


def test_without_bluetooth_every_battery_is_unreachable_with_the_reason() -> None:
    without = judge(replace(OLD, error=NoBluetooth("no adapter")))

    assert (without.state, without.reason) == (BatteryState.UNREACHABLE, "no adapter")


def test_a_battery_that_was_never_read_is_unreachable_and_says_so() -> None:
    assert judge(Facts(age=None, interval=10.0)).reason == "not read yet"
