"""Bytes that somebody else received become readings, or say why not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import shipped
from bmsreader.model import FrameRejected, Reading
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.decoding import PATIENCE, Result, StreamDecoder, decode
from bmsreader.protocol.parse import parse
from tests.answers import CAPACITY, CHARGING, DISCHARGING, NOVA, SHORT_STATUS
from tests.protocol.test_codec import PAGES
from tests.protocol.written import JSON, LINES, PAIRS, codec, frames

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


PAGED = Codec(parse(PAGES))
LOW, HIGH = PAGED.encode("low", {"soc": 55}), PAGED.encode("high", {"pack_voltage": 13.25})
ASK_LOW, ASK_HIGH = PAGED.read_requests


def told(results: Sequence[Result]) -> list[object]:
    return [(one.soc, one.pack_voltage) if isinstance(one, Reading) else one.reason for one in results]


def test_answers_that_look_alike_are_told_by_what_was_asked_before() -> None:
    stream = StreamDecoder([PAGED], battery="b")
    found: list[Result] = []
    for asked, answer in ((ASK_HIGH, HIGH), (ASK_LOW, LOW), (b"unknown", LOW)):
        stream.sent(asked)
        found += stream.feed(answer, WHEN)

    reason = "only the request that it answers tells which message it is, and that is not known"
    assert told(found) == [(None, 13.25), (55, None), reason]


def test_a_request_that_was_written_in_two_pieces_is_known() -> None:
    stream = StreamDecoder([PAGED], battery="b")
    for piece in (ASK_HIGH[:5], ASK_HIGH[5:]):
        stream.sent(piece)

    assert told(stream.feed(HIGH, WHEN)) == [(None, 13.25)]


def test_each_framing_finds_its_own_frames_in_one_stream() -> None:
    stream = StreamDecoder([PAGED, *shipped()], battery="b")
    stream.sent(ASK_LOW)
    found = [one for data in (CHARGING, LOW, NOVA, LOW) for one in stream.feed(data, WHEN)]

    assert [one.soc for one in found if isinstance(one, Reading)] == [17, 55, 52, 55]
    assert len(found) == 4


def test_what_nobody_can_read_is_told_once_by_who_reads_the_rest() -> None:
    stream = StreamDecoder([PAGED, *shipped()], battery="b")
    damaged = CHARGING.replace(b"CB9", b"CB2")
    before, after = stream.feed(damaged, WHEN), stream.feed(CHARGING + damaged, WHEN)

    assert before == []
    assert [getattr(one, "soc", "damaged") for one in after] == ["damaged", 17, "damaged"]


def test_what_nobody_can_read_is_not_kept_forever() -> None:
    stream = StreamDecoder([PAGED, *shipped()], battery="b")
    damaged = CHARGING.replace(b"CB9", b"CB2")
    found = [one for _ in range(PATIENCE + 9) for one in stream.feed(damaged, WHEN)]

    assert len(found) == PATIENCE + 9
    assert StreamDecoder([PAGED, *shipped()], battery="b").flush() == []


def test_a_pause_ends_a_frame_of_which_a_notification_was_lost() -> None:
    stream = StreamDecoder([PAGED], battery="b")
    stream.sent(ASK_LOW)
    found = [*stream.feed(LOW[:3], WHEN), *stream.feed(LOW, WHEN + timedelta(seconds=5))]

    assert told(found) == ["cut off after 3 bytes", (55, None)]


def test_a_line_that_was_copied_without_its_end_is_read() -> None:
    teller = codec(PAIRS)
    (line,) = frames(teller)

    assert isinstance(decode(line.rstrip(), [teller], battery="b", taken_at=WHEN), Reading)


def test_a_line_without_an_end_mark_that_can_be_seen_is_none() -> None:
    teller = codec(PAIRS.replace('end = "\\n"', 'end = "#"'))
    (line,) = frames(teller)

    assert isinstance(decode(line, [teller], battery="b", taken_at=WHEN), Reading)
    assert isinstance(decode(line.rstrip(b"#"), [teller], battery="b", taken_at=WHEN), FrameRejected)


def test_descriptions_of_json_and_of_lines_cut_for_themselves() -> None:
    lister = codec(LINES.replace('end = "\\r\\n"', 'start = "{"'))
    speaker = codec(JSON.replace('encoding = "json"', 'encoding = "json", start = "{"'))
    stream = StreamDecoder([lister, speaker], battery="b")
    spoken = [result for frame in (*frames(speaker), *frames(speaker)) for result in stream.feed(frame, WHEN)]

    assert [type(one) for one in spoken] == [Reading, Reading]
