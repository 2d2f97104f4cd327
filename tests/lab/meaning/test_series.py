"""Payloads over time, read as numbers of every type."""

from struct import pack

import pytest

from bmsreader.lab.evidence import Frame, Kind
from bmsreader.lab.meaning.series import MOST_PAYLOADS, Series, Word, series_of

PAYLOADS = (bytes.fromhex("010cb98001"), bytes.fromhex("010cba8001"), bytes.fromhex("010cbb8001"))
SERIES = Series(times=(0, 10, 20), payloads=PAYLOADS, size=5, fixed=frozenset((0,)))


@pytest.mark.parametrize(
    ("at", "kind", "first"),
    [(1, "u16", 0x0CB9), (1, "u16-le", 0xB90C), (3, "i16", -32767), (3, "sm16", -1), (3, "u8", 128), (3, "i8", -128)],
)
def test_a_word_is_read_as_its_type_says(at: int, kind: str, first: int) -> None:
    assert SERIES.values(Word(at=at, type=kind))[0] == first


def test_words_keep_off_what_is_taken() -> None:
    assert [word.at for word in SERIES.words(("u16",))] == [1, 2, 3]


def test_the_payloads_around_a_moment_are_found() -> None:
    assert [list(SERIES.near(at, 6)) for at in (9.0, 15.0, 99.0)] == [[1], [1, 2], [2]]


def test_moving_bytes_are_known() -> None:
    assert SERIES.moving == {2}


def test_answers_are_put_in_order_and_the_check_value_left_out() -> None:
    frames = tuple(Frame(at=at, request=None, data=b"") for at in (20.0, 0.0, 10.0))
    kind = Kind(request=None, size=5, frames=frames, payloads=(PAYLOADS[2], PAYLOADS[0], PAYLOADS[1]))

    series = series_of(kind, check=1)

    assert (series.payloads, series.times, series.size) == (PAYLOADS, (0, 10, 20), 4)


def test_a_float_may_be_next_to_nothing_at_rest() -> None:
    amps = (-5.9e-9, -12.5, 7.25)
    series = Series(times=(0, 10, 20), payloads=tuple(pack(">f", number) for number in amps), size=4)

    assert list(series.words(("f32",))) == [Word(at=0, type="f32")]


def test_answers_between_two_moments_belong_to_the_nearer_one() -> None:
    series = Series(times=tuple(map(float, range(20))), payloads=(b"",) * 20, size=0)

    assert series.windows((5.0, 8.0), 6.0) == {5.0: range(7), 8.0: range(7, 15)}


def test_many_payloads_are_thinned_but_those_near_labels_stay() -> None:
    long = Series(times=tuple(map(float, range(5000))), payloads=(PAYLOADS[0],) * 5000, size=5)

    short = long.thinned([77.0])

    assert len(short.payloads) <= MOST_PAYLOADS + 14
    assert {76.0, 77.0, 78.0} <= set(short.times)
