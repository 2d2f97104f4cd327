"""The sign of a number stands in front of what would do without it."""

from typing import Literal

import pytest

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.scalars import Match, Place, Table
from bmsreader.lab.meaning.series import Series, Word
from bmsreader.lab.meaning.wider import with_sign

AMPS = (-21.5, -3.25, 0.0, 14.75)


def widened(kind: str, payloads: list[bytes], at: int) -> Place:
    series = Series(times=(0.0, 30.0, 60.0, 90.0), payloads=tuple(payloads), size=len(payloads[0]))
    table = Table(series, [parse_label("0: -21.5A")])
    place = Place(name="current", word=Word(at=at, type=kind), scale=0.001)
    return with_sign(table, Match(place=place, bits=30.0, agreed=1, typed=1, rank=0), frozenset()).place


@pytest.mark.parametrize(
    ("kind", "at", "wide", "width", "zero"),
    [
        ("i16", 3, "i32", 4, 0),
        ("i16", 3, "u32", 4, 1 << 31),
        ("i16", 2, "u24", 3, 1 << 23),
        ("i16", 1, "i32-ws", 4, 0),
        ("i16-le", 1, "u32-le", 4, 1 << 31),
        ("i16-le", 1, "i32-le", 4, 0),
    ],
)
def test_the_whole_number_is_taken(kind: str, at: int, wide: str, width: int, zero: int) -> None:
    order: Literal["little", "big"] = "little" if kind.endswith("-le") else "big"
    numbers = [(round(1000 * a) + zero).to_bytes(width, order, signed=not zero) for a in AMPS]
    numbers = [one[2:] + one[:2] for one in numbers] if wide.endswith("-ws") else numbers
    payloads = [b"\x42" + one + b"\x42" for one in numbers]

    place = widened(kind, payloads, at)

    assert place.word == Word(at=1, type=wide)
    assert place.offset == pytest.approx(-zero / 1000)


def test_a_neighbour_that_is_no_sign_is_left_alone() -> None:
    payloads = [bytes((7, 9)) + round(1000 * a).to_bytes(2, signed=True) for a in AMPS]

    assert widened("i16", payloads, 2).word == Word(at=2, type="i16")
