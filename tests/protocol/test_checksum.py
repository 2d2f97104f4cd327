"""The checksums are those of the documents that define them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.checksum import ALGORITHMS, byte_sum
from tests.contributed import frame_of
from tests.frames import crc16_modbus

DIGITS = b"123456789"  # the customary check input


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sum8", 0xDD),
        ("not-sum8", 0x22),
        ("neg-sum8", 0x23),
        ("sum16", 0x01DD),
        ("neg-sum16", 0xFE23),
        ("xor8", 0x31),
        ("crc16-modbus", 0x4B37),
    ],
)
def test_each_algorithm_gives_its_check_value(name: str, value: int) -> None:
    assert ALGORITHMS[name].compute(DIGITS) == value


def test_the_table_of_values_names_every_algorithm() -> None:
    assert len(ALGORITHMS) == 7


@given(st.binary(max_size=600))
def test_the_fast_sum_is_the_sum(data: bytes) -> None:
    assert byte_sum(data) == sum(data)


def test_the_fast_sum_is_right_where_its_shortcut_ends() -> None:
    for size in (255, 256, 257, 258):
        assert byte_sum(b"\xff" * size) == 255 * size


@given(st.binary(max_size=80))
def test_the_crc_is_that_of_the_modbus_specification(data: bytes) -> None:
    assert ALGORITHMS["crc16-modbus"].compute(data) == crc16_modbus(data)


@pytest.mark.parametrize(
    ("frame", "check"),
    [
        pytest.param(b":000250000E03~", 0x03, id="status request"),
        pytest.param(b":001031000E05~", 0x05, id="capacity request"),
        pytest.param(b":015150000EFE~", 0xFE, id="second-generation request"),
        pytest.param(frame_of("ej/electronicx-12v-200ah"), 0xB6, id="200 Ah"),
        pytest.param(frame_of("ej/electronicx-12v-100ah"), 0xF0, id="100 Ah"),
    ],
)
def test_the_first_generation_sums_characters_and_inverts_the_bits(frame: bytes, check: int) -> None:
    assert ALGORITHMS["not-sum8"].compute(frame[1:-3]) == check
