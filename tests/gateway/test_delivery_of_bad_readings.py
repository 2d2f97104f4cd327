"""A reading that a destination refuses is found, told and passed; it holds up no other, and goes not too soon."""

import asyncio
from typing import Any

from tests.clock import run
from tests.gateway.delivering import Watched, deliver
from tests.gateway.destination import Destination
from tests.gateway.remembered import BOAT, HOUSE, Remembered, series


def test_one_battery_whose_readings_fail_does_not_hold_up_the_others() -> None:
    class DislikesTheHouse(Destination):
        async def deliver(self, battery: Any, readings: Any) -> None:
            self.down = battery == HOUSE
            await super().deliver(battery, readings)

    destination = DislikesTheHouse()

    deliver(destination, Remembered(*series(5, HOUSE), *series(300, BOAT)))

    assert len(destination.taken) == 300


def test_one_bad_reading_among_many_is_given_up_and_the_others_arrive() -> None:
    readings = series(100)
    destination = Destination(bad={readings[37]})

    watched = deliver(destination, Remembered(*readings))

    assert destination.taken[-1] == readings[-1]
    assert set(destination.taken) == set(readings) - {readings[37]}
    assert watched.delivery.health().refused == 1
    assert watched.delivery.health().delivered == 99
    assert watched.delivery.health().ok
    assert len(destination.posts) < 20


def test_what_is_given_up_is_told_with_its_time_and_reason() -> None:
    readings = series(100)

    watched = deliver(Destination(bad={*readings[37:40]}), Remembered(*readings))

    assert [(record.kind, record.battery, record.detail) for record in watched.records] == [
        (
            "delivery refused",
            HOUSE.id,
            "test refuses for good 3 readings, the first of 2026-03-01 12:00:37 UTC: answered 400: I do not like it",
        )
    ]


def test_a_destination_that_refuses_everything_makes_nobody_give_up_a_reading() -> None:
    async def main() -> tuple[Destination, Watched]:
        destination = Destination(refuses_all=True)
        watched = Watched(destination, Remembered(*series(100), *series(50, BOAT)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(4000))
            await asyncio.sleep(3000)
            assert len(destination.posts) < 200
            assert watched.delivery.health().problem == "answered 400: I do not like it"
            assert watched.delivery.health().refused == 0
            destination.refuses_all = False
        return destination, watched

    destination, watched = run(main())

    assert len(destination.taken) == 150
    assert watched.delivery.health().refused == 0


def test_a_bad_reading_that_is_the_only_one_waits_until_another_proves_that_it_is_to_blame() -> None:
    async def main() -> tuple[Destination, Watched]:
        bad, good = series(2)
        destination = Destination(bad={bad})
        watched = Watched(destination, Remembered())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(500))
            watched.append(bad)
            await asyncio.sleep(100)
            assert watched.delivery.health().refused == 0
            watched.append(good)
        return destination, watched

    destination, watched = run(main())

    assert watched.delivery.health().refused == 1
    assert watched.delivery.health().backlog == 0
    assert set(destination.taken) == {series(2)[1]}


def test_a_whole_run_of_bad_readings_is_passed() -> None:
    readings = series(300)
    destination = Destination(bad=set(readings[:250]))

    watched = deliver(destination, Remembered(*readings))

    assert watched.delivery.health().refused == 250
    assert set(destination.taken) == set(readings[250:])
