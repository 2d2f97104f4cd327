"""Columns of whole numbers in few bytes."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.model.errors import StoreError
from bmsreader.store import integers, varint
from bmsreader.store.integers import deflate, inflate, pack, unpack
from tests.store.batteries import FEW


@settings(max_examples=FEW)
@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=400), st.integers(-2000, 2000))
def test_any_numbers_come_back(numbers: list[int], slope: int) -> None:
    spec, data = pack(numbers, slope=slope)

    assert unpack(spec, data, len(numbers)) == numbers


def test_a_column_that_does_not_change_takes_no_bytes() -> None:
    assert pack([7] * 3600) == (["c", 7, 0], b"")
    assert pack(list(range(0, 36_000, 10)), slope=10) == (["c", 0, 10], b"")


def noisy(count: int = 3600) -> list[int]:
    dice = Random(1)
    return [3300 + 40 * (number // 900 % 2) + round(dice.gauss(0, 3)) for number in range(count)]


def test_a_noisy_column_is_kept_beside_its_moving_average() -> None:
    spec, data = pack(noisy())

    assert spec[0] == "a"
    assert unpack(spec, data, 3600) == noisy()


def test_the_moving_average_saves_a_part_of_what_differences_take() -> None:
    differences = deflate(varint.encode(varint.differences(noisy())))

    assert len(pack(noisy())[1]) < 0.93 * len(differences)


def test_what_cannot_be_unpacked_is_damage() -> None:
    spec, data = pack(noisy())
    for wrong_spec, wrong_data in ((spec, data[:-3]), (spec, b""), (["x", 0, 0], data), (spec, b"\xff" * 9)):
        with pytest.raises(StoreError):
            unpack(wrong_spec, wrong_data, 3600)


def test_a_block_that_unpacks_beyond_all_measure_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integers, "LARGEST", 1000)
    with pytest.raises(StoreError, match="cut off"):
        inflate(deflate(bytes(integers.LARGEST + 1)))
