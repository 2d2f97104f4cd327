"""A recording answers like the battery did."""

import asyncio

import pytest

from bmsreader.captures import Header, Record
from bmsreader.descriptions import shipped
from bmsreader.links.replay import ReplayLink
from bmsreader.model import LinkLost, Reading, WriteRefused
from bmsreader.protocol import Codec, parse
from bmsreader.session import Session
from tests.answers import CAPACITY, CAPACITY_REQUEST, CHARGING, DISCHARGING, SHORT_STATUS, STATUS_REQUEST, chunks
from tests.clock import START, run
from tests.protocol.test_codec import PAGES
from tests.unasked import hum

HEADER = Header(started=START, battery="02:00:07:00:00:01", name="LT-12V-1544")


def exchange(at: float, request: bytes, answer: bytes, gap: float = 0.03) -> list[Record]:
    notifications = [Record(at=at + gap * (i + 1), kind="rx", data=chunk) for i, chunk in enumerate(chunks(answer))]
    return [Record(at=at, kind="tx", data=request), *notifications]


def readings(records: list[Record], count: int, *, speed: float = 0.0) -> list[Reading]:
    async def read_all() -> list[Reading]:
        link = ReplayLink(HEADER, records, codecs=shipped(), speed=speed)
        async with Session(link, shipped(), now=link.now) as session:
            return [await session.read() for _ in range(count)]

    return run(read_all())


ASKED_THRICE = [
    *exchange(0.0, STATUS_REQUEST, CHARGING),
    *exchange(10.0, STATUS_REQUEST, CHARGING),
    *exchange(20.0, STATUS_REQUEST, DISCHARGING),
]
"""Three exchanges; the answer that identifies the battery is its first reading."""


def test_a_recording_is_read_like_a_battery() -> None:
    assert [reading.current for reading in readings(ASKED_THRICE, 3)] == [1.8, 1.8, -69.8]


def test_a_replayed_reading_carries_the_time_at_which_it_was_recorded() -> None:
    times = [(reading.taken_at - START).total_seconds() for reading in readings(ASKED_THRICE, 3)]

    assert times == pytest.approx([0.21, 10.21, 20.21])


def test_a_recording_of_two_frames_completes_its_reading() -> None:
    records = [
        *exchange(0.0, STATUS_REQUEST, SHORT_STATUS),
        *exchange(1.0, CAPACITY_REQUEST, CAPACITY),
    ]

    assert readings(records, 1)[0].remaining_capacity == 59.0


def test_the_end_of_a_recording_is_a_lost_link() -> None:
    with pytest.raises(LinkLost, match="recording"):
        readings(ASKED_THRICE, 4)


def test_a_recording_can_be_replayed_at_its_own_pace() -> None:
    async def duration() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        link = ReplayLink(HEADER, ASKED_THRICE, codecs=shipped(), speed=1.0)
        async with Session(link, shipped(), now=link.now) as session:
            await session.read()
        return loop.time() - began

    assert run(duration()) == pytest.approx(0.21)


def test_a_recorded_disconnect_happens_again() -> None:
    broken = [*exchange(0.0, STATUS_REQUEST, CHARGING)[:4], Record(at=0.2, kind="event", event="disconnected")]

    with pytest.raises(LinkLost):
        readings([*broken, *broken], 1)


def test_even_a_recording_is_asked_nothing_but_read_requests() -> None:
    async def write() -> None:
        await ReplayLink(HEADER, ASKED_THRICE, codecs=shipped()).write(b":000650000E03~")

    with pytest.raises(WriteRefused):
        run(write())


def test_the_pause_before_the_next_recorded_request_is_known() -> None:
    records = [*exchange(1.0, STATUS_REQUEST, CHARGING), *exchange(61.0, STATUS_REQUEST, CHARGING)]

    async def pauses() -> tuple[float, float]:
        link = ReplayLink(HEADER, records, codecs=shipped())
        async with Session(link, shipped(), now=link.now) as session:
            await session.read()
            before = link.until_next
            await session.read()
            return before, link.until_next

    before, after = run(pauses())
    assert before == pytest.approx(60 - 7 * 0.03)
    assert after == 0.0


@pytest.mark.parametrize("speed", [0.0, 10.0])
def test_a_battery_that_spoke_unasked_speaks_again(speed: float) -> None:
    spoken = [(float(at), hum(lambda at=at: at).frame()) for at in range(1, 6)]
    pieces = [
        Record(at=at + place / 10, kind="rx", data=frame[start : start + 20])
        for at, frame in spoken
        for place, start in enumerate(range(0, len(frame), 20))
    ]

    async def main() -> list[float]:
        codec = hum(lambda: 0.0).codec
        link = ReplayLink(HEADER, pieces, codecs=(codec,), speed=speed)
        times = []
        async with Session(link, (codec,), now=link.now) as session:
            while not link.over:
                times.append((await session.read()).taken_at)
        return [(time - START).total_seconds() for time in times]

    assert run(main()) == pytest.approx([1.1, 2.1, 3.1, 4.1, 5.1])


def test_a_question_that_was_never_asked_has_no_answer_and_ends_nothing() -> None:
    async def main() -> Reading:
        link = ReplayLink(HEADER, ASKED_THRICE, codecs=(*shipped(), Codec(parse(PAGES))))
        async with Session(link, (Codec(parse(PAGES)), *shipped()), now=link.now) as session:
            return await session.read()

    assert run(main()).current == 1.8
