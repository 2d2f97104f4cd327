"""The Bluetooth adapters of this machine: which there are, and news when one comes, goes or is switched."""

import asyncio
import sys
from dataclasses import dataclass

from bmsreader.links.bus import ADAPTER, Bus, Objects
from bmsreader.model.errors import NoBluetooth

LINUX = sys.platform.startswith("linux")
LOOK_AGAIN = 30.0
"""s between two looks when nothing is told."""
SETTLE = 0.3
"""s that news may take to be complete: an adapter comes with many properties, one after the other."""
BUS_AGAIN = 2.0
"""s before a lost message bus is looked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAdapter:
    """An adapter as the Bluetooth service knows it."""

    name: str
    """Such as ``hci0``; may change when it is unplugged and plugged in again."""
    address: str
    powered: bool = True

    def matches(self, wanted: str) -> bool:
        """Return whether the owner means this adapter, by name or by address."""
        return wanted.casefold() in (self.name.casefold(), self.address.casefold())


def adapters_among(objects: Objects) -> tuple[LocalAdapter, ...]:
    """Return the adapters among BlueZ's objects."""
    return tuple(
        LocalAdapter(
            name=path.rpartition("/")[2],
            address=str(interfaces[ADAPTER].get("Address", "")),
            powered=bool(interfaces[ADAPTER].get("Powered")),
        )
        for path, interfaces in sorted(objects.items())
        if ADAPTER in interfaces
    )


class AdapterWatch:
    """Looks at the adapters of this machine, and waits for news about them."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._news = asyncio.Event()
        self._restarted = False
        self._watching = False

    async def look(self) -> tuple[LocalAdapter, ...]:
        """Return the adapters; none while the Bluetooth service is away. Raise NoBluetooth without a message bus."""
        if not LINUX:
            return await _elsewhere()
        if not self._bus.connected:
            await self._bus.open()
            self._watching = False
        if not self._watching:
            await self._bus.watch(self._changed)
            self._watching = True
        return adapters_among(await self._bus.objects())

    async def news(self) -> bool:
        """Return when something may have changed, or after a while; whether the Bluetooth service was restarted."""
        try:
            lost = LINUX and not self._bus.connected
            async with asyncio.timeout(BUS_AGAIN if lost else LOOK_AGAIN):
                await self._news.wait()
            await asyncio.sleep(SETTLE)
        except TimeoutError:
            pass
        self._news.clear()
        restarted, self._restarted = self._restarted, False
        return restarted

    def _changed(self, restarted: bool) -> None:
        self._restarted |= restarted
        self._news.set()

    def poke(self) -> None:
        """Have the next ``news`` return at once."""
        self._news.set()


async def _elsewhere() -> tuple[LocalAdapter, ...]:
    """Return the one adapter of macOS and Windows."""
    from bluetooth_adapters import get_adapters

    found = get_adapters()
    await found.refresh()
    return tuple(
        LocalAdapter(name=name, address=details["address"], powered=bool(details.get("powered", True)))
        for name, details in found.adapters.items()
    )


def usable(found: tuple[LocalAdapter, ...], wanted: tuple[str, ...]) -> tuple[LocalAdapter, ...]:
    """Return the adapters that the owner wants, in the owner's order; all when none is named."""
    if not wanted:
        return found
    return tuple(adapter for name in wanted for adapter in found if adapter.matches(name))


def missing(found: tuple[LocalAdapter, ...], wanted: tuple[str, ...]) -> NoBluetooth:
    """Return the error for a machine without the adapters that are to be used."""
    if found:
        names = ", ".join(adapter.name for adapter in found)
        return NoBluetooth(f"there is no Bluetooth adapter {' or '.join(wanted)}", advice=f"There are: {names}.")
    return NoBluetooth("this machine has no Bluetooth adapter")
