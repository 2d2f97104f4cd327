"""Quiet hours."""

from datetime import time

import pytest

from bmsreader.alarms.quiet import Quiet
from bmsreader.model import UsageError


def covered(text: str) -> list[int]:
    """The full hours that are quiet."""
    quiet = Quiet.parse(text)
    assert quiet is not None
    return [hour for hour in range(24) if quiet.covers(time(hour))]


def test_quiet_hours_may_go_over_midnight() -> None:
    assert covered("22:00-07:00") == [0, 1, 2, 3, 4, 5, 6, 22, 23]
    assert covered("9:00 - 11:30") == [9, 10, 11]


def test_hours_that_end_where_they_begin_are_none() -> None:
    assert covered("07:00-07:00") == []


def test_nothing_set_is_never_quiet() -> None:
    assert Quiet.parse(" ") is None


@pytest.mark.parametrize("text", ["22-7", "25:00-07:00", "22:00", "22:60-07:00", "at night"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="22:00-07:00"):
        Quiet.parse(text)
