import asyncio

import pytest

from bmsreader.gateway.escalation import Step
from bmsreader.model import NoBluetooth
from tests.clock import run
from tests.gateway.world import Cellar, wanted


def test_a_serial_line_needs_no_radio_and_shares_no_slots() -> None:
    async def main() -> None:
        cellar = Cellar()
        cellar.world.radio = None
        battery = wanted(cellar.batteries[0])
        link = await cellar.world.link(type(battery)(info=battery.info, address="/dev/ttyUSB0", codecs=battery.codecs))

        assert link.address == "/dev/ttyUSB0"
        assert cellar.world.slots(type(battery)(info=battery.info, address="COM3", codecs=battery.codecs)) is None

    run(main())


def test_without_a_radio_a_bluetooth_battery_says_why() -> None:
    async def main() -> None:
        cellar = Cellar()
        cellar.world.radio = None
        with pytest.raises(NoBluetooth):
            await cellar.world.link(wanted(cellar.batteries[0]))

    run(main())


def test_all_batteries_share_the_slots_of_the_radio() -> None:
    async def main() -> None:
        cellar = Cellar(2, slots=3)
        slots = [cellar.world.slots(wanted(battery)) for battery in cellar.batteries]

        assert slots[0] is slots[1]
        assert slots[0] is not None
        assert slots[0].count == 3

    run(main())


def test_a_second_adapter_brings_more_slots() -> None:
    async def main() -> None:
        cellar = Cellar(slots=3)
        slots = cellar.world.slots(wanted(cellar.batteries[0]))
        cellar.radio._slots = 8
        cellar.world.resize_slots()

        assert slots is not None
        assert slots.count == 8

    run(main())


def test_a_reset_is_recorded_and_its_time_remembered() -> None:
    async def main() -> None:
        cellar = Cellar()
        poller = cellar.poller()
        assert cellar.world.since_reset() is None
        await cellar.world.help(poller, Step.RESET_ADAPTER)
        await asyncio.sleep(60)

        assert cellar.radio.resets == 1
        assert cellar.world.since_reset() == 60
        assert cellar.logbook.records()[-1].detail == "simulated: works again"

    run(main())


def test_dropping_a_stale_link_is_recorded_with_its_outcome() -> None:
    async def main() -> None:
        cellar = Cellar()
        await cellar.world.help(cellar.poller(), Step.FREE_LINK)

        assert cellar.logbook.records()[-1].detail == "this machine holds no link to it"

    run(main())


def test_a_live_battery_counts_for_the_others_and_not_for_itself() -> None:
    async def main() -> None:
        cellar = Cellar(2)
        first, second = cellar.poller(0), cellar.poller(1)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(first.live())
            await asyncio.sleep(3)
            assert cellar.world.others_read(second)
            assert not cellar.world.others_read(first)
            task.cancel()

    run(main())
