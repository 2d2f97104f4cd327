"""The Bluetooth service of Linux (BlueZ) over the system's message bus; every call has a deadline."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from bmsreader.links.deadline import within
from bmsreader.model.errors import NoBluetooth

SERVICE = "org.bluez"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
ANSWERS_WITHIN = 8.0
"""s that the Bluetooth service may take to answer."""

Objects = dict[str, dict[str, dict[str, Any]]]
"""Path of each object of BlueZ: name of each of its interfaces: its properties."""

WATCHED = (
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.bluez'",
    "type='signal',sender='org.bluez',member='InterfacesAdded',arg0path='/org/bluez/'",
    "type='signal',sender='org.bluez',member='InterfacesRemoved',arg0path='/org/bluez/'",
    "type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Adapter1'",
)


class Bus:
    """A connection to the message bus. Raise NoBluetooth when there is none, or it does not answer."""

    def __init__(self) -> None:
        self._bus: Any = None

    async def open(self) -> None:
        """Connect."""
        from dbus_fast import BusType
        from dbus_fast.aio import MessageBus
        from dbus_fast.errors import DBusFastError

        try:
            self._bus = await within(ANSWERS_WITHIN, MessageBus(bus_type=BusType.SYSTEM).connect())
        except (DBusFastError, OSError, EOFError, TimeoutError) as error:
            reason = "no system D-Bus" if isinstance(error, (FileNotFoundError, ConnectionRefusedError)) else error
            raise NoBluetooth(f"Bluetooth cannot be used on this machine: {reason}") from error

    @property
    def connected(self) -> bool:
        """Whether the connection is up."""
        return self._bus is not None and bool(self._bus.connected)

    def close(self) -> None:
        """Disconnect."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None

    async def call(
        self,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
        *,
        to: str = SERVICE,
    ) -> list[Any]:
        """Return what a method of BlueZ (or of another service) answers."""
        from dbus_fast import Message, MessageType, unpack_variants
        from dbus_fast.errors import DBusFastError

        message = Message(
            destination=to, path=path, interface=interface, member=member, signature=signature, body=[*body]
        )
        try:
            if self._bus is None:
                await self.open()
            reply = await within(ANSWERS_WITHIN, self._bus.call(message))
        except (DBusFastError, OSError, EOFError) as error:
            self.close()
            raise NoBluetooth(f"the connection to the system's message bus broke: {error}") from error
        except TimeoutError as error:
            raise NoBluetooth(f"the Bluetooth service does not answer within {ANSWERS_WITHIN:.0f} s") from error
        if reply.message_type is MessageType.ERROR:
            words = reply.body[0] if reply.body else reply.error_name
            raise NoBluetooth(f"Bluetooth cannot be used on this machine: {words}")
        return list(unpack_variants(reply.body))

    async def objects(self) -> Objects:
        """Return all adapters and peripherals that BlueZ knows."""
        (found,) = await self.call("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        return dict(found)

    async def watch(self, changed: Callable[[bool], None]) -> None:
        """Have ``changed`` called when an adapter or the service itself comes, goes or is switched.

        Its argument says whether the Bluetooth service was started anew.
        """
        from dbus_fast import Message, MessageType

        def look(message: Message) -> None:
            if message.message_type is not MessageType.SIGNAL:
                return
            if message.member == "NameOwnerChanged":
                changed(bool(message.body[2]))
            elif message.member == "PropertiesChanged":
                if message.body[0] == ADAPTER and "Powered" in message.body[1]:
                    changed(False)
            elif _concerns_an_adapter(message.body):
                changed(False)

        for rule in WATCHED:
            await self.call(
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus",
                "AddMatch",
                "s",
                [rule],
                to="org.freedesktop.DBus",
            )
        self._bus.add_message_handler(look)

    async def gone(self) -> None:
        """Return when the connection is lost."""
        if self._bus is not None:
            await asyncio.wait([asyncio.get_running_loop().create_task(self._bus.wait_for_disconnect())])

    async def power(self, adapter: str, *, on: bool) -> None:
        """Switch an adapter on or off."""
        from dbus_fast import Variant

        await self.call(
            f"/org/bluez/{adapter}",
            "org.freedesktop.DBus.Properties",
            "Set",
            "ssv",
            [ADAPTER, "Powered", Variant("b", on)],
        )

    async def held(self, address: str) -> list[str]:
        """Return the paths of a peripheral that this machine holds a connection to, one for each adapter."""
        return [
            path
            for path, interfaces in (await self.objects()).items()
            if (device := interfaces.get(DEVICE)) is not None
            and str(device.get("Address", "")).casefold() == address.casefold()
            and device.get("Connected")
        ]

    async def drop(self, path: str) -> None:
        """Have BlueZ end its connection to a peripheral."""
        await self.call(path, DEVICE, "Disconnect")


def _concerns_an_adapter(body: Sequence[Any]) -> bool:
    """Return whether an object that came or went is an adapter; the peripherals around are many, and no news."""
    return len(body) == 2 and ADAPTER in body[1]
