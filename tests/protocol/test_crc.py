"""The catalogue of CRCs computes what it says."""

from binascii import crc32, crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.protocol.crc import CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_set_gives_its_published_check_value(name: str) -> None:
    assert CATALOGUE[name].compute(b"123456789") == CATALOGUE[name].check


def test_there_are_63_sets() -> None:
    assert len(CATALOGUE) == 63


@given(st.binary())
def test_they_agree_with_other_people(data: bytes) -> None:
    ours = [CATALOGUE[name].compute(data) for name in ("crc32-iso-hdlc", "crc16-xmodem", "crc16-modbus")]

    assert ours == [crc32(data), crc_hqx(data, 0), ALGORITHMS["crc16-modbus"].compute(data)]


@given(st.binary(min_size=9), st.sampled_from(list(CATALOGUE)), st.integers(0, 8))
def test_one_pass_gives_all_ends(data: bytes, name: str, begin: int) -> None:
    crc, ends = CATALOGUE[name], range(8, len(data) + 1)

    assert crc.prefixes(data, begin, ends) == [crc.compute(data[begin:end]) for end in ends]
