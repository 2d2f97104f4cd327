"""The front door: addresses, names and ports are told apart."""

import asyncio

import pytest

from bmsreader.descriptions import shipped
from bmsreader.links.ble import BleLink
from bmsreader.links.serial import SerialLink
from bmsreader.model import NoBluetooth, Reading
from bmsreader.session import connect, is_address, link_to
from bmsreader.simulator import SimulatedLink
from tests.clock import run
from tests.session.transcript import make_battery


@pytest.mark.parametrize("text", ["02:00:07:BD:93:39", "02:00:07:bd:93:39", "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0"])
def test_addresses_of_all_systems_are_recognised(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["LT-12V-1544", "02:00:07", "/dev/ttyUSB0", "", "02-00-07-BD-93-39"])
def test_names_are_no_addresses(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("battery", "port"),
    [("/dev/ttyUSB0", "/dev/ttyUSB0"), ("serial:/dev/ttyUSB0", "/dev/ttyUSB0"), ("COM3", "COM3")],
)
def test_a_serial_port_becomes_a_serial_link(battery: str, port: str) -> None:
    link = asyncio.run(link_to(battery, shipped()))

    assert isinstance(link, SerialLink)
    assert link.address == port


def test_an_address_becomes_a_bluetooth_link_without_a_search() -> None:
    assert isinstance(asyncio.run(link_to("02:00:07:BD:93:39", shipped())), BleLink)


def test_a_name_is_looked_for_over_the_air() -> None:
    with pytest.raises(NoBluetooth):
        asyncio.run(link_to("LT-12V-1544", shipped(), search=0.1))


def test_a_session_reads_within_the_block_and_lets_go_after_it() -> None:
    async def read() -> tuple[Reading, bool, bool]:
        battery = make_battery()
        async with connect(SimulatedLink(battery, codecs=shipped()), identity="cellar") as session:
            reading = await session.read()
            held = battery.held
        return reading, held, battery.held

    reading, held_within, held_after = run(read())

    assert reading.battery == "cellar"
    assert (held_within, held_after) == (True, False)


def test_a_block_that_fails_lets_the_battery_go_too() -> None:
    async def fail() -> bool:
        battery = make_battery()
        with pytest.raises(RuntimeError, match="own trouble"):
            async with connect(SimulatedLink(battery, codecs=shipped())):
                raise RuntimeError("the caller's own trouble")
        return battery.held

    assert run(fail()) is False
