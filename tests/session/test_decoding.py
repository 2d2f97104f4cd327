"""Bytes that somebody else received become readings, or say why not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import shipped
from bmsreader.model import FrameRejected, Reading
from bmsreader.session.decoding import StreamDecoder, decode
from tests.answers import CAPACITY, CHARGING, DISCHARGING, NOVA, SHORT_STATUS

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def result(data: bytes) -> Reading | FrameRejected:
    return decode(data, shipped(), battery="b", taken_at=WHEN)


def reading(data: bytes) -> Reading:
    decoded = result(data)
    assert isinstance(decoded, Reading), decoded
    return decoded


def reason(data: bytes) -> str:
    decoded = result(data)
    assert isinstance(decoded, FrameRejected)
    return decoded.reason


@pytest.mark.parametrize(
    ("frame", "protocol", "soc"), [(CHARGING, "ej", 17), (SHORT_STATUS, "ej", 60), (NOVA, "ej2", 52)]
)
def test_the_description_that_fits_is_found(frame: bytes, protocol: str, soc: int) -> None:
    assert (reading(frame).protocol, reading(frame).soc) == (protocol, soc)


@pytest.mark.parametrize("data", [SHORT_STATUS + CAPACITY, CAPACITY + b"\0AT\r\n" + SHORT_STATUS])
def test_frames_that_complete_each_other_are_one_reading(data: bytes) -> None:
    assert (reading(data).soc, reading(data).remaining_capacity) == (60, 59.0)


def test_two_answers_to_the_same_question_are_refused_not_guessed_between() -> None:
    assert "2 answers at once" in reason(CHARGING + DISCHARGING)


def test_damage_beside_a_good_frame_is_noted() -> None:
    assert reading(CHARGING[:40] + DISCHARGING).notes == ("passed over beside it: cut off by the next start byte",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello", "no frame: no start byte"),
        (CHARGING[:-1], "cut off: no end byte"),
        (CHARGING[:100] + CHARGING[120:], "length 120 characters, expected 140 or 128"),
        (CHARGING.replace(b"CB9", b"CB2"), "checksum B6, expected BD"),
        (CHARGING.replace(b"0CB9", b"0GB9"), "character 'G' at position 26 is no hex digit"),
        (NOVA.replace(b"C95", b"C94"), "checksum 8A18, expected 8A21"),
    ],
)
def test_the_reason_is_that_of_the_description_which_explains_it_best(data: bytes, words: str) -> None:
    assert reason(data).startswith(words)


@given(data=st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    assert isinstance(result(data), (Reading, FrameRejected))


def test_a_stream_gives_one_result_for_each_frame_in_order() -> None:
    stream = StreamDecoder(shipped(), battery="b")
    data = CHARGING + b"AT\r\n" + NOVA + CHARGING.replace(b"CB9", b"CB2") + DISCHARGING
    results = [item for at in range(0, len(data), 7) for item in stream.feed(data[at : at + 7], WHEN)]

    assert [getattr(item, "soc", getattr(item, "reason", None)) for item in results] == [
        17,
        52,
        "checksum B6, expected BD",
        85,
    ]


def test_the_end_of_a_stream_reports_what_never_ended() -> None:
    stream = StreamDecoder(shipped(), battery="b")
    stream.feed(CHARGING[:50], WHEN)

    assert stream.pending == 50
    assert [(item.frame, item.reason) for item in stream.flush() if isinstance(item, FrameRejected)] == [
        (CHARGING[:50], "cut off: no end byte")
    ]
