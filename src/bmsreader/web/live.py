"""How every battery is doing now: what the overview shows, and what goes out when it changes."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

from bmsreader.model.alarm import Alarm
from bmsreader.model.battery import Snapshot
from bmsreader.model.errors import OwnerError
from bmsreader.publishers.feed import Feed
from bmsreader.web import encoding
from bmsreader.web.house import House
from bmsreader.web.hub import Hub, Visitor, event
from bmsreader.web.recent import Recent
from bmsreader.web.shapes import BatteryShape, GatewayShape

log = logging.getLogger(__name__)

MOST_ENDED = 200
"""Alarms of a battery that are looked through for those that have just ended."""
PACE = 0.2
"""s in which changes are put together: with many batteries, one message to each browser instead of many."""
GATEWAY = 5.0
"""s between two looks at the gateway itself."""


class Live:
    """The stream: one text for all browsers."""

    def __init__(self, house: House, *, now: Callable[[], datetime]) -> None:
        self.house = house
        self.hub = Hub()
        self.recent = Recent(house)
        self._now = now
        self._gateway_said: GatewayShape | None = None
        self._open_alarms: dict[str, dict[int, Alarm]] = {}

    async def enter(self, zone: tzinfo) -> Visitor:
        """Return a new visitor, who gets everything at once."""
        await self.recent.look([one.info.id for one in self.house.gateway.snapshots()], zone)
        batteries = [(f"battery {one.info.slug}", self._text(one, zone)) for one in self.house.gateway.snapshots()]
        return self.hub.enter(zone, [*batteries, ("gateway", event("gateway", self.gateway()))])

    async def batteries(self, snapshots: Sequence[Snapshot], zone: tzinfo) -> list[BatteryShape]:
        """Return batteries as of now, each with its small curve."""
        await self.recent.look([one.info.id for one in snapshots], zone)
        return [self._battery(one, zone, curve=True) for one in snapshots]

    def _battery(self, snapshot: Snapshot, zone: tzinfo, *, curve: bool) -> BatteryShape:
        identity = snapshot.info.id
        return encoding.battery(
            replace(snapshot, at=self._now()),
            self.house.grades,
            today=self.recent.today(identity, zone),
            sparkline=self.recent.sparkline(identity) if curve else None,
        )

    def gateway(self) -> GatewayShape:
        """Return how the gateway is doing."""
        house = self.house
        return encoding.gateway(house.gateway.health(), demo=bool(house.demo), problem=house.problem)

    def _text(self, snapshot: Snapshot, zone: tzinfo) -> bytes:
        return event("battery", self._battery(snapshot, zone, curve=False))

    async def run(self, feed: Feed) -> None:
        """Send what changes until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._batteries(feed))
            tasks.create_task(self._look_at_gateway())
            tasks.create_task(self.recent.run())

    async def _batteries(self, feed: Feed) -> None:
        while True:
            changed, gone = await feed.news()
            for info in gone:
                self._open_alarms.pop(info.id, None)
                said = event("gone", {"slug": info.slug})
                self.hub.send(f"battery {info.slug}", partial(_same, said))
            for snapshot in changed:
                await self._alarms(snapshot)
                self.hub.send(f"battery {snapshot.info.slug}", partial(self._text, snapshot))
            await asyncio.sleep(PACE)

    async def _alarms(self, snapshot: Snapshot) -> None:
        """Send alarms that are new, or changed, or over and done with."""
        battery = snapshot.info.id
        known = self._open_alarms.get(battery, {})
        present = {one.id: one for one in snapshot.alarms}
        self._open_alarms[battery] = present
        news = [one for one in snapshot.alarms if known.get(one.id) != one]
        over = known.keys() - present.keys()
        if over and len(self.hub):
            news += await self._past(battery, over)
        for one in news:
            said = event("alarm", encoding.alarm(one, snapshot.info.slug))
            self.hub.send(f"alarm {one.id}", partial(_same, said))

    async def _past(self, battery: str, numbers: Collection[int]) -> list[Alarm]:
        """Return alarms that are open no more, as they ended."""
        try:
            found = await self.house.in_thread(
                self.house.gateway.alarms, battery=battery, state="all", limit=MOST_ENDED
            )
        except OwnerError as error:
            log.debug("how alarms ended is not known: %s", error)
            return []
        return [one for one in found if one.id in numbers]

    async def _look_at_gateway(self) -> None:
        while True:
            await asyncio.sleep(GATEWAY)
            if not len(self.hub):
                continue
            shape = self.gateway()
            without_time: GatewayShape = {**shape, "at": ""}
            if without_time != self._gateway_said:
                self._gateway_said = without_time
                self.hub.send("gateway", partial(_same, event("gateway", shape)))


def _same(text: bytes, _zone: tzinfo) -> bytes:
    """Return the same text for whichever zone."""
    return text
