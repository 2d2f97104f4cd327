"""Columns of whatever a reading has."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.model.errors import StoreError
from bmsreader.store.columns import pack, unpack
from tests.store.batteries import FEW

WORDS = st.tuples(st.sampled_from(["a", "über", "dead_cell"]))
VALUES = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-(2**60), 2**60)), min_size=1),
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), min_size=1),
    st.lists(st.one_of(st.none(), st.integers(0, 5000).map(lambda number: number / 1000)), min_size=1),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=1),
    st.lists(st.one_of(st.text(), WORDS, st.just(())), min_size=1),
)


def again(values: list[Any]) -> list[Any]:
    spec, data = pack(values)
    return unpack(spec, data, len(values))


@settings(max_examples=FEW)
@given(VALUES)
def test_any_values_come_back_with_their_types(values: list[Any]) -> None:
    assert list(map(repr, again(values))) == list(map(repr, values))


@pytest.mark.parametrize("odd", [-0.0, math.nan, math.inf, -math.inf, 1e300, 5e-324, 0.1 + 0.2])
def test_odd_numbers_come_back_to_the_bit(odd: float) -> None:
    for values in ([odd], [odd, 1.25], [odd] * 100, [3.3, None, odd]):
        assert list(map(repr, again(values))) == list(map(repr, values))


def test_decimals_are_stored_as_whole_numbers() -> None:
    assert pack([3.301, 3.302])[0][:2] == ["f", 3]
    assert pack([20.5, 21.0])[0][:2] == ["f", 1]


def test_a_constant_takes_no_bytes_whatever_it_is() -> None:
    for value in (None, True, 7, 3.25, "ej", ("dead_cell",), ()):
        assert pack([value] * 3600) == (["=", value], b"")


def test_whole_numbers_among_fractions_keep_their_value() -> None:
    assert again([1, 2.5, 3]) == [1, 2.5, 3]


def test_a_kind_of_a_newer_program_is_refused() -> None:
    with pytest.raises(StoreError, match="does not know"):
        unpack(["new"], b"", 3)
