"""A Bluetooth stack for tests: adapters that come, go, fall silent and hear what they are told to hear."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from bluetooth_data_tools import monotonic_time_coarse
from habluetooth import BluetoothServiceInfoBleak

from bmsreader.links.adapters import LocalAdapter
from bmsreader.links.bus import ADAPTER, DEVICE, Bus, Objects
from bmsreader.links.scanner import Ether, Scanner
from bmsreader.model import NoBluetooth

HCI0 = LocalAdapter(name="hci0", address="02:00:00:00:00:FE")
HCI1 = LocalAdapter(name="hci1", address="02:00:00:00:00:FD")
BATTERY = "02:00:07:00:00:01"


def as_objects(*adapters: LocalAdapter, connected: tuple[str, ...] = ()) -> Objects:
    """Return how BlueZ shows these adapters, and peripherals of the first one that it holds a connection to."""
    objects: Objects = {
        f"/org/bluez/{one.name}": {ADAPTER: {"Address": one.address, "Powered": one.powered}} for one in adapters
    }
    for address in connected:
        path = f"/org/bluez/{adapters[0].name}/dev_{address.replace(':', '_')}"
        objects[path] = {DEVICE: {"Address": address, "Connected": True}}
    return objects


class Service(Bus):
    """The Bluetooth service of BlueZ; ``become`` changes what it knows and tells those who watch."""

    def __init__(self, *adapters: LocalAdapter, connected: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.known = as_objects(*adapters, connected=connected)
        self.runs = True
        self.dropped: list[str] = []
        self.powered: list[tuple[str, bool]] = []
        self.when: list[float] = []
        """When each of these was asked for, s."""
        self._changed: Callable[[bool], None] = lambda restarted: None

    async def open(self) -> None: ...

    @property
    def connected(self) -> bool:
        return True

    async def objects(self) -> Objects:
        if not self.runs:
            raise NoBluetooth("the Bluetooth service does not run")
        return dict(self.known)

    async def watch(self, changed: Callable[[bool], None]) -> None:
        self._changed = changed

    def become(self, *adapters: LocalAdapter, restarted: bool = False) -> None:
        self.known = as_objects(*adapters)
        self._changed(restarted)

    def die(self) -> None:
        self.runs = False
        self._changed(False)

    def start_anew(self) -> None:
        self.runs = True
        self._changed(True)

    async def power(self, adapter: str, *, on: bool) -> None:
        self.powered.append((adapter, on))
        self.when.append(asyncio.get_running_loop().time())
        for path, interfaces in self.known.items():
            if path.endswith(adapter):
                interfaces[ADAPTER]["Powered"] = on
        self._changed(False)

    async def drop(self, path: str) -> None:
        self.dropped.append(path)
        del self.known[path]


class Ears(Scanner):
    """Listening that needs no radio: it hears what ``hear`` says."""

    made: ClassVar[list["Ears"]] = []
    broken = False
    """Whether listening cannot be begun."""

    def __init__(self, adapter: LocalAdapter) -> None:
        super().__init__(adapter)
        self.found: dict[str, tuple[BLEDevice, AdvertisementData]] = {}
        self.ended = False
        self.last = asyncio.get_running_loop().time()
        Ears.made.append(self)

    async def begin(self) -> None:
        if Ears.broken:
            raise BleakError("org.bluez.Error.InProgress")

    async def end(self) -> None:
        self.ended = True

    def time_since_last_detection(self) -> float:
        return asyncio.get_running_loop().time() - self.last

    @property
    def discovered_devices_and_advertisement_data(self) -> dict[str, tuple[BLEDevice, AdvertisementData]]:
        return self.found

    def get_discovered_device_advertisement_data(self, address: str) -> Any:
        return self.found.get(address)

    def hear(self, ether: Ether, address: str = BATTERY, name: str = "LT-12V-1544", signal: int = -70) -> None:
        self.last = asyncio.get_running_loop().time()
        path = f"/org/bluez/{self.adapter}/dev_{address.replace(':', '_')}"
        device = BLEDevice(address, name, {"path": path, "props": {}})
        advertisement = AdvertisementData(name, {33384: b"\x01"}, {}, [], None, signal, ())
        self.found[address] = (device, advertisement)
        info = BluetoothServiceInfoBleak(
            name,
            address,
            signal,
            {33384: b"\x01"},
            {},
            [],
            self.source,
            device,
            advertisement,
            True,
            monotonic_time_coarse(),
            None,
        )
        ether.scanner_adv_received(info)
