"""A bumble central that reads the simulated peripheral over a virtual air: no kernel, no radio."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bumble.core import UUID
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address, OwnAddressType

from bmsreader.simulator.air import Air, device_on_air
from bmsreader.simulator.peripheral import (
    NORDIC_UART,
    Battery,
    OnAir,
    Peripheral,
    on_virtual_controller,
)
from bmsreader.simulator.said import Said

ADDRESS = "02:00:07:00:00:01"
REQUEST = b":000250000E03~"
FRAME = (
    b":008231008C000000000000000CB90CBA0CBB0CB6000000000000000000000000000000000000000000000000"
    b"00B400003D3D3D3DF0000013760031000011014007D007D0B6~"
)
SOON = 2.0
"""Seconds; enough for anything on the virtual air, on a busy machine too."""


@dataclass(kw_only=True)
class Standing:
    """A battery that answers each request with the same chunks."""

    chunks: list[tuple[float, bytes]] = field(default_factory=lambda: in_chunks(FRAME))
    connectable: bool = True
    idle_disconnect: float | None = None
    drop_after: int | None = None
    asked: list[bytes] = field(default_factory=list)
    says: list[tuple[float, bytes]] = field(default_factory=list)
    """What comes unasked."""

    def answer(self, request: bytes) -> Said:
        self.asked.append(request)
        return Said(chunks=tuple(self.chunks), drop_after=self.drop_after)

    def unasked(self) -> Said:
        return Said(chunks=tuple(self.says))


@dataclass(kw_only=True)
class Central:
    """Somebody's phone or computer beside the battery."""

    device: Device

    async def connect(self) -> "Link":
        async with asyncio.timeout(SOON):
            connection = await self.device.connect(
                Address(ADDRESS, Address.PUBLIC_DEVICE_ADDRESS), own_address_type=OwnAddressType.PUBLIC
            )
        link = Link(connection=connection, peer=Peer(connection))
        connection.on(Connection.EVENT_DISCONNECTION, lambda _reason: link.lost.set())
        await link.peer.discover_all()  # type: ignore[no-untyped-call]
        link.listen()
        return link

    async def first_advertisement(self, *, within: float = SOON) -> Advertisement:
        heard: asyncio.Queue[Advertisement] = asyncio.Queue()
        self.device.on(Device.EVENT_ADVERTISEMENT, heard.put_nowait)
        await self.device.start_scanning(filter_duplicates=False)
        try:
            async with asyncio.timeout(within):
                return await heard.get()
        finally:
            await self.device.stop_scanning()
            self.device.remove_listener(Device.EVENT_ADVERTISEMENT, heard.put_nowait)


@dataclass(kw_only=True)
class Link:
    connection: Connection
    peer: Peer
    received: list[bytes] = field(default_factory=list)
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def notify(self) -> CharacteristicProxy[bytes]:
        (found,) = self.peer.get_characteristics_by_uuid(UUID(NORDIC_UART.notify))
        return found

    @property
    def write(self) -> CharacteristicProxy[bytes]:
        (found,) = self.peer.get_characteristics_by_uuid(UUID(NORDIC_UART.write))
        return found

    def listen(self) -> None:
        """Take what comes, whether subscribed or not, like ``gatttool --listen``."""
        self.peer.gatt_client.notification_subscribers[self.notify.handle] = {self.received.append}

    async def ask(self, request: bytes = REQUEST) -> bytes:
        await self.write.write_value(request, with_response=True)
        return await self.answer()

    async def answer(self, *, frames: int = 1) -> bytes:
        await until(lambda: b"".join(self.received).count(b"~") >= frames)
        return b"".join(self.received)

    async def hung_up(self) -> None:
        async with asyncio.timeout(SOON):
            await self.lost.wait()


def in_chunks(frame: bytes, size: int = 20, delay: float = 0.0) -> list[tuple[float, bytes]]:
    return [(delay, frame[start : start + size]) for start in range(0, len(frame), size)]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not condition():  # noqa: ASYNC110 - what it waits for happens inside bumble and sets no event
            await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def on_the_air(battery: Battery, **presentation: Any) -> AsyncIterator[Central]:
    """Run a battery, and a central beside it."""
    air = Air()
    on_air = OnAir(**{"battery": battery, "name": "LT-12V-1544", "address": ADDRESS, **presentation})
    peripheral: Peripheral = on_virtual_controller(on_air, air)
    phone = device_on_air(air, address="02:00:00:00:00:EE", configuration=DeviceConfiguration(name="phone"))
    await phone.power_on()
    ready = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(peripheral.run(ready.set))
        await ready.wait()
        yield Central(device=phone)
        running.cancel()


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)
