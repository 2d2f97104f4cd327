"""The two batteries of a machine without Bluetooth can be read, and are not alike."""

import asyncio

import pytest

from bmsreader.descriptions import shipped
from bmsreader.model import Reading
from bmsreader.protocol import Codec, parse
from bmsreader.session import Session
from bmsreader.simulator import SimulatedLink, two_demo_batteries
from bmsreader.simulator.demo import battery_of
from tests.clock import Clock, run
from tests.unasked import HUM


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


@pytest.mark.parametrize("cells", [1, 4, 24])
def test_a_description_of_ones_own_has_a_battery_that_is_read_by_it(cells: int) -> None:
    size = 2 * cells
    text = HUM.replace("size = 19", f"size = {size + 11}").replace("count = 4", f"count = {cells}")
    text = text.replace("least = 4", f"least = {cells}")
    for at in (8, 10, 12, 14):
        text = text.replace(f"at = {at},", f"at = {at - 8 + size},")
    codec = Codec(parse(text))

    async def main() -> Reading:
        battery = battery_of(codec, clock=asyncio.get_running_loop().time)
        async with Session(SimulatedLink(battery, codecs=(codec,)), (codec,)) as session:
            return await session.read()

    reading = run(main())

    assert (reading.protocol, len(reading.cell_voltages), reading.soc) == ("hum", cells, 62)
