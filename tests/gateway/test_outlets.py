import asyncio
from collections.abc import Sequence
from random import Random

import pytest

from bmsreader.gateway.delivery import Delivery
from bmsreader.gateway.outlets import Running
from bmsreader.gateway.wanted import Outlet
from bmsreader.model import BatteryInfo, GatewayHealth, PublisherHealth, PublishError, Reading, Snapshot
from bmsreader.publishers.feed import Commands, Feed
from tests.clock import at_once, elapsed, now, run
from tests.gateway.world import Cellar, reading


class Broker:
    """A publisher that takes what it is fed, unless its server is down or it is buggy."""

    name = "broker"

    def __init__(self, *, down_until: float = 0.0, bug_at: float | None = None) -> None:
        self.took: list[tuple[float, Snapshot]] = []
        self.starts: list[float] = []
        self._down_until = down_until
        self._bug_at = bug_at

    async def run(self, feed: Feed, commands: Commands) -> None:
        self.starts.append(elapsed())
        if elapsed() < self._down_until:
            raise PublishError("connection refused")
        while True:
            changed, _ = await feed.news()
            if self._bug_at is not None and elapsed() >= self._bug_at:
                self._bug_at = None
                raise ZeroDivisionError("a bug")
            self.took += [(elapsed(), snapshot) for snapshot in changed]

    def health(self) -> PublisherHealth:
        return PublisherHealth(name=self.name, ok=True, delivered=len(self.took))


class Nobody:
    """Takes no commands."""

    def refresh(self, slug: str) -> bool:
        return False

    def release(self, slug: str, minutes: float) -> bool:
        return False


def health() -> GatewayHealth:
    return GatewayHealth(version="0", started_at=now(), at=now())


def published(broker: Broker, seconds: float) -> list[tuple[str, str]]:
    """Feed a publisher with a snapshot each second."""
    told: list[tuple[str, str]] = []

    async def main() -> None:
        poller = Cellar().poller()
        outlet = Outlet(settings=None, make=lambda: broker)
        running = Running(
            outlet,
            health=health,
            commands=Nobody(),
            delivery=None,
            note=lambda *what: told.append(what),
            dice=Random(1),
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(running.run())
            while elapsed() < seconds:
                running.put(poller.snapshot())
                await asyncio.sleep(1)
            assert all(one.ok for one in running.health())
            task.cancel()

    run(main())
    return told


def test_a_publisher_gets_each_change() -> None:
    broker = Broker()

    assert published(broker, 10) == []
    assert len(broker.took) == 10


@pytest.mark.slow
def test_a_server_that_was_down_is_reached_within_seconds_after_it_is_back() -> None:
    broker = Broker(down_until=3600)
    told = published(broker, 3700)

    assert told == [("publisher failed", "broker: connection refused"), ("publisher back", "broker")]
    assert 3600 <= broker.took[0][0] < 3630


def test_a_buggy_publisher_is_started_again_and_told() -> None:
    broker = Broker(bug_at=5)
    told = published(broker, 30)

    assert [kind for kind, _ in told] == ["publisher failed", "publisher back"]
    assert "ZeroDivisionError" in told[0][1]
    assert len(broker.took) >= 20


class Link:
    """A publisher whose readings go over a connection that is not there."""

    name = "broker"
    batch = 10

    async def run(self, feed: Feed, commands: Commands) -> None:
        raise PublishError("connection refused")

    def health(self) -> PublisherHealth:
        return PublisherHealth(name=self.name, ok=True)

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        await asyncio.Event().wait()


class OneReading:
    """A history of one reading."""

    def after(self, battery_id: str, ordinal: int, limit: int) -> list[tuple[int, Reading]]:
        return [(1, reading())]

    def last(self, battery_id: str) -> tuple[int, Reading]:
        return 1, reading()

    def position(self, publisher: str, battery_id: str) -> int:
        return 0

    def save_position(self, publisher: str, battery_id: str, ordinal: int) -> None:
        raise AssertionError("nothing has arrived")


def test_a_history_that_goes_over_a_lost_connection_waits_and_says_for_what() -> None:
    told: list[tuple[str, str]] = []
    house = BatteryInfo(id="1", name="House", slug="house")

    async def main() -> tuple[PublisherHealth, ...]:
        running = Running(
            Outlet(settings=None, make=Link, durable=True),
            health=health,
            commands=Nobody(),
            delivery=lambda _, publisher: Delivery(publisher, OneReading(), batteries=lambda: [house], offload=at_once),
            note=lambda *what: told.append(what),
            dice=Random(1),
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(running.run())
            await asyncio.sleep(600)
            found = running.health()
            task.cancel()
        return found

    live, durable = run(main())

    assert (live.ok, live.problem) == (False, "connection refused")
    assert (durable.name, durable.ok, durable.problem, durable.backlog) == (
        "broker history",
        False,
        "waits for broker",
        1,
    )
    assert told == [("publisher failed", "broker: connection refused")]


class Stubborn(Broker):
    """Loses its connection in the moment in which it is told to end, so that its failure hides the cancellation."""

    async def run(self, feed: Feed, commands: Commands) -> None:
        try:
            await super().run(feed, commands)
        except asyncio.CancelledError:
            raise PublishError("the connection is lost") from None


def test_a_publisher_that_fails_while_it_is_stopped_ends_all_the_same() -> None:
    async def main() -> None:
        running = Running(
            Outlet(settings=None, make=Stubborn),
            health=health,
            commands=Nobody(),
            delivery=None,
            note=lambda *what: None,
            dice=Random(1),
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(running.run())
            await asyncio.sleep(5)
            task.cancel()
        assert elapsed() == 5

    run(main())
