"""Whole numbers as bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.model.errors import StoreError
from bmsreader.store.varint import decode, differences, encode, ramp
from tests.store.batteries import FEW

NUMBERS = st.lists(st.one_of(st.integers(-70, 70), st.integers(-9000, 9000), st.integers(-(2**70), 2**70)))


@settings(max_examples=FEW)
@given(NUMBERS)
def test_any_numbers_come_back(numbers: list[int]) -> None:
    assert decode(encode(numbers), len(numbers)) == numbers


@pytest.mark.parametrize(("number", "size"), [(0, 1), (-64, 1), (63, 1), (64, 2), (-8192, 2), (8192, 3)])
def test_small_numbers_of_either_sign_take_few_bytes(number: int, size: int) -> None:
    assert len(encode([number])) == size


@settings(max_examples=FEW)
@given(NUMBERS.filter(bool))
def test_a_number_too_many_or_too_few_is_damage(numbers: list[int]) -> None:
    for wrong in (len(numbers) - 1, len(numbers) + 1):
        with pytest.raises(StoreError):
            decode(encode(numbers), wrong)


def test_a_number_without_an_end_is_damage() -> None:
    with pytest.raises(StoreError):
        decode(b"\x01\x80", 1)
    with pytest.raises(StoreError):
        decode(b"\x80" * 100_000 + b"\x01", 1)


def test_differences_and_ramps() -> None:
    assert differences([5, 7, 4]) == [2, -3]
    assert list(ramp(3, -2)) == [0, -2, -4]
    assert list(ramp(3, 0)) == [0, 0, 0]
