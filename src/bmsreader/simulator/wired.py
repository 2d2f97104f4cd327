"""Simulated packs that are wired together: of one make, nearly equally full, on the same charger and the same loads."""

from collections.abc import Callable
from random import Random

from bmsreader.simulator.demand import Demand, scenario
from bmsreader.simulator.pack import Pack

CAPACITY = 200.0
"""Ah on the label of each."""
SCENARIO, PART = "day", 0.35
"""What they are connected to, and how much of it: less sun and fewer loads for each than for a single pack."""


class Alike:
    """A demand that takes the same course in every pack that has one of the same seed."""

    def __init__(self, demand: Demand, seed: str) -> None:
        self._demand = demand
        self._dice = Random(seed)

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        """Return the current that all packs of the seed get in this step; the pack's own dice do not matter."""
        return PART * self._demand.current(hour, seconds, self._dice)


def wired_pack(number: int, group: int, *, clock: Callable[[], float], seed: int = 1, speed: float = 1.0) -> Pack:
    """Return a pack of a group; ``clock`` is monotonic seconds, ``speed`` how much faster time runs in it."""
    dice = Random(f"{seed} wired {number}")
    return Pack(
        clock=clock,
        dice=dice,
        design_capacity=CAPACITY,
        soc=Random(f"{seed} wired group {group}").uniform(40, 50) + dice.uniform(-2, 2),
        soh=dice.uniform(96, 99),
        cycle_count=120 + dice.randrange(5),
        ambient=18.0,
        speed=speed,
        demand=Alike(scenario(SCENARIO), f"{seed} demand {group}"),
    )
