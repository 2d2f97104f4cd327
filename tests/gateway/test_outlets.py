import asyncio
from random import Random

from bmsreader.gateway.outlets import Running
from bmsreader.gateway.wanted import Outlet
from bmsreader.model import GatewayHealth, PublisherHealth, PublishError, Snapshot
from bmsreader.publishers.feed import Commands, Feed
from tests.clock import elapsed, now, run
from tests.gateway.world import Cellar


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


def test_a_server_that_was_down_is_reached_within_seconds_after_it_is_back() -> None:
    broker = Broker(down_until=3600)
    told = published(broker, 3700)

    assert told == [("publisher failed", "broker: connection refused")]
    assert 3600 <= broker.took[0][0] < 3630


def test_a_buggy_publisher_is_started_again_and_told() -> None:
    broker = Broker(bug_at=5)
    told = published(broker, 30)

    assert [kind for kind, _ in told] == ["publisher failed"]
    assert "ZeroDivisionError" in told[0][1]
    assert len(broker.took) >= 20
