"""A whole recording at once gives what it gives line by line."""

import io
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.captures import Header, Record, RecordingWriter
from bmsreader.descriptions import shipped
from bmsreader.model import CaptureError, FrameRejected, Reading
from bmsreader.protocol.decoding import Result, StreamDecoder
from bmsreader.session import bulk
from bmsreader.session.bulk import BulkDecoder, decode_recording
from tests.answers import CAPACITY, CHARGING, DISCHARGING, NOVA, SHORT_STATUS, STATUS_REQUEST
from tests.protocol.test_decoding import ASK_HIGH, ASK_LOW, HIGH, LOW, PAGED, told
from tests.protocol.written import JSON, PAIRS, codec, frames

HEADER = Header(started=datetime(2026, 3, 1, 12, tzinfo=UTC), battery="cellar")
FRAMES = (CHARGING, DISCHARGING, SHORT_STATUS, CAPACITY, NOVA, CHARGING.replace(b"CB9", b"CB2"), b"AT\r\n", b":00")


def recording(frames: list[bytes], *, size: int = 20, requests: bool = True) -> bytes:
    file = io.StringIO()
    writer = RecordingWriter(file, HEADER)
    at = 0.0
    for frame in frames:
        if requests:
            writer.write(Record(at=at, kind="tx", data=STATUS_REQUEST))
        for start in range(0, len(frame), size):
            at += 0.25
            writer.write(Record(at=at, kind="rx", data=frame[start : start + size]))
    return file.getvalue().encode()


def in_bulk(data: bytes) -> list[Result]:
    return list(decode_recording(io.BytesIO(data), shipped()))


def line_by_line(data: bytes) -> list[Result]:
    decoder = BulkDecoder(HEADER, shipped())
    results = list(decoder._line_by_line(data.partition(b"\n")[2]))
    return [*results, *decoder._stream.flush()]


@given(
    frames=st.lists(st.sampled_from(FRAMES), max_size=12),
    size=st.integers(1, 300),
    block=st.integers(50, 3000),
    requests=st.booleans(),
)
def test_blocks_and_notifications_may_be_cut_anywhere(
    frames: list[bytes], size: int, block: int, requests: bool
) -> None:
    data = recording(frames, size=size, requests=requests)
    was, bulk.BLOCK = bulk.BLOCK, block
    try:
        assert in_bulk(data) == line_by_line(data)
    finally:
        bulk.BLOCK = was


def test_each_reading_has_the_time_of_its_last_notification() -> None:
    times = [
        result.taken_at - HEADER.started for result in in_bulk(recording([CHARGING] * 3)) if isinstance(result, Reading)
    ]

    assert times == [timedelta(seconds=1.75 * number) for number in (1, 2, 3)]


def test_a_healthy_recording_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def long_way(self: StreamDecoder, data: bytes, taken_at: datetime) -> list[Result]:
        raise AssertionError("fed piece by piece")

    data = recording([CHARGING, DISCHARGING] * 500)
    monkeypatch.setattr(bulk, "BLOCK", 10_000)
    monkeypatch.setattr(StreamDecoder, "feed", long_way)

    assert len(in_bulk(data)) == 1000


def test_a_damaged_line_is_one_rejection_and_the_rest_goes_on() -> None:
    lines = recording([CHARGING, DISCHARGING], size=140).splitlines(keepends=True)
    lines.insert(3, b'{"t":1.0,"rx":"3a3\n')
    results = in_bulk(b"".join(lines))

    assert [getattr(result, "soc", None) for result in results] == [17, None, 85]
    assert isinstance(results[1], FrameRejected)
    assert results[1].reason == "damaged line of the recording"


def test_a_file_that_is_no_recording_says_so() -> None:
    with pytest.raises(CaptureError, match="not the header"):
        in_bulk(b":0082310080~\n")


def test_a_recording_of_registers_is_read_by_its_requests() -> None:
    file = io.StringIO()
    writer = RecordingWriter(file, HEADER)
    for at, (asked, answer) in enumerate(((ASK_LOW, LOW), (ASK_HIGH, HIGH))):
        writer.write(Record(at=at, kind="tx", data=asked))
        writer.write(Record(at=at + 0.1, kind="rx", data=answer))
    found = list(decode_recording(io.BytesIO(file.getvalue().encode()), [PAGED]))

    assert told(found) == [(55, None), (None, 13.25)]


@pytest.mark.slow
def test_random_damage_is_the_same_both_ways() -> None:
    dice = Random(1)
    for _ in range(100):
        data = bytearray(recording([dice.choice(FRAMES) for _ in range(6)]))
        for _ in range(3):
            data[dice.randrange(len(HEADER.line()) + 1, len(data))] = dice.choice(b'0123456789abcdef",:{}xt\n')
        assert in_bulk(bytes(data)) == line_by_line(bytes(data))


@pytest.mark.parametrize("page", [JSON, PAIRS])
def test_a_recording_of_a_battery_that_writes_is_read(page: str) -> None:
    writer = codec(page)
    (frame,) = frames(writer)
    data = recording([frame, frame], requests=False)

    assert [type(one) for one in decode_recording(io.BytesIO(data), [writer])] == [Reading, Reading]
