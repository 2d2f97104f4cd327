"""Run publishers, each in a task and with a feed of its own: a slow, dead or lying one delays nobody."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from random import Random

from bmsreader.gateway.delivery import Delivery
from bmsreader.gateway.edges import EdgeDelivery
from bmsreader.gateway.supervision import end_if_cancelled, keep_going
from bmsreader.gateway.telling import Telling
from bmsreader.gateway.wanted import Outlet
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.errors import PublishError
from bmsreader.model.health import GatewayHealth, PublisherHealth
from bmsreader.publishers.feed import Commands, Feed
from bmsreader.publishers.publisher import AlarmTeller, DurablePublisher, LivePublisher, StateTeller

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 20.0
"""s between two attempts of a live publisher to reach its destination: doubled from the one up to the other."""
STEADY = 60.0
"""s of work after which the next failure counts as the first."""
HOLDS = 5.0
"""s after which an attempt that has not failed counts as a success."""

Note = Callable[[str, str], None]
"""Adds a record: kind and detail."""


class Running:
    """One publisher at work."""

    def __init__(
        self,
        outlet: Outlet,
        *,
        health: Callable[[], GatewayHealth],
        commands: Commands,
        delivery: Callable[[Outlet, DurablePublisher], Delivery] | None,
        edges: Callable[[AlarmTeller], EdgeDelivery] | None = None,
        note: Note,
        dice: Random,
    ) -> None:
        self.outlet = outlet
        self.publisher = outlet.make()
        self.feed = Feed(health)
        self.delivery = delivery(outlet, self.publisher) if outlet.durable and delivery is not None else None
        self._edges: EdgeDelivery | None = None
        if edges is not None and isinstance(self.publisher, AlarmTeller) and self.publisher.tells_alarms:
            self._edges = edges(self.publisher)
        self._telling: Telling | None = None
        if not outlet.live and isinstance(self.publisher, StateTeller):
            self._telling = Telling(self.publisher, self.feed, dice=dice)
        self._fed = outlet.live or self._telling is not None
        self._commands = commands
        self._note = note
        self._dice = dice
        self._problem = ""
        self._failures = 0

    @property
    def name(self) -> str:
        """What the publisher is called."""
        name: str = self.publisher.name
        return name

    def put(self, snapshot: Snapshot) -> None:
        """Hand on the newest snapshot of a battery."""
        if self._fed:
            self.feed.put(snapshot)

    def remove(self, info: BatteryInfo) -> None:
        """Hand on that a battery is gone."""
        if self._fed:
            self.feed.remove(info)

    def health(self) -> tuple[PublisherHealth, ...]:
        """Return how it is doing: as live publisher, and as durable one."""
        found: list[PublisherHealth] = []
        if self.outlet.live:
            own: PublisherHealth = self.publisher.health()
            found.append(PublisherHealth(name=own.name, ok=False, problem=self._problem) if self._problem else own)
        if self.delivery is not None:
            found.append(_beside(found[0], self.delivery.health()) if found else self.delivery.health())
        if self._edges is not None:
            found.append(self._edges.health())
        return tuple(found)

    async def run(self, *, after: "Collection[asyncio.Task[None]]" = ()) -> None:
        """Publish until cancelled, once those before it are gone: they may hold the same port or the same name."""
        if after:
            await asyncio.wait(after)
        async with asyncio.TaskGroup() as tasks:
            if self.outlet.live:
                tasks.create_task(self._live(self.publisher))
            if self.delivery is not None:
                tasks.create_task(self._for_ever(self.delivery.run, on_bug=self._delivery_failed))
            if self._telling is not None:
                tasks.create_task(self._for_ever(self._telling.run))
            if self._edges is not None:
                tasks.create_task(self._for_ever(self._edges.run))

    async def _for_ever(
        self, work: Callable[[], Awaitable[None]], *, on_bug: Callable[[Exception], None] | None = None
    ) -> None:
        """Deliver or tell for ever; both survive whatever their destination does, so this is for our own bugs."""
        await keep_going(f"publisher {self.name}", work, pause=STEADY, on_bug=on_bug)

    def _delivery_failed(self, error: Exception) -> None:
        if self.delivery is not None:
            self.delivery.failed(f"a bug of bmsreader: {error!r}")

    async def _live(self, publisher: LivePublisher) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            began = loop.time()
            try:
                await publisher.run(self.feed, self._commands)
                problem = "it ended by itself"
            except PublishError as error:
                problem = str(error)
            except Exception as error:
                log.exception("publisher %s failed", self.name)
                problem = f"a bug of bmsreader: {error!r}"
            end_if_cancelled()
            if loop.time() - began > STEADY:
                pause = FIRST_PAUSE
            if problem != self._problem:
                log.warning("%s: %s", self.name, problem)
                self._note("publisher failed", f"{self.name}: {problem}")
            self._problem = problem
            self._failures += 1
            await self._retry(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _retry(self, pause: float) -> None:
        """Wait, and forget the problem once the next attempt has lasted for a moment."""
        await asyncio.sleep(pause * self._dice.uniform(0.8, 1.2))
        asyncio.get_running_loop().call_later(HOLDS, self._forget, self._failures)

    def _forget(self, failures: int) -> None:
        if self._failures == failures and self._problem:
            self._problem = ""
            log.warning("%s: works again", self.name)
            self._note("publisher back", self.name)


def _beside(live: PublisherHealth, durable: PublisherHealth) -> PublisherHealth:
    """Return how the delivery over a live publisher's connection is doing: without the connection it waits."""
    named = replace(durable, name=f"{durable.name} history")
    if live.ok or not durable.ok or not durable.backlog:
        return named
    return replace(named, ok=False, problem=f"waits for {live.name}")
