"""A destination that the tests rule: it takes readings, refuses some, fails, or takes its time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bmsreader.model import BatteryInfo, PublishError, Reading, RowsRefused
from tests.clock import elapsed


@dataclass
class Destination:
    """A durable publisher without a network."""

    name: str = "test"
    batch: int = 100
    takes_at_once: int = 10**9
    """More than so many readings are refused, as by a server with a limit."""
    bad: set[Reading] = field(default_factory=set)
    refuses_all: bool = False
    down: bool = False
    seconds: float = 0.0
    """What a delivery takes."""
    taken: list[Reading] = field(default_factory=list)
    """What arrived, repeats and all."""
    posts: list[tuple[float, int]] = field(default_factory=list)
    """When somebody tried, s, and with how many readings."""

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        self.posts.append((elapsed(), len(readings)))
        assert {reading.battery for reading in readings} == {battery.id}
        await asyncio.sleep(self.seconds)
        if self.down:
            raise PublishError("nobody is at home")
        bad = {id(reading) for reading in self.bad}  # a reading's own hash is slow
        if self.refuses_all or len(readings) > self.takes_at_once or any(id(reading) in bad for reading in readings):
            raise RowsRefused("answered 400: I do not like it")
        self.taken += readings
