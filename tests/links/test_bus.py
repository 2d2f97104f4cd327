"""The Bluetooth service over a real message bus of the tests' own, with a service on it that looks like BlueZ."""

import asyncio
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from dbus_fast.aio import MessageBus
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_property, method

from bmsreader.links.bus import ADAPTER, DEVICE, Bus, _concerns_an_adapter
from bmsreader.model import NoBluetooth
from tests.conftest import IN_CI

ADDRESS = "02:00:07:00:00:01"
PATH = "/org/bluez/hci0/dev_02_00_07_00_00_01"
WITHIN = 10.0


def test_without_a_message_bus_there_is_no_bluetooth() -> None:
    async def main() -> None:
        await Bus().open()

    with pytest.raises(NoBluetooth, match="no system D-Bus"):
        asyncio.run(main())


def test_a_question_without_a_message_bus_says_so_too() -> None:
    with pytest.raises(NoBluetooth):
        asyncio.run(Bus().objects())


def test_only_adapters_that_come_and_go_are_news() -> None:
    assert _concerns_an_adapter(["/org/bluez/hci0", {ADAPTER: {}}])
    assert _concerns_an_adapter(["/org/bluez/hci0", [ADAPTER, "org.bluez.Media1"]])
    assert not _concerns_an_adapter([PATH, {DEVICE: {}}])


# ---- on a bus

needs_bus = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None and not IN_CI, reason="needs dbus-daemon: see .ci/run for the Debian packages"
)


class Switch(ServiceInterface):
    """An adapter that can be switched."""

    def __init__(self) -> None:
        super().__init__(ADAPTER)
        self.on = True

    @dbus_property(access=PropertyAccess.READWRITE)
    def Powered(self) -> "b":  # type: ignore[name-defined]  # noqa: F821, N802
        return self.on

    @Powered.setter  # type: ignore[no-redef]
    def Powered(self, on: "b") -> None:  # type: ignore[name-defined]  # noqa: F821, N802
        self.on = on
        self.emit_properties_changed({"Powered": on})


class Peripheral(ServiceInterface):
    """A battery that this machine is connected to."""

    def __init__(self) -> None:
        super().__init__(DEVICE)
        self.connected = True

    @dbus_property(access=PropertyAccess.READ)
    def Address(self) -> "s":  # type: ignore[name-defined]  # noqa: F821, N802
        return ADDRESS

    @dbus_property(access=PropertyAccess.READ)
    def Connected(self) -> "b":  # type: ignore[name-defined]  # noqa: F821, N802
        return self.connected

    @method()
    def Disconnect(self) -> None:  # noqa: N802
        self.connected = False


class Bluez:
    """A service that looks like BlueZ on the tests' own bus."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.switch = Switch()

    async def start(self) -> "Bluez":
        self.bus = await MessageBus(bus_address=self._address).connect()
        self.bus.export("/org/bluez/hci0", self.switch)
        self.bus.export(PATH, Peripheral())
        await self.bus.request_name("org.bluez")
        return self

    def stop(self) -> None:
        self.bus.disconnect()


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a message bus of the tests' own, which passes for the system's."""
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address
        process.terminate()


def on_bus(daemon: str, play: Callable[[Bus, Bluez], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        bluez, bus = await Bluez(daemon).start(), Bus()
        try:
            await bus.open()
            return await play(bus, bluez)
        finally:
            bus.close()
            bluez.stop()

    return asyncio.run(asyncio.wait_for(main(), WITHIN))


@needs_bus
@pytest.mark.slow
def test_a_link_that_is_held_is_found_in_any_spelling_and_dropped(daemon: str) -> None:
    async def play(bus: Bus, bluez: Bluez) -> list[list[str]]:
        found = await bus.held(ADDRESS.lower())
        await bus.drop(found[0])
        return [found, await bus.held(ADDRESS)]

    assert on_bus(daemon, play) == [[PATH], []]


@needs_bus
@pytest.mark.slow
def test_an_adapter_is_switched(daemon: str) -> None:
    async def play(bus: Bus, bluez: Bluez) -> bool:
        await bus.power("hci0", on=False)
        return bluez.switch.on

    assert on_bus(daemon, play) is False


@needs_bus
@pytest.mark.slow
def test_what_happens_to_adapters_and_to_the_service_is_told(daemon: str) -> None:
    async def play(bus: Bus, bluez: Bluez) -> list[bool]:
        told: asyncio.Queue[bool] = asyncio.Queue()
        await bus.watch(told.put_nowait)
        await bus.power("hci0", on=False)
        news = [await told.get()]
        bluez.bus.unexport("/org/bluez/hci0")
        news.append(await told.get())
        bluez.stop()
        news.append(await told.get())
        await bluez.start()
        news.append(await told.get())
        return news

    assert on_bus(daemon, play) == [False, False, False, True]


@needs_bus
@pytest.mark.slow
def test_what_the_service_refuses_is_said_in_its_words(daemon: str) -> None:
    async def play(bus: Bus, bluez: Bluez) -> None:
        await bus.power("hci9", on=True)

    with pytest.raises(NoBluetooth):
        on_bus(daemon, play)


@needs_bus
@pytest.mark.slow
def test_a_bus_that_ends_is_noticed_and_opened_again(daemon: str) -> None:
    async def play(bus: Bus, bluez: Bluez) -> list[bool]:
        bus.close()
        states = [bus.connected]
        await bus.objects()
        return [*states, bus.connected]

    assert on_bus(daemon, play) == [False, True]
