"""As many simulated batteries as one likes, no two alike, for a gateway without batteries and for its tests."""

from collections.abc import Callable, Collection, Sequence
from random import Random

from bmsreader.descriptions.catalogue import load
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.demand import SCENARIOS, scenario
from bmsreader.simulator.demo import two_demo_batteries
from bmsreader.simulator.faults import Faults
from bmsreader.simulator.pack import Pack
from bmsreader.simulator.wired import wired_pack

VARIANTS = ("status", "short_status")


def fleet(
    count: int,
    *,
    clock: Callable[[], float],
    seed: int = 1,
    speed: float = 1.0,
    faults: Faults | None = None,
    instant: bool = False,
    wired: Sequence[Collection[int]] = (),
) -> tuple[Battery, ...]:
    """Return so many batteries; the first two are the demo's. All have the same faults.

    ``clock`` is monotonic seconds, ``speed`` how much faster time runs in them, ``instant`` leaves out the pauses of
    their radio. ``wired`` are groups of numbers, from 1: the packs of a group share chargers and loads.
    """
    batteries = [*two_demo_batteries(clock=clock, seed=seed, speed=speed)][:count]
    batteries += [_one(number, clock=clock, seed=seed, speed=speed) for number in range(3, count + 1)]
    for group, numbers in enumerate(wired):
        for number in sorted(one for one in numbers if one <= count):
            batteries[number - 1].pack = wired_pack(number, group, clock=clock, seed=seed, speed=speed)
    for battery in batteries:
        battery.faults = faults or battery.faults
        battery.instant = instant
    return tuple(batteries)


def _one(number: int, *, clock: Callable[[], float], seed: int, speed: float) -> Battery:
    dice = Random(f"{seed} {number}")
    capacity = dice.choice((100, 150, 200, 280))
    scenarios = sorted(SCENARIOS)
    pack = Pack(
        clock=clock,
        dice=dice,
        design_capacity=capacity,
        soc=dice.uniform(30, 95),
        soh=dice.uniform(88, 100),
        cycle_count=dice.randrange(400),
        ambient=dice.uniform(5, 25),
        speed=speed,
        sensors=dice.choice((1, 4)),
        demand=scenario(scenarios[number % len(scenarios)]),
    )
    return Battery(
        pack,
        codec=load("ej"),
        dice=Random(f"{seed} air {number}"),
        variant=VARIANTS[number % len(VARIANTS)],
        name=f"V-12V{capacity}Ah-{number:04d}",
        address=f"02:00:07:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}",
    )
