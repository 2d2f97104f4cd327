"""A link of the gateway: a battery is connected when it is heard and its turn has come, and not before."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from bleak.backends.device import BLEDevice

from bmsreader.descriptions import load
from bmsreader.links.air import Air
from bmsreader.links.link import GattTable
from bmsreader.links.radio import Heard
from bmsreader.links.radiolink import ATTEMPT, LISTEN, PERHAPS, RadioLink
from bmsreader.model import BatteryBusy, NotHeard, Unreachable
from tests.clock import elapsed, run

ADDRESS = "02:00:07:00:00:01"
DEVICE = BLEDevice(ADDRESS, "LT-12V-1544", {"path": "/org/bluez/hci0/dev_02_00_07_00_00_01"})


class Around:
    """A radio in which a test decides who is heard and held."""

    def __init__(self, *, held: bool = False, listed: bool = True) -> None:
        self.air = Air(asyncio.get_running_loop().time)
        self.held = held
        self.listed = listed
        self.hears_everything = False
        self.turns: list[float] = []
        self.given_back: list[float] = []
        self.last, self.silence = self.air.last, self.air.silence
        self.fresh, self.hears, self.linked = self.air.fresh, self.air.hears, self.air.linked

    def hear(self, *, age: float = 0.0) -> None:
        self.air.take(Heard(address=ADDRESS, name="LT-12V-1544", signal=-71, age=age, adapter="hci0"))

    async def holds(self, address: str) -> bool:
        return self.held

    def way(self, address: str, adapter: str | None) -> BLEDevice | None:
        return DEVICE if self.listed else None

    @asynccontextmanager
    async def turn(self, address: str, adapter: str | None) -> AsyncIterator[BLEDevice]:
        self.turns.append(elapsed())
        try:
            yield DEVICE
        finally:
            self.given_back.append(elapsed())


class Radio(RadioLink):
    """A link whose connection takes a given time instead of a Bluetooth stack."""

    takes = 1.0

    async def _establish(self, device: BLEDevice, *, fresh: bool) -> GattTable:
        await asyncio.sleep(self.takes)
        return GattTable(services=())


def link(around: Around, *, takes: float = 1.0) -> Radio:
    made = Radio(ADDRESS, around, codecs=[load("ej")])
    made.takes = takes
    return made


def failing(scene: Coroutine[Any, Any, Any], error: type[Exception]) -> float:
    """Return after how many s a scene fails with this error."""

    async def main() -> float:
        with pytest.raises(error):
            await scene
        return elapsed()

    return run(main())


def test_a_battery_that_was_just_heard_is_connected_at_once() -> None:
    async def main() -> tuple[list[float], float, int | None, str | None]:
        around = Around()
        around.hear(age=3.0)
        made = link(around)
        await made.connect()
        return around.turns, elapsed(), made.signal, made.name

    assert run(main()) == ([0.0], 1.0, -71, "LT-12V-1544")


def test_a_battery_is_connected_when_it_comes_on_the_air() -> None:
    async def main() -> list[float]:
        around = Around()
        asyncio.get_running_loop().call_later(6.0, around.hear)
        await link(around).connect()
        return around.turns

    assert run(main()) == [6.0]


def test_an_absent_battery_takes_no_adapter_any_time() -> None:
    arounds: list[Around] = []

    async def main() -> None:
        arounds.append(Around())
        await link(arounds[0]).connect()

    assert failing(main(), NotHeard) == LISTEN
    assert arounds[0].turns == []


def test_a_battery_that_was_heard_long_ago_counts_as_absent_though_bluez_lists_it() -> None:
    async def main() -> None:
        around = Around()
        around.hear(age=PERHAPS + 1)
        await link(around).connect()

    assert failing(main(), NotHeard) == LISTEN


def test_a_battery_that_bluez_may_only_keep_quiet_about_is_tried_after_all() -> None:
    async def main() -> list[float]:
        around = Around()
        around.hear(age=30.0)
        await link(around).connect()
        return around.turns

    assert run(main()) == [LISTEN]


def test_where_each_advertisement_is_told_silence_means_absence() -> None:
    async def main() -> None:
        around = Around()
        around.hears_everything = True
        around.hear(age=30.0)
        await link(around).connect()

    assert failing(main(), NotHeard) == LISTEN


def test_after_a_link_it_must_be_heard_again_before_the_next() -> None:
    async def main() -> list[float]:
        around = Around()
        around.hear()
        made = link(around)
        await made.connect()
        asyncio.get_running_loop().call_later(4.0, around.hear)
        await made.connect()
        return around.turns

    assert run(main()) == [0.0, 5.0]


def test_a_battery_that_this_machine_holds_is_busy_at_once() -> None:
    async def main() -> None:
        await link(Around(held=True)).connect()

    assert failing(main(), BatteryBusy) == 0.0


def test_a_connection_that_hangs_gives_the_adapter_back() -> None:
    arounds: list[Around] = []

    async def main() -> None:
        around = Around()
        arounds.append(around)
        around.hear()
        await link(around, takes=1000.0).connect()

    assert failing(main(), Unreachable) == ATTEMPT
    assert arounds[0].given_back == [ATTEMPT]


def test_what_is_cancelled_gives_the_adapter_back() -> None:
    async def main() -> list[float]:
        around = Around()
        around.hear()
        try:
            async with asyncio.timeout(2.0):
                await link(around, takes=1000.0).connect()
        except TimeoutError:
            pass
        return around.given_back

    assert run(main()) == [2.0]
