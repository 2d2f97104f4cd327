"""MQTT: the latest values of every battery for house automations, and every reading for those who collect."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import PublishError
from bmsreader.model.health import PublisherHealth
from bmsreader.model.reading import Reading
from bmsreader.publishers.feed import Commands, Feed
from bmsreader.publishers.homeassistant import House, Mode
from bmsreader.publishers.mqtt_broker import FAREWELL, Broker, BrokerSettings, Connection
from bmsreader.publishers.mqtt_conversation import Conversation, Plan
from bmsreader.publishers.mqtt_messages import OFFLINE, Extras, Message, history_message
from bmsreader.publishers.mqtt_outbox import Outbox, history_room
from bmsreader.publishers.topics import Topics

BATCH = 200

Connect = Callable[[Message], AbstractAsyncContextManager[Connection]]
"""Opens a connection, with the message that the broker sends in our name when it breaks."""


class Settings(BrokerSettings, Protocol):
    """The settings of `[mqtt]`."""

    @property
    def values(self) -> bool: ...
    @property
    def history(self) -> bool: ...
    @property
    def venus(self) -> bool: ...
    @property
    def discovery(self) -> Mode: ...
    @property
    def discovery_prefix(self) -> str: ...
    @property
    def birth_topic(self) -> str: ...


class MqttPublisher:
    """A live publisher, and with ``history`` in the settings a durable one, over one connection."""

    name = "mqtt"
    batch = BATCH

    def __init__(
        self, settings: Settings, *, version: str, forget_after: float | None = 60.0, connect: Connect | None = None
    ) -> None:
        """Prepare; nothing is connected before ``run``. Raise ConfigurationError for a topic that is none.

        ``version`` is the program's. ``forget_after`` is the time in s after which the batteries of an earlier run that
        the feed does not have are removed from the broker and from Home Assistant; None keeps them for ever.
        """
        self.history = settings.history
        """Whether it is a durable publisher, too."""
        self._topics = Topics(settings.topic)
        self._plan = Plan(
            name=self.name,
            house=House(
                topics=self._topics, version=version, mode=settings.discovery, prefix=settings.discovery_prefix
            ),
            extras=Extras(values=settings.values, venus=settings.venus),
            birth_topic=settings.birth_topic,
            forget_after=forget_after,
        )
        self._connect: Connect = connect or Broker(settings).connected
        self._connection: Connection | None = None
        self._is_connected = asyncio.Event()
        self._outbox: Outbox | None = None
        self._problem = "not connected so far"
        self._delivered = 0

    async def run(self, feed: Feed, commands: Commands) -> None:
        """Publish until cancelled, then say goodbye. Raise PublishError when the broker is not there, or no longer."""
        try:
            async with self._connect(Message(self._topics.bridge_state, OFFLINE)) as connection:
                await self._converse(Conversation(self._plan, connection, feed, commands), connection)
        except PublishError as error:
            self._problem = str(error)
            raise

    async def _converse(self, conversation: Conversation, connection: Connection) -> None:
        def ready() -> None:
            self._connection, self._problem = connection, ""
            self._is_connected.set()

        self._outbox = conversation.outbox
        try:
            await conversation.run(ready)
        except ExceptionGroup as errors:
            raise _first(errors) from errors
        finally:
            self._connection = None
            self._is_connected.clear()
            await _goodbye(conversation)
            self._delivered += conversation.outbox.delivered
            self._outbox = None

    def health(self) -> PublisherHealth:
        """Return how it is doing."""
        outbox = self._outbox
        problem = self._problem
        if not problem and outbox is not None and outbox.refused:
            topic, why = next(iter(outbox.refused.items()))
            problem = f"the broker refuses messages on {topic}: {why}"
        delivered = self._delivered + (outbox.delivered if outbox is not None else 0)
        return PublisherHealth(name=self.name, ok=not problem, problem=problem, delivered=delivered)

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        """Publish readings on the battery's history topic; return when the broker has all. Raise PublishError.

        Without a connection it waits for one: ``run`` makes it, and says why there is none.
        """
        while (connection := self._connection) is None:
            await self._is_connected.wait()
        outbox = Outbox(connection, size=history_room(connection))
        for reading in readings:
            await outbox.put(history_message(self._topics, battery, reading))
        await outbox.drained()
        for topic, why in outbox.refused.items():
            raise PublishError(f"the MQTT broker refuses messages on {topic}: {why}")


async def _goodbye(conversation: Conversation) -> None:
    try:
        async with asyncio.timeout(FAREWELL):
            await conversation.goodbye()
    except (PublishError, TimeoutError):
        pass  # nobody listens any more: the broker says it by our will


def _first(errors: ExceptionGroup[Exception]) -> Exception:
    error: Exception = errors
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
