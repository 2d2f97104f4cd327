"""Readings in words."""

from dataclasses import replace

import pytest

from bmsreader.cli import words
from bmsreader.descriptions import shipped
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.decoding import decode
from tests.cli.surroundings import FRAME
from tests.clock import START


def reading(**changes: object) -> Reading:
    found = decode(FRAME.encode(), shipped(), battery="van", taken_at=START)
    assert isinstance(found, Reading)
    return replace(found, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "words_for_it"),
    [(45, "45 s"), (720, "12 min"), (12_000, "3 h 20 min"), (7200, "2 h"), (298_920, "3 days 11 h"), (86_400, "1 day")],
)
def test_time_is_said_as_people_say_it(seconds: float, words_for_it: str) -> None:
    assert words.time_span(seconds) == words_for_it


def test_the_sign_of_the_current_becomes_a_direction() -> None:
    assert words.current(reading(current=-69.8)) == "discharging 69.80 A"
    assert words.current(reading(current=1.8)) == "charging 1.80 A"
    assert words.current(reading(current=0.0)) == "at rest"


def test_one_is_one_and_many_are_many() -> None:
    assert [words.count(number, "battery", "batteries") for number in (0, 1, 2000)] == [
        "0 batteries",
        "1 battery",
        "2,000 batteries",
    ]
    assert words.count(1, "reading") == "1 reading"


def test_what_is_not_reported_is_a_dash_never_zero() -> None:
    assert words.number(None, "A") == words.fixed(None, "A", 2) == words.time_span(None) == "—"


def test_numbers_carry_no_needless_digits() -> None:
    assert words.number(32.0, "Ah") == "32 Ah"
    assert words.number(-0.001, "A") == "0 A"


def test_alarms_stand_out_in_the_line() -> None:
    assert "ALARM: cell over voltage, dead cell" in words.one_line(reading(alarms=("cell_over_voltage", "dead_cell")))


def test_a_frame_without_capacities_is_a_shorter_line() -> None:
    assert "Ah" not in words.one_line(reading(remaining_capacity=None, design_capacity=None))


def test_a_switch_that_is_off_is_told_from_one_that_is_unknown() -> None:
    assert words.switches(reading(charge_switch=False, heater=None)) == "charge off, discharge on"
    assert words.switches(reading(discharge_enabled=False)) == (
        "charge on, discharge on, heater off, discharging is not allowed"
    )
    unknown = dict.fromkeys(("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater"))
    assert words.switches(reading(**unknown)) is None
    assert words.all_on(reading(heater=False))
    assert not words.all_on(reading(charge_switch=False))


def test_wear_is_capacity_then_and_now() -> None:
    assert words.wear(reading(full_charge_capacity=188.0)) == "94 % of 200 Ah when new, 49 cycles"
    assert words.wear(reading(full_charge_capacity=None, cycle_count=None)) is None


def test_the_link_in_words() -> None:
    assert words.link(-61, 0.4, 0) == "-61 dBm, just now"
    assert words.link(None, 240, 3) == "4 min ago, 3 rejected"
    assert words.link(None, None, 0) is None


def test_a_rejection_shows_the_beginning_of_its_bytes() -> None:
    assert words.rejection(FrameRejected(reason="empty", frame=b"")) == "rejected: empty"
    assert words.rejection(FrameRejected(reason="too long", frame=b"x" * 99)).endswith("xxx...]")
    assert words.of(reading()).startswith("17 %")


def test_small_files_are_told_in_kilobytes() -> None:
    assert (words.size(48_700), words.size(1_234_567)) == ("49 kB", "1.2 MB")
