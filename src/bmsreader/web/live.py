"""How every battery is doing now: what the overview shows, and what goes out when it changes."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bmsreader.model.battery import Snapshot
from bmsreader.publishers.feed import Feed
from bmsreader.web import encoding
from bmsreader.web.house import House
from bmsreader.web.hub import Hub, Visitor, event
from bmsreader.web.shapes import BatteryShape, GatewayShape

PACE = 0.2
"""s in which changes are put together: with many batteries, one message to each browser instead of many."""
GATEWAY = 5.0
"""s between two looks at the gateway itself."""


class Live:
    """The stream: one text for all browsers."""

    def __init__(self, house: House, *, now: Callable[[], datetime]) -> None:
        self.house = house
        self.hub = Hub()
        self._now = now
        self._gateway_said: GatewayShape | None = None
        self._open_alarms: dict[str, dict[int, object]] = {}

    def enter(self) -> Visitor:
        """Return a new visitor, who gets everything at once."""
        batteries = [(f"battery {one.info.slug}", self._text(one)) for one in self.house.gateway.snapshots()]
        return self.hub.enter([*batteries, ("gateway", event("gateway", self.gateway()))])

    def battery(self, snapshot: Snapshot) -> BatteryShape:
        """Return a battery as of now."""
        return encoding.battery(replace(snapshot, at=self._now()), self.house.grades)

    def gateway(self) -> GatewayShape:
        """Return how the gateway is doing."""
        house = self.house
        return encoding.gateway(house.gateway.health(), demo=bool(house.demo), problem=house.problem)

    def _text(self, snapshot: Snapshot) -> bytes:
        return event("battery", self.battery(snapshot))

    async def run(self, feed: Feed) -> None:
        """Send what changes until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._batteries(feed))
            tasks.create_task(self._look_at_gateway())

    async def _batteries(self, feed: Feed) -> None:
        while True:
            changed, gone = await feed.news()
            for info in gone:
                self._open_alarms.pop(info.id, None)
                slug = info.slug
                self.hub.send(f"battery {slug}", lambda slug=slug: event("gone", {"slug": slug}))  # type: ignore[misc]
            for snapshot in changed:
                self._alarms(snapshot)
                self.hub.send(f"battery {snapshot.info.slug}", lambda one=snapshot: self._text(one))  # type: ignore[misc]
            await asyncio.sleep(PACE)

    def _alarms(self, snapshot: Snapshot) -> None:
        """Send alarms that are new, or changed."""
        known = self._open_alarms.get(snapshot.info.id, {})
        present: dict[int, object] = {one.id: one for one in snapshot.alarms}
        for one in snapshot.alarms:
            if known.get(one.id) != one:
                shape = encoding.alarm(one, snapshot.info.slug)
                self.hub.send(f"alarm {one.id}", lambda shape=shape: event("alarm", shape))  # type: ignore[misc]
        self._open_alarms[snapshot.info.id] = present

    async def _look_at_gateway(self) -> None:
        while True:
            await asyncio.sleep(GATEWAY)
            if not len(self.hub):
                continue
            shape = self.gateway()
            without_time: GatewayShape = {**shape, "at": ""}
            if without_time != self._gateway_said:
                self._gateway_said = without_time
                self.hub.send("gateway", lambda shape=shape: event("gateway", shape))  # type: ignore[misc]
