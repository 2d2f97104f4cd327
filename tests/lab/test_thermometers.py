"""Temperatures, and the sensors beside the first."""

from bmsreader.lab.labels import parse_label
from bmsreader.lab.scalars import Place, Table, matches
from bmsreader.lab.series import Series, Word
from bmsreader.lab.thermometers import all_typed, by_sight, widened


def table(payload: bytes, *labels: str) -> Table:
    series = Series(times=(0.0, 60.0), payloads=(payload, payload), size=len(payload))
    return Table(series, [parse_label(label) for label in labels])


def test_tenths_of_a_kelvin_are_recognised_at_sight() -> None:
    payload = b"\x00\x11" + (2941).to_bytes(2) + (2953).to_bytes(2) + (2987).to_bytes(2) + b"\xff\xee"

    found = by_sight(table(payload), frozenset())

    assert found is not None
    assert (found.value.word, found.value.count) == (Word(at=2, type="u16"), 3)


def test_neighbours_that_are_as_warm_are_sensors_too() -> None:
    place = Place(name="temperatures", word=Word(at=2, type="u8"), offset=-40.0)  # the first of two

    wide = widened(table(bytes((200, 61, 62, 63, 0, 9))), place, frozenset())

    assert (wide.word.at, wide.count) == (2, 2)


def test_the_place_that_shows_all_typed_temperatures_is_best() -> None:
    one = table(bytes((61, 9, 9, 61, 64, 0)), "0: 21C 24C")
    found = all_typed(one, matches(one, "temperatures", frozenset(), little=None), frozenset())

    assert {found[0][1].word.at, found[0][1].count} == {3, 2}
