"""Numbers stand in a payload as their type says, and come out as they went in."""

import struct
from math import inf, isfinite, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.numbers import BOOL, BYTES, FLOATS, NUMBERS, width


@pytest.mark.parametrize(
    ("kind", "number", "stored"),
    [
        ("u8", 200, "C8"),
        ("i8", -2, "FE"),
        ("sm8", -2, "82"),
        ("u16", 3257, "0CB9"),
        ("u16-le", 3257, "B90C"),
        ("i16", -1, "FFFF"),
        ("i16-le", -2, "FEFF"),
        ("sm16", -1520, "85F0"),
        ("sm16-le", -1520, "F085"),
        ("u32", 310_732, "0004BDCC"),
        ("u32-le", 310_732, "CCBD0400"),
        ("i32", -1520, "FFFFFA10"),
        ("sm32", -1520, "800005F0"),
        ("sm32", 12_810, "0000320A"),
        ("sm32-le", -1520, "F0050080"),
        ("u24", 13_250, "0033C2"),
        ("i24-le", -1520, "10FAFF"),
        ("u32-ws", 310_732, "BDCC0004"),
        ("i32-ws", -1520, "FA10FFFF"),
    ],
)
def test_a_number_is_stored_as_its_type_says(kind: str, number: int, stored: str) -> None:
    assert NUMBERS[kind].pack(number).hex().upper() == stored
    assert NUMBERS[kind].unpack(bytes.fromhex(stored)) == number


@given(kind=st.sampled_from(sorted(NUMBERS)), data=st.data())
def test_every_number_comes_out_as_it_went_in(kind: str, data: st.DataObject) -> None:
    number = data.draw(st.integers(NUMBERS[kind].low, NUMBERS[kind].high))

    assert NUMBERS[kind].unpack(NUMBERS[kind].pack(number)) == number
    assert len(NUMBERS[kind].pack(number)) == width(kind)


@given(kind=st.sampled_from(sorted(FLOATS)), data=st.binary(min_size=4, max_size=4))
def test_every_float_that_is_a_number_is_stored_as_the_same_bytes_again(kind: str, data: bytes) -> None:
    there = struct.unpack(FLOATS[kind].layout, data[2:] + data[:2] if FLOATS[kind].swapped else data)[0]
    number = FLOATS[kind].unpack(data)

    assert isfinite(there) != isnan(number)
    if isfinite(there):
        assert abs(number - there) <= 1e-6 * abs(there)
        assert FLOATS[kind].pack(number) == data or there == 0


@pytest.mark.parametrize(("kind", "stored"), [("f32", "40538D50"), ("f32-le", "508D5340"), ("f32-ws", "8D504053")])
def test_a_float_reads_as_the_shortest_number_that_it_can_be(kind: str, stored: str) -> None:
    assert FLOATS[kind].unpack(bytes.fromhex(stored)) == 3.3055
    assert FLOATS[kind].pack(3.3055).hex().upper() == stored
    assert width(kind) == 4


def test_what_is_no_number_is_not_reported() -> None:
    assert isnan(FLOATS["f32"].unpack(FLOATS["f32"].pack(nan)))
    assert isnan(FLOATS["f32-le"].unpack(FLOATS["f32-le"].pack(-inf)))
    with pytest.raises(OverflowError, match="is outside"):
        FLOATS["f32"].pack(1e39)


@pytest.mark.parametrize(("kind", "number"), [("u8", 256), ("u8", -1), ("sm16", -32768), ("i16", 32768)])
def test_a_number_that_does_not_fit_is_refused(kind: str, number: int) -> None:
    with pytest.raises(OverflowError, match="is outside"):
        NUMBERS[kind].pack(number)


def test_minus_zero_is_zero() -> None:
    assert NUMBERS["sm32"].unpack(bytes.fromhex("80000000")) == 0


def test_switches_and_runs_of_bytes_take_one_byte_each() -> None:
    assert (width(BOOL), width(BYTES)) == (1, 1)
