"""What this machine has for Bluetooth: service, adapters, switches. For finding out why nothing works (Linux)."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUS_ANSWERS_WITHIN = 5.0
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """A Bluetooth adapter as the Bluetooth service knows it."""

    name: str
    """Such as hci0."""
    address: str
    powered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What was found; None = not looked for on this system, or not to be found out."""

    bus: bool | None = None
    """Whether the system's message bus (D-Bus) can be reached."""
    service: bool | None = None
    """Whether the Bluetooth service (bluetoothd) runs."""
    allowed: bool | None = None
    """Whether this user may use the Bluetooth service."""
    version: str | None = None
    """Of BlueZ."""
    adapters: tuple[Adapter, ...] = ()
    kernel_adapters: tuple[str, ...] = ()
    """Adapters that the kernel knows, whether the service knows them or not."""
    blocked: str | None = None
    """``soft`` or ``hard``: a switch of the machine blocks Bluetooth."""
    connected: frozenset[str] = frozenset()
    """Addresses that this machine holds a connection to, in upper case."""


async def look() -> Host:
    """Return what this machine has for Bluetooth; raises nothing."""
    if not sys.platform.startswith("linux"):
        return Host()
    kernel = tuple(sorted(path.name for path in _entries("/sys/class/bluetooth") if ":" not in path.name))
    seen: dict[str, Any] = {"kernel_adapters": kernel, "blocked": _blocked(), "version": await _version()}
    try:
        async with asyncio.timeout(BUS_ANSWERS_WITHIN):
            return Host(**seen, **await _ask_bus())
    except (OSError, EOFError, TimeoutError, ValueError):
        return Host(**seen, bus=False)


async def _ask_bus() -> dict[str, Any]:
    """Return what the Bluetooth service says."""
    from dbus_fast import BusType, Message, MessageType, unpack_variants
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import DBusError

    try:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    except DBusError:
        return {"bus": False}
    try:
        reply = await bus.call(
            Message(
                destination="org.bluez",
                path="/",
                interface="org.freedesktop.DBus.ObjectManager",
                member="GetManagedObjects",
            )
        )
        if reply.message_type is MessageType.ERROR:
            denied = "AccessDenied" in (reply.error_name or "")
            return {"bus": True, "service": denied, "allowed": False if denied else None}
        objects: dict[str, dict[str, dict[str, Any]]] = unpack_variants(reply.body[0])
    finally:
        bus.disconnect()
    devices = [interfaces["org.bluez.Device1"] for interfaces in objects.values() if "org.bluez.Device1" in interfaces]
    return {
        "bus": True,
        "service": True,
        "allowed": True,
        "adapters": _adapters(objects),
        "connected": frozenset(str(one["Address"]).upper() for one in devices if one.get("Connected")),
    }


def _adapters(objects: dict[str, dict[str, dict[str, Any]]]) -> tuple[Adapter, ...]:
    return tuple(
        Adapter(
            name=path.rpartition("/")[2],
            address=str(interfaces["org.bluez.Adapter1"].get("Address", "")),
            powered=bool(interfaces["org.bluez.Adapter1"].get("Powered")),
        )
        for path, interfaces in sorted(objects.items())
        if "org.bluez.Adapter1" in interfaces
    )


def _blocked() -> str | None:
    """Return which switch blocks Bluetooth, from what the kernel says."""
    for entry in _entries("/sys/class/rfkill"):
        try:
            if (entry / "type").read_text().strip() != "bluetooth":
                continue
            for kind in ("hard", "soft"):
                if (entry / kind).read_text().strip() == "1":
                    return kind
        except OSError:
            continue  # it was unplugged while we looked
    return None


def _entries(folder: str) -> list[Path]:
    path = Path(folder)
    return sorted(path.iterdir()) if path.is_dir() else []


async def _version() -> str | None:
    """Return the version of BlueZ, as its own program says it."""
    try:
        process = await asyncio.create_subprocess_exec(
            "bluetoothctl", "--version", stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(BUS_ANSWERS_WITHIN):
            out, _ = await process.communicate()
    except (OSError, TimeoutError):
        return None
    words = out.decode("utf-8", "replace").split()
    return words[-1] if words else None
