"""Which byte of a number comes first, where its upper byte is always 0."""

import pytest

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.fields import find_fields
from bmsreader.lab.meaning.orders import alike, either, turned
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Series, Word

VOLTS = (238, 231, 239, 248)
"""Tenths of a volt, which fit in one byte."""
BETWEEN = tuple(bytes((0x55, 0, volts, 0, 0x77, volts, 0)) for volts in VOLTS)
"""A voltage with a zero on both sides, and the same again behind another number, low byte first."""
TYPED = [parse_label(f"{60 * n}: {volts / 10}V") for n, volts in enumerate(VOLTS)]


def series(payloads: tuple[bytes, ...] = BETWEEN) -> Series:
    payloads = tuple(payload for payload in payloads for _ in range(3))
    return Series(times=tuple(20.0 * n for n in range(len(payloads))), payloads=payloads, size=len(payloads[0]))


def voltage(at: int, kind: str) -> Place:
    return Place(name="pack_voltage", word=Word(at=at, type=kind), scale=0.1)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        (Word(at=1, type="u16"), Word(at=2, type="u16-le")),
        (Word(at=3, type="i32-le"), Word(at=0, type="i32")),
        (Word(at=0, type="u16-le"), None),
        (Word(at=1, type="u8"), None),
        (Word(at=1, type="f32"), None),
    ],
)
def test_the_low_byte_stays_where_it_is(word: Word, other: Word | None) -> None:
    assert turned(word) == other


def test_with_a_zero_on_both_sides_either_may_be_the_upper_byte() -> None:
    table = Table(series(), TYPED)

    assert either(table, voltage(1, "u16"), frozenset())
    assert not either(table, voltage(1, "u16"), frozenset((3,)))  # the byte behind it belongs to another
    assert not either(table, voltage(5, "u16-le"), frozenset())  # the byte before it is no 0


def test_a_number_that_is_sent_twice_tells_the_order() -> None:
    table = Table(series(), TYPED)
    places = [voltage(1, "u16"), voltage(2, "u16-le"), voltage(5, "u16-le")]

    assert [alike(table, place, places) for place in places] == [0, 1, 1]


def test_a_voltage_that_may_have_its_upper_byte_on_either_side_is_not_sure() -> None:
    meaning = find_fields(series(), TYPED, cells=False)
    found = meaning.find("pack_voltage")

    assert found is not None
    assert (found.value.word.type, found.sure, meaning.little) == ("u16-le", False, None)


def test_what_has_no_other_reading_is_sure() -> None:
    payloads = tuple(bytes((0x55, 0, volts, 9, 0x77)) for volts in VOLTS)
    found = find_fields(series(payloads), TYPED, cells=False).find("pack_voltage")

    assert found is not None
    assert (found.value.word, found.sure) == (Word(at=1, type="u16"), True)
