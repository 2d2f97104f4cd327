"""Keeps what Home Assistant was told over MQTT in step with the batteries: announced, changed, moved, taken back."""

import asyncio
from collections.abc import Iterable

from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.publishers.homeassistant import MIGRATE, House, Payload, announcement, steps, text, unique_id
from bmsreader.publishers.mqtt_messages import Message
from bmsreader.publishers.mqtt_outbox import Outbox

PAUSE = 1.0
"""s between two steps of moving entities to another kind of announcement: Home Assistant needs a moment for each."""


SETTLE = 3.0
"""s between taking a battery back and announcing it again.

Home Assistant answers to a battery that is taken back by emptying its topic itself, again and again within the next
second: what is announced meanwhile is lost.
"""


class Discovery:
    """What is announced on the broker, by battery; ``announced`` is what an earlier run left there."""

    def __init__(self, house: House, outbox: Outbox, announced: dict[str, dict[str, Payload]]) -> None:
        self._house = house
        self._outbox = outbox
        self._announced = announced
        self._known: dict[str, tuple[BatteryInfo, float]] = {}
        self._withdrawn: dict[str, float] = {}
        self._now = asyncio.get_running_loop().time

    @property
    def identities(self) -> tuple[str, ...]:
        """Every battery that is announced on the broker."""
        return tuple(self._announced)

    async def announce(self, snapshots: Iterable[Snapshot], *, again: bool = False) -> None:
        """Announce batteries, where something changed or ``again``. Raise PublishError.

        A battery that was withdrawn just now is left out: it has to be announced again later.
        """
        todo = []
        for snapshot in snapshots:
            info, identity = snapshot.info, unique_id(snapshot.info.id)
            earlier = self._announced.get(identity, {})
            if not info.fields and earlier and identity not in self._known:
                continue  # nobody has read it in this run: what was announced before says more
            if self._now() - self._withdrawn.get(identity, float("-inf")) < SETTLE:
                continue
            if again or self._known.get(identity) != (info, snapshot.interval):
                self._known[identity] = (info, snapshot.interval)
                wanted = announcement(self._house, info, snapshot.interval)
                todo.append((steps(wanted, earlier), identity))
                self._announced[identity] = wanted
        migrating = [topic for plan, _ in todo for topic in plan.migrate]
        for topic in migrating:
            await self._outbox.put(Message(topic, MIGRATE, retain=False))
        await self._pause(bool(migrating))
        for plan, _ in todo:
            for topic, payload in plan.announce.items():
                await self._outbox.put(Message(topic, text(payload)))
        await self._pause(bool(migrating))
        for plan, _ in todo:
            await self._outbox.put_all(Message(topic, "") for topic in plan.clear)

    async def _pause(self, needed: bool) -> None:
        if needed:
            await self._outbox.drained()
            await asyncio.sleep(PAUSE)

    async def withdraw(self, identity: str) -> None:
        """Take a battery back from Home Assistant. Raise PublishError."""
        self._known.pop(identity, None)
        topics = self._announced.pop(identity, {})
        if topics:
            self._withdrawn[identity] = self._now()
        await self._outbox.put_all(Message(topic, "") for topic in topics)
