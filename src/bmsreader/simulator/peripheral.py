"""A simulated battery as a real Bluetooth peripheral: other programs find it, connect and read it like a bought one.

Service table and handles are those of an Electronicx battery (``gatttool --char-desc``), so a recipe that was written
for the real one, with its fixed handles, works on this one unchanged.
"""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bumble import gatt
from bumble.core import AdvertisingData, BaseBumbleError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.hci import OwnAddressType
from bumble.transport import open_transport
from bumble.transport.common import Transport

from bmsreader.model.errors import NoBluetooth, UsageError
from bmsreader.protocol import BleProfile
from bmsreader.simulator.air import Air, adapter_for_the_machine, device_on_air
from bmsreader.simulator.collecting import RequestCollector
from bmsreader.simulator.said import Said

NORDIC_UART = BleProfile(
    service="6e400001-b5a3-f393-e0a9-e50e24dcca9e",
    notify="6e400003-b5a3-f393-e0a9-e50e24dcca9e",
    write="6e400002-b5a3-f393-e0a9-e50e24dcca9e",
)
DEFAULT_ADDRESS = "02:00:07:00:00:01"
MANUFACTURER_ID = 33384
"""What LT-... and SV... batteries advertise under this number: 01 and their own address."""

ADVERTISEMENT_BYTES = 31
Characteristic = gatt.Characteristic[bytes]
UNASKED_EVERY = 1.0
"""Seconds between two times that a battery says by itself what nobody asked for."""
LOOK_EVERY = 0.05
"""Seconds between two looks at whether the battery fell asleep, woke up, or was left alone for too long."""
HANG_UP_WITHIN = 2.0
"""Seconds; a central that is gone already cannot confirm that the link is down."""


class Battery(Protocol):
    """What a peripheral needs of a battery."""

    def answer(self, request: bytes) -> Said:
        """Return what it answers."""

    def unasked(self) -> Said:
        """Return what it says by itself, every so often, to whoever subscribed; nothing where it only answers."""

    @property
    def connectable(self) -> bool:
        """Whether it can be found: false while its radio sleeps or another central holds it."""

    @property
    def idle_disconnect(self) -> float | None:
        """Seconds without a request after which it drops the link; None = never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAir:
    """One battery and how it presents itself over the air."""

    battery: Battery
    name: str
    address: str = DEFAULT_ADDRESS
    """On a real adapter, the adapter's own public address is used instead."""
    profile: BleProfile = NORDIC_UART
    manufacturer_id: int | None = MANUFACTURER_ID
    mtu: int = 23
    """Largest ATT MTU that it agrees to; Electronicx modules stay at 23 and send 20 bytes at a time."""
    collector: Callable[[], RequestCollector] = RequestCollector
    """Makes what joins a central's writes into requests."""
    must_subscribe: bool = False
    """Whether it stays silent until the central subscribed on this very connection, as the specification has it."""


class Peripheral:
    """One battery on one Bluetooth controller: advertises, serves one central at a time, advertises again."""

    def __init__(self, on_air: OnAir, device: Device) -> None:
        self._on_air = on_air
        self._battery = on_air.battery
        self._device = device
        self._central: Connection | None = None
        self._advertising = False
        self._last_heard = 0.0
        self._changed = asyncio.Event()
        self._collector = on_air.collector()
        self._requests: asyncio.Queue[tuple[Connection, bytes]] = asyncio.Queue()
        self._notify, self._characteristics = self._own_characteristics()
        device.add_services(self._services())
        device.gatt_server.max_mtu = on_air.mtu
        device.on(Device.EVENT_CONNECTION, self._connected)

    async def run(self, on_ready: Callable[[], None] | None = None) -> None:
        """Be a battery until cancelled; ``on_ready`` is called once it can be found (unless it sleeps)."""
        await self._device.power_on()
        if _cancelled():
            raise asyncio.CancelledError
        self._device.advertising_data = advertisement(self._on_air, str(self._device.public_address))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._be_present(on_ready))
            tasks.create_task(self._answer_requests())
            tasks.create_task(self._speak_unasked())

    def _services(self) -> list[gatt.Service]:
        """The table of a real battery: 0x0001 to 0x0011, in this order."""
        properties, permissions = gatt.Characteristic.Properties, gatt.Characteristic.Permissions
        changed: gatt.Characteristic[bytes] = gatt.Characteristic(
            gatt.GATT_SERVICE_CHANGED_CHARACTERISTIC, properties.INDICATE, permissions(0), struct.pack("<HH", 1, 0xFFFF)
        )
        about_itself = [
            gatt.Characteristic(uuid, properties.READ, permissions.READABLE, value)
            for uuid, value in (
                (gatt.GATT_DEVICE_NAME_CHARACTERISTIC, self._on_air.name.encode()),
                (gatt.GATT_APPEARANCE_CHARACTERISTIC, struct.pack("<H", 0)),
                # 20 to 40 ms between two connection events, none skipped, the link is lost after 4 s.
                (
                    gatt.GATT_PERIPHERAL_PREFERRED_CONNECTION_PARAMETERS_CHARACTERISTIC,
                    struct.pack("<HHHH", 16, 32, 0, 400),
                ),
            )
        ]
        return [
            gatt.Service(gatt.GATT_GENERIC_ATTRIBUTE_SERVICE, [changed]),
            gatt.Service(gatt.GATT_GENERIC_ACCESS_SERVICE, about_itself),
            gatt.Service(self._on_air.profile.service, self._characteristics),
        ]

    def _own_characteristics(self) -> tuple[Characteristic, list[Characteristic]]:
        """Return what notifies, and all that its own service has: one characteristic may do both."""
        properties, permissions = gatt.Characteristic.Properties, gatt.Characteristic.Permissions
        profile, writes = self._on_air.profile, gatt.CharacteristicValue(write=self._written)
        both_ways = properties.WRITE | properties.WRITE_WITHOUT_RESPONSE
        if profile.notify == profile.write:
            both: Characteristic = gatt.Characteristic(
                profile.notify, both_ways | properties.NOTIFY, permissions.WRITEABLE, writes
            )
            return both, [both]
        notify: Characteristic = gatt.Characteristic(profile.notify, properties.NOTIFY, permissions(0), b"")
        write: Characteristic = gatt.Characteristic(profile.write, both_ways, permissions.WRITEABLE, writes)
        return notify, [notify, write]

    def _connected(self, central: Connection) -> None:
        self._central = central
        self._advertising = False  # the controller stopped by itself
        self._collector = self._on_air.collector()
        self._hear()
        central.on(Connection.EVENT_DISCONNECTION, self._disconnected)

    def _disconnected(self, _reason: int) -> None:
        self._central = None
        self._changed.set()

    def _written(self, central: Connection, value: bytes) -> None:
        self._hear()
        for request in self._collector.feed(value):
            self._requests.put_nowait((central, request))

    def _hear(self) -> None:
        self._last_heard = asyncio.get_running_loop().time()

    async def _be_present(self, on_ready: Callable[[], None] | None) -> None:
        await self._be_found_or_not()
        if on_ready is not None:
            on_ready()
        while not _cancelled():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._changed.wait()
            self._changed.clear()
            await self._be_found_or_not()

    async def _be_found_or_not(self) -> None:
        """Advertise or not, hold the link or drop it, as the battery is now."""
        connectable = self._battery.connectable
        if self._central is not None:
            if not connectable or self._left_alone():
                await self._hang_up(self._central)
        elif connectable and not self._advertising:
            self._advertising = True  # before it happens: the first central may connect while the command returns
            await self._device.start_advertising(own_address_type=OwnAddressType.PUBLIC)
        elif not connectable and self._advertising:
            self._advertising = False
            await self._device.stop_advertising()

    def _left_alone(self) -> bool:
        limit = self._battery.idle_disconnect
        return limit is not None and asyncio.get_running_loop().time() - self._last_heard > limit

    async def _answer_requests(self) -> None:
        """Answer one request after the other: a new one waits until the answer to the last is out."""
        while not _cancelled():
            central, request = await self._requests.get()
            if central is self._central:
                await self._answer(central, request)

    async def _speak_unasked(self) -> None:
        """Say by itself what the battery says unasked, to a central that subscribed."""
        while not _cancelled():
            await asyncio.sleep(UNASKED_EVERY)
            central = self._central
            if central is not None and self._subscribed(central):
                await self._say(central, self._battery.unasked())

    async def _answer(self, central: Connection, request: bytes) -> None:
        await self._say(central, self._battery.answer(request))

    async def _say(self, central: Connection, said: Said) -> None:
        for sent, (delay, chunk) in enumerate(said):
            await asyncio.sleep(delay)
            if central is not self._central:
                return
            if sent == said.drop_after:
                await self._hang_up(central)
                return
            await self._send(central, chunk)

    async def _send(self, central: Connection, chunk: bytes) -> None:
        if not self._listens(central):
            return
        room = central.att_mtu - 3
        for start in range(0, len(chunk), room):
            await self._device.notify_subscriber(central, self._notify, chunk[start : start + room], force=True)

    def _listens(self, central: Connection) -> bool:
        """Whether this central gets notifications.

        Real batteries of this kind do not insist on a subscription: in the reference session it is written in one
        connection (``gatttool --char-write-req --handle=0x000f``) and the request in the next one (``--listen``), and
        the answer comes. So only a central that unsubscribed gets nothing, unless ``must_subscribe``.
        """
        subscribed = self._subscribed(central)
        return not self._on_air.must_subscribe if subscribed is None else subscribed

    def _subscribed(self, central: Connection) -> bool | None:
        """Return whether it switched notifications on, or off; None = it said nothing on this connection."""
        subscription = self._device.gatt_server.subscribers.get(central, {}).get(self._notify.handle)
        return None if subscription is None else bool(subscription[0] & 1)

    async def _hang_up(self, central: Connection) -> None:
        try:
            async with asyncio.timeout(HANG_UP_WITHIN):
                await central.disconnect()
        except (BaseBumbleError, TimeoutError):
            pass  # the central hung up in the same moment
        if self._central is central:
            self._disconnected(0)


def _cancelled() -> bool:
    """Whether this task was told to stop, but did not notice.

    bumble waits for its controller by ``asyncio.wait_for``, which before Python 3.12 swallows a cancellation that comes
    in the same moment as the controller's answer.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def advertisement(on_air: OnAir, address: str) -> bytes:
    """Return what the battery advertises: its name, and its manufacturer data as long as both fit.

    Raise UsageError for a name that does not fit at all. Real batteries do not advertise their service either.
    """
    structures: list[tuple[int, bytes]] = [
        (AdvertisingData.FLAGS, bytes([6])),
        (AdvertisingData.COMPLETE_LOCAL_NAME, on_air.name.encode()),
    ]
    data = bytes(AdvertisingData(structures))
    if len(data) > ADVERTISEMENT_BYTES:
        raise UsageError(f"the name {on_air.name!r} is longer than an advertisement can carry")
    if on_air.manufacturer_id is None:
        return data
    own = struct.pack("<HB", on_air.manufacturer_id, 1) + bytes.fromhex(address[:17].replace(":", ""))
    both = bytes(AdvertisingData([*structures, (AdvertisingData.MANUFACTURER_SPECIFIC_DATA, own)]))
    return both if len(both) <= ADVERTISEMENT_BYTES else data


def configuration(on_air: OnAir) -> DeviceConfiguration:
    """Return settings under which the device adds no services of its own: they would shift the handles."""
    return DeviceConfiguration(
        name=on_air.name,
        gap_service_enabled=False,
        gatt_service_enabled=False,
        advertising_interval_min=100,
        advertising_interval_max=100,
    )


def on_virtual_controller(on_air: OnAir, air: Air) -> Peripheral:
    """Return the battery on a controller of its own, without a radio."""
    return Peripheral(on_air, device_on_air(air, address=on_air.address, configuration=configuration(on_air)))


async def serve(
    battery: Battery,
    *,
    transport: str,
    name: str,
    address: str = DEFAULT_ADDRESS,
    profile: BleProfile = NORDIC_UART,
    collector: Callable[[], RequestCollector] = RequestCollector,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Be a Bluetooth battery until cancelled, on the controller behind an HCI transport.

    ``usb:0``, ``hci-socket:0``, ``serial:...`` or ``tcp-client:HOST:PORT`` is a real controller that this program
    takes over. ``vhci`` needs no radio: the Linux kernel of this machine receives a virtual adapter, within reach of
    the battery.
    Raise NoBluetooth when the controller cannot be opened or goes away.
    """
    on_air = OnAir(battery=battery, name=name, address=address, profile=profile, collector=collector)
    await serve_all([on_air], transport=transport, on_ready=on_ready)


async def serve_all(batteries: Sequence[OnAir], *, transport: str, on_ready: Callable[[], None] | None = None) -> None:
    """Be several Bluetooth batteries until cancelled; a real controller can be only one, ``vhci`` has room for many."""
    virtual = transport.split(":", maxsplit=1)[0] == "vhci"
    if not virtual and len(batteries) != 1:
        raise UsageError(f"{transport} is one controller and can be one battery only, not {len(batteries)}")
    async with _opened(transport) as hci:
        if virtual:
            air = Air()
            adapter_for_the_machine(air, hci)
            peripherals = [on_virtual_controller(on_air, air) for on_air in batteries]
        else:
            device = Device.from_config_with_hci(configuration(batteries[0]), hci.source, hci.sink)
            peripherals = [Peripheral(batteries[0], device)]
        await _run_all(peripherals, hci, transport, on_ready)


async def _run_all(
    peripherals: Sequence[Peripheral], hci: Transport, transport: str, on_ready: Callable[[], None] | None
) -> None:
    waiting = len(peripherals)

    def one_is_ready() -> None:
        nonlocal waiting
        waiting -= 1
        if waiting == 0 and on_ready is not None:
            on_ready()

    async def watch_the_controller() -> None:
        await asyncio.wait([hci.source.terminated])
        raise NoBluetooth(f"the Bluetooth controller {transport} went away")

    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watch_the_controller())
            for peripheral in peripherals:
                tasks.create_task(peripheral.run(one_is_ready))
    except ExceptionGroup as errors:
        raise _first(errors, transport) from errors


def _first(errors: ExceptionGroup[Exception], transport: str) -> Exception:
    """Return what went wrong as one error: the others are its consequences."""
    error = errors.exceptions[0]
    if isinstance(error, ExceptionGroup):
        return _first(error, transport)
    if isinstance(error, BaseBumbleError):
        return NoBluetooth(f"the Bluetooth controller {transport} failed: {error}")
    return error


@contextlib.asynccontextmanager
async def _opened(transport: str) -> AsyncIterator[Transport]:
    try:
        hci = await open_transport(transport)
    except (OSError, ImportError, BaseBumbleError) as error:
        advice = "Load the module (`modprobe hci_vhci`) and run as root." if transport.startswith("vhci") else None
        raise NoBluetooth(f"cannot open the Bluetooth controller {transport}: {error}", advice=advice) from error
    try:
        yield hci
    finally:
        await hci.close()
