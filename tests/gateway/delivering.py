"""Deliver what a gateway remembers, in virtual time."""

import asyncio
from random import Random
from typing import Any, TypeVar

from bmsreader.gateway.delivery import Delivery
from bmsreader.model import Reading, Record
from tests.clock import at_once, now, run
from tests.gateway.destination import Destination
from tests.gateway.remembered import BOAT, HOUSE, Remembered

Result = TypeVar("Result")


class Watched:
    """A delivery with all that it needs, in virtual time."""

    def __init__(self, destination: Destination, history: Remembered, **options: Any) -> None:
        self.records: list[Record] = []
        self.history = history
        known: dict[str, Any] = {"batteries": lambda: [HOUSE, BOAT], "now": now, "dice": Random(1), "offload": at_once}
        self.delivery = Delivery(destination, history, on_record=self.records.append, **known | options)

    def append(self, one: Reading) -> None:
        self.history.append(one)
        self.delivery.news(one.battery)

    async def for_seconds(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.delivery.run()
        except TimeoutError:
            pass


def deliver(destination: Destination, history: Remembered, *, seconds: float = 60.0, **options: Any) -> Watched:
    """Deliver for some seconds, with nothing new."""

    async def main() -> Watched:
        watched = Watched(destination, history, **options)
        await watched.for_seconds(seconds)
        return watched

    return run(main())
