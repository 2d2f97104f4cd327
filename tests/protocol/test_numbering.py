"""Numbered notifications: what stands in front of each is taken off, and only whole answers are read."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import FrameRejected
from bmsreader.model.errors import DescriptionError
from bmsreader.protocol import Codec, parse
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.description import Bits, Parts
from bmsreader.protocol.numbering import notifications
from tests.tiny import tiny_text

PLAIN = "{ head = 2, number = { at = 0 }, total = { at = 1 } }"
NIBBLES = "{ head = 2, number = { at = 1, mask = 0xF0 }, total = { at = 1, mask = 0x0F }, length = { at = 0 } }"
COUNTED = "{ head = 1, number = { at = 0, mask = 0x7F }, first = 0 }"
WAYS = pytest.mark.parametrize("parts", [PLAIN, NIBBLES, COUNTED])
FIELDS = 'soc = { at = 0, type = "u8" }\nwords = { at = 1, type = "bytes", count = 8, raw = true }'
VALUES = {"soc": 75, "words": b"\x01\x02\x03\x04\x05\x06\x07\x08"}


def codec_of(parts: str) -> Codec:
    return Codec(parse(tiny_text(10, FIELDS).replace("limit = 64", f"limit = 64, parts = {parts}")))


def heard(codec: Codec, chunks: Iterable[bytes]) -> list[Assembled]:
    assembler = codec.assembler()
    return [*(item for chunk in chunks for item in assembler.feed(chunk)), *assembler.flush()]


def sent(codec: Codec, size: int = 9) -> list[bytes]:
    return notifications(codec.encode("answer", VALUES), codec.description.framing.parts, size)


def reasons(items: Sequence[Assembled]) -> list[str]:
    return [item.reason for item in items if isinstance(item, FrameRejected)]


@pytest.mark.parametrize(
    ("parts", "first", "last"),
    [
        (PLAIN, "01043C3442303130", "04043E"),
        (NIBBLES, "07143C3442303130", "01443E00"),
        (COUNTED, "003C344230313032", "023"),
    ],
)
def test_every_notification_says_which_part_it_is(parts: str, first: str, last: str) -> None:
    chunks = [chunk.hex().upper() for chunk in sent(codec_of(parts))]

    assert chunks[0].startswith(first)
    assert chunks[-1].startswith(last)


@WAYS
@given(size=st.integers(3, 40))
def test_the_parts_of_an_answer_are_joined(parts: str, size: int) -> None:
    codec = codec_of(parts)

    if len(chunks := sent(codec, size)) < 16:
        assert heard(codec, chunks * 2) == [codec.encode("answer", VALUES)] * 2


@WAYS
def test_a_part_that_comes_twice_is_passed_over(parts: str) -> None:
    codec = codec_of(parts)
    one, two, *others = sent(codec)

    found = heard(codec, [one, two, two, *others])

    assert [item for item in found if isinstance(item, bytes)] == [codec.encode("answer", VALUES)]
    assert len(reasons(found)) == 1


@WAYS
def test_an_answer_of_which_a_part_is_missing_is_given_up(parts: str) -> None:
    codec = codec_of(parts)
    one, _, *others = chunks = sent(codec)

    found = heard(codec, [one, *others, *chunks])

    assert [item for item in found if isinstance(item, bytes)] == [codec.encode("answer", VALUES)]
    assert any("comes next" in reason for reason in reasons(found))
    assert any("cut off" in reason for reason in reasons(found))


def test_noise_is_no_part_of_an_answer() -> None:
    codec = codec_of(NIBBLES)
    one, *others = sent(codec)

    assert heard(codec, [b"AT", one, b"\x63\x21\x00", *others])[-1] == codec.encode("answer", VALUES)


@given(chunks=st.lists(st.binary(max_size=12), max_size=8))
def test_whatever_comes_is_taken_or_refused(chunks: list[bytes]) -> None:
    for parts in (PLAIN, NIBBLES, COUNTED):
        for item in heard(codec_of(parts), chunks):
            assert isinstance(item, (bytes, FrameRejected))


def test_frames_that_were_joined_are_read_as_they_are() -> None:
    codec = codec_of(PLAIN)
    frame = codec.encode("answer", VALUES)

    assert list(codec.assembler(joined=True).feed(frame)) == [frame]


def test_a_number_stands_in_the_bits_that_are_said() -> None:
    parts = Parts(head=2, number=Bits(at=1, mask=0x30), total=Bits(at=1, mask=0x03))

    assert [parts.taken_off(bytes((0, head, 9))) for head in (0xDF, 0x23, 0x02)] == [(1, b"\x09"), (2, b"\x09"), None]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ("{ head = 1, number = { at = 1 } }", "byte 1 is none of the 1 bytes of the head"),
        ("{ head = 2, number = { at = 0 }, total = { at = 0, mask = 1 } }", "two numbers stand in the same bits"),
        ("{ head = 2 }", "misses the key 'number'"),
        ("{ head = 2, number = { at = 0, mask = 0 } }", "must be a whole number from 1 to 255"),
    ],
)
def test_what_cannot_be_is_refused(parts: str, problem: str) -> None:
    with pytest.raises(DescriptionError, match=problem):
        codec_of(parts)


def test_a_known_write_does_not_hide_behind_what_stands_in_front_of_a_part() -> None:
    text = tiny_text(10, FIELDS).replace("limit = 64", f"limit = 64, parts = {PLAIN}").replace("ascii-hex", "binary")
    text = text.replace('send = "<01>"', 'send_hex = "0101DD5AE1020000FF1D77"')

    with pytest.raises(DescriptionError, match="JBD command 5A"):
        parse(text)


def test_a_serial_port_knows_no_notifications() -> None:
    text = tiny_text(10, FIELDS).replace("limit = 64", f"limit = 64, parts = {PLAIN}")

    with pytest.raises(DescriptionError, match="a serial port knows none"):
        parse(text.replace('name = "Tiny"', 'name = "Tiny"\nserial = { baudrate = 9600 }'))
