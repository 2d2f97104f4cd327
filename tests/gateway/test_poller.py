import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random

import pytest

from bmsreader.gateway.poller import Poller
from bmsreader.model import BatteryState, Horizon
from bmsreader.simulator import Faults, Pack, Steady
from tests.clock import elapsed, run
from tests.gateway.world import Cellar, wanted
from tests.unasked import hum


def live(script: Callable[[Cellar], Awaitable[None]], *, count: int = 1, slots: int = 100) -> Cellar:
    """Let a script run beside pollers of its own in virtual time."""
    made: list[Cellar] = []

    async def main() -> None:
        cellar = Cellar(count, slots=slots)
        made.append(cellar)
        await script(cellar)

    run(main())
    return made[0]


async def for_seconds(seconds: float, *pollers: Poller) -> None:
    async with asyncio.TaskGroup() as tasks:
        started = [tasks.create_task(poller.live()) for poller in pollers]
        await asyncio.sleep(seconds)
        for task in started:
            task.cancel()


def test_a_healthy_battery_is_read_on_the_beat_over_one_connection() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        await for_seconds(101, poller)
        assert poller.tally.readings == 11
        assert poller.tally.connects == 1
        assert poller.latest < 0.01

    assert live(script).states() == ["live"]


def test_connecting_for_each_reading_lets_go_in_between() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller(keep=False)
        await for_seconds(45, poller)
        assert (poller.tally.readings, poller.tally.connects) == (5, 5)
        assert not cellar.batteries[0].held

    live(script)


def test_a_link_that_is_about_to_be_let_go_is_not_told_to_be_up() -> None:
    async def script(cellar: Cellar) -> None:
        kept, visited = cellar.poller(0), cellar.poller(1, keep=False)
        await for_seconds(25, kept, visited)
        told = {
            poller: [one.connected for one in cellar.snapshots if one.info.id == poller.info.id]
            for poller in (kept, visited)
        }
        assert told == {kept: [True] * 3, visited: [False] * 3}

    live(script, count=2)


def test_each_failed_attempt_is_told_with_its_counts() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        cellar.batteries[0].faults = Faults.parse("no-services")
        await for_seconds(20, poller)
        assert [one.counts.failures for one in cellar.snapshots] == [*range(1, poller.tally.failures + 1)]
        assert poller.tally.failures > 2

    live(script)


def test_a_battery_that_drops_the_link_is_read_again_within_seconds() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        cellar.batteries[0].faults = Faults.parse("drop:3@0.3")
        await for_seconds(600, poller)
        assert poller.tally.readings >= 55

    assert live(script).states() == ["live"]


def test_a_silent_battery_becomes_stale_and_live_again_when_it_answers() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(for_seconds(1200, poller))
            await asyncio.sleep(60)
            cellar.batteries[0].faults = Faults.parse("silent")
            await asyncio.sleep(200)
            assert poller.snapshot().state is BatteryState.STALE
            cellar.batteries[0].faults = Faults()
            await task

    assert live(script).states() == ["live", "stale", "live"]


def with_load(rate: float) -> Pack:
    return Pack(clock=elapsed, dice=Random(1), demand=Steady(rate=rate))


def test_a_battery_in_use_tells_how_long_it_lasts_as_long_as_it_is_live() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        cellar.batteries[0].pack = with_load(-0.1)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(400, poller))
            await asyncio.sleep(5)
            told = poller.snapshot().horizon.time_to_empty
            assert told is not None
            assert told == pytest.approx(0.6 / 0.1 * 3600, rel=0.5)  # some 60 % at a tenth of the capacity an hour
            cellar.batteries[0].faults = Faults.parse("silent")
            await asyncio.sleep(200)
            assert poller.snapshot().horizon == Horizon()

    live(script)


@pytest.mark.slow
def test_a_battery_that_rests_falls_asleep_and_is_read_soon_after_a_load_wakes_it() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        battery = cellar.batteries[0]
        battery.pack = with_load(0.0)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(7300, poller))
            await asyncio.sleep(15)
            battery.faults = Faults.parse("asleep-at-rest")
            await asyncio.sleep(7200)
            assert "at rest when last read" in poller.snapshot().reason
            battery.pack = with_load(-0.1)
            await asyncio.sleep(3)
            assert poller.snapshot().state is BatteryState.LIVE

    assert live(script).states() == ["live", "asleep", "live"]


def test_a_battery_held_by_a_phone_is_busy_and_is_read_soon_after() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller(keep=False)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(700, poller))
            await asyncio.sleep(15)
            cellar.batteries[0].faults = Faults.parse("busy")
            await asyncio.sleep(500)
            assert poller.snapshot().state is BatteryState.BUSY
            cellar.batteries[0].faults = Faults()
            await asyncio.sleep(100)  # the simulated phone lets go at the end of its minute
            assert poller.snapshot().state is BatteryState.LIVE

    live(script)


def test_a_released_battery_is_free_for_the_phone_and_comes_back_by_itself() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(900, poller))
            await asyncio.sleep(31)
            poller.release(600, "12:10")
            await asyncio.sleep(5)
            assert not cellar.batteries[0].held
            assert poller.snapshot().state is BatteryState.BUSY
            assert "12:10" in poller.snapshot().reason
            await asyncio.sleep(610)
            assert poller.snapshot().state is BatteryState.LIVE

    live(script)


def test_a_battery_that_was_released_is_read_before_it_is_judged() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(for_seconds(300, poller))
            await asyncio.sleep(30)
            poller.release(120, "12:02")
            await task

    assert live(script).states() == ["live", "busy", "live"]


def test_the_owner_can_take_a_released_battery_back_early() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(120, poller))
            await asyncio.sleep(31)
            poller.release(600, "12:10")
            await asyncio.sleep(20)
            poller.release(0, "")
            await asyncio.sleep(5)
            assert poller.snapshot().state is BatteryState.LIVE

    live(script)


def test_a_refresh_reads_at_once() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller(interval=3600.0)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(100, poller))
            await asyncio.sleep(50)
            before = poller.tally.readings
            poller.refresh()
            await asyncio.sleep(3)
            assert poller.tally.readings == before + 1

    live(script)


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [20, pytest.param(120, marks=pytest.mark.slow)])
def test_an_absent_battery_costs_the_healthy_one_nothing(minutes: int) -> None:
    async def script(cellar: Cellar) -> None:
        healthy, absent = cellar.poller(0), cellar.poller(1)
        cellar.batteries[1].faults = Faults.parse("busy")
        await for_seconds(60 * minutes, healthy, absent)
        assert healthy.tally.readings == 6 * minutes
        assert healthy.latest < 0.01
        assert absent.tally.readings == 0
        assert absent.tally.polls < 2.5 * minutes

    live(script, count=2)


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [5, pytest.param(10, marks=pytest.mark.slow)])
def test_more_batteries_than_connections_take_turns(minutes: int) -> None:
    async def script(cellar: Cellar) -> None:
        pollers = [cellar.poller(number) for number in range(5)]
        await for_seconds(60 * minutes, *pollers)
        read = [poller.tally.readings for poller in pollers]
        assert min(read) >= 5 * minutes
        assert max(read) - min(read) <= 2

    live(script, count=5, slots=2)


@pytest.mark.slow
@pytest.mark.parametrize(("lasts", "seconds"), [(300, 800), pytest.param(600, 1300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("fault", ["bad-checksum", "no-services", "hanging-disconnect,drop:2", "stale-services"])
def test_no_fault_ends_the_polling(fault: str, lasts: int, seconds: int) -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(for_seconds(seconds, poller))
            cellar.batteries[0].faults = Faults.parse(fault)
            await asyncio.sleep(lasts)
            cellar.batteries[0].faults = Faults()
            await task
            assert poller.snapshot().state is BatteryState.LIVE

    live(script)


def test_at_the_end_the_link_is_let_go() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller()
        await for_seconds(25, poller)
        assert not cellar.batteries[0].held

    live(script)


def test_a_battery_that_vanishes_stops_to_be_live_when_its_reading_is_15_seconds_old() -> None:
    async def script(cellar: Cellar) -> None:
        poller = cellar.poller(interval=2.0)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(for_seconds(60, poller))
            await asyncio.sleep(10)
            cellar.batteries[0].faults = Faults.parse("silent")
            await asyncio.sleep(30)
            last = poller.snapshot()
            assert last.reading is not None
            assert (last.since - last.reading.taken_at).total_seconds() == pytest.approx(15.0, abs=0.1)

    assert live(script).states()[:2] == ["live", "stale"]


def test_a_battery_that_speaks_unasked_is_read_without_asking_it_anything() -> None:
    async def script(cellar: Cellar) -> None:
        battery = hum(elapsed)
        cellar.radio.batteries[battery.address] = battery
        poller = Poller(replace(wanted(battery), codecs=(battery.codec,)), cellar.world)
        await for_seconds(101, poller)
        assert (poller.tally.readings, poller.tally.connects) == (11, 1)
        assert list(battery.asked) == []

    live(script)
