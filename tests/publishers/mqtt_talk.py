"""A talk of the publisher with a broker on paper, in virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from bmsreader.model.battery import Snapshot
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.mqtt import MqttPublisher
from tests.clock import run
from tests.publishers.mqtt_batteries import MqttOptions, Orders, a_feed, a_snapshot, an_info
from tests.publishers.paper_broker import PaperBroker

STATE, AVAILABILITY, BRIDGE = "bmsreader/cellar/state", "bmsreader/cellar/availability", "bmsreader/bridge/state"
DISCOVERY = "homeassistant/device/bmsreader_aabbccddee01/config"
BOAT = a_snapshot(an_info(id="AA:BB:CC:DD:EE:02", address=None, name="Boat", slug="boat"))

Act = Callable[[Feed], Awaitable[object]]


async def nothing(feed: Feed) -> None:
    """Just wait until all is told."""


def talk(
    broker: PaperBroker, *snapshots: Snapshot, act: Act = nothing, orders: Orders | None = None, **settings: Any
) -> MqttPublisher:
    """Run a publisher: a second to begin, then the act, then ten seconds, then it is stopped."""
    publisher = MqttPublisher(MqttOptions(**settings), version="1.2.3", connect=broker.connect)

    async def story() -> None:
        feed = a_feed(*snapshots)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(publisher.run(feed, orders or Orders()))
            await asyncio.sleep(1)
            await act(feed)
            await asyncio.sleep(10)
            running.cancel()

    run(story())
    return publisher


def state(broker: PaperBroker, slug: str = "cellar") -> dict[str, Any]:
    said: dict[str, Any] = json.loads(broker.retained[f"bmsreader/{slug}/state"])
    return said
