"""Numbers of many payloads, read at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.meaning.readout import Readout
from bmsreader.protocol.numbers import FLOATS, NUMBERS


@given(
    payloads=st.lists(st.binary(min_size=6, max_size=7), min_size=1, max_size=4),
    at=st.integers(min_value=0, max_value=2),
    kind=st.sampled_from([*NUMBERS, *FLOATS]),
)
def test_reading_at_once_is_reading_one_by_one(payloads: list[bytes], at: int, kind: str) -> None:
    values: list[float] = [*Readout(payloads).values(at, kind)]
    if kind in FLOATS:  # the engine gives the shortest number that is stored so, the lab the stored one
        number = FLOATS[kind]
        values = [number.unpack(number.pack(value)) for value in values]
        one_by_one = [number.unpack(payload[at : at + 4]) for payload in payloads]
    else:
        one_by_one = [NUMBERS[kind].unpack(payload[at : at + NUMBERS[kind].width]) for payload in payloads]

    assert repr(values) == repr(one_by_one)  # NaN is like nothing, not even itself


def test_a_word_is_read_once() -> None:
    readout = Readout([b"\x0c\xb9", b"\x0c\xba"])

    assert readout.values(0, "u16") is readout.values(0, "u16")


def test_no_word_stands_behind_the_end() -> None:
    with pytest.raises(IndexError):
        Readout([b"\x0c\xb9", b"\x0c\xba\x01"]).values(1, "u16")
