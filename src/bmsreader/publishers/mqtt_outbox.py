"""Messages on their way to the broker: a bounded number without acknowledgement, for a bounded time."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable

from bmsreader.model.errors import PublishError
from bmsreader.publishers.mqtt_broker import Connection
from bmsreader.publishers.mqtt_messages import Message

PATIENCE = 10.0
"""s that a broker may take to acknowledge a message; one that takes longer is taken for dead."""


def live_room(connection: Connection) -> int:
    """Return how many live messages may wait for their acknowledgement: the larger part of what the broker allows."""
    return max(1, connection.room * 3 // 5)


def history_room(connection: Connection) -> int:
    """Return how many readings of the history may wait: few, so that no live value waits behind many of them."""
    return max(1, connection.room - live_room(connection))


_log = logging.getLogger(__name__)


class Outbox:
    """Sends messages in order, without waiting for each, and notices a broker that accepts and never acknowledges."""

    def __init__(self, connection: Connection, *, size: int, patience: float = PATIENCE) -> None:
        self._connection = connection
        self._size = size
        self._patience = patience
        self._waiting: deque[tuple[Message, asyncio.Future[str], float]] = deque()
        self._now = asyncio.get_running_loop().time
        self.delivered = 0
        """Messages that the broker has."""
        self.refused: dict[str, str] = {}
        """Topics that the broker does not let us publish on, and why."""

    async def put(self, message: Message) -> None:
        """Send a message; wait only while too many are without acknowledgement. Raise PublishError."""
        self._settle()
        while len(self._waiting) >= self._size:
            await self._oldest()
        self._waiting.append((message, self._connection.post(message), self._now()))

    async def put_all(self, messages: Iterable[Message]) -> None:
        """Send messages in order. Raise PublishError."""
        for message in messages:
            await self.put(message)

    async def drained(self) -> None:
        """Wait until the broker has everything. Raise PublishError."""
        self._settle()
        while self._waiting:
            await self._oldest()

    def check(self) -> None:
        """Raise PublishError when the broker owes an acknowledgement for too long."""
        self._settle()
        if self._waiting and self._now() - self._waiting[0][2] > self._patience:
            raise self._dead()

    async def _oldest(self) -> None:
        _, future, since = self._waiting[0]
        await asyncio.wait((future,), timeout=max(0.0, since + self._patience - self._now()))
        if not future.done():
            raise self._dead()
        self._settle()

    def _dead(self) -> PublishError:
        return PublishError(
            f"the MQTT broker accepts messages but has not acknowledged any for {self._patience:g} s",
            advice="Look at the broker's log, its disk and its memory; the gateway connects again by itself.",
        )

    def _settle(self) -> None:
        while self._waiting and self._waiting[0][1].done():
            message, future, _ = self._waiting.popleft()
            why = future.result()
            if not why:
                self.delivered += 1
            elif message.topic not in self.refused:
                self.refused[message.topic] = why
                _log.warning("The MQTT broker refuses messages on %s: %s.", message.topic, why)
