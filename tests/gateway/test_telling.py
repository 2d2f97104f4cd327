import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from bmsreader.gateway.poller import Poller
from bmsreader.gateway.telling import Telling
from bmsreader.model import BatteryState, PublishError, RowsRefused, Snapshot
from bmsreader.publishers.feed import Feed
from bmsreader.simulator import Faults
from tests.clock import elapsed, run
from tests.gateway.test_outlets import health
from tests.gateway.world import Cellar


class Receiver:
    """A destination that wants to know states, unless it is away or wants none."""

    def __init__(self, *, away_until: float = 0.0, refuses: bool = False) -> None:
        self.told: list[tuple[float, Snapshot]] = []
        self.asked = 0
        self._away_until = away_until
        self._refuses = refuses

    async def tell(self, snapshot: Snapshot) -> None:
        self.asked += 1
        if self._refuses:
            raise RowsRefused("no states, please")
        if elapsed() < self._away_until:
            raise PublishError("connection refused")
        self.told.append((elapsed(), snapshot))

    @property
    def states(self) -> list[str]:
        return [str(snapshot.state) for _, snapshot in self.told]


def told(receiver: Receiver, script: Callable[[Cellar, Poller], Awaitable[None]]) -> None:
    """Read a battery in virtual time, and tell the receiver how it is doing."""

    async def main() -> None:
        feed = Feed(health)
        cellar = Cellar(on_change=lambda poller: feed.put(poller.snapshot()))
        poller = cellar.poller()
        feed.put(poller.snapshot())
        async with asyncio.TaskGroup() as tasks:
            started = [
                tasks.create_task(Telling(receiver, feed, dice=Random(1)).run()),
                tasks.create_task(poller.live()),
            ]
            await script(cellar, poller)
            for task in started:
                task.cancel()

    run(main())


async def a_silent_minute(cellar: Cellar, poller: Poller) -> None:
    await asyncio.sleep(60)
    cellar.batteries[0].faults = Faults.parse("silent")
    await asyncio.sleep(60)
    cellar.batteries[0].faults = Faults()
    await asyncio.sleep(600)


def test_a_healthy_battery_is_no_news() -> None:
    receiver = Receiver()

    async def script(cellar: Cellar, poller: Poller) -> None:
        await asyncio.sleep(600)

    told(receiver, script)

    assert receiver.states == []


def test_a_battery_that_goes_and_comes_back_is_told_each_time() -> None:
    receiver = Receiver()

    told(receiver, a_silent_minute)

    assert receiver.states == ["stale", "live"]
    _, stale = receiver.told[0]
    assert stale.age is not None
    assert stale.reason


def test_a_battery_that_was_never_read_is_told_after_the_first_attempt() -> None:
    receiver = Receiver()

    async def script(cellar: Cellar, poller: Poller) -> None:
        cellar.batteries[0].faults = Faults.parse("no-services")
        await asyncio.sleep(600)

    told(receiver, script)

    assert receiver.states == ["unreachable"]
    assert receiver.told[0][1].reason != "not read yet"


def test_a_destination_that_was_away_gets_the_latest_state_soon_after_it_is_back() -> None:
    receiver = Receiver(away_until=3600)

    async def script(cellar: Cellar, poller: Poller) -> None:
        await asyncio.sleep(30)
        poller.release(7200, "14:00")
        await asyncio.sleep(3700)
        assert poller.snapshot().state is BatteryState.BUSY

    told(receiver, script)

    assert receiver.states == ["busy"]
    assert receiver.told[0][0] < 3680


def test_a_destination_that_refuses_states_is_not_pestered() -> None:
    receiver = Receiver(refuses=True)

    told(receiver, a_silent_minute)

    assert receiver.asked == 2
