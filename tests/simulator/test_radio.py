import asyncio

import pytest

from bmsreader.descriptions import shipped
from bmsreader.model import NotHeard
from bmsreader.simulator import Faults
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from tests.clock import elapsed, run


def test_each_battery_is_heard_as_new_once() -> None:
    async def main() -> None:
        radio = SimulatedRadio(fleet(2, clock=elapsed))
        names = [(await radio.hears_new()).name for _ in range(2)]

        assert names == ["LT-12V-1544", "V-12V100Ah-0215"]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(radio.hears_new(), 100)

    run(main())


def test_a_battery_has_a_number_and_an_address() -> None:
    async def main() -> None:
        radio = SimulatedRadio(fleet(2, clock=elapsed))

        assert radio.link("simulated:2", codecs=shipped()).address == "09:01:00:00:02:15"
        assert radio.link("09:01:00:00:02:15", codecs=shipped()).name == "V-12V100Ah-0215"
        with pytest.raises(NotHeard):
            radio.link("simulated:3", codecs=shipped())

    run(main())


def test_a_battery_that_is_not_there_is_never_heard() -> None:
    async def main() -> None:
        radio = SimulatedRadio(fleet(1, clock=elapsed))

        assert radio.silence("simulated:2") is None
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(radio.hears("simulated:2"), 600)

    run(main())


def test_a_connected_battery_does_not_advertise() -> None:
    async def main() -> None:
        radio = SimulatedRadio(fleet(1, clock=elapsed))
        link = radio.link("simulated:1", codecs=shipped())
        assert (len(radio.heard()), radio.silence("simulated:1")) == (1, 0.0)
        await link.connect()

        assert (radio.heard(), radio.silence("simulated:1"), radio.health()[0].free) == ([], None, radio.slots() - 1)

    run(main())


def test_who_waits_for_a_sleeping_battery_hears_it_when_it_wakes() -> None:
    async def main() -> None:
        batteries = fleet(1, clock=elapsed, faults=Faults.parse("busy"))
        radio = SimulatedRadio(batteries)
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(radio.hears("simulated:1"))
            await asyncio.sleep(600)
            assert not waiting.done()
            batteries[0].faults = Faults()
            await asyncio.sleep(2)
            assert waiting.done()

    run(main())


def test_there_is_nothing_to_free_and_a_reset_always_helps() -> None:
    async def main() -> None:
        async with SimulatedRadio(fleet(1, clock=elapsed)) as radio:
            assert not await radio.free("simulated:1")
            assert await radio.reset("simulated")
            assert radio.health()[0].resets == 1

    run(main())
