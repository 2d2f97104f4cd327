"""Months of a gateway in minutes: simulated batteries with the faults of the field, in virtual time, into a real store.

    python -m tests.gateway.soak [--days 30] [--batteries 8] [--interval 60] [--store FILE]

Prints what came of each day and, at the end, one line of JSON. It runs in a program of its own, so that its memory is
its own.
"""

import argparse
import asyncio
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.wanted import Outlet, Plan
from bmsreader.model import BatteryInfo, BatteryState, PublisherHealth, Reading
from bmsreader.simulator import Faults
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from bmsreader.store import Store
from tests.clock import A_DAY, START, VirtualTimeLoop, at_once, elapsed, now
from tests.gateway.world import reading, wanted

Result = TypeVar("Result")

PAST = 3500
"""Readings of each battery that are in the store before the soak begins."""

FIELD = (
    "lost-chunk:0.005,bad-checksum:0.002,glitch:0.002,at-noise:0.05,silent:0.02,drop:4@0.01,stale-services:0.01,"
    "hanging-disconnect:0.002,idle-disconnect:65"
)
"""A third of the reads of one first day in the field failed, 1 of 540 genuine frames said that all switches are off, a
log of two packs has 640 dropouts: these rates are of that order."""
SLEEPER = FIELD + ",asleep-at-rest"
HOGGED = FIELD + ",busy:0.05"


@dataclass(kw_only=True)
class Outcome:
    """What came of a soak."""

    days: float
    batteries: int
    interval: float
    accepted: int
    """Readings that passed all checks."""
    stored: int
    delivered: int
    """Readings that a durable publisher got; each once, in order."""
    out_of_order: int
    polls: int
    rejected: int
    connects: int
    failures: int
    live: float
    """Part of the time, of those batteries whose radio does not sleep, in which they were live."""
    first_day_memory: float
    """MB resident at the end of the first day."""
    last_day_memory: float
    store_size: int
    """Bytes."""
    seconds: float
    """Real time."""


class Counting:
    """A durable publisher that checks the order and keeps nothing."""

    name = "counting"
    batch = 500

    def __init__(self) -> None:
        self.delivered = 0
        self.out_of_order = 0
        self._last: dict[str, Reading] = {}

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        """Take readings; each must be later than the one before."""
        for one in readings:
            before = self._last.get(battery.id)
            self.out_of_order += before is not None and one.taken_at <= before.taken_at
            self._last[battery.id] = one
        self.delivered += len(readings)

    def health(self) -> PublisherHealth:
        """Say that all is well."""
        return PublisherHealth(name=self.name, ok=True)


def resident() -> float:
    """Return this program's resident memory in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def with_field_faults(batteries: Sequence[Battery]) -> None:
    """Give every battery the faults of the field; one also sleeps at rest, one is often held by a phone."""
    for number, battery in enumerate(batteries):
        battery.faults = Faults.parse((FIELD, SLEEPER, HOGGED)[number % 3 if number < 3 else 0])


def with_a_past(store: Store, batteries: Sequence[Battery]) -> None:
    """Give the store nearly a segment of each battery, so that the first day has all that later days have."""
    for battery in batteries:
        for number in range(PAST):
            before = timedelta(minutes=PAST - number)
            current = -20.0 + number % 7 / 10
            store.append(reading(battery=battery.address, taken_at=START - before, current=current))
    store.commit()


class Watch:
    """Looks at the gateway each hour, and at its memory each day."""

    def __init__(self, gateway: Gateway, say: Callable[[str], object]) -> None:
        self.memory: list[float] = []
        self.live = self.seen = 0
        self._gateway = gateway
        self._say = say
        self._began = time.monotonic()

    async def over(self, days: float) -> None:
        """Watch for so many days, and until the last readings are on disk."""
        for hour in range(round(days * 24)):
            await asyncio.sleep(3600)
            snapshots = self._gateway.snapshots()
            states = [one.state for number, one in enumerate(snapshots) if number % 3 != 1]
            self.live += sum(state is BatteryState.LIVE for state in states)
            self.seen += len(states)
            if hour % 24 == 23:
                self.memory.append(resident())
                accepted, took = sum(one.counts.readings for one in snapshots), time.monotonic() - self._began
                self._say(f"day {hour // 24 + 1}: {accepted} readings, {self.memory[-1]:.1f} MB, {took:.0f} s")
        await asyncio.sleep(120)


async def soak(store: Store, *, days: float, count: int, interval: float, say: Callable[[str], object]) -> Outcome:
    """Run a gateway for so many days."""
    began = time.monotonic()
    batteries = fleet(count, clock=elapsed, instant=True)
    with_field_faults(batteries)
    with_a_past(store, batteries)
    counting = Counting()
    plan = Plan(
        batteries=tuple(wanted(battery, interval=interval) for battery in batteries),
        outlets=(Outlet(settings="counting", make=lambda: counting, live=False, durable=True),),
    )
    gateway = Gateway(
        plan,
        radio=Airing(SimulatedRadio(batteries), on=True),
        store=store,
        in_writer=at_once,
        offload=at_once,
        now=now,
        dice=Random(1),
    )
    watch = Watch(gateway, say)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(gateway.run())
        await watch.over(days)
        counts = [one.counts for one in gateway.snapshots()]
        task.cancel()
    return Outcome(
        days=days,
        batteries=count,
        interval=interval,
        accepted=sum(one.readings for one in counts),
        stored=sum(store.committed(battery.address) - PAST for battery in batteries),
        delivered=counting.delivered - PAST * count,
        out_of_order=counting.out_of_order,
        polls=sum(one.polls for one in counts),
        rejected=sum(one.rejected for one in counts),
        connects=sum(one.connects for one in counts),
        failures=sum(one.failures for one in counts),
        live=round(watch.live / watch.seen, 4),
        first_day_memory=watch.memory[0],
        last_day_memory=watch.memory[-1],
        store_size=store.health().size,
        seconds=round(time.monotonic() - began, 1),
    )


def main() -> None:
    """Soak as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--batteries", type=int, default=8)
    parser.add_argument("--interval", type=float, default=60)
    parser.add_argument("--store", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.store or Path(folder) / "history.sqlite3"
        limit = timedelta(days=asked.days + 1) / timedelta(seconds=1)
        with asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(limit=max(limit, A_DAY))) as runner:
            store = Store(path)
            outcome = runner.run(soak(store, days=asked.days, count=asked.batteries, interval=asked.interval, say=_say))
            store.close()
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
