"""What must have happened before the dashboard is pictured: months of history that end as its batteries begin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bmsreader.banks import Bank
from bmsreader.banks import Pack as PackOfBank
from bmsreader.descriptions import load
from bmsreader.model import BatteryInfo, Reading, Totals
from bmsreader.model.arrangement import parse_arrangement
from bmsreader.simulator import Battery, Pack
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.pack import Measured
from bmsreader.store import Store

EVERY = timedelta(minutes=1)
OUTAGES = (timedelta(days=4, hours=7), timedelta(days=4, hours=3)), (timedelta(hours=15), timedelta(hours=13.4))
"""When the computer was off, seen from the end: from the first to the second."""
STARTING = timedelta(seconds=40)
"""From the end of the history to the first live reading: a start of the program."""
COMMIT = 2000
"""Readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The past of one of the simulated batteries."""

    name: str
    slug: str
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """A bank of them."""

    name: str
    slug: str
    arrangement: str
    """Of slugs."""


Past = dict[datetime, Reading]


def remember(store: Store, parts: Sequence[Part], bank: Wired, now: datetime) -> float:
    """Give the first simulated batteries a past that ends now; return the hour of day it is for the first of them."""
    hours, pasts = [], {}
    for battery, part in zip(fleet(len(parts), clock=lambda: 0.0), parts, strict=True):
        hour, pasts[part.slug] = _live(store, battery, part, now - STARTING)
        hours.append(hour)
    _together(store, bank, pasts)
    return hours[0]


def _together(store: Store, wired: Wired, pasts: dict[str, Past]) -> None:
    """Put in what the bank was while all its packs were read."""
    arrangement = parse_arrangement(wired.arrangement, {slug: slug for slug in pasts})
    identity = f"bank:{wired.slug}"
    bank = Bank(arrangement, battery=identity)
    store.put_info(BatteryInfo(id=identity, name=wired.name, slug=wired.slug, kind="bank", simulated=True))
    count = _Count()
    for at in sorted(set.intersection(*(set(pasts[slug]) for slug in arrangement.packs))):
        packs = [
            PackOfBank(slug=slug, reading=(one := pasts[slug][at]), capacity=one.full_charge_capacity, cells=4)
            for slug in arrangement.packs
        ]
        reading = bank.evaluate(packs, taken_at=at).reading
        store.append(reading, totals=count.after(reading))
    store.commit()


def _live(store: Store, battery: Battery, part: Part, end: datetime) -> tuple[float, Past]:
    """Let a pack like the battery's live through sunny days, and end where the battery begins: as full, as busy.

    Return the hour of day at the end, and its readings.
    """
    goal = battery.pack.measure()
    seconds = 0.0
    pack = Pack(
        clock=lambda: seconds,
        dice=Random(f"past of {part.slug}"),
        design_capacity=goal.design_capacity,
        soc=80,
        soh=100 * goal.full_charge_capacity / goal.design_capacity,
        cycle_count=max(goal.cycle_count - int(part.days), 0),
        ambient=18,
        hour=0,
        sensors=len(goal.temperatures),
    )
    teller = Battery(pack, codec=load("ej"), dice=Random(0), address=battery.address)
    frames: list[tuple[float, bytes]] = []
    best, chosen = float("inf"), 0
    while seconds < (part.days + 1) * 86_400:
        frames.append((seconds, teller.frame("status")))
        distance = _distance(pack.measure(), goal) if seconds > part.days * 86_400 else float("inf")
        if distance <= best:
            best, chosen = distance, len(frames)
        seconds += EVERY.total_seconds()
    hour = frames[chosen - 1][0] / 3600 % 24
    return hour, _keep(store, teller, part, frames[:chosen], end)


def _distance(now: Measured, goal: Measured) -> float:
    """Return how far a pack is from another one: points of charge, and much for a current the other way."""
    return abs(now.soc - goal.soc) + (0 if now.current * goal.current > 0 else 20)


def _keep(store: Store, battery: Battery, part: Part, frames: Sequence[tuple[float, bytes]], end: datetime) -> Past:
    """Put the readings into the history, as the gateway would have counted them, but for the outages."""
    cells = len(battery.pack.measure().cell_voltages)
    store.put_info(BatteryInfo(id=battery.address, name=part.name, slug=part.slug, cells=cells, simulated=True))
    last, dice, count = frames[-1][0], Random(part.slug), _Count()
    past = {}
    for seconds, frame in frames:
        left = timedelta(seconds=last - seconds)
        if any(first > left > second for first, second in OUTAGES):
            continue
        reading = battery.codec.decode(frame, battery=battery.address, taken_at=end - left)
        if not isinstance(reading, Reading):
            continue
        store.append(reading, signal=round(dice.gauss(-63, 2.5)), totals=count.after(reading))
        past[end - left] = reading
        if len(past) % COMMIT == 0:
            store.commit()
    store.commit()
    return past


class _Count:
    """The counters of one battery; in a longer pause nothing is counted, it is a gap."""

    def __init__(self) -> None:
        self._totals = Totals()
        self._before: datetime | None = None

    def after(self, reading: Reading) -> Totals:
        """Return the counters as they are with this reading."""
        before, self._before = self._before or reading.taken_at, reading.taken_at
        step = reading.taken_at - before
        hours, amperes, watts = step / timedelta(hours=1), reading.current or 0.0, reading.power or 0.0
        if step > 5 * EVERY:
            self._totals = replace(self._totals, gaps=self._totals.gaps + step.total_seconds())
        else:
            self._totals = Totals(
                energy_in=round(self._totals.energy_in + max(watts, 0.0) * hours, 4),
                energy_out=round(self._totals.energy_out + max(-watts, 0.0) * hours, 4),
                charge_in=round(self._totals.charge_in + max(amperes, 0.0) * hours, 5),
                charge_out=round(self._totals.charge_out + max(-amperes, 0.0) * hours, 5),
                gaps=self._totals.gaps,
            )
        return self._totals


def fill(path: Path, parts: Sequence[Part], bank: Wired) -> float:
    """Fill a new history; return the hour of day that it is now for the first battery."""
    with Store(path) as store:
        return remember(store, parts, bank, datetime.now(UTC).replace(microsecond=0))
