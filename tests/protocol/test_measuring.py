"""Frames that no character ends are cut by what they say of themselves, by their size, or by pauses."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bmsreader.model import FrameRejected, Reading
from bmsreader.protocol import Codec
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.checksum import ALGORITHMS
from tests.contributed import rejection
from tests.protocol.binaries import Kind, codec_of, kinds, values

MODBUS = Kind(
    starts=(b"\x01\x03", b"\x01\x03"),
    cut="length",
    length={"type": "u8", "plus": 5, "wide": 1},
    check={"algorithm": "crc16-modbus", "over": "frame", "order": "little"},
)
STREAM = Kind(start=b"\x55\xaa\xeb\x90", cut="size", check={"algorithm": "sum8", "over": "frame"})
PAUSED = Kind(cut="pause", starts=(b"", b""))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def receive(codec: Codec, chunks: Iterable[bytes]) -> list[Assembled]:
    assembler = codec.assembler()
    return [*(item for chunk in chunks for item in assembler.feed(chunk)), *assembler.flush()]


def pieces(stream: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(places)]


def frames_of(codec: Codec, told: dict[str, object]) -> list[bytes]:
    return [codec.encode("one", told), codec.encode("two", told)]


@given(kind=kinds(), told=values, cuts=st.lists(st.integers(0, 400), max_size=8))
def test_it_does_not_matter_where_notifications_end(kind: Kind, told: dict[str, object], cuts: list[int]) -> None:
    codec = codec_of(kind)
    frames = frames_of(codec, told) * 2

    assert receive(codec, pieces(b"".join(frames), cuts)) == frames


@given(kind=kinds(), told=values)
def test_what_the_simulator_says_is_what_the_reader_reads(kind: Kind, told: dict[str, object]) -> None:
    codec = codec_of(kind)
    reading = codec.decode(frames_of(codec, told), battery="bench", taken_at=NOON)

    assert isinstance(reading, Reading)
    for name, value in told.items():
        assert getattr(reading, name) == pytest.approx(value), name


@given(kind=kinds(checked=True), told=values, at=st.integers(0, 60), flip=st.integers(1, 255))
def test_a_flipped_byte_never_becomes_a_reading_by_chance(
    kind: Kind, told: dict[str, object], at: int, flip: int
) -> None:
    codec = codec_of(kind)
    frame = bytearray(codec.encode("one", told))
    frame[at % len(frame)] ^= flip
    if not _is_covered(codec, bytes(frame), at % len(frame)):
        return

    assert [item for item in receive(codec, [bytes(frame)]) if isinstance(item, bytes) and _right(codec, item)] == []


def _right(codec: Codec, frame: bytes) -> bool:
    return isinstance(codec.decode(frame, battery="bench", taken_at=NOON), Reading)


def _is_covered(codec: Codec, frame: bytes, at: int) -> bool:
    """Return whether a byte is one that the check value protects, and no hex digit that became another's case."""
    rule = codec.description.messages["one"].checksum
    framing = codec.description.framing
    assert rule is not None
    behind = len(framing.end) + framing.digits * (rule.tail + rule.width + rule.gap + 1)
    skip = (len(framing.start) if rule.over != "frame" else 0) + framing.digits * (rule.skip + 1)
    return framing.encoding == "binary" and skip <= at < len(frame) - behind and rule.part is None


@given(kind=kinds(checked=True), told=values, lost=st.integers(1, 40), noise=st.binary(max_size=12))
def test_after_a_lost_notification_the_next_frames_are_read(
    kind: Kind, told: dict[str, object], lost: int, noise: bytes
) -> None:
    codec = codec_of(kind)
    one, two = frames_of(codec, told)
    cut = one[: -min(lost, len(one))]
    assume(_refused(codec, (cut + two)[: len(one)]))  # or the next frame would happen to complete the first
    found = receive(codec, [cut, two, one, two])

    assert [two, one, two] == [item for item in found if isinstance(item, bytes) and not _refused(codec, item)][-3:]


def _refused(codec: Codec, frame: bytes) -> bool:
    return isinstance(codec.open(frame), FrameRejected)


@given(kind=kinds(), stream=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=6))
def test_any_bytes_give_the_same_frames_however_they_are_cut(kind: Kind, stream: bytes, cuts: list[int]) -> None:
    codec = codec_of(kind)
    whole, cut = receive(codec, [stream]), receive(codec, pieces(stream, cuts))

    assert whole == cut
    position = 0
    for item in whole:
        part = item.frame if isinstance(item, FrameRejected) else item
        position = stream.index(part, position) + len(part)


@given(kind=kinds(), chunks=st.lists(st.binary(max_size=200), max_size=12))
def test_the_memory_for_a_frame_in_progress_is_bounded(kind: Kind, chunks: list[bytes]) -> None:
    assembler = codec_of(kind).assembler()
    for chunk in chunks:
        assembler.feed(chunk)
        assert assembler.pending <= 256
    assembler.flush()
    assert assembler.pending == 0


def test_answers_of_one_head_are_told_by_the_length_that_they_state() -> None:
    codec = codec_of(MODBUS)
    one, two = codec.encode("one", {"soc": 77}), codec.encode("two", {"current": -12.5})

    assert receive(codec, pieces(one + two, [3, 9, 20])) == [one, two]
    assert [codec.open(frame).message.name for frame in (one, two)] == ["one", "two"]  # type: ignore[union-attr]


def test_an_answer_that_is_not_described_is_cut_out_and_named() -> None:
    codec = codec_of(MODBUS)
    other = bytes.fromhex("0103020102")
    other += ALGORITHMS["crc16-modbus"].compute(other).to_bytes(2, "little")

    assert receive(codec, [other]) == [other]
    assert rejection(codec, other) == "message 0103 of 7 bytes is not described"


def test_a_frame_of_fixed_size_is_found_behind_the_rest_of_another() -> None:
    codec = codec_of(STREAM)
    one = codec.encode("one", {"soc": 50})

    assert receive(codec, [one[7:], one])[-1] == one


def test_an_impossible_length_is_reported_and_the_search_goes_on() -> None:
    codec = codec_of(Kind(start=b"\xaa", cut="length", length={"type": "u16-le", "plus": 0, "wide": 2}))
    frame = codec.encode("one", {})

    assert receive(codec, [b"\xaa\x11\xff\xff" + frame]) == [
        FrameRejected(reason="says that it is 65535 bytes long, which cannot be", frame=b"\xaa\x11\xff\xff"),
        frame,
    ]


def test_a_frame_that_stops_is_given_up_and_one_that_begins_within_it_is_kept() -> None:
    codec = codec_of(Kind(start=b"\xaa", cut="length", length={"type": "u8", "plus": 4, "wide": 1}))
    one = codec.encode("one", {"soc": 5})
    assembler = codec.assembler()
    assert list(assembler.feed(b"\xaa\x11\x50\x00" + one)) == []
    assert assembler.pending == 4 + len(one)

    assert list(assembler.flush()) == [
        FrameRejected(reason="cut off after 4 bytes", frame=b"\xaa\x11\x50\x00"),
        one,
    ]


def test_frames_without_any_mark_are_cut_by_pauses() -> None:
    codec = codec_of(PAUSED)
    one, two = frames_of(codec, {"soc": 9})
    assembler = codec.assembler()

    assert [list(assembler.feed(chunk)) for chunk in (one[:4], one[4:], two)] == [[], [], [one, two]]
    assert list(assembler.feed(two[:5])) == []
    assert list(assembler.flush()) == [two[:5]]
    assert isinstance(codec.open(two[:5]), FrameRejected)


def test_what_may_be_the_beginning_of_a_longer_message_waits_for_a_pause() -> None:
    codec = codec_of(PAUSED)
    one, two = frames_of(codec, {"soc": 9})
    assembler = codec.assembler()

    assert list(assembler.feed(one)) == []
    assert list(assembler.flush()) == [one]
    assert [list(assembler.feed(chunk)) for chunk in (two[: len(one)], two[len(one) :])] == [[], [two]]
    assert [list(assembler.feed(chunk)) for chunk in (one, two[:2])] == [[], []]
    assert list(assembler.flush()) == [one, two[:2]]


def test_what_is_too_long_between_two_pauses_is_given_up() -> None:
    assembler = codec_of(PAUSED).assembler()

    assert [isinstance(item, bytes) for item in assembler.feed(b"x" * 250)] == [True]
    assert [isinstance(item, FrameRejected) for item in assembler.feed(b"x" * 257)] == [True]
