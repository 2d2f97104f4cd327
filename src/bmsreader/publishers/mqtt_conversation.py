"""One connection to the broker, from the first subscription to the goodbye."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.publishers.entities import RELEASE_MINUTES
from bmsreader.publishers.feed import LONGEST_RELEASE, Commands, Feed
from bmsreader.publishers.homeassistant import House, text, unique_id
from bmsreader.publishers.mqtt_alarms import AlarmNews
from bmsreader.publishers.mqtt_broker import Connection, Incoming
from bmsreader.publishers.mqtt_discovery import Discovery
from bmsreader.publishers.mqtt_messages import OFFLINE, ONLINE, Battery, Extras, Message
from bmsreader.publishers.mqtt_outbox import Outbox, live_room
from bmsreader.publishers.mqtt_traces import Traces
from bmsreader.publishers.topics import BRIDGE

READ_BACK, LONGEST_READ_BACK = 3.0, 60.0
"""s to wait for what an earlier run left, from one message to the next and in all; some brokers do not let us look."""
QUIET = 0.1
"""s without a retained message after which no more are expected: some brokers send them late."""
TICK = 1.0
INFO_EVERY = 5.0
"""s between two looks at how the gateway is doing."""

SWEEP_AFTER = 5.0
"""s between the last word on a topic and its removal.

Home Assistant takes a moment to let go of a topic; an empty message before that is an error to it, for each entity.
"""

STOPPED = "the gateway was stopped"
REMOVED = "it was removed from the gateway, or got another name"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the owner wants, apart from the connection."""

    name: str
    """The publisher's: its health says that it is not connected, until the message that says so is on its way."""
    house: House
    extras: Extras
    birth_topic: str = "homeassistant/status"
    news: AlarmNews = field(default_factory=AlarmNews)
    """What was told of alarms on earlier connections."""
    forget_after: float | None = 60.0
    """s after which what an earlier run left of unknown batteries is removed; None: never."""


class Conversation:
    """Says everything about the batteries on one connection, and hears commands."""

    def __init__(self, plan: Plan, connection: Connection, feed: Feed, commands: Commands) -> None:
        self._plan = plan
        self._topics = plan.house.topics
        self._connection = connection
        self._feed = feed
        self._commands = commands
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        self.outbox = Outbox(connection, size=live_room(connection))
        self._batteries: dict[str, Battery] = {}
        self._traces = Traces(plan.house)
        self._discovery = Discovery(plan.house, self.outbox, self._traces.announced)
        self._reading_back = True
        self._heard = self._now()
        self._patience: asyncio.Timeout | None = None
        self._echo = asyncio.Event()
        self._info = ""
        self._online = False
        self._forget_at: float | None = None
        self._sweeps: dict[str, tuple[float, list[Message]]] = {}
        """By slug: when to remove what is left on its topics."""

    async def run(self, ready: Callable[[], None]) -> None:
        """Publish until cancelled; call ``ready`` once everything is told. Raise PublishError, alone or in a group."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._watch())
            await self._begin()
            ready()
            await self._tell_info()
            await self._follow()

    async def goodbye(self) -> None:
        """Tell everybody that no value is the present any more. Raise PublishError."""
        if not self._online:
            return
        self._online = False
        farewells = [message for battery in self._batteries.values() for message in battery.goodbye(STOPPED)]
        availability = [message for message in farewells if message.payload == OFFLINE]
        await self.outbox.put_all(availability)
        await self.outbox.put(Message(self._topics.bridge_state, OFFLINE))
        await self.outbox.put_all(message for message in farewells if message.payload != OFFLINE)
        await self.outbox.drained()

    # ---- the beginning: what is on the broker, then what is true, and only then "online" ----

    async def _begin(self) -> None:
        await self._subscribe((*self._topics.command_filters, self._topics.bridge_state, self._plan.birth_topic))
        await self._read_back()
        snapshots = self._feed.all()
        for slug in self._traces.strangers({snapshot.info.slug for snapshot in snapshots}):
            await self.outbox.put_all(self._traces.disowned(slug))
        await self._discovery.announce(snapshots)
        for snapshot in snapshots:
            await self._tell(snapshot)
        await self.outbox.put(Message(self._topics.bridge_state, ONLINE))
        self._online = True
        if self._plan.forget_after is not None:
            self._forget_at = self._now() + self._plan.forget_after

    async def _subscribe(self, filters: tuple[str, ...], qos: int = 1) -> None:
        for refused in await self._connection.subscribe(filters, qos):
            _log.warning("The MQTT broker does not let us listen to %s.", refused)

    async def _read_back(self) -> None:
        """Collect what is retained: first of batteries, then what is announced of these and of our own."""
        try:
            async with asyncio.timeout(LONGEST_READ_BACK), asyncio.timeout(READ_BACK) as self._patience:
                await self._collect(self._topics.retained_filters)
                identities = self._traces.identities() | {unique_id(each.info.id) for each in self._feed.all()}
                house = self._plan.house
                await self._collect(tuple(each for one in identities for each in house.announcements(one)))
        except TimeoutError:
            _log.info("The MQTT broker does not let us look at what an earlier run left there.")
        self._reading_back, self._patience = False, None

    async def _collect(self, filters: tuple[str, ...]) -> None:
        """Listen until a message of our own comes back, sent after the subscription, and all is quiet."""
        if not filters:
            return
        filters = (*filters, self._topics.bridge_info)
        self._echo.clear()
        await self._subscribe(filters, qos=0)
        await self._tell_info(again=True)
        await self._echo.wait()
        await self._quiet()
        await self._connection.unsubscribe(filters)

    async def _quiet(self) -> None:
        while True:
            heard = self._heard
            await asyncio.sleep(QUIET)
            if heard == self._heard:
                return

    # ---- batteries ----

    async def _follow(self) -> None:
        while True:
            changed, gone = await self._feed.news()
            for info in gone:
                await self._forget(info)
            await self._discovery.announce(changed)
            for snapshot in changed:
                await self._tell(snapshot)

    async def _tell(self, snapshot: Snapshot) -> None:
        info = snapshot.info
        battery = self._batteries.get(info.id)
        if battery is not None and battery.snapshot is snapshot:
            return  # the beginning has told it
        if battery is not None and battery.info.slug != info.slug:
            self._sweep_later(battery.info.slug, battery.removal())
            battery = None
        if battery is None:
            battery = self._batteries[info.id] = Battery(
                self._topics,
                snapshot,
                extras=self._plan.extras,
                also=self._traces.keys(info.slug),
                single=self._traces.single_values(info.slug),
                news=self._plan.news,
            )
            self._clear_old_names(info)
        await self.outbox.put_all(battery.update(snapshot, self._now()))

    def _clear_old_names(self, info: BatteryInfo) -> None:
        used = {battery.info.slug for battery in self._batteries.values()}
        for slug in self._traces.of_battery(info.id):
            if slug not in used:
                self._sweep_later(slug, self._traces.removal(slug))

    async def _forget(self, info: BatteryInfo) -> None:
        """Remove a battery; one that only got another name stays in Home Assistant."""
        if all(snapshot.info.id != info.id for snapshot in self._feed.all()):
            await self._discovery.withdraw(unique_id(info.id))
            self._plan.news.forget(info.id)
        battery = self._batteries.get(info.id)
        if battery is not None and battery.info.slug == info.slug:
            del self._batteries[info.id]
            await self.outbox.put_all(battery.goodbye(REMOVED))
            self._sweep_later(info.slug, battery.removal())

    async def _forget_strangers(self) -> None:
        """Remove what an earlier run left of batteries that this run does not know."""
        self._forget_at = None
        known = {unique_id(identity) for identity in self._batteries}
        for identity in self._discovery.identities:
            if identity not in known:
                await self._discovery.withdraw(identity)
        for slug in self._traces.strangers({battery.info.slug for battery in self._batteries.values()}):
            self._sweep_later(slug, self._traces.removal(slug))

    def _sweep_later(self, slug: str, messages: Iterable[Message]) -> None:
        self._sweeps[slug] = (self._now() + SWEEP_AFTER, list(messages))

    async def _sweep(self, now: float) -> None:
        used = {battery.info.slug for battery in self._batteries.values()}
        for slug in [slug for slug, (due, _) in self._sweeps.items() if now >= due or slug in used]:
            _, messages = self._sweeps.pop(slug)
            if slug not in used:  # else another battery has got that name
                await self.outbox.put_all(messages)

    # ---- by the clock ----

    async def _watch(self) -> None:
        told = self._now()
        while True:
            await asyncio.sleep(TICK)
            self.outbox.check()
            if not self._online:
                continue
            await self._discovery.announce(self._feed.all())  # those that had to wait
            now = self._now()
            for battery in tuple(self._batteries.values()):
                await self.outbox.put_all(battery.due(now))
            await self._sweep(now)
            if self._forget_at is not None and now >= self._forget_at:
                await self._forget_strangers()
            if now - told >= INFO_EVERY:
                told = now
                await self._tell_info()

    async def _tell_info(self, *, again: bool = False) -> None:
        health = self._feed.health()
        others = (each for each in health.publishers if self._online or each.name != self._plan.name)
        problems = {publisher.name: publisher.problem for publisher in others if not publisher.ok}
        problems |= {adapter.name: adapter.problem for adapter in health.adapters if not adapter.ok}
        if health.store is not None and not health.store.ok:
            problems["history"] = health.store.problem
        info = text(
            {
                "version": health.version,
                "started_at": health.started_at.isoformat().replace("+00:00", "Z"),
                "mqtt": self._connection.version,
                "ok": not problems,
                "problems": problems,
                "batteries": {snapshot.info.slug: snapshot.info.name for snapshot in self._feed.all()},
            }
        )
        if again or info != self._info:
            self._info = info
            await self.outbox.put(Message(self._topics.bridge_info, info))

    # ---- what comes in ----

    async def _listen(self) -> None:
        async for message in self._connection.incoming():
            if message.topic == self._plan.birth_topic:
                if message.payload == ONLINE.encode() and not message.retained:
                    await self._tell_everything_again()
            elif message.topic == self._topics.bridge_state:
                await self._correct(message)
            elif message.topic == self._topics.bridge_info and not message.retained:
                self._echo.set()
            elif message.retained:
                self._see(message)
            else:
                self._obey(message)

    def _see(self, message: Incoming) -> None:
        if self._reading_back:
            self._heard = self._now()
            if self._patience is not None and not self._patience.expired():
                self._patience.reschedule(self._heard + READ_BACK)
            self._traces.see(message.topic, message.payload)

    async def _tell_everything_again(self) -> None:
        """Home Assistant has started: it needs discovery, availability and state."""
        if not self._online:
            return
        await self._discovery.announce(self._feed.all(), again=True)
        for battery in tuple(self._batteries.values()):
            battery.again()
            await self.outbox.put_all(battery.update(battery.snapshot, self._now()))

    async def _correct(self, message: Incoming) -> None:
        """Contradict the will of an earlier connection of ours that died slowly."""
        if self._online and message.payload != ONLINE.encode():
            await self.outbox.put(Message(self._topics.bridge_state, ONLINE))

    def _obey(self, message: Incoming) -> None:
        place = self._topics.parse(message.topic)
        if place is None:
            return
        slug, command = place
        if command == "refresh":
            slugs = [snapshot.info.slug for snapshot in self._feed.all()] if slug == BRIDGE else [slug]
            answers = [self._commands.refresh(each) for each in slugs]  # all are asked, whatever the first one says
            known = all(answers)
        elif command == "release":
            asked = minutes(message.payload)
            if asked is None:
                said = message.payload[:40].decode(errors="replace")
                _log.warning("MQTT: %s wants minutes, 0 to %d, not %r.", message.topic, LONGEST_RELEASE, said)
                return
            known = self._commands.release(slug, asked)
        else:
            return
        if not known:
            _log.warning("MQTT: %s names no battery of this gateway.", message.topic)


def minutes(payload: bytes) -> float | None:
    """Return how long a battery is to be released: nothing said means 10 minutes, 0 takes it back; None for noise."""
    try:
        asked = float(payload) if payload.strip() else float(RELEASE_MINUTES)
    except ValueError:
        return None
    return asked if 0 <= asked <= LONGEST_RELEASE else None  # nan is neither
