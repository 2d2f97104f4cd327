"""What was typed of temperatures, and whether a number shows it."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.degrees import slack, typed_in
from bmsreader.lab.meaning.scalars import Table
from bmsreader.lab.meaning.series import Series

SERIES = Series(times=(0.0, 60.0), payloads=(b"\0\0", b"\0\0"), size=2)


def typed(*labels: str) -> Table:
    return Table(SERIES, [parse_label(label) for label in labels])


def test_a_moment_is_full_when_as_much_was_typed_as_at_any() -> None:
    assert typed_in(typed("0: 20C", "60: 21C 24C")).full == {60.0}


def test_at_a_moment_that_is_not_full_a_sensor_may_have_been_left_out() -> None:
    found = typed_in(typed("0: 20C", "60: 21C 24C"))

    assert round(found.share_shown_by((23.0, 24.0), 1.0), 2) == 0.67


def test_two_or_three_at_once_look_like_all_that_there_are() -> None:
    assert typed_in(typed("0: 20C 21C")).complete
    assert not typed_in(typed("0: 20C")).complete


def test_whole_degrees_are_shown_as_they_are_and_finer_ones_are_rounded() -> None:
    assert (slack(1.0, 1.0), slack(1.0, 0.1)) == (0.55, 0.55 * 1.1)
