"""Blocks of columns: what is damaged is noticed, always."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.model.errors import StoreError
from bmsreader.store.block import Block, encode
from tests.store.batteries import FEW

COLUMNS: dict[str, list[Any]] = {
    "taken_at": [1, 1001, 2003],
    "soc": [62.0, None, 61.5],
    "alarms": [(), ("dead_cell",), ()],
    "protocol": ["ej"] * 3,
}
WHOLE = encode(3, COLUMNS, slopes={"taken_at": 1000})


def unpack(data: bytes) -> dict[str, list[object] | None]:
    block = Block(data)
    return {name: block.column(name) for name in block.names}


def test_a_block_describes_itself() -> None:
    assert unpack(WHOLE) == COLUMNS
    assert Block(WHOLE).count == 3


def test_a_column_that_it_does_not_have_is_none() -> None:
    assert Block(WHOLE).column("heater") is None


@settings(max_examples=FEW)
@given(st.integers(0, 8 * len(WHOLE) - 1))
def test_a_flipped_bit_is_noticed(place: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place // 8] ^= 1 << place % 8

    with pytest.raises(StoreError):
        unpack(bytes(damaged))


@settings(max_examples=FEW)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_is_noticed(length: int) -> None:
    with pytest.raises(StoreError):
        unpack(WHOLE[:length])


@settings(max_examples=FEW)
@given(st.binary(max_size=300))
def test_noise_is_no_block(noise: bytes) -> None:
    with pytest.raises(StoreError):
        unpack(noise)


def test_a_block_of_a_newer_version_is_refused_with_advice() -> None:
    with pytest.raises(StoreError, match="version 2") as caught:
        Block(b"\x02" + WHOLE[1:])
    assert "Update bmsreader" in caught.value.advice
