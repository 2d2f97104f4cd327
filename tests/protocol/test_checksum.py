"""The checksums are those of the documents that define them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.checksum import ALGORITHMS, PARTS, byte_sum, combined, part_of
from tests.contributed import frame_of
from tests.frames import crc16_modbus

DIGITS = b"123456789"  # the customary check input


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sum8", 0xDD),
        ("sum32", 0x01DD),
        ("not-sum16", 0xFE22),
        ("not-xor8", 0xCE),
        ("fletcher16", 0x1EDE),
        ("fletcher16-256", 0x15DD),
        ("adler32", 0x091E01DE),
        ("internet16", 0xF62A),
        ("words16-big", 0x09D4),
        ("words16-little", 0xD509),
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


def test_every_algorithm_fits_its_width() -> None:
    for name, algorithm in ALGORITHMS.items():
        for data in (b"", DIGITS, b"\xff" * 300):
            assert 0 <= algorithm.compute(data) < 1 << 8 * algorithm.width, name


def test_a_part_is_the_lowest_or_the_highest_bytes() -> None:
    whole = ALGORITHMS["crc32-iso-hdlc"]

    assert [f"{part_of(whole, part).compute(DIGITS):X}" for part in PARTS] == ["26", "CB", "3926", "CBF4"]


def test_a_constant_is_added_to_sums_and_mixed_into_xors() -> None:
    assert combined(0xFE, 3, by_xor=False, width=1) == 1
    assert combined(0xFE, 3, by_xor=True, width=1) == 0xFD


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
