"""An MQTT broker on paper: remembers what is retained, answers subscriptions, and lives in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bmsreader.model.errors import PublishError
from bmsreader.publishers.mqtt_broker import Incoming
from bmsreader.publishers.mqtt_messages import Message


def matches(pattern: str, topic: str) -> bool:
    """Return whether a topic matches a filter with + for one level."""
    levels, names = pattern.split("/"), topic.split("/")
    return len(levels) == len(names) and all(level in ("+", name) for level, name in zip(levels, names, strict=True))


class PaperBroker:
    """The broker and the connection to it in one; acknowledges at once unless told otherwise."""

    version = "5"
    room = 20

    def __init__(self, *, acknowledges: bool = True, refuses: Sequence[str] = ()) -> None:
        self.retained: dict[str, str] = {}
        self.log: list[Message] = []
        self.acknowledges = acknowledges
        self.refuses = refuses
        self.pace = 0.0
        """s that each message takes to come in."""
        self.will: Message | None = None
        self.connections = 0
        self._filters: dict[str, int] = {}
        self._inbox: asyncio.Queue[Incoming | PublishError] = asyncio.Queue()

    @asynccontextmanager
    async def connect(self, will: Message) -> AsyncIterator["PaperBroker"]:
        self.will, self._filters, self._inbox = will, {}, asyncio.Queue()
        self.connections += 1
        yield self

    def post(self, message: Message) -> asyncio.Future[str]:
        self.log.append(message)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        if message.topic in self.refuses:
            answer.set_result("Not authorized")
            return answer
        self.publish(message.topic, message.payload, retain=message.retain)
        if self.acknowledges:
            answer.set_result("")
        return answer

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Take a message of anybody."""
        if retain:
            self.retained.pop(topic, None)
            if payload:
                self.retained[topic] = payload
        if any(matches(each, topic) for each in self._filters):
            self._inbox.put_nowait(Incoming(topic, payload.encode()))

    async def subscribe(self, filters: Sequence[str], qos: int = 1) -> tuple[str, ...]:
        for each in filters:
            if each in self.refuses:
                continue
            self._filters[each] = qos
            for topic, payload in self.retained.items():
                if matches(each, topic):
                    self._inbox.put_nowait(Incoming(topic, payload.encode(), retained=True))
        return tuple(each for each in filters if each in self.refuses)

    async def unsubscribe(self, filters: Sequence[str]) -> None:
        for each in filters:
            self._filters.pop(each, None)

    async def incoming(self) -> AsyncIterator[Incoming]:
        while True:
            message = await self._inbox.get()
            if isinstance(message, PublishError):
                raise message
            if self.pace:
                await asyncio.sleep(self.pace)
            yield message

    def hang_up(self) -> None:
        """Break the connection."""
        self._inbox.put_nowait(PublishError("The connection is lost."))

    def sent(self, topic: str) -> list[str]:
        """Return all payloads that were sent on a topic, in order."""
        return [message.payload for message in self.log if message.topic == topic]
