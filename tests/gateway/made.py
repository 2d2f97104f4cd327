"""Readings for tests that look at a few values only, and those of a simulated pack over time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from bmsreader.model.reading import Reading
from bmsreader.simulator.demand import Demand
from bmsreader.simulator.pack import Pack
from tests.clock import START, Clock

PLAIN = Reading(
    battery="02:00:07:00:15:44",
    taken_at=START,
    protocol="ej",
    variant="status",
    pack_voltage=13.2,
    current=0.0,
    soc=62,
    remaining_capacity=124.0,
    full_charge_capacity=198.0,
    design_capacity=200.0,
    cell_voltages=(3.3, 3.3, 3.3, 3.3),
    temperatures=(21.0,),
    cycle_count=49,
    time_to_empty=None,
    time_to_full=None,
    health=None,
    max_error=None,
    alarms=(),
    charge_switch=True,
    discharge_switch=True,
    charge_enabled=True,
    discharge_enabled=True,
    heater=False,
    derived=("pack_voltage",),
    notes=(),
    frames=(),
)
"""A 200 Ah battery at rest."""


def reading(seconds: float = 0.0, **values: Any) -> Reading:
    """Return a reading so many seconds after the start."""
    return replace(PLAIN, taken_at=START + timedelta(seconds=seconds), **values)


def life_of_a_pack(*, every: float, hours: float, demand: Demand | None = None, **pack: Any) -> Iterator[Reading]:
    """Yield what a simulated pack says, at regular times."""
    clock = Clock()
    living = Pack(clock=clock, dice=Random(7), demand=demand, **pack)
    while clock.now <= hours * 3600:
        yield reading(clock.now, **living.values())
        clock.advance(every)
