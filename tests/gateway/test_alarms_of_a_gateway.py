"""Alarms of a whole gateway in virtual time: simulated batteries, rules, a listener."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bmsreader.alarms import DEFAULTS
from bmsreader.gateway.gateway import Gateway
from bmsreader.model import Source
from bmsreader.simulator.battery import Battery
from tests.gateway.alarms import LOW
from tests.gateway.test_gateway import Listener, operate

ALWAYS = replace(LOW, below=100.1)


def test_what_a_battery_reports_is_an_alarm_for_everybody() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        batteries[0].faults = replace(batteries[0].faults, alarm=("short_circuit",))
        await asyncio.sleep(60)
        (alarm,) = gateway.alarms(state="active")
        assert (alarm.name, alarm.source, alarm.battery) == ("short_circuit", Source.BATTERY, batteries[0].address)
        assert [one.alarms for one in gateway.snapshots()] == [(alarm,), ()]
        last = [one for one in listener.took if one.info.id == alarm.battery][-1]
        assert last.alarms == (alarm,)

    operate(script)


def test_an_acknowledged_alarm_is_handed_on_at_once() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(1)
        gateway.reload(replace(gateway.plan, rules=(ALWAYS,)))
        await asyncio.sleep(60)
        heard = len(listener.took)
        assert gateway.acknowledge_all() == 2
        await asyncio.sleep(0.1)
        assert len(listener.took) == heard + 2
        assert all(one.acknowledged_at for snapshot in listener.took[heard:] for one in snapshot.alarms)

    operate(script)


def test_a_reload_changes_the_rules_and_says_so() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(1)
        told = gateway.reload(replace(gateway.plan, rules=(ALWAYS,)))
        assert told == ["alarm rule Generator added"]
        await asyncio.sleep(60)
        assert len(gateway.alarms(state="active")) == 2
        gateway.reload(replace(gateway.plan, rules=()))
        assert gateway.alarms(state="active") == []

    operate(script)


@pytest.mark.slow
def test_a_battery_that_falls_silent_is_missed_and_welcomed_back() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(1)
        gateway.reload(replace(gateway.plan, rules=DEFAULTS))
        await asyncio.sleep(60)
        batteries[0].faults = replace(batteries[0].faults, silent=1.0)
        await asyncio.sleep(900)
        assert [one.name for one in gateway.alarms(state="active")] == ["no_data"]
        batteries[0].faults = replace(batteries[0].faults, silent=0.0)
        await asyncio.sleep(900)
        assert gateway.alarms(state="active") == []

    operate(script)


@pytest.mark.slow
def test_a_released_battery_is_not_missed() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(1)
        gateway.reload(replace(gateway.plan, rules=DEFAULTS))
        await asyncio.sleep(60)
        gateway.release(listener.took[0].info.slug, 60.0)
        await asyncio.sleep(3000)
        assert gateway.alarms(state="all") == []

    operate(script)


def test_a_battery_that_is_removed_takes_its_alarms_along() -> None:
    async def script(gateway: Gateway, batteries: Sequence[Battery], listener: Listener) -> None:
        await asyncio.sleep(1)
        gateway.reload(replace(gateway.plan, rules=(ALWAYS,)))
        await asyncio.sleep(60)
        gateway.reload(replace(gateway.plan, batteries=gateway.plan.batteries[:1]))
        assert [one.battery for one in gateway.alarms(state="active")] == [batteries[0].address]

    operate(script)
