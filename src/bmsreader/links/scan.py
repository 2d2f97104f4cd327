"""Listen for advertisements."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from bmsreader.links.ble import no_bluetooth, scanner_options
from bmsreader.model.errors import NoBluetooth

STARTING = 10.0
"""Seconds that the adapter may take to begin and to end listening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertisement:
    """What a peripheral said of itself."""

    address: str
    """Bluetooth address; on macOS a UUID that only this machine knows."""
    name: str | None
    signal: int
    """dBm."""
    services: tuple[str, ...]
    """Service UUIDs; often absent though the battery has them."""
    manufacturer_data: tuple[tuple[int, bytes], ...]
    device: BLEDevice
    """For connecting without another search."""


async def advertisements(seconds: float, *, adapter: str | None = None) -> AsyncGenerator[Advertisement]:
    """Yield every advertisement that is heard within some seconds; raise NoBluetooth where there is no adapter."""
    whole = asyncio.timeout(seconds + STARTING)
    try:
        async with (
            whole,
            BleakScanner(bluez=scanner_options(adapter)) as scanner,
            asyncio.timeout(seconds),
        ):
            async for device, data in scanner.advertisement_data():
                yield Advertisement(
                    address=device.address,
                    name=(data.local_name or device.name or "").strip("\0\r\n ") or None,
                    signal=data.rssi,
                    services=tuple(data.service_uuids),
                    manufacturer_data=tuple(data.manufacturer_data.items()),
                    device=device,
                )
    except TimeoutError as error:
        if whole.expired():
            raise NoBluetooth(f"the Bluetooth adapter does not answer within {seconds + STARTING:.0f} s") from error
    except (BleakError, OSError) as error:
        raise no_bluetooth(error) from error
