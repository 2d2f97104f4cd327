"""One text for all browsers; whoever is slow misses what is old."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from bmsreader.web.hub import BEAT, EVERY, HELLO, Hub, event
from tests.clock import elapsed, run

BERLIN = ZoneInfo("Europe/Berlin")


async def next_of(texts: AsyncIterator[bytes]) -> bytes:
    return await anext(texts)


def test_a_browser_hears_hello_at_once_and_then_what_was_waiting() -> None:
    async def story() -> list[bytes]:
        texts = Hub().enter(UTC, [("battery house", b"one")]).texts()
        return [await next_of(texts), await next_of(texts)]

    hello, first = run(story())

    assert hello.startswith(HELLO)
    assert first == b"one"


def test_a_slow_browser_gets_the_newest_of_each_battery_and_nothing_else() -> None:
    async def story() -> bytes:
        hub = Hub()
        texts = hub.enter(UTC).texts()
        await next_of(texts)
        for number in range(1000):
            hub.send("battery house", lambda _zone, number=number: f"house {number};".encode())  # type: ignore[misc]
        hub.send("battery barn", lambda _zone: b"barn;")
        return await next_of(texts)

    assert run(story()) == b"house 999;barn;"


def test_in_silence_there_is_a_sign_of_life() -> None:
    async def story() -> tuple[bytes, float]:
        texts = Hub().enter(UTC).texts()
        await next_of(texts)
        return await next_of(texts), elapsed()

    assert run(story()) == (BEAT, EVERY)


def test_a_text_is_made_once_for_all_who_look_from_the_same_time_zone_and_not_at_all_for_nobody() -> None:
    made: list[tzinfo] = []

    def make(zone: tzinfo) -> bytes:
        made.append(zone)
        return str(zone).encode()

    async def story() -> list[bytes]:
        hub = Hub()
        hub.send("battery house", make)
        assert made == []
        visitors = [hub.enter(zone) for zone in (UTC, BERLIN, UTC, BERLIN)]
        hub.send("battery house", make)
        texts = [visitor.texts() for visitor in visitors]
        for one in texts:
            await next_of(one)
        return [await next_of(one) for one in texts]

    assert run(story()) == [b"UTC", b"Europe/Berlin"] * 2
    assert made == [UTC, BERLIN]


def test_the_stream_ends_when_the_page_does() -> None:
    async def story() -> int:
        hub = Hub()
        visitor = hub.enter(UTC)
        asyncio.get_running_loop().call_later(1.0, hub.close)
        count = len([text async for text in visitor.texts()])
        hub.leave(visitor)
        return count + len(hub)

    assert run(story()) == 1


def test_an_event_is_one_line_of_json_whatever_stands_in_it() -> None:
    assert event("battery", {"name": "a\nb", "v": None}) == b'event: battery\ndata: {"name":"a\\nb","v":null}\n\n'
