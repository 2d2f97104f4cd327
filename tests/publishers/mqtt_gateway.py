"""A gateway in small: runs a publisher again whenever it fails, as the real one does. Also a program, to be killed.

python -m tests.publishers.mqtt_gateway PORT KEEPALIVE
"""

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from bmsreader.gateway.supervision import end_if_cancelled
from bmsreader.model.errors import PublishError
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.mqtt import MqttPublisher
from tests.publishers.mqtt_batteries import MqttOptions, Orders, a_feed, a_snapshot

RETRY = 0.2
"""s between two attempts; the gateway waits longer and longer."""


class SmallGateway:
    """A publisher on an event loop in a thread of its own."""

    def __init__(self, publisher: MqttPublisher, feed: Feed) -> None:
        self.publisher = publisher
        self.feed = feed
        self.orders = Orders()
        self.problems: list[str] = []
        """Why the publisher failed, each time."""
        self.loop_troubles: list[dict[str, Any]] = []
        """What asyncio complained about: exceptions that nobody looked at, callbacks that failed."""
        self.loop = asyncio.new_event_loop()

    async def run(self) -> None:
        """Run the publisher for ever."""
        self.loop.set_exception_handler(lambda _, context: self.loop_troubles.append(context))
        while True:
            try:
                await self.publisher.run(self.feed, self.orders)
            except PublishError as error:
                self.problems.append(str(error))
                end_if_cancelled()
                await asyncio.sleep(RETRY)

    def call(self, coroutine: Any) -> "Future[Any]":
        """Run something on the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def put(self, *snapshots: Any) -> None:
        """Feed snapshots."""
        for snapshot in snapshots:
            self.loop.call_soon_threadsafe(self.feed.put, snapshot)


@contextlib.contextmanager
def a_gateway(settings: MqttOptions, *snapshots: Any, **arguments: Any) -> Iterator[SmallGateway]:
    """Run a gateway in small until the end of the block, then stop it as the real one is stopped."""
    gateway = SmallGateway(MqttPublisher(settings, version="1.2.3", **arguments), a_feed(*snapshots))
    thread = threading.Thread(target=gateway.loop.run_forever, daemon=True)  # a test that fails holds up no other
    thread.start()
    running = gateway.call(gateway.run())
    try:
        yield gateway
    finally:
        running.cancel()
        ended = asyncio.run_coroutine_threadsafe(_ended(), gateway.loop)
        ended.result(15)
        gateway.loop.call_soon_threadsafe(gateway.loop.stop)
        thread.join(15)
        gateway.loop.run_until_complete(gateway.loop.shutdown_default_executor())
        gateway.loop.close()


async def _ended() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*rest, return_exceptions=True)


async def program(port: int, keepalive: int) -> None:
    """Publish one battery until SIGTERM."""
    publisher = MqttPublisher(MqttOptions(port=port, keepalive=keepalive), version="1.2.3")
    gateway = SmallGateway(publisher, a_feed(a_snapshot()))
    gateway.loop.close()
    gateway.loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(gateway.run())
        gateway.loop.add_signal_handler(signal.SIGTERM, running.cancel)


if __name__ == "__main__":
    asyncio.run(program(int(sys.argv[1]), int(sys.argv[2])))
