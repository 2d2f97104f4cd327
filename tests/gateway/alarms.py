"""Alarms of a gateway in virtual time: batteries that say what they are told to, and receivers that remember."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from bmsreader.alarms import Rule
from bmsreader.alarms.herald import Wishes
from bmsreader.gateway.alarming import Alarming
from bmsreader.gateway.courier import Courier
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.notices import Notify
from bmsreader.model import BatteryInfo, BatteryState, PublishError, Severity, Snapshot
from bmsreader.store import Store
from tests.clock import at_once, elapsed, now
from tests.gateway.made import PLAIN, reading

HOUSE = BatteryInfo(id=PLAIN.battery, name="House", slug="house")
LOW = Rule(name="Generator", field="soc", below=20.0)

Result = TypeVar("Result")


@dataclass(eq=False)
class Receiver:
    """Takes messages, or fails as long as it is told to."""

    titles: list[tuple[float, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    fails: str = ""
    attempts: int = 0

    async def prepare(self) -> None:
        if self.fails:
            raise PublishError(self.fails)

    async def send(self, title: str, body: str, severity: Severity, *, over: bool = False) -> None:
        self.attempts += 1
        if self.fails:
            raise PublishError(self.fails)
        self.titles.append((elapsed(), title))
        self.bodies.append(body)


@dataclass(eq=False)
class Place:
    """What is around the alarms of one gateway; made inside a running virtual-time loop."""

    rules: Sequence[Rule] = (LOW,)
    store: Store | None = None

    def __post_init__(self) -> None:
        self.told: list[str] = []
        self.logbook = Logbook(self.store, now)
        self.alarming = Alarming(
            self.rules, store=self.store, logbook=self.logbook, now=now, on_change=self.told.extend
        )

    def says(self, info: BatteryInfo = HOUSE, state: BatteryState = BatteryState.LIVE, **values: Any) -> Snapshot:
        """A battery gives a reading, twice, since one alone never changes an alarm."""
        first, second = (reading(elapsed() + late, battery=info.id, **values) for late in (0.0, 1.0))
        snapshot = Snapshot(info=info, at=now(), state=state, since=now(), reading=first)
        self.alarming.take(snapshot)
        return self.alarming.take(replace(snapshot, reading=second))

    async def over(self, **values: Any) -> None:
        """The battery is well again, for long enough."""
        for _ in range(8):
            self.says(soc=60, **values)
            await asyncio.sleep(10)
        self.says(soc=60, **values)

    def courier(self, receiver: Receiver, *, key: str = "notify phone", **wishes: Any) -> Courier:
        """A courier to a receiver, not running yet."""
        notify = Notify(name="notify phone", key=key, wishes=Wishes(**wishes), make=lambda: receiver)
        return Courier(
            notify,
            self.alarming,
            info=lambda _: HOUSE,
            note=lambda kind, detail: self.logbook.note(kind, detail=detail),
            now=now,
            offload=at_once,
            dice=Random(1),
        )


async def beside(work: Awaitable[None], *services: Any) -> None:
    """Do some work while services run, then end them."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one) for one in services]
        await work
        for task in running:
            task.cancel()


def history(folder: Path) -> Store:
    """A history in virtual time."""
    return Store(folder / "history", now=now)
