"""The functions behind check values."""

from zlib import adler32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.lab.checks.sums import FUNCTIONS
from bmsreader.protocol.checksum import ALGORITHMS


@given(st.binary(min_size=1), st.sampled_from(list(ALGORITHMS)))
def test_names_mean_the_same_as_in_descriptions(data: bytes, name: str) -> None:
    assert FUNCTIONS[name].compute(data) == ALGORITHMS[name].compute(data)


@given(st.binary(), st.sampled_from(list(FUNCTIONS)))
def test_values_fit_into_their_bits(data: bytes, name: str) -> None:
    assert 0 <= FUNCTIONS[name].compute(data) < 1 << FUNCTIONS[name].bits


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fletcher16", 0xC8F0),  # the example that most implementations give
        ("words16-big", (0x6162 + 0x6364 + 0x6500) & 0xFFFF),
        ("words16-little", (0x6261 + 0x6463 + 0x0065) & 0xFFFF),
        ("adler32", adler32(b"abcde")),
        ("crc16-modbus/low8", FUNCTIONS["crc16-modbus"].compute(b"abcde") & 0xFF),
        ("crc32-iso-hdlc/high16", FUNCTIONS["crc32-iso-hdlc"].compute(b"abcde") >> 16),
        ("not-xor8", 0x61 ^ 0x62 ^ 0x63 ^ 0x64 ^ 0x65 ^ 0xFF),
    ],
)
def test_known_values(name: str, expected: int) -> None:
    assert FUNCTIONS[name].compute(b"abcde") == expected


def test_a_header_with_its_internet_checksum_sums_to_zero() -> None:
    header = bytes.fromhex("4500003044224000800600008c7c19acae241e2b")

    assert FUNCTIONS["internet16"].compute(header) == 0x442E
