"""What to say about one battery on MQTT: from its snapshots to messages, without a network or a clock."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bmsreader.model.alarm import Alarm
from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot
from bmsreader.model.reading import Reading
from bmsreader.publishers.homeassistant import expiry, text
from bmsreader.publishers.mqtt_alarms import AlarmNews, event_text, list_text
from bmsreader.publishers.topics import Topics
from bmsreader.publishers.values import Value, forgotten, layout, state
from bmsreader.publishers.venus import REPEAT, venus

ONLINE, OFFLINE = "online", "offline"

VALUE_REPEAT = 10.0
"""s after which a single value is sent again although it did not change: receivers have time-outs."""


AGE = "age"
"""The one key without a topic of its own: whoever reads it later would be misled. ``last_seen`` is for them."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the broker, always with QoS 1."""

    topic: str
    payload: str
    retain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What is sent besides the state of each battery."""

    values: bool = False
    venus: bool = False


class Battery:
    """One battery on one connection: remembers what the broker has, so that only news is sent."""

    def __init__(
        self,
        topics: Topics,
        snapshot: Snapshot,
        *,
        extras: Extras,
        also: Collection[str] = (),
        single: Collection[str] = (),
        news: AlarmNews | None = None,
    ) -> None:
        """``also`` are the keys that an earlier run announced: they stay until the battery was read.

        ``single`` are the keys whose values an earlier run left on topics of their own, ``news`` knows the alarms that
        were told on earlier connections.
        """
        self.snapshot = snapshot
        self._topics = topics
        self._extras = extras
        self._also = also
        self._layout = layout(snapshot.info)
        self._available = ""
        self._news = news or AlarmNews()
        self._alarms: tuple[Alarm, ...] | None = None
        self._values: dict[str, tuple[str | None, float]] = dict.fromkeys(single, (None, 0.0))
        self._at = 0.0
        self._venus_at = float("-inf")

    @property
    def info(self) -> BatteryInfo:
        """Who it is."""
        return self.snapshot.info

    def update(self, snapshot: Snapshot, now: float) -> Iterator[Message]:
        """Yield what a new snapshot changes; ``now`` is in s, on any clock that only goes forward."""
        if snapshot.info != self.snapshot.info:
            self._layout = layout(snapshot.info)
        if snapshot.info.fields:
            self._also = ()
        self.snapshot, self._at = snapshot, now
        values = state(self._layout, snapshot, also=self._also)
        slug = snapshot.info.slug
        live = snapshot.state is BatteryState.LIVE and snapshot.reading is not None
        available = ONLINE if live else OFFLINE
        if live:  # nobody may believe a value that comes before "online", or that stays after "offline"
            yield Message(self._topics.state(slug), text(values))
        if available != self._available:
            self._available = available
            yield Message(self._topics.availability(slug), available)
        if not live:
            yield Message(self._topics.state(slug), text(values))
        yield from self._told_alarms(slug, snapshot)
        yield from self._single_values(slug, values if self._extras.values else {}, now)
        if self._extras.venus:
            self._venus_at = float("-inf")
            yield from self.due(now)

    def _told_alarms(self, slug: str, snapshot: Snapshot) -> Iterator[Message]:
        if self._alarms != snapshot.alarms:
            self._alarms = snapshot.alarms
            yield Message(self._topics.alarms(slug), list_text(snapshot))
        for event in self._news.take(snapshot):
            yield Message(self._topics.alarm(slug), event_text(event, slug), retain=False)

    def _single_values(self, slug: str, values: dict[str, Value], now: float) -> Iterator[Message]:
        for key, value in values.items():
            if key == AGE:
                continue
            payload = "" if value is None else str(value)
            sent, at = self._values.get(key, (None, 0.0))
            if payload != sent or (payload and now - at >= VALUE_REPEAT):
                self._values[key] = (payload, now)
                yield Message(self._topics.value(slug, key), payload)
        for key in [key for key in self._values if key not in values]:
            del self._values[key]
            yield Message(self._topics.value(slug, key), "")

    def due(self, now: float) -> Iterator[Message]:
        """Yield what must be repeated, as long as the values are not too old for that."""
        fresh = now - self._at < expiry(self.snapshot.interval)
        if not self._extras.venus or now - self._venus_at < REPEAT or not fresh:
            return
        message = venus(self.snapshot)
        if message is not None:
            self._venus_at = now
            yield Message(self._topics.venus(self.info.slug), text(message), retain=False)

    def again(self) -> None:
        """Forget what the broker has: everything is sent with the next snapshot."""
        self._available = ""
        self._alarms = None
        self._values = dict.fromkeys(self._values, (None, 0.0))

    def goodbye(self, reason: str) -> Iterator[Message]:
        """Yield what leaves no value behind that could be taken for the present."""
        slug = self.info.slug
        yield Message(self._topics.availability(slug), OFFLINE)
        values = state(self._layout, self.snapshot, also=self._also)
        ended = {**forgotten(values), "reason": reason}
        kept = {key: values[key] for key, _ in self._layout.counted}
        yield Message(self._topics.state(slug), text({**ended, **kept}))
        yield Message(self._topics.alarms(slug), "")
        yield from (Message(self._topics.value(slug, key), "") for key, (sent, _) in self._values.items() if sent)

    def removal(self) -> Iterator[Message]:
        """Yield what removes every trace of the battery, apart from Home Assistant's."""
        slug = self.info.slug
        whole = (self._topics.availability, self._topics.alarms, self._topics.state)
        yield from (Message(topic(slug), "") for topic in whole)
        yield from (Message(self._topics.value(slug, key), "") for key in self._values)


def history_message(topics: Topics, info: BatteryInfo, reading: Reading) -> Message:
    """Return a reading for the durable topic: all that it says, with its own time stamp, and who it is about."""
    values = reading.as_dict()
    del values["frames"]
    return Message(topics.history(info.slug), text({**values, "battery": info.id, "name": info.name}), retain=False)
