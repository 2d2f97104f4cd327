"""The encoding comes off the bytes between start and end, and goes on again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.description import Framing
from bmsreader.protocol.unpacking import Unpacking

KINDS = [
    Framing(encoding=encoding, limit=64, xor_key_at=key_at, xor_key=key)
    for encoding in ("ascii-hex", "binary")
    for key_at, key in ((None, 0), (None, 0x5A), (2, 0))
]
MASKED_TEXT = Framing(encoding="ascii-hex", limit=64, xor_key=0x10, xor_over="characters")


@given(
    framing=st.sampled_from([*KINDS, MASKED_TEXT]), payload=st.binary(min_size=3, max_size=20), key=st.integers(0, 255)
)
def test_what_was_put_on_comes_off(framing: Framing, payload: bytes, key: int) -> None:
    if framing.xor_key_at is not None:
        payload = payload[:2] + b"\0" + payload[3:]  # masked, the key's place holds the key itself
    unpacking = Unpacking(framing)

    assert unpacking.payload(unpacking.text(unpacking.mask(payload, key))) == payload


def test_bytes_before_those_that_are_xored_are_sent_as_they_are() -> None:
    unpacking = Unpacking(Framing(encoding="binary", limit=64, xor_key_at=1, xor_from=3))

    assert unpacking.mask(bytes.fromhex("0A5A0B0C0D"), 0x5A) == bytes.fromhex("0A5A0B5657")
    assert unpacking.payload(bytes.fromhex("0A5A0B5657")) == bytes.fromhex("0A5A0B0C0D")


@pytest.mark.parametrize("text", [b"0", b"0G", b"\xff\xff"])
def test_what_is_no_pair_of_hex_digits_is_no_payload(text: bytes) -> None:
    assert Unpacking(KINDS[0]).payload(text) is None


def test_xor_over_characters_comes_off_before_hex_digits_are_read() -> None:
    unpacking = Unpacking(MASKED_TEXT)

    assert unpacking.payload(b" )'!R\"") == bytes.fromhex("0971B2")
    assert unpacking.text(bytes.fromhex("0971B2")) == b" )'!R\""


def test_what_is_too_short_to_hold_its_key_stays_as_it_is() -> None:
    assert Unpacking(KINDS[5]).payload(b"\x11\x22") == b"\x11\x22"
