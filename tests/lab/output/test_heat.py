"""How bytes behave over time."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.series import Series
from bmsreader.lab.output.heat import bytes_of, moved_between, phases_by_current, phases_by_label, strips

SERIES = Series(
    times=tuple(map(float, range(0, 60, 10))),
    payloads=(b"\x01\x10", b"\x01\x11", b"\x01\x80", b"\x01\x81", b"\x01\x82", b"\x01\x10"),
    size=2,
)


def test_still_and_moving_bytes_are_told_apart() -> None:
    still, moving = bytes_of(SERIES)

    assert (still.changes, moving.changes, moving.lowest, moving.highest, moving.different) == (0, 5, 0x10, 0x82, 5)


def test_a_strip_shows_where_in_time_a_byte_moves() -> None:
    assert strips(SERIES, 5) == [(10.0 * n, [0.0, 1.0]) for n in range(5)]


def test_labels_say_what_was_going_on() -> None:
    labels = [parse_label("0: rest"), parse_label("20: load on"), parse_label("50: load off")]

    assert phases_by_label(SERIES, labels) == {"rest": [0, 1, 5], "load": [2, 3, 4]}


def test_typed_currents_say_it_where_nobody_used_words() -> None:
    labels = [parse_label("0: 0.0A"), parse_label("30: -46A 13.1V"), parse_label("50: 30A")]

    assert phases_by_label(SERIES, labels) == {"rest": [0], "load": [3], "charge": [5]}


def test_the_current_says_what_was_going_on() -> None:
    assert phases_by_current([0, 0, -5, -5, 3, 0]) == {"rest": [0, 1, 5], "load": [2, 3], "charge": [4]}


def test_bytes_that_tell_the_phases_apart_are_named() -> None:
    (moved,) = moved_between(SERIES, {"rest": [0, 1, 5], "load": [2, 3, 4]})

    assert (moved.at, moved.separate, moved.values) == (1, True, {"rest": (0x10, 0x11), "load": (0x80, 0x82)})


def test_one_payload_has_no_strip() -> None:
    assert strips(Series(times=(0.0,), payloads=(b"\x01",), size=1), 5) == []
