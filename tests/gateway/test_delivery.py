"""Every reading arrives: in order, at least once, and nobody waits for it."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bmsreader.model import BatteryInfo, Reading, StoreError
from tests.clock import START, elapsed, run
from tests.gateway.delivering import Watched, deliver
from tests.gateway.destination import Destination
from tests.gateway.remembered import BOAT, HOUSE, Remembered, reading, series


def test_a_new_destination_gets_the_whole_history_in_order() -> None:
    readings = series(250)
    destination = Destination()

    watched = deliver(destination, Remembered(*readings))

    assert destination.taken == readings
    assert watched.delivery.health().delivered == 250
    assert watched.delivery.health().backlog == 0


def test_a_delivery_goes_on_where_it_was_left() -> None:
    readings = series(250)
    history = Remembered(*readings)
    history.save_position("test", HOUSE.id, 200)
    destination = Destination()

    deliver(destination, history)

    assert destination.taken == readings[200:]
    assert history.position("test", HOUSE.id) == 250


def test_two_destinations_have_positions_of_their_own() -> None:
    history = Remembered(*series(10))
    deliver(Destination(name="one"), history)

    other = Destination(name="other")
    deliver(other, history)

    assert len(other.taken) == 10


def test_batteries_take_turns() -> None:
    destination = Destination(batch=10)

    deliver(destination, Remembered(*series(30, HOUSE), *series(30, BOAT)))

    turns = [destination.taken[number].battery for number in range(0, 60, 10)]
    assert turns == [HOUSE.id, BOAT.id] * 3


def test_a_reading_goes_out_when_it_comes_in() -> None:
    async def main() -> list[tuple[float, int]]:
        destination = Destination()
        watched = Watched(destination, Remembered())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(100))
            for second in range(0, 40, 10):
                await asyncio.sleep(10 if second else 0)
                watched.append(reading(HOUSE, START + timedelta(seconds=second)))
        return destination.posts

    assert run(main()) == [(0, 1), (10, 1), (20, 1), (30, 1)]


def test_many_batteries_are_gathered_rather_than_posted_one_by_one() -> None:
    async def main() -> Destination:
        destination = Destination()
        watched = Watched(destination, Remembered())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(60))
            for number in range(200):  # 20 a second
                await asyncio.sleep(0.05)
                watched.append(reading(HOUSE, START + timedelta(seconds=number)))
        return destination

    destination = run(main())

    assert len(destination.taken) == 200
    assert len(destination.posts) <= 102


def test_without_news_nothing_is_looked_for() -> None:
    class Counting(Remembered):
        looks = 0

        def last(self, battery_id: str) -> tuple[int, Reading] | None:
            self.looks += 1
            return super().last(battery_id)

    history = Counting(*series(3))

    deliver(Destination(), history, seconds=86_000)

    assert history.looks <= 4


def test_an_outage_loses_nothing_and_the_pauses_grow_up_to_five_minutes() -> None:
    async def main() -> tuple[Destination, Watched]:
        destination = Destination(down=True)
        watched = Watched(destination, Remembered())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(6000))
            for second in range(0, 4000, 10):
                if second == 3600:
                    destination.down = False
                watched.append(reading(HOUSE, START + timedelta(seconds=second)))
                await asyncio.sleep(10)
        return destination, watched

    destination, watched = run(main())

    assert destination.taken == watched.history.kept[HOUSE.id]
    failed = [at for at, _ in destination.posts if at < 3600]
    pauses = [later - earlier for earlier, later in pairwise(failed)]
    assert len(failed) < 30
    assert pauses[0] < 1.3
    assert 225 <= max(pauses) <= 375


def test_an_outage_is_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    async def main() -> Watched:
        destination = Destination(down=True)
        watched = Watched(destination, Remembered(*series(5)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(2000))
            await asyncio.sleep(600)
            assert watched.delivery.health().problem == "nobody is at home"
            assert not watched.delivery.health().ok
            destination.down = False
        assert watched.delivery.health().ok
        return watched

    records = run(main()).records

    assert [record.kind for record in records] == ["delivery failed", "delivery back"]
    assert records[0].detail == "test: nobody is at home"
    assert records[1].duration is not None
    assert 600 <= records[1].duration <= 1000


def test_the_backlog_is_known_while_the_destination_is_away() -> None:
    async def main() -> int:
        watched = Watched(Destination(down=True), Remembered(*series(5)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(600))
            await asyncio.sleep(400)
            for number in range(7):
                watched.append(reading(BOAT, START + timedelta(seconds=number)))
            return watched.delivery.health().backlog

    assert run(main()) == 12


def test_a_destination_that_takes_fewer_at_once_gets_fewer_from_then_on() -> None:
    readings = series(300)
    destination = Destination(batch=100, takes_at_once=30)

    watched = deliver(destination, Remembered(*readings))

    assert destination.taken == readings
    assert watched.delivery.health().refused == 0
    assert max(count for _, count in destination.posts[5:]) <= 30


def test_a_history_that_cannot_be_read_is_a_problem_that_passes() -> None:
    class Damaged(Remembered):
        def after(self, battery_id: str, ordinal: int, limit: int) -> list[tuple[int, Reading]]:
            if elapsed() < 10:
                raise StoreError("the file is damaged")
            return super().after(battery_id, ordinal, limit)

    destination = Destination()

    watched = deliver(destination, Damaged(*series(5)))

    assert [record.kind for record in watched.records] == ["delivery failed", "delivery back"]
    assert len(destination.taken) == 5


def test_readings_that_retention_deleted_meanwhile_are_not_waited_for() -> None:
    class Pruned(Remembered):
        def after(self, battery_id: str, ordinal: int, limit: int) -> list[tuple[int, Reading]]:
            return [(number, one) for number, one in super().after(battery_id, 0, 10**6) if number > max(ordinal, 80)]

    destination = Destination()

    watched = deliver(destination, Pruned(*series(100)))

    assert len(destination.taken) == 20
    assert watched.delivery.health().backlog == 0


def test_a_delivery_from_now_leaves_the_history_alone_and_remembers_nothing() -> None:
    async def main() -> tuple[list[Reading], Remembered]:
        destination = Destination()
        watched = Watched(destination, Remembered(*series(5)), from_now=True)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(100))
            await asyncio.sleep(1)
            watched.append(reading(HOUSE, START + timedelta(seconds=50)))
            watched.append(reading(BOAT, START + timedelta(seconds=51)))
        return destination.taken, watched.history

    taken, history = run(main())

    assert [one.taken_at - START for one in taken] == [timedelta(seconds=50), timedelta(seconds=51)]
    assert history.positions == {}


def test_a_delivery_from_now_has_the_first_reading_of_a_battery_that_is_found_later() -> None:
    async def main() -> list[Reading]:
        destination = Destination()
        watched = Watched(destination, Remembered(), from_now=True)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(100))
            await asyncio.sleep(1)
            watched.append(reading(HOUSE, START + timedelta(seconds=50)))
        return destination.taken

    assert len(run(main())) == 1


def test_a_delivery_that_a_bug_ended_goes_on_when_it_is_run_again() -> None:
    class Buggy(Destination):
        async def deliver(self, battery: Any, readings: Any) -> None:
            if not self.posts:
                self.posts.append((elapsed(), len(readings)))
                raise ZeroDivisionError
            await super().deliver(battery, readings)

    async def main() -> Destination:
        destination = Buggy()
        watched = Watched(destination, Remembered(*series(5)))
        with pytest.raises(ZeroDivisionError):
            await watched.for_seconds(10)
        watched.delivery.failed("a bug")
        assert watched.delivery.health().problem == "a bug"
        await watched.for_seconds(10)
        assert watched.delivery.health().ok
        return destination

    assert len(run(main()).taken) == 5


def test_with_a_thousand_batteries_nobody_waits_for_minutes() -> None:
    many = [BatteryInfo(id=f"id {number}", name=f"{number}", slug=f"b{number}") for number in range(1000)]

    async def main() -> float:
        destination = Destination(seconds=0.001)
        watched = Watched(destination, Remembered(*(reading(one) for one in many)), batteries=lambda: many)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watched.for_seconds(60))
            await asyncio.sleep(5)
            watched.append(reading(many[7], START + timedelta(seconds=5)))
        return destination.posts[-1][0]

    assert run(main()) < 15


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_stopping_at_any_moment_loses_nothing(cut: int) -> None:
    readings = series(50)
    history = Remembered(*readings)
    destination = Destination(batch=10, seconds=1.0)

    deliver(destination, history, seconds=cut / 10)
    deliver(destination, history)

    assert sorted(set(destination.taken), key=lambda one: one.taken_at) == readings
    assert history.position("test", HOUSE.id) == 50
