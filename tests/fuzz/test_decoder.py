"""Arbitrary bytes in arbitrary notifications: nothing raises or grows, nothing is lost, nothing impossible is read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bmsreader.descriptions import load, shipped
from bmsreader.protocol import Codec
from tests.contributed import REAL_FRAMES, frame_of
from tests.fuzz.decoder import SEALS, air, receive

CHARGING = frame_of("ej/electronicx-12v-200ah")
FRAMES = st.sampled_from([frame for _, frame in REAL_FRAMES])
HEADS = st.sampled_from([b"", bytes.fromhex("008231008c"), bytes.fromhex("009031001e"), bytes.fromhex("01540100ec")])
SIZES = st.lists(st.integers(1, 512), min_size=1, max_size=5)

codecs = pytest.mark.parametrize("codec", [pytest.param(codec, id=codec.id) for codec in shipped()])


def cut(stream: bytes, sizes: list[int]) -> list[bytes]:
    chunks: list[bytes] = []
    while stream:
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(stream[:size])
        stream = stream[size:]
    return chunks


@st.composite
def damaged_frames(draw: st.DrawFn) -> bytes:
    """Return a real frame with some characters overwritten, and perhaps noise or another frame inside."""
    frame = bytearray(draw(FRAMES))
    for _ in range(draw(st.integers(0, 4))):
        frame[draw(st.integers(0, len(frame) - 1))] = draw(st.sampled_from(b"0123456789ABCDEFabcdef:~\0\r\nAT\xff"))
    at = draw(st.integers(0, len(frame)))
    return bytes(frame[:at]) + draw(st.binary(max_size=6) | FRAMES) + bytes(frame[at:])


@codecs
@given(chunks=st.lists(st.binary(max_size=300), max_size=12))
def test_arbitrary_notifications(codec: Codec, chunks: list[bytes]) -> None:
    receive(codec, chunks)


@pytest.mark.slow
@codecs
@given(parts=st.lists(damaged_frames() | FRAMES, max_size=5), sizes=SIZES)
def test_damaged_frames(codec: Codec, parts: list[bytes], sizes: list[int]) -> None:
    receive(codec, cut(b"".join(parts), sizes))


@pytest.mark.slow
@codecs
@given(kind=st.integers(1, len(SEALS) - 1), head=HEADS, body=st.binary(max_size=120), sizes=SIZES)
def test_payloads_with_a_right_checksum(codec: Codec, kind: int, head: bytes, body: bytes, sizes: list[int]) -> None:
    receive(codec, cut(air(kind, head + body), sizes))


@given(sizes=SIZES)
@example(sizes=[1])
@example(sizes=[512])
def test_whole_frames_are_read_in_between(sizes: list[int]) -> None:
    stream = b"AT\r\n" + CHARGING + b"\0" + CHARGING[:99] + CHARGING + b":" * 40 + b"0" * 700 + CHARGING

    assert receive(load("ej"), cut(stream, sizes)) == (3, 41)
