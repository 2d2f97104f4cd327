"""Bluetooth Low Energy by bleak: Linux, macOS (where addresses are UUIDs) and Windows."""

import asyncio
import sys
from collections.abc import Iterable
from typing import Any

from bleak import BleakClient, BleakScanner
from bleak.args.bluez import BlueZScannerArgs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError
from bleak_retry_connector import BleakOutOfConnectionSlotsError, clear_cache, establish_connection, get_device

from bmsreader.links.link import Characteristic, GattTable, Link, Receive, Service
from bmsreader.model.errors import BatteryBusy, LinkLost, NoBluetooth, NotHeard, Unreachable
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile


class BleLink(Link):
    """A Bluetooth battery; ``device`` saves the search when a scan has just found it, ``adapter`` is e.g. ``hci1``."""

    client_class: type[BleakClient] = BleakClient
    """What connects."""

    def __init__(
        self,
        address: str,
        *,
        codecs: Iterable[Codec],
        name: str | None = None,
        device: BLEDevice | None = None,
        adapter: str | None = None,
        search: float = 15.0,
    ) -> None:
        super().__init__(address, codecs=codecs, name=name)
        self._device = device
        self._scanning = scanner_options(adapter)
        self._search = search
        self._signal: int | None = None
        self._client: BleakClient | None = None
        self._write_to: BleakGATTCharacteristic | None = None
        self._notify_from: BleakGATTCharacteristic | None = None
        self._with_response = True

    async def connect(self, *, fresh: bool = False) -> GattTable:
        """Find the battery, connect and discover its services; see ``Link.connect``."""
        await self.disconnect()  # what is left of a lost connection would have BlueZ send every notification twice
        return await self._establish(self._device or await self._find(), fresh=fresh)

    async def _establish(self, device: BLEDevice, *, fresh: bool) -> GattTable:
        try:
            if fresh:
                await clear_cache(device.address)
            self._client = await establish_connection(
                self.client_class,
                device,
                device.name or self.address,
                disconnected_callback=self._lost,
                max_attempts=2,
                use_services_cache=not fresh,
            )
        except BleakOutOfConnectionSlotsError as error:
            raise Unreachable(f"{self.address}: the adapter has no free connection", advice=_SLOTS) from error
        except (BleakError, TimeoutError, EOFError, OSError) as error:
            self._device = None
            raise _as_ours(error, self.address) from error
        self._device = device
        self.name = self.name or device.name
        return gatt_table(self._client)

    async def _find(self) -> BLEDevice:
        try:
            async with BleakScanner(bluez=self._scanning) as scanner:
                device = await _first_advertisement(scanner, self)
        except (BleakError, OSError) as error:
            raise _as_ours(error, self.address) from error
        if device is None:
            if await held_by_this_host(self.address):
                raise BatteryBusy(
                    f"{self.address} is connected to this machine already, by another program or a link left behind",
                    advice=f"Stop the other program, or `bluetoothctl disconnect {self.address}`.",
                )
            raise NotHeard(f"{self.address} was not heard within {self._search:.0f} s")
        return device

    @property
    def search(self) -> float:
        """How long to listen for the battery's advertisement, s."""
        return self._search

    @property
    def signal(self) -> int | None:
        """Signal strength of the last advertisement, dBm."""
        return self._signal

    def heard(self, signal: int) -> None:
        """Remember how strong an advertisement was, dBm."""
        self._signal = signal

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Enable notifications; handles are found by UUID, never by number."""
        client = self._connected()
        if profile is None:
            raise Unreachable(f"{self.address}: a Bluetooth battery needs a service to talk to")
        try:
            service = client.services.get_service(profile.service)
            notify = service.get_characteristic(profile.notify) if service else None
            write = service.get_characteristic(profile.write) if service else None
            if notify is None or write is None:
                raise LinkLost(f"{self.address} no longer offers {profile.service}")
            if self._notify_from is not None:
                await client.stop_notify(self._notify_from)
            await client.start_notify(notify, lambda _, data: receive(bytes(data)))
        except (BleakError, TimeoutError, EOFError, OSError) as error:
            raise LinkLost(f"{self.address}: notifications cannot be enabled: {error}") from error
        self._notify_from, self._write_to = notify, write
        self._with_response = "write" in write.properties

    async def _send(self, request: bytes) -> None:
        if self._write_to is None:
            raise LinkLost(f"{self.address}: not subscribed")
        try:
            await self._connected().write_gatt_char(self._write_to, request, response=self._with_response)
        except (BleakError, TimeoutError, EOFError, OSError) as error:
            raise LinkLost(f"{self.address}: the request could not be sent: {error}") from error

    async def disconnect(self) -> None:
        """Let the battery go."""
        client, self._client = self._client, None
        self._write_to = self._notify_from = None
        if client is not None:
            try:
                await client.disconnect()
            except (BleakError, EOFError, OSError):
                pass  # gone is gone

    def _lost(self, client: BleakClient) -> None:
        if client is self._client:
            self.on_disconnect()

    def _connected(self) -> BleakClient:
        if self._client is None or not self._client.is_connected:
            raise LinkLost(f"{self.address}: the link is down")
        return self._client


_TO_VALUE = 1 if sys.platform.startswith("linux") else 0
"""BlueZ counts a characteristic by its declaration; its value, the handle that others mean, is the next one."""

_SLOTS = "Disconnect another battery, or add a second Bluetooth adapter."


async def _first_advertisement(scanner: BleakScanner, link: BleLink) -> BLEDevice | None:
    """Return the battery once it is heard, by address in any case; None when the time is over."""
    wanted = link.address.casefold()
    try:
        async with asyncio.timeout(link.search):
            async for device, advertisement in scanner.advertisement_data():
                if device.address.casefold() == wanted:
                    link.heard(advertisement.rssi)
                    return device
    except TimeoutError:
        pass
    return None


def scanner_options(adapter: str | None) -> BlueZScannerArgs:
    """Return what makes bleak listen on one adapter (Linux); None is the system's default adapter."""
    return {"adapter": adapter} if adapter else {}


def gatt_table(client: BleakClient) -> GattTable:
    """Return the services of a connected battery, in the order of their handles."""
    return GattTable(
        services=tuple(
            Service(
                uuid=service.uuid,
                handle=service.handle,
                characteristics=tuple(
                    Characteristic(
                        uuid=characteristic.uuid,
                        handle=characteristic.handle + _TO_VALUE,
                        properties=tuple(characteristic.properties),
                        descriptors=tuple((d.handle, d.uuid) for d in characteristic.descriptors),
                    )
                    for characteristic in sorted(service.characteristics, key=lambda one: one.handle)
                ),
            )
            for service in sorted(client.services, key=lambda one: one.handle)
        )
    )


async def held_by_this_host(address: str) -> bool:
    """Return whether this machine holds a connection to the battery already, ours or another program's (Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    device = await get_device(address)
    details: dict[str, Any] = device.details if device is not None else {}
    return bool(details.get("props", {}).get("Connected"))


def _as_ours(error: Exception, address: str) -> NoBluetooth | Unreachable | BatteryBusy:
    """Return our error for one of bleak's: what the owner can do something about."""
    text = reason_of(error)
    if isinstance(error, (BleakBluetoothNotAvailableError, FileNotFoundError, PermissionError)):
        return no_bluetooth(error)
    if isinstance(error, BleakDBusError) and ("ServiceUnknown" in text or "AccessDenied" in text):
        return no_bluetooth(error)
    if "No powered Bluetooth adapters" in text or "turned off" in text:
        return no_bluetooth(error)
    if "busy" in text.lower() or "br-connection-canceled" in text or "le-connection-abort-by-local" in text:
        return BatteryBusy(f"{address} refuses the connection: {text}")
    return Unreachable(f"{address}: {text}")


def reason_of(error: Exception) -> str:
    """Return an error's own sentence; this one of bleak's carries a code beside it."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return str(error.args[0])
    return str(error) or type(error).__name__


def no_bluetooth(error: Exception) -> NoBluetooth:
    """Return the error for a machine whose Bluetooth cannot be used."""
    reason = reason_of(error).rstrip(".")
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
        reason = "no system D-Bus"
    return NoBluetooth(f"Bluetooth cannot be used on this machine: {reason}")
