import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import GatewaySettings
from bmsreader.descriptions import shipped
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import STUCK, Gateway
from bmsreader.gateway.roster import strangers
from bmsreader.gateway.wanted import Outlet, Plan, Wanted
from bmsreader.model import BatteryState, ConfigurationError, PublisherHealth, Snapshot
from bmsreader.publishers.feed import Commands, Feed
from bmsreader.simulator import Faults
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from bmsreader.store import Reader, Store
from tests.clock import at_once, elapsed, now, run
from tests.gateway.world import wanted


class Listener:
    """A publisher that only remembers."""

    name = "listener"

    def __init__(self) -> None:
        self.took: list[Snapshot] = []
        self.gone: list[str] = []

    async def run(self, feed: Feed, commands: Commands) -> None:
        while True:
            changed, gone = await feed.news()
            self.took += changed
            self.gone += [info.slug for info in gone]

    def health(self) -> PublisherHealth:
        return PublisherHealth(name=self.name, ok=True)


def outlet(listener: Listener) -> Outlet:
    return Outlet(settings="listener", make=lambda: listener)


Script = Callable[[Gateway, Sequence[Battery], Listener], Awaitable[None]]


def operate(
    script: Script,
    *,
    count: int = 2,
    listed: int = 2,
    discover: bool = False,
    history: Path | None = None,
    left_alone: str = "",
) -> None:
    """Run a gateway over simulated batteries, and a script beside it."""

    async def main() -> None:
        batteries = fleet(count, clock=elapsed)
        listener = Listener()
        stranger = strangers(Configuration(gateway=GatewaySettings(discover=discover)), shipped(), simulated=True)
        plan = Plan(
            batteries=tuple(wanted(one) for one in batteries[:listed]),
            outlets=(outlet(listener),),
            stranger=stranger,
            left_alone=frozenset(filter(None, [left_alone])),
        )
        store = None if history is None else Store(history, now=now)
        gateway = Gateway(
            plan,
            radio=Airing(SimulatedRadio(batteries), on=True),
            store=store,
            in_writer=at_once,
            now=now,
            dice=Random(1),
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(gateway.run())
            await script(gateway, batteries, listener)
            task.cancel()
        assert not any(battery.held for battery in batteries)
        if store is not None:
            store.close()

    run(main())


def only(gateway: Gateway, number: int = 0) -> Snapshot:
    return gateway.snapshots()[number]


def test_every_listed_battery_is_read_and_handed_on() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(35)
        live = [one for one in listener.took if one.state is BatteryState.LIVE]
        assert {one.info.name for one in live} == {battery.name for battery in batteries}
        assert len(live) == 8

    operate(script)


def test_batteries_that_nobody_listed_are_found_and_read() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        assert {one.info.name for one in gateway.snapshots()} == {battery.name for battery in batteries}
        assert all(one.state is BatteryState.LIVE for one in gateway.snapshots())

    operate(script, count=5, listed=0, discover=True)


def test_a_stranger_that_answers_nothing_is_never_shown() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        batteries[0].faults = Faults.parse("silent")
        await asyncio.sleep(300)
        assert [one.info.name for one in gateway.snapshots()] == [batteries[1].name]

    operate(script, listed=0, discover=True)


@pytest.mark.parametrize("how", ["02:00:07:00:15:44", "lt-12v"])
def test_a_battery_that_the_owner_disabled_is_left_alone_however_it_is_called(how: str) -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        assert [one.info.name for one in gateway.snapshots()] == ["V-12V100Ah-0215"]

    operate(script, listed=0, discover=True, left_alone=how)


def test_batteries_that_are_heard_already_are_found_when_the_owner_asks_for_it() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        assert gateway.snapshots() == ()
        finding = strangers(Configuration(), shipped(), simulated=True)
        assert gateway.reload(replace(gateway.plan, stranger=finding)) == [
            "batteries that are not listed are read, too"
        ]
        await asyncio.sleep(5)
        assert len(gateway.snapshots()) == 2
        told = gateway.reload(replace(gateway.plan, stranger=None))
        assert "only listed batteries are read" in told

    operate(script, listed=0, discover=False)


def test_a_battery_that_was_found_can_be_disabled() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        told = gateway.reload(replace(gateway.plan, left_alone=frozenset({"lt-12v"})))
        await asyncio.sleep(60)
        assert told == ["LT-12V-1544 stopped"]
        assert [one.info.name for one in gateway.snapshots()] == ["V-12V100Ah-0215"]
        assert not batteries[0].held

    operate(script, listed=0, discover=True)


def test_an_absent_battery_is_shown_as_such_from_the_start() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        batteries[0].faults = Faults.parse("busy")
        await asyncio.sleep(5)
        assert [str(one.state) for one in gateway.snapshots()] == ["busy", "live"]

    operate(script)


def with_interval(one: Wanted, seconds: float) -> Wanted:
    return replace(one, interval=seconds)


def renamed(one: Wanted, name: str) -> Wanted:
    return replace(one, info=replace(one.info, name=name, slug=name.lower()))


@pytest.mark.slow
def test_a_battery_has_its_new_name_in_the_history_too(tmp_path: Path) -> None:
    async def renamed_while_it_runs(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        told = gateway.reload(replace(gateway.plan, batteries=(renamed(gateway.plan.batteries[0], "Cellar"),)))
        assert told == ["LT-12V-1544: called Cellar now"]

    async def renamed_meanwhile(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)

    path = tmp_path / "history.sqlite3"
    operate(renamed_while_it_runs, count=1, listed=1, history=path)
    assert names_in(path) == ["Cellar"]
    operate(renamed_meanwhile, count=1, listed=1, history=path)
    assert names_in(path) == ["LT-12V-1544"]


def names_in(history: Path) -> list[str]:
    with Reader(history) as reader:
        return [info.name for info in reader.infos()]


def test_a_reload_leaves_healthy_links_alone() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        slower = tuple(with_interval(one, 5.0) for one in gateway.plan.batteries)
        told = gateway.reload(replace(gateway.plan, batteries=slower))
        await asyncio.sleep(30)
        assert told == ["LT-12V-1544: read every 5 s", "V-12V100Ah-0215: read every 5 s"]
        assert [one.counts.connects for one in gateway.snapshots()] == [1, 1]
        assert only(gateway).counts.readings >= 7

    operate(script)


def test_a_reload_stops_what_is_gone_and_starts_what_is_new() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        told = gateway.reload(replace(gateway.plan, batteries=(wanted(batteries[1]), wanted(batteries[2]))))
        await asyncio.sleep(15)
        assert told == ["LT-12V-1544 stopped", f"{batteries[2].name} started"]
        assert listener.gone == ["lt-12v-1544"]
        assert not batteries[0].held
        assert [one.state for one in gateway.snapshots()] == [BatteryState.LIVE, BatteryState.LIVE]

    operate(script, count=3, listed=2)


def test_a_renamed_battery_leaves_no_trace_of_its_old_name() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        first, second = gateway.plan.batteries
        renamed = replace(first, info=replace(first.info, name="House", slug="house"))
        gateway.reload(replace(gateway.plan, batteries=(renamed, second)))
        await asyncio.sleep(15)
        assert listener.gone == ["lt-12v-1544"]
        assert [one.info.slug for one in gateway.snapshots()] == ["house", "v-12v100ah-0215"]
        assert only(gateway).counts.connects == 1

    operate(script)


def test_a_new_publisher_gets_what_is_known_at_once() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        second = Listener()
        more = Outlet(settings="second", make=lambda: second)
        assert gateway.reload(replace(gateway.plan, outlets=(*gateway.plan.outlets, more))) == [
            "publisher listener started"
        ]
        await asyncio.sleep(1)
        assert len(second.took) == 2

    operate(script)


def test_release_and_refresh_take_the_name_the_topic_or_the_address() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(15)
        assert gateway.release("LT-12V-1544", 10)
        assert gateway.refresh(batteries[1].address)
        assert not gateway.refresh("nobody")
        await asyncio.sleep(5)
        assert only(gateway).state is BatteryState.BUSY

    operate(script)


def test_a_bug_in_one_batterys_task_ends_neither_it_nor_the_others() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(5)
        poller = gateway.pollers[batteries[0].address]
        poller.meter.take = None  # type: ignore[method-assign, assignment]
        await asyncio.sleep(20)
        assert [str(one.state) for one in gateway.snapshots()][1] == "live"
        assert "bug" in [record.kind for record in gateway.records()]
        del poller.meter.take
        await asyncio.sleep(70)
        assert only(gateway).state is BatteryState.LIVE

    operate(script)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2 * STUCK, pytest.param(8 * STUCK, marks=pytest.mark.slow)])
def test_a_gateway_whose_tasks_move_is_alive(seconds: float) -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        batteries[0].faults = Faults.parse("busy")
        await asyncio.sleep(seconds)
        assert gateway.alive()
        gateway.pollers[batteries[1].address].moved_at = elapsed() - 3600
        assert not gateway.alive()

    operate(script)


def test_a_reload_with_a_publisher_that_cannot_be_made_changes_nothing() -> None:
    def refuse() -> object:
        raise ConfigurationError("the address is none")

    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(5)
        before = gateway.plan
        with pytest.raises(ConfigurationError):
            gateway.reload(Plan(outlets=(Outlet(settings="bad", make=refuse),)))
        await asyncio.sleep(15)
        assert gateway.plan is before
        assert [one.state for one in gateway.snapshots()] == [BatteryState.LIVE, BatteryState.LIVE]
        assert [one.name for one in gateway.health().publishers] == ["listener"]

    operate(script)


def test_a_publisher_begins_when_the_one_that_it_replaces_has_said_goodbye() -> None:
    order: list[str] = []

    class Slow(Listener):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        async def run(self, feed: Feed, commands: Commands) -> None:
            order.append(f"{self.name} begins")
            try:
                await super().run(feed, commands)
            finally:
                await asyncio.sleep(3)
                order.append(f"{self.name} ends")

    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        for name in ("first", "second"):
            await asyncio.sleep(10)
            gateway.reload(replace(gateway.plan, outlets=(Outlet(settings=name, make=partial(Slow, name)),)))
        await asyncio.sleep(10)
        assert order == ["first begins", "first ends", "second begins"]

    operate(script)
