"""Readings of batteries that live a little: what the tests of the store put in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bmsreader.model.battery import Totals
from bmsreader.model.reading import Reading
from bmsreader.store import Store
from tests.clock import START

HOUSE = "02:00:07:00:15:44"
A_DAY = timedelta(days=1)
FEW = 25
"""Examples of a property in the unit tests: they have to be fast."""


def reading(taken_at: datetime = START, battery: str = HOUSE, **values: Any) -> Reading:
    """Return a reading as an E&J battery gives it."""
    usual: dict[str, Any] = {
        "protocol": "ej",
        "variant": "status",
        "pack_voltage": 13.28,
        "current": -4.2,
        "soc": 62,
        "remaining_capacity": 124.0,
        "full_charge_capacity": 198.0,
        "design_capacity": 200.0,
        "cell_voltages": (3.32, 3.32, 3.321, 3.319),
        "temperatures": (21,),
        "cycle_count": 49,
        "time_to_empty": 3600,
        "time_to_full": None,
        "health": None,
        "max_error": None,
        "alarms": (),
        "charge_switch": True,
        "discharge_switch": True,
        "charge_enabled": True,
        "discharge_enabled": True,
        "heater": False,
        "derived": ("pack_voltage",),
        "notes": (),
        "frames": (b":00~",),
    }
    return Reading(battery=battery, taken_at=taken_at, **{**usual, **values})


def readings(
    count: int, *, step: float = 1.0, start: datetime = START, battery: str = HOUSE, cells: int = 4, seed: int = 1
) -> Iterator[Reading]:
    """Yield readings of a battery that is used: noisy cells, a load that comes and goes, times with a jitter."""
    dice = Random(seed)
    current, charge = -4.2, 124.0
    for number in range(count):
        if dice.random() < 0.01:
            current = round(dice.uniform(-40, 30), 1)
        charge += current * step / 3600
        level = 3.3 + current * 0.001
        volts = tuple(round(level + dice.gauss(0, 0.001), 3) for _ in range(cells))
        yield reading(
            start + timedelta(seconds=number * step, milliseconds=dice.randrange(20)),
            battery,
            pack_voltage=round(sum(volts), 3),
            current=current,
            soc=round(charge / 1.98),
            remaining_capacity=round(charge, 1),
            cell_voltages=volts,
            time_to_empty=None if current >= 0 else 60 * round(60 * charge / -current),
            alarms=("over_discharge",) if number % 100 < 3 else (),
        )


def fill(store: Store, some: Iterator[Reading] | list[Reading], *, every: int = 60) -> list[Reading]:
    """Take readings into a store, with a commit after each so many and at the end; return them as they are stored."""
    kept = []
    for number, one in enumerate(some, 1):
        kept.append(store.append(one, signal=-60 - number % 5, totals=Totals(energy_in=float(number))))
        if number % every == 0:
            store.commit()
    store.commit()
    return kept


def bare(one: Reading) -> Reading:
    """Return a reading without what the store does not keep."""
    return replace(one, frames=())
