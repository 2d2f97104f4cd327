"""Deliveries out of the real history file."""

import asyncio
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from bmsreader.gateway.delivery import Delivery
from bmsreader.model import Reading
from bmsreader.store import Store
from tests.clock import at_once, now, run
from tests.gateway.destination import Destination
from tests.gateway.remembered import BOAT, HOUSE, series

Result = TypeVar("Result")


def deliver(destination: Destination, store: Store, *, seconds: float = 60.0) -> Delivery:
    async def main() -> Delivery:
        delivery = Delivery(
            destination, store, batteries=lambda: [HOUSE, BOAT], now=now, dice=Random(1), offload=at_once
        )
        try:
            async with asyncio.timeout(seconds):
                await delivery.run()
        except TimeoutError:
            pass
        return delivery

    return run(main())


def keep(store: Store, readings: list[Reading]) -> None:
    for one in readings:
        store.append(one)


@pytest.mark.slow
def test_what_is_on_disk_and_what_is_not_yet_is_delivered_in_order(tmp_path: Path) -> None:
    with Store(tmp_path / "history") as store:
        keep(store, series(250))
        store.commit()
        keep(store, series(300)[250:])
        destination = Destination()

        delivery = deliver(destination, store)

    assert [one.taken_at for one in destination.taken] == [one.taken_at for one in series(300)]
    assert [one.cell_voltages for one in destination.taken] == [one.cell_voltages for one in series(300)]
    assert delivery.health().backlog == 0


def test_the_next_run_goes_on_where_this_one_ended(tmp_path: Path) -> None:
    with Store(tmp_path / "history") as store:
        keep(store, series(100))
        deliver(Destination(), store)
    with Store(tmp_path / "history") as store:
        keep(store, series(130)[100:])
        destination = Destination()
        deliver(destination, store)

    assert [one.taken_at for one in destination.taken] == [one.taken_at for one in series(130)[100:]]


def test_after_a_power_cut_what_was_read_since_is_delivered_although_its_numbers_are_used_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "history")
    keep(store, series(50))
    store.commit()
    keep(store, series(80)[50:])
    deliver(Destination(), store)
    # The power is cut: 30 readings that were delivered, and the position after them, never came to disk.
    with Store(tmp_path / "history") as anew:
        keep(anew, series(120)[100:])
        destination = Destination()
        deliver(destination, anew)

    assert [one.taken_at for one in destination.taken[-20:]] == [one.taken_at for one in series(120)[100:]]
    store.close()


def test_batteries_of_one_history_take_turns(tmp_path: Path) -> None:
    with Store(tmp_path / "history") as store:
        keep(store, [*series(30, HOUSE), *series(30, BOAT)])
        store.commit()
        destination = Destination(batch=10)
        deliver(destination, store)

    assert [destination.taken[number].battery for number in range(0, 60, 10)] == [HOUSE.id, BOAT.id] * 3
