"""What passes through a recording link is what can be replayed."""

import asyncio

from bmsreader.captures import Header, Record
from bmsreader.descriptions import shipped
from bmsreader.links.recorder import RecordingLink
from bmsreader.links.replay import ReplayLink
from bmsreader.session import Session
from tests.answers import CHARGING, STATUS_REQUEST, chunks
from tests.clock import START, run

EXCHANGE = [
    Record(at=0.0, kind="tx", data=STATUS_REQUEST),
    *(Record(at=0.1 * (i + 1), kind="rx", data=chunk) for i, chunk in enumerate(chunks(CHARGING))),
]


def recorded() -> list[Record]:
    written: list[Record] = []

    async def record() -> None:
        battery = ReplayLink(Header(started=START), EXCHANGE, codecs=shipped(), speed=1.0)
        clock = asyncio.get_running_loop().time
        link = RecordingLink(battery, codecs=shipped(), write=written.append, clock=clock)
        async with Session(link, shipped()) as session:
            await session.read()

    run(record())
    return written


def test_every_request_and_notification_is_written_down_in_order() -> None:
    assert [(r.kind, r.data) for r in recorded() if r.kind != "event"] == [(r.kind, r.data) for r in EXCHANGE]


def test_the_pace_of_the_notifications_is_kept() -> None:
    assert [r.at for r in recorded() if r.kind == "rx"][:7] == [round(r.at, 6) for r in EXCHANGE[1:]]


def test_the_connection_is_an_event() -> None:
    assert recorded()[0].event == "connected"


def test_a_recording_of_a_replay_replays_again() -> None:
    records = recorded()

    async def read() -> float | None:
        link = ReplayLink(Header(started=START), records, codecs=shipped())
        async with Session(link, shipped(), now=link.now) as session:
            return (await session.read()).current

    assert run(read()) == 1.8
