"""ESPHome proxies: a whole reading comes through the native API, and again after the proxy was restarted."""

import asyncio
import sys
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from bmsreader.descriptions import load
from bmsreader.links.bluetooth import BluetoothRadio
from bmsreader.links.proxies import require_library
from bmsreader.model import ConfigurationError
from bmsreader.session.session import Session
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.pack import Pack
from tests.links.esphome import Proxy
from tests.links.records import Records

ADDRESS = "02:00:07:00:00:01"
WITHIN = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    host: str = "127.0.0.1"
    port: int = 6053
    key: str | None = None


def battery() -> Battery:
    dice = Random(1)
    return Battery(Pack(clock=time.monotonic, dice=dice), codec=load("ej"), dice=dice, address=ADDRESS, instant=True)


def radio(proxy: Proxy, records: Records) -> BluetoothRadio:
    return BluetoothRadio(proxies=[Place(port=proxy.port)], on_record=records)


def soon(main: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(main, WITHIN))


@pytest.mark.slow
def test_a_whole_reading_comes_through_a_proxy() -> None:
    async def main() -> tuple[Any, Any, Any]:
        records = Records()
        async with Proxy(battery()).running() as proxy, radio(proxy, records) as air:
            await air.hears(ADDRESS)
            link = air.link(ADDRESS, codecs=[load("ej")])
            async with Session(link, [load("ej")]) as session:
                reading = await session.read()
                health = air.health()
        return reading, link.signal, health

    reading, signal, (health,) = soon(main())

    assert (reading.battery, reading.protocol, len(reading.cell_voltages)) == (ADDRESS, "ej", 4)
    assert signal == -67
    assert (health.name, health.ok, health.slots, health.free) == ("127.0.0.1", True, 3, 2)


@pytest.mark.slow
def test_a_battery_behind_a_proxy_is_heard_with_its_name() -> None:
    async def main() -> Any:
        async with Proxy(battery()).running() as proxy, radio(proxy, Records()) as air:
            return await air.hears_new()

    heard = soon(main())

    assert (heard.address, heard.name, heard.signal) == (ADDRESS, "LT-12V-1544", -67)


@pytest.mark.slow
def test_a_proxy_that_was_restarted_is_used_again() -> None:
    async def main() -> tuple[int, list[str]]:
        records = Records()
        async with Proxy(battery()).running() as proxy, radio(proxy, records) as air:
            session = Session(air.link(ADDRESS, codecs=[load("ej")]), [load("ej")])
            async with session:
                await session.read()
                await proxy.stop()
                await records.until("proxy lost")
                await proxy.start()
                await air.hears(ADDRESS)
                await session.read()
        return len(proxy.battery.asked), [kind for kind in records.kinds if kind.startswith("proxy")]

    asked, kinds = soon(main())

    assert asked >= 2
    assert [kind for kind in kinds if kind != "proxy failed"] == ["proxy connected", "proxy lost", "proxy connected"]


@pytest.mark.slow
def test_a_node_without_bluetooth_is_told_as_such() -> None:
    async def main() -> Any:
        records = Records()
        async with Proxy(battery(), features=0).running() as proxy, radio(proxy, records) as air:
            await records.until("proxy failed")
            return air.health()

    (health,) = soon(main())

    assert (health.ok, health.problem) == (False, "cellar-proxy is no Bluetooth proxy")


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bleak_esphome", None)

    with pytest.raises(ConfigurationError) as error:
        require_library()

    assert "bmsreader[esphome]" in error.value.advice
