"""One frame never raises or clears an alarm, nor turns a switch."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import load
from bmsreader.model import Reading
from bmsreader.session.debounce import Debounce
from tests.answers import CHARGING

_decoded = load("ej").decode(CHARGING, battery="b", taken_at=datetime(2026, 3, 1, tzinfo=UTC))
assert isinstance(_decoded, Reading)
HEALTHY: Reading = _decoded
ALARMED = replace(HEALTHY, alarms=("short_circuit",))
OFF = replace(HEALTHY, charge_switch=False, discharge_switch=False)
FIVE_CELLS = replace(HEALTHY, cell_voltages=(*HEALTHY.cell_voltages, 3.3))


def shown(*readings: Reading) -> list[Reading]:
    debounce = Debounce()
    result = []
    for reading in readings:
        debounce.take(reading)
        result.append(debounce.settled(reading))
    return result


def test_an_ordinary_first_reading_is_shown_as_it_is() -> None:
    assert shown(HEALTHY) == [HEALTHY]


@pytest.mark.parametrize("unusual", [ALARMED, OFF], ids=["alarm", "switches off"])
def test_an_unusual_reading_waits_for_confirmation(unusual: Reading) -> None:
    debounce = Debounce()
    debounce.take(HEALTHY)

    assert debounce.take(unusual)
    assert debounce.settled(unusual) == HEALTHY
    assert not debounce.take(unusual)
    assert debounce.settled(unusual) == unusual


def test_an_alarm_in_the_very_first_frame_is_not_shown_before_the_second() -> None:
    assert [reading.alarms for reading in shown(ALARMED, ALARMED)] == [(), ("short_circuit",)]


def test_switches_are_unknown_while_the_very_first_frame_says_off() -> None:
    assert [reading.charge_switch for reading in shown(OFF, OFF)] == [None, False]


def test_one_frame_without_the_alarm_does_not_clear_it() -> None:
    readings = shown(ALARMED, ALARMED, HEALTHY, ALARMED, HEALTHY, HEALTHY)

    assert [reading.alarms for reading in readings[1:]] == [("short_circuit",)] * 4 + [()]


def test_the_number_of_cells_is_learned_from_two_readings() -> None:
    debounce = Debounce()
    counts = []
    for reading in (HEALTHY, FIVE_CELLS, HEALTHY, HEALTHY, FIVE_CELLS, FIVE_CELLS):
        debounce.take(reading)
        counts.append(debounce.cells)

    assert counts == [0, 0, 0, 4, 4, 5]


def test_the_number_that_the_owner_gave_is_a_floor() -> None:
    debounce = Debounce(cells=8)
    for _ in range(2):
        debounce.take(HEALTHY)

    assert debounce.cells == 8


@given(frames=st.lists(st.sampled_from([HEALTHY, ALARMED, OFF]), min_size=1, max_size=30))
def test_what_is_shown_was_always_said_by_two_successive_frames(frames: list[Reading]) -> None:
    for number, reading in enumerate(shown(*frames)):
        if reading.alarms:
            pairs = pairwise(frames[: number + 1])
            assert any(before.alarms and after.alarms for before, after in pairs)


@given(frames=st.lists(st.sampled_from([HEALTHY, ALARMED, OFF]), max_size=30))
def test_two_equal_frames_always_settle(frames: list[Reading]) -> None:
    assert shown(*frames, ALARMED, ALARMED)[-1] == ALARMED
