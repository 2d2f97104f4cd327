"""Bring every reading to one destination: in order, at least once, through outages, from where it was left."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Protocol, TypeVar

from bmsreader.gateway.parting import Parting
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import PublishError, RowsRefused, StoreError
from bmsreader.model.health import PublisherHealth
from bmsreader.model.reading import Reading
from bmsreader.model.record import Record
from bmsreader.publishers.publisher import DurablePublisher

log = logging.getLogger(__name__)

Result = TypeVar("Result")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""s between two attempts to reach a destination that fails: doubled from the one up to the other."""
REST_PER_DELIVERY, LONGEST_REST = 0.1, 10.0
"""s of rest after a round, for each delivery in it, and at most. So there are about ten a second: with one battery,
each reading goes out at once, and with 64 of them the readings of a few seconds go out together."""


class History(Protocol):
    """What is needed of the store. All of it may be called from any thread."""

    def after(self, battery_id: str, ordinal: int, limit: int) -> list[tuple[int, Reading]]:
        """Return up to so many readings after this ordinal, in order, with their ordinals."""

    def last(self, battery_id: str) -> tuple[int, Reading] | None:
        """Return the newest reading with its ordinal."""

    def position(self, publisher: str, battery_id: str) -> int:
        """Return the ordinal up to which everything was delivered."""

    def save_position(self, publisher: str, battery_id: str, ordinal: int) -> None:
        """Remember that everything up to this ordinal was delivered."""


class Offload(Protocol):
    """Runs a function that reads from disk where it does not hold the event loop up; tests run it at once."""

    def __call__(self, function: Callable[[], Result], /) -> Awaitable[Result]:
        """Return the function's result."""


@dataclass(slots=True)
class _Way:
    """How far one battery's readings have come."""

    info: BatteryInfo
    position: int
    """Ordinal of the last one that was delivered, or given up."""
    newest: int
    """Ordinal of the newest one that we know of."""


def utc_now() -> datetime:
    """Return the time of this machine's clock, UTC."""
    return datetime.now(UTC)


class Delivery:
    """The delivery to one destination. A new destination gets the whole history, beginning with the oldest reading.

    ``batteries`` returns every battery that may have readings, also those of earlier runs; it is called in the event
    loop. ``from_now`` starts with what comes in after the start instead, and remembers nothing.
    """

    def __init__(
        self,
        publisher: DurablePublisher,
        store: History,
        *,
        batteries: Callable[[], Iterable[BatteryInfo]],
        on_record: Callable[[Record], None] = lambda _: None,
        now: Callable[[], datetime] = utc_now,
        dice: Random | None = None,
        offload: Offload = asyncio.to_thread,
        from_now: bool = False,
    ) -> None:
        self._publisher = publisher
        self._store = store
        self._batteries = batteries
        self._on_record = on_record
        self._now = now
        self._dice = dice or Random()
        self._offload = offload
        self._from_now = from_now
        self._ways: dict[str, _Way] = {}
        self._news = asyncio.Event()
        self._limit = publisher.batch
        self._looked = False
        """It was looked which batteries there are: whoever comes later is new, with its first reading."""
        self._more = False
        """Somebody has a backlog: go on without a rest."""
        self._problem = ""
        self._failing_since: datetime | None = None
        self._delivered = 0
        self._refused = 0

    @property
    def name(self) -> str:
        """What the publisher is called."""
        return self._publisher.name

    def news(self, battery_id: str | None = None) -> None:
        """Take note that a reading of this battery came into the store; never waits for anything."""
        if battery_id is not None and (way := self._ways.get(battery_id)) is not None:
            way.newest += 1
        self._news.set()

    def health(self) -> PublisherHealth:
        """Return how the destination is doing, and how many readings wait for it."""
        return PublisherHealth(
            name=self.name,
            ok=not self._problem,
            problem=self._problem,
            delivered=self._delivered,
            refused=self._refused,
            backlog=sum(max(0, way.newest - way.position) for way in self._ways.values()),
        )

    async def run(self) -> None:
        """Deliver until cancelled; it may be run again after whatever ended it."""
        pause = FIRST_PAUSE
        self._news.set()
        while True:
            await self._news.wait()
            self._news.clear()
            before = self._delivered
            try:
                posts = await self._round()
            except (PublishError, StoreError) as error:
                self.failed(str(error), error.advice)
                if self._delivered > before:
                    pause = FIRST_PAUSE
                await asyncio.sleep(pause * self._dice.uniform(0.75, 1.25))
                pause = min(2 * pause, LONGEST_PAUSE)
                self._news.set()
                continue
            self._works()
            pause = FIRST_PAUSE
            if self._more:
                self._news.set()
            else:
                await asyncio.sleep(min(posts * REST_PER_DELIVERY, LONGEST_REST))

    async def _round(self) -> int:
        """Deliver one batch of each battery that has news, and return how many posts that took."""
        await self._look()
        posts = 0
        self._more = False
        for identity in [*self._ways]:
            way = self._ways.pop(identity)
            self._ways[identity] = way  # whoever had its turn goes to the end: one that fails holds nobody up for ever
            if way.newest > way.position:
                posts += await self._deliver(way)
        return posts

    async def _look(self) -> None:
        """Look which batteries there are, and how many readings each has by now."""
        infos = [*self._batteries()]
        known = {identity: way.position for identity, way in self._ways.items()}
        first = not self._looked

        def look() -> list[tuple[BatteryInfo, int, int]]:
            found = []
            for info in infos:
                last = self._store.last(info.id)
                newest = last[0] if last else 0
                position = known.get(info.id)
                if position is None and self._from_now:
                    position = newest if first else max(0, newest - 1)
                elif position is None:
                    position = self._store.position(self.name, info.id)
                found.append((info, position, newest))
            return found

        found = await self._offload(look)
        self._looked = True
        for info, position, newest in found:
            way = self._ways.setdefault(info.id, _Way(info, position, newest))
            way.info, way.newest = info, newest
            way.position = min(way.position, newest)  # never wait for ordinals that a damaged history gave up

    async def _deliver(self, way: _Way) -> int:
        """Deliver the next readings of one battery, and return how many posts that took."""
        readings = await self._offload(partial(self._store.after, way.info.id, way.position, self._limit))
        if not readings:  # retention has deleted what was left
            self._arrived(way, way.newest)
            return 0
        self._more |= way.newest > readings[-1][0]
        parting = Parting(
            deliver=lambda part: self._publisher.deliver(way.info, [reading for _, reading in part]),
            arrived=lambda ordinal: self._arrived(way, ordinal),
            probe=lambda ordinal: self._takes_another(way, ordinal),
        )
        try:
            await parting.run(readings)
        finally:
            self._delivered += parting.delivered
            self._tell_given_up(way.info, parting)
        if parting.posts > 1 and not parting.given_up:
            self._limit = max(1, parting.largest)  # nothing was wrong with the readings: there were too many at once
        return parting.posts

    def _arrived(self, way: _Way, ordinal: int) -> None:
        way.position = ordinal
        if not self._from_now:
            self._store.save_position(self.name, way.info.id, ordinal)

    async def _takes_another(self, way: _Way, ordinal: int) -> bool:
        """Return whether the destination takes the newest reading of this battery, or else that of another one."""
        for other in (way, *(other for other in self._ways.values() if other is not way)):
            last = await self._offload(partial(self._store.last, other.info.id))
            if last is None or (other is way and last[0] == ordinal):
                continue
            try:
                await self._publisher.deliver(other.info, [last[1]])
            except RowsRefused:
                return False
            return True
        return False

    def _tell_given_up(self, info: BatteryInfo, parting: Parting) -> None:
        if not parting.given_up:
            return
        count = len(parting.given_up)
        self._refused += count
        reading, error = parting.given_up[0]
        which = "1 reading" if count == 1 else f"{count} readings, the first"
        detail = f"{self.name} refuses for good {which} of {reading.taken_at:%Y-%m-%d %H:%M:%S} UTC: {error}"
        log.warning("%s: %s", info.name, detail)
        self._on_record(Record(at=self._now(), kind="delivery refused", battery=info.id, detail=detail))

    def failed(self, problem: str, advice: str = "") -> None:
        """Take note of why nothing can be delivered now; whoever supervises ``run`` says so when a bug ended it."""
        self._failing_since = self._failing_since or self._now()
        if problem == self._problem:
            return
        self._problem = problem
        log.warning("%s: %s", self.name, f"{problem}. {advice}" if advice else problem)
        self._on_record(Record(at=self._now(), kind="delivery failed", detail=f"{self.name}: {problem}"))

    def _works(self) -> None:
        if self._failing_since is None:
            return
        now = self._now()
        away = max(0.0, (now - self._failing_since).total_seconds())
        self._problem, self._failing_since = "", None
        log.warning("%s: works again", self.name)
        self._on_record(Record(at=now, kind="delivery back", duration=away, detail=self.name))
