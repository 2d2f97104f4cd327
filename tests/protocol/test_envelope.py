"""Prefix, length and checksum around the fields: made as they are checked, for every kind of description."""

import itertools
from functools import cache

import pytest

from bmsreader.model import FrameRejected
from bmsreader.protocol import Codec, Opened, parse
from bmsreader.protocol.checksum import ALGORITHMS
from tests.contributed import rejection

TEXT = """id = "kinds"
name = "Kinds"
[framing]
start = "<"
end = ">"
encoding = "{encoding}"
limit = 64
length = {{ at = 2, type = "{kind}", counts = ["{counts}"] }}
[checksums]
sum = {{ algorithm = "{algorithm}", over = "{over}", skip = {skip}, order = "{order}" }}
[requests]
ask = {{ {send}, safety = "read" }}
[messages.answer]
request = "ask"
size = 12
when = [{{ at = 0, equals = 9 }}, {{ at = 1, equals = 8 }}]
checksum = "sum"
blocks = {{ all = 4 }}
[blocks.all]
soc = {{ at = 0, type = "u32" }}
"""
KINDS = list(
    itertools.product(
        ("ascii-hex", "binary"),
        ("u8", "u16-le"),
        ("characters", "characters-2", "info-bytes"),
        ALGORITHMS,
        ("characters", "bytes"),
        (0, 1),
        ("big", "little"),
    )
)


@cache
def kind(encoding: str, number: str, counts: str, algorithm: str, over: str, skip: int, order: str) -> Codec:
    send = 'send = "<01>"' if encoding == "ascii-hex" else 'send_hex = "01"'
    return Codec(
        parse(
            TEXT.format(
                encoding=encoding,
                kind=number,
                counts=counts,
                algorithm=algorithm,
                over=over,
                skip=skip,
                order=order,
                send=send,
            )
        )
    )


some_or_all = pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.slow)])


def test_no_kind_of_envelope_is_forgotten() -> None:
    assert len(KINDS) == 12 * 2 * 2 * 2 * len(ALGORITHMS)


@pytest.mark.slow
@some_or_all
def test_every_kind_of_envelope_opens_what_it_sealed(every: int) -> None:
    for one in KINDS[::every]:
        codec = kind(*one)
        frame = codec.encode_raw("answer", {"soc": 0x01020304})
        opened = codec.open(frame)
        assert isinstance(opened, Opened), one
        assert codec.explain(frame)[0].raw == 0x01020304


@some_or_all
def test_every_kind_of_envelope_refuses_another_checksum(every: int) -> None:
    for one in KINDS[::every]:
        codec = kind(*one)
        frame = codec.encode_raw("answer", {"soc": 0x01020304})
        changed = codec.encode_raw("answer", {"soc": 0x01020305})
        width = ALGORITHMS[one[3]].width * (2 if one[0] == "ascii-hex" else 1)
        mixed = changed[: -1 - width] + frame[-1 - width :]
        assert isinstance(codec.open(mixed), FrameRejected), one


@pytest.mark.parametrize(
    ("counts", "stated"), [("characters", "1A"), ("characters-2", "18"), ("info-bytes", "08")], ids=lambda value: value
)
def test_the_length_counts_what_the_description_says(counts: str, stated: str) -> None:
    codec = kind("ascii-hex", "u8", counts, "sum8", "bytes", 0, "big")

    assert codec.encode_raw("answer", {})[5:7].decode() == stated


def test_a_length_that_counts_something_else_is_refused() -> None:
    wrong = kind("ascii-hex", "u8", "info-bytes", "sum8", "bytes", 0, "big").encode_raw("answer", {})

    assert rejection(kind("ascii-hex", "u8", "characters", "sum8", "bytes", 0, "big"), wrong) == (
        "length 8 stated, 26 characters received"
    )


def test_a_little_endian_length_is_reported_as_the_number_that_it_is() -> None:
    wrong = kind("ascii-hex", "u16-le", "info-bytes", "sum8", "bytes", 0, "big").encode_raw("answer", {})

    assert rejection(kind("ascii-hex", "u16-le", "characters", "sum8", "bytes", 0, "big"), wrong) == (
        "length 7 stated, 26 characters received"
    )


def test_lower_case_digits_are_tolerated_only_where_the_description_says_so() -> None:
    codec = kind("ascii-hex", "u8", "characters", "not-sum8", "characters", 0, "big")
    frame = codec.encode_raw("answer", {"soc": 0xABCDEF})

    assert rejection(codec, frame.replace(b"ABC", b"abC")).startswith("checksum")
