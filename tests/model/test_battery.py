from dataclasses import replace
from datetime import timedelta

import pytest

from bmsreader.model import BatteryInfo, BatteryState, Snapshot
from tests.contributed import TAKEN_AT
from tests.gateway.world import reading

INFO = BatteryInfo(id="02:00:07:00:15:44", name="House", slug="house")
LIVE = Snapshot(
    info=INFO, at=TAKEN_AT + timedelta(seconds=4), state=BatteryState.LIVE, since=TAKEN_AT, reading=reading()
)


def test_the_age_of_a_reading_is_told_in_seconds() -> None:
    assert LIVE.age == 4.0


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    assert replace(LIVE, at=TAKEN_AT - timedelta(hours=1)).age == 0.0


def test_a_battery_that_was_never_read_has_no_age() -> None:
    assert replace(LIVE, reading=None).age is None


@pytest.mark.parametrize("state", [one for one in BatteryState if one is not BatteryState.LIVE])
def test_only_a_live_reading_is_shown_as_the_present(state: BatteryState) -> None:
    assert LIVE.current_reading is LIVE.reading
    assert replace(LIVE, state=state).current_reading is None
