import asyncio

import pytest

from bmsreader.gateway.slots import Slots
from tests.clock import run


def test_as_many_batteries_connect_as_there_are_slots() -> None:
    async def main() -> None:
        slots = Slots(2)
        await slots.take()
        await slots.take()

        assert (slots.held, slots.wanted) == (2, False)

    run(main())


def test_who_waited_first_connects_first() -> None:
    order: list[str] = []

    async def connect(slots: Slots, name: str) -> None:
        await slots.take()
        order.append(name)
        await asyncio.sleep(1)
        slots.give_back()

    async def main() -> None:
        slots = Slots(1)
        async with asyncio.TaskGroup() as tasks:
            for name in ("left", "right", "cellar"):
                tasks.create_task(connect(slots, name))

    run(main())
    assert order == ["left", "right", "cellar"]


def test_a_newcomer_does_not_overtake_those_who_wait() -> None:
    async def main() -> None:
        slots = Slots(1)
        await slots.take()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(slots.take())
            await asyncio.sleep(0)
            slots.give_back()
            newcomer = tasks.create_task(slots.take())
            await asyncio.sleep(1)
            assert (waiting.done(), newcomer.done()) == (True, False)
            newcomer.cancel()

    run(main())


def test_who_gives_up_waiting_takes_no_slot_away() -> None:
    async def main() -> None:
        slots = Slots(1)
        await slots.take()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(slots.take())
            await asyncio.sleep(0)
            waiting.cancel()
        slots.give_back()
        await slots.take()

        assert slots.held == 1

    run(main())


def test_a_slot_that_was_granted_to_somebody_who_just_left_goes_to_the_next() -> None:
    async def main() -> None:
        slots = Slots(1)
        await slots.take()
        async with asyncio.TaskGroup() as tasks:
            leaves = tasks.create_task(slots.take())
            stays = tasks.create_task(slots.take())
            await asyncio.sleep(0)
            slots.give_back()
            leaves.cancel()
            await asyncio.wait_for(stays, 5)

        assert slots.held == 1

    run(main())


@pytest.mark.parametrize("count", [1, 3])
def test_a_second_adapter_lets_those_who_wait_connect(count: int) -> None:
    async def main() -> None:
        slots = Slots(0)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(count):
                tasks.create_task(slots.take())
            await asyncio.sleep(1)
            assert slots.held == 0
            slots.resize(count)

        assert slots.held == count

    run(main())
