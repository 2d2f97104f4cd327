"""Banks of simulated batteries in virtual time: all live, one away, all away, changed and removed, and a bug."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bmsreader.banks import Bank
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.wanted import Outlet, Plan, WantedBank
from bmsreader.model import BankFacts, BatteryInfo, BatteryState, Snapshot
from bmsreader.model.arrangement import parse_arrangement
from bmsreader.model.horizon import Horizon
from bmsreader.simulator import Faults
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from bmsreader.store import Store
from tests.clock import at_once, elapsed, now, run
from tests.gateway.test_gateway import Listener
from tests.gateway.world import wanted

NESTED = "series(parallel(one, two), parallel(three, four))"
NAMES = ("one", "two", "three", "four")


class Banks(Listener):
    """A publisher that only remembers, and tells banks from batteries."""

    def banks(self) -> list[Snapshot]:
        return [one for one in self.took if one.info.kind == "bank"]


def banked(batteries: Sequence[Battery], text: str = NESTED, *, interval: float | None = None) -> WantedBank:
    arrangement = parse_arrangement(text, {name: name for name in NAMES})
    ids = {name: battery.address for name, battery in zip(NAMES, batteries, strict=True)}
    return WantedBank(
        info=BatteryInfo(id="bank:house", name="House", slug="house", kind="bank", maker=str(arrangement)),
        arrangement=arrangement,
        members=tuple(ids[pack] for pack in arrangement.packs),
        interval=interval,
    )


Script = Callable[[Gateway, Sequence[Battery], Banks], Awaitable[None]]


def operate(
    script: Script, text: str = NESTED, *, history: Path | None = None, interval: float | None = None
) -> Gateway:
    """Run a gateway over four simulated batteries and a bank of them, and a script beside it."""

    async def main() -> Gateway:
        batteries = fleet(4, clock=elapsed, instant=True)
        listener = Banks()
        plan = Plan(
            batteries=tuple(
                replace(one, info=replace(one.info, name=name.title(), slug=name))
                for name, one in zip(NAMES, map(wanted, batteries), strict=True)
            ),
            banks=(banked(batteries, text, interval=interval),),
            outlets=(Outlet(settings="listener", make=lambda: listener),),
        )
        store = None if history is None else Store(history, now=now)
        radio = Airing(SimulatedRadio(batteries), on=True)
        gateway = Gateway(plan, radio=radio, store=store, in_writer=at_once, now=now, dice=Random(1))
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(gateway.run())
            await script(gateway, batteries, listener)
            task.cancel()
        if store is not None:
            store.close()
        return gateway

    return run(main())


def the_bank(gateway: Gateway) -> Snapshot:
    return next(one for one in gateway.snapshots() if one.info.kind == "bank")


def facts(gateway: Gateway) -> BankFacts:
    found = the_bank(gateway).bank
    assert found is not None
    return found


def told(gateway: Gateway, kind: str) -> list[str]:
    return [record.detail for record in gateway.records(battery="bank:house", kinds=[kind])]


def test_a_bank_is_read_once_when_all_of_its_packs_were() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        readings = {one.reading.taken_at: one.reading for one in listener.banks() if one.reading is not None}
        assert len(readings) == 4
        bank = the_bank(gateway)
        assert bank.state is BatteryState.LIVE
        assert bank.bank is not None
        assert bank.bank.seen == NAMES
        assert bank.reading is not None
        packs = [one.reading for one in gateway.snapshots() if one.info.kind == "battery"]
        volts = [one.pack_voltage for one in packs if one is not None and one.pack_voltage is not None]
        assert bank.reading.pack_voltage == pytest.approx(
            (volts[0] + volts[1]) / 2 + (volts[2] + volts[3]) / 2, abs=0.001
        )
        assert len(bank.reading.cell_voltages) == 16

    gateway = operate(script)
    assert told(gateway, "state") == ["unreachable -> live"]
    assert told(gateway, "packs") == ["all 4 packs seen"]


def test_a_bank_says_how_long_it_lasts_only_while_all_of_it_is_seen() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        known = the_bank(gateway).horizon
        assert (known.time_to_empty or known.time_to_full or 0.0) > 0.0
        batteries[1].faults = Faults.parse("silent")
        await asyncio.sleep(60)
        assert the_bank(gateway).horizon == Horizon()

    operate(script)


def test_a_pack_that_drops_out_is_missed_and_comes_back() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        batteries[1].faults = Faults.parse("silent")
        await asyncio.sleep(60)
        bank = the_bank(gateway)
        assert bank.state is BatteryState.LIVE
        assert bank.bank is not None
        assert bank.bank.words == "3 of 4 packs seen, 86 % of capacity"
        assert bank.bank.seen == ("one", "three", "four")
        assert bank.reading is not None
        assert bank.reading.notes[0] == bank.bank.words
        assert bank.age is not None
        assert bank.age <= 10.0
        batteries[1].faults = Faults()
        await asyncio.sleep(60)
        assert facts(gateway).words == ""

    gateway = operate(script)
    assert told(gateway, "packs") == ["all 4 packs seen", "3 of 4 packs seen, 86 % of capacity", "all 4 packs seen"]
    assert told(gateway, "state") == ["unreachable -> live"]


def test_a_bank_with_a_string_that_is_interrupted_is_stale_and_says_why() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        batteries[0].faults = batteries[1].faults = Faults.parse("silent")
        await asyncio.sleep(60)
        bank = the_bank(gateway)
        assert bank.state is BatteryState.STALE
        assert bank.reason.startswith("2 of 4 packs seen, ")
        assert "the voltage needs every part in series; One is stale (" in bank.reason
        assert bank.reading is not None
        assert bank.reading.pack_voltage is not None  # the last one of the whole bank
        assert bank.age is not None
        assert bank.age > 40

    operate(script)


def test_a_bank_without_any_pack_is_what_its_packs_are_and_keeps_its_last_reading() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        for battery in batteries:
            battery.faults = Faults.parse("silent")
        await asyncio.sleep(100)
        bank = the_bank(gateway)
        assert bank.state is BatteryState.STALE
        assert bank.reason.startswith("no pack is seen; ")
        assert bank.reading is not None
        assert bank.age is not None
        assert bank.age > 60

    operate(script)


def test_a_bank_whose_packs_are_all_away_goes_on_to_be_what_they_are() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        for battery in batteries:
            battery.faults = Faults.parse("silent")
        await asyncio.sleep(100)
        assert the_bank(gateway).state is BatteryState.STALE
        assert gateway.release("house", 10)
        await asyncio.sleep(15)
        bank = the_bank(gateway)
        assert bank.state is BatteryState.BUSY
        assert bank.reason == "no pack is seen; One is busy, Two is busy, Three is busy, Four is busy"

    operate(script)


def test_a_bank_of_packs_that_never_came_says_so_without_a_reading() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        for battery in batteries:
            battery.faults = Faults.parse("busy")
        await asyncio.sleep(100)
        bank = the_bank(gateway)
        assert bank.state is BatteryState.BUSY
        assert bank.reading is None

    operate(script)


def test_the_owner_can_have_a_bank_read_less_often() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(125)
        readings = {one.reading.taken_at for one in listener.banks() if one.reading is not None}
        assert len(readings) == 3

    operate(script, interval=60.0)


@pytest.mark.slow
def test_a_banks_readings_and_counters_are_kept_and_go_on_after_a_restart(tmp_path: Path) -> None:
    async def first(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(605)
        totals = the_bank(gateway).totals
        assert totals is not None
        assert totals.energy_in + totals.energy_out > 1.0

    async def second(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(0.001)
        bank = the_bank(gateway)
        assert bank.info.cells == 16
        assert "soc" in bank.info.fields
        assert bank.totals is not None
        assert bank.totals.energy_in + bank.totals.energy_out > 1.0

    history = tmp_path / "history.sqlite3"
    operate(first, history=history)
    with Store(history) as store:
        info = next(one for one in store.infos() if one.id == "bank:house")
        assert info.kind == "bank"
        last = store.last("bank:house")
        assert last is not None
        assert last[0] == 61
        assert last[1].protocol == "bank"
    operate(second, history=history)


@pytest.mark.slow
def test_what_is_seen_in_part_is_a_gap_in_the_counters() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(65)
        batteries[0].faults = Faults.parse("silent")
        await asyncio.sleep(30)
        before = the_bank(gateway).totals
        await asyncio.sleep(320)
        assert the_bank(gateway).state is BatteryState.LIVE
        assert the_bank(gateway).totals == before
        batteries[0].faults = Faults()
        await asyncio.sleep(100)
        after = the_bank(gateway).totals
        assert before is not None
        assert after is not None
        assert after.gaps >= 320.0
        assert after.charge_in + after.charge_out > before.charge_in + before.charge_out

    operate(script, "parallel(one, two, three, four)")


def test_to_read_or_release_a_bank_is_to_do_it_with_its_batteries() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(12)
        assert gateway.refresh("house")
        assert gateway.release("House", 10)
        await asyncio.sleep(15)
        assert {one.state for one in gateway.snapshots()} == {BatteryState.BUSY}
        assert not gateway.refresh("cellar")

    operate(script)


def test_a_reload_adds_changes_and_removes_banks_and_touches_no_link() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        await asyncio.sleep(35)
        connects = [one.counts.connects for one in gateway.snapshots()][:4]
        plan = gateway.plan
        assert gateway.reload(replace(plan, banks=(banked(batteries, "parallel(one, two, three, four)"),))) == [
            "bank House changed"
        ]
        await asyncio.sleep(35)
        assert facts(gateway).arrangement == "parallel(one, two, three, four)"
        assert gateway.reload(replace(plan, banks=())) == ["bank House removed"]
        await asyncio.sleep(1)
        assert [one.info.kind for one in gateway.snapshots()] == ["battery"] * 4
        assert listener.gone == ["house"]
        assert gateway.reload(plan) == ["bank House added"]
        await asyncio.sleep(35)
        assert the_bank(gateway).state is BatteryState.LIVE
        assert [one.counts.connects for one in gateway.snapshots()][:4] == connects

    operate(script)


@pytest.mark.slow
def test_a_bug_in_a_bank_stops_no_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Banks) -> None:
        monkeypatch.setattr(Bank, "evaluate", broken)
        await asyncio.sleep(95)
        assert [one.counts.readings for one in gateway.snapshots()][:4] == [10, 10, 10, 10]
        assert "bank House: ZeroDivisionError()" in told(gateway, "bug")
        monkeypatch.undo()
        await asyncio.sleep(100)
        assert the_bank(gateway).state is BatteryState.LIVE

    operate(script)
