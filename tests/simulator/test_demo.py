"""The two batteries of a machine without Bluetooth can be read, and are not alike."""

import asyncio

from bmsreader.descriptions import shipped
from bmsreader.model import Reading
from bmsreader.session import Session
from bmsreader.simulator import SimulatedLink, two_demo_batteries
from tests.clock import Clock, run


def readings(*, after: float = 0.0, speed: float = 1.0) -> list[Reading]:
    """Read both as a session does."""

    async def main() -> list[Reading]:
        found = []
        for battery in two_demo_batteries(clock=asyncio.get_running_loop().time, speed=speed):
            await asyncio.sleep(after)
            async with Session(SimulatedLink(battery, codecs=shipped()), shipped()) as session:
                found.append(await session.read())
        return found

    return run(main())


def test_one_charges_and_the_other_is_used() -> None:
    first, second = readings()

    assert (first.variant, second.variant) == ("status", "short_status+capacity")
    assert (first.design_capacity, second.design_capacity) == (200, 100)
    assert first.current is not None
    assert second.current is not None
    assert first.current > 0 > second.current
    assert (first.alarms, second.alarms) == ((), ())


def test_something_happens_when_time_runs_fast() -> None:
    now, later = readings(), readings(after=60, speed=60)

    assert [reading.soc for reading in now] != [reading.soc for reading in later]


def test_they_are_the_same_on_every_start() -> None:
    one, other = (two_demo_batteries(clock=Clock()) for _ in range(2))

    assert [battery.frame() for battery in one] == [battery.frame() for battery in other]


def test_another_seed_makes_other_batteries() -> None:
    one, other = (two_demo_batteries(clock=Clock(), seed=seed) for seed in (1, 2))

    assert [battery.frame() for battery in one] != [battery.frame() for battery in other]
