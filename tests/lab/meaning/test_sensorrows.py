"""Sensors side by side: what is as warm as its neighbour, and moves like it."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.sensorrows import widened
from bmsreader.lab.meaning.series import Series, Word


def table(payload: bytes, *labels: str) -> Table:
    series = Series(times=(0.0, 60.0), payloads=(payload, payload), size=len(payload))
    return Table(series, [parse_label(label) for label in labels])


def test_neighbours_that_are_as_warm_are_sensors_too() -> None:
    place = Place(name="temperatures", word=Word(at=2, type="u8"), offset=-40.0)  # the first of two

    wide = widened(table(bytes((200, 61, 62, 63, 0, 9))), place, frozenset())

    assert (wide.word.at, wide.count) == (1, 3)


def test_sensors_between_other_numbers_are_found_by_their_step() -> None:
    row = b"".join((3300 + n).to_bytes(2) + (2941 + 3 * n).to_bytes(2) for n in range(4))
    place = Place(name="temperatures", word=Word(at=2, type="u16"), scale=0.1, offset=-273.15)

    wide = widened(table(row + b"\0\0"), place, frozenset())

    assert (wide.word.at, wide.count, wide.step) == (2, 4, 4)


def test_their_number_in_front_says_how_many_there_are() -> None:
    place = Place(name="temperatures", word=Word(at=2, type="u8"), offset=-40.0)

    assert widened(table(bytes((200, 2, 61, 62, 63, 64))), place, frozenset()).count == 2
