"""Summaries of some fields on one grid of time, packed and unpacked."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.model.errors import StoreError
from bmsreader.store.strip import Strip, pack
from bmsreader.store.summaries import QUARTER, Columns, columns, cuts
from tests.store.batteries import FEW

VALUES = st.one_of(
    st.integers(-9_000_000, 9_000_000).map(lambda n: n / 1000),
    st.integers(-300, 300).map(float),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
READINGS = st.dictionaries(st.integers(0, 40 * QUARTER), st.tuples(VALUES, VALUES), min_size=1, max_size=60)


def rows(readings: dict[int, tuple[float, float]], width: int) -> tuple[list[int], dict[str, Columns]]:
    stamps = sorted(readings)
    found = cuts(stamps, width)
    fields = {
        name: columns(found, [readings[stamp][place] for stamp in stamps])
        for place, name in enumerate(("soc", "current"))
    }
    return [start for start, _, _ in found], fields


@pytest.mark.slow
@settings(max_examples=4 * FEW)
@given(READINGS, st.sampled_from([90_000, QUARTER]))
def test_every_row_comes_back_to_the_last_digit(readings: dict[int, tuple[float, float]], width: int) -> None:
    starts, fields = rows(readings, width)
    strip = Strip(pack(width, starts, fields))

    assert (strip.starts, strip.names, strip.width) == (starts, ["soc", "current"], width)
    for name, wanted in fields.items():
        assert strip.columns(name) == wanted


def test_a_field_that_not_all_readings_have_keeps_its_own_counts() -> None:
    whole: Columns = ([1.0, 2.0], [60.0, 120.0], [1.0, 2.0], [1.0, 2.0], [60, 60])
    half: Columns = ([1.5, 1.5], [3.0, 60.0], [1.5, 1.5], [1.5, 1.5], [2, 40])
    strip = Strip(pack(90_000, [0, 90_000], {"soc": whole, "current": half}))

    assert (strip.columns("soc"), strip.columns("current")) == (whole, half)


def test_a_field_that_never_changes_takes_hardly_any_room() -> None:
    same: Columns = ([3.32] * 40, [298.8] * 40, [3.32] * 40, [3.32] * 40, [90] * 40)
    starts = [number * 90_000 for number in range(40)]
    data = pack(90_000, starts, {f"cell_{number}": same for number in range(1, 17)})

    assert Strip(data).columns("cell_7") == same
    assert len(data) < 200


def test_what_it_has_not_is_none() -> None:
    starts, fields = rows({0: (1.0, 2.0)}, QUARTER)

    assert Strip(pack(QUARTER, starts, fields)).columns("cell_1") is None


@pytest.mark.slow
@settings(max_examples=4 * FEW)
@given(READINGS, st.data())
def test_a_flipped_bit_anywhere_is_noticed(readings: dict[int, tuple[float, float]], data: st.DataObject) -> None:
    starts, fields = rows(readings, QUARTER)
    packed = bytearray(pack(QUARTER, starts, fields))
    place = data.draw(st.integers(0, 8 * len(packed) - 1))
    packed[place // 8] ^= 1 << place % 8

    with pytest.raises(StoreError):
        Strip(bytes(packed))


@settings(max_examples=FEW)
@given(st.binary(max_size=40))
def test_what_is_no_strip_is_refused(data: bytes) -> None:
    with pytest.raises(StoreError):
        Strip(data)


def test_what_is_no_number_of_some_digits_is_kept_as_it_is() -> None:
    odd: Columns = ([math.pi, -1e300], [math.pi, -1e300], [math.pi, -1e300], [math.pi, -1e300], [1, 1])

    assert Strip(pack(QUARTER, [0, QUARTER], {"power": odd})).columns("power") == odd
