"""What is connected to a simulated pack: chargers and loads, over the hours of a day.

A demand is asked once per step of the simulation for the current that charger and loads want together, in A per Ah of
the pack's design capacity (so that 0.2 is a charge in five hours), positive = charging. What really flows is decided by
the pack: it may be full, empty, or have switched itself off.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from bmsreader.model.errors import UsageError


class Demand(Protocol):
    """Charger and loads of one pack."""

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        """Return the wanted current for the next ``seconds``, in A per Ah of design capacity.

        ``hour`` is the time of day, 0 to 24.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """The same current for ever; 0 is a pack at rest."""

    rate: float
    """A per Ah of design capacity, positive = charging."""

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        """Return the rate."""
        return self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Appliance:
    """A load that is on now and then."""

    name: str
    rate: float
    """A per Ah of design capacity while it is on."""
    hours: tuple[float, float]
    """From and to which hour of the day it may run."""
    starts_per_hour: float
    minutes: tuple[float, float]
    """Shortest and longest time that it stays on."""


HOUSEHOLD = (
    Appliance(name="fridge", rate=0.04, hours=(6, 23.5), starts_per_hour=2.5, minutes=(10, 20)),
    Appliance(name="light and television", rate=0.06, hours=(18.5, 23), starts_per_hour=4, minutes=(60, 120)),
    Appliance(name="water pump", rate=0.05, hours=(7, 22.5), starts_per_hour=2, minutes=(0.5, 1.5)),
    Appliance(name="coffee machine on the inverter", rate=0.8, hours=(7, 9), starts_per_hour=1, minutes=(2, 4)),
    Appliance(name="laptop", rate=0.05, hours=(9, 17), starts_per_hour=0.7, minutes=(30, 90)),
)


class Loads:
    """Some appliances, each on its own schedule."""

    def __init__(self, appliances: Sequence[Appliance]) -> None:
        self._appliances = appliances
        self._left = [0.0] * len(appliances)

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        """Return what the appliances that are on draw together: negative."""
        drawn = 0.0
        for number, appliance in enumerate(self._appliances):
            if not appliance.hours[0] <= hour < appliance.hours[1]:
                self._left[number] = 0.0
            elif self._left[number] > 0:
                self._left[number] -= seconds
                drawn += appliance.rate
            elif dice.random() < appliance.starts_per_hour * seconds / 3600:
                self._left[number] = 60 * dice.uniform(*appliance.minutes)
        return -drawn


class Day:
    """A day on the road: sun from seven to seven with clouds, loads until late, silence at night."""

    PEAK = 0.25
    SUNRISE, SUNSET = 7.0, 19.0
    CLOUDS_CHANGE = 600.0
    """Seconds after which a cloud has mostly passed."""

    def __init__(self) -> None:
        self._loads = Loads(HOUSEHOLD)
        self._sky = 0.8
        """Part of the sunlight that comes through."""

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        """Return sun minus loads."""
        loads = self._loads.current(hour, seconds, dice)
        if not self.SUNRISE < hour < self.SUNSET:
            return loads
        pull = seconds / self.CLOUDS_CHANGE
        self._sky += (0.7 - self._sky) * pull + dice.gauss(0, 0.25) * math.sqrt(2 * pull)
        self._sky = min(max(self._sky, 0.1), 1.0)
        height = math.sin(math.pi * (hour - self.SUNRISE) / (self.SUNSET - self.SUNRISE))
        return self.PEAK * self._sky * math.pow(height, 1.3) + loads


class Wavering:
    """A charger or a load that is always on, never quite even, and changes in steps now and then."""

    def __init__(self, rate: float, *, steps: Sequence[float], minutes: float) -> None:
        self._rate = rate
        self._steps = steps
        self._minutes = minutes
        self._factor = 1.0

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        """Return about the rate, times the step that it is at."""
        if dice.random() < seconds / (60 * self._minutes):
            self._factor = dice.choice(self._steps)
        return self._rate * self._factor * dice.gauss(1, 0.004)


SCENARIOS: dict[str, Callable[[], Demand]] = {
    "day": Day,
    "charge": lambda: Wavering(0.2, steps=(0.7, 0.9, 1.0, 1.1), minutes=5),
    "discharge": lambda: Wavering(-0.1, steps=(0.2, 0.5, 1.0, 1.5, 4.0), minutes=3),
    "rest": lambda: Steady(rate=0.0),
}
"""What an owner can ask for by name."""


def scenario(name: str) -> Demand:
    """Return a demand by its name; raise UsageError that lists the names."""
    if name not in SCENARIOS:
        raise UsageError(f"no scenario is called {name!r}", advice=f"There are: {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]()
