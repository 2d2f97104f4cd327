"""A Bluetooth proxy as ESPHome makes them: the plaintext native API on a socket, and a simulated battery behind it."""

import asyncio
import importlib
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

from aioesphomeapi.core import MESSAGE_TYPE_TO_PROTO
from aioesphomeapi.model import BluetoothProxyFeature

from bmsreader.simulator.battery import Battery

pb: Any = importlib.import_module("aioesphomeapi.api_pb2")
"""The messages of the native API; the module is generated and has no types."""
NUMBERS: dict[type[Any], int] = {message: number for number, message in MESSAGE_TYPE_TO_PROTO.items()}
FEATURES = (
    BluetoothProxyFeature.PASSIVE_SCAN
    | BluetoothProxyFeature.ACTIVE_CONNECTIONS
    | BluetoothProxyFeature.REMOTE_CACHING
    | BluetoothProxyFeature.RAW_ADVERTISEMENTS
    | BluetoothProxyFeature.CACHE_CLEARING
)
MAC, BLUETOOTH_MAC = "AA:BB:CC:DD:EE:01", "AA:BB:CC:DD:EE:03"
SERVICE, NOTIFY, CCCD, WRITE = 12, 14, 15, 17
"""Handles as a real battery has them."""
LIMIT = 3
"""Connections that an ESP32 holds at once."""
ADVERTISING = 0.05
"""s between two advertisements: quicker than real ones, so that the tests are."""
NOTIFIES, WRITES = 0x10, 0x0C


def varint(number: int) -> bytes:
    """Return a number as the native API writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def uuid128(uuid: str) -> list[int]:
    """Return a UUID as two numbers of 64 bits."""
    digits = uuid.replace("-", "")
    return [int(digits[:16], 16), int(digits[16:], 16)]


def advertisement(battery: Battery) -> bytes:
    """Return what a battery says of itself over the air."""
    name = battery.name.encode()
    return bytes([2, 1, 6, len(name) + 1, 9]) + name


class Proxy:
    """A proxy with one battery in range; ``features=0`` is an ESPHome node without Bluetooth."""

    def __init__(self, battery: Battery, *, features: int = FEATURES) -> None:
        self.battery = battery
        self.address = int(battery.address.replace(":", ""), 16)
        self.features = int(features)
        self.clients: set[Api] = set()
        self.port = 0
        self._server: asyncio.Server | None = None

    @asynccontextmanager
    async def running(self) -> Any:
        """Listen on a free port of this machine."""
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def start(self) -> None:
        """Begin to serve; after ``stop``, on the same port as before."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Api(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Fall off the network, as at a power cut."""
        if self._server is not None:
            self._server.close()
        for client in [*self.clients]:
            client.hang_up()
        self.battery.held = False


class Api(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self._buffer = b""
        self._timers: list[asyncio.TimerHandle] = []
        self._loop = asyncio.get_running_loop()
        self._answers: dict[type[Any], Callable[[Any], None]] = {
            pb.HelloRequest: self._hello,
            pb.DeviceInfoRequest: self._about,
            pb.PingRequest: lambda _: self._send(pb.PingResponse()),
            pb.DisconnectRequest: lambda _: self._send(pb.DisconnectResponse()),
            pb.SubscribeBluetoothLEAdvertisementsRequest: lambda _: self._advertise(),
            pb.SubscribeBluetoothConnectionsFreeRequest: lambda _: self._slots(),
            pb.BluetoothDeviceRequest: self._device,
            pb.BluetoothGATTGetServicesRequest: self._services,
            pb.BluetoothGATTNotifyRequest: self._notify,
            pb.BluetoothGATTWriteDescriptorRequest: self._written,
            pb.BluetoothGATTWriteRequest: self._write,
        }

    # ---- the wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.proxy.clients.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self.proxy.clients.discard(self)
        self.proxy.battery.held = False
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (taken := self._take()) is not None:
            number, payload = taken
            kind = MESSAGE_TYPE_TO_PROTO[number]
            if kind in self._answers:
                self._answers[kind](kind.FromString(payload))

    def _take(self) -> tuple[int, bytes] | None:
        """Return the next whole message; None when it is not there yet."""
        at, numbers = 1, []
        for _ in range(2):
            number = shift = 0
            while True:
                if at >= len(self._buffer):
                    return None
                byte = self._buffer[at]
                at += 1
                number |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            numbers.append(number)
        length, kind = numbers
        if len(self._buffer) < at + length:
            return None
        payload, self._buffer = self._buffer[at : at + length], self._buffer[at + length :]
        return kind, payload

    def _send(self, message: Any) -> None:
        payload = message.SerializeToString()
        self._transport.write(b"\0" + varint(len(payload)) + varint(NUMBERS[type(message)]) + payload)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._timers = [timer for timer in self._timers if timer.when() > self._loop.time()]
        self._timers.append(self._loop.call_later(seconds, act))

    # ---- what it says of itself

    def _hello(self, _: Any) -> None:
        self._send(pb.HelloResponse(api_version_major=1, api_version_minor=12, name="cellar-proxy"))

    def _about(self, _: Any) -> None:
        self._send(
            pb.DeviceInfoResponse(
                name="cellar-proxy",
                mac_address=MAC,
                bluetooth_mac_address=BLUETOOTH_MAC,
                bluetooth_proxy_feature_flags=self.proxy.features,
                esphome_version="2026.8.0",
            )
        )

    def _slots(self) -> None:
        used = [self.proxy.address] if self.proxy.battery.held else []
        self._send(pb.BluetoothConnectionsFreeResponse(free=LIMIT - len(used), limit=LIMIT, allocated=used))

    def _advertise(self) -> None:
        battery = self.proxy.battery
        if battery.connectable and not battery.held:
            raw = pb.BluetoothLERawAdvertisement(
                address=self.proxy.address, rssi=-67, address_type=0, data=advertisement(battery)
            )
            self._send(pb.BluetoothLERawAdvertisementsResponse(advertisements=[raw]))
        self._later(ADVERTISING, self._advertise)

    # ---- the battery

    def _device(self, request: Any) -> None:
        kind = pb.BluetoothDeviceRequestType
        if request.request_type == kind.BLUETOOTH_DEVICE_REQUEST_TYPE_CLEAR_CACHE:
            self._send(pb.BluetoothDeviceClearCacheResponse(address=request.address, success=True))
            return
        connect = request.request_type != kind.BLUETOOTH_DEVICE_REQUEST_TYPE_DISCONNECT
        self.proxy.battery.held = connect
        self._send(pb.BluetoothDeviceConnectionResponse(address=request.address, connected=connect, mtu=23))
        self._slots()

    def _services(self, request: Any) -> None:
        profile = self.proxy.battery.profile
        notify = pb.BluetoothGATTCharacteristic(
            uuid=uuid128(profile.notify),
            handle=NOTIFY,
            properties=NOTIFIES,
            descriptors=[pb.BluetoothGATTDescriptor(uuid=uuid128("00002902-0000-1000-8000-00805f9b34fb"), handle=CCCD)],
        )
        write = pb.BluetoothGATTCharacteristic(uuid=uuid128(profile.write), handle=WRITE, properties=WRITES)
        service = pb.BluetoothGATTService(
            uuid=uuid128(profile.service), handle=SERVICE, characteristics=[notify, write]
        )
        self._send(pb.BluetoothGATTGetServicesResponse(address=request.address, services=[service]))
        self._send(pb.BluetoothGATTGetServicesDoneResponse(address=request.address))

    def _notify(self, request: Any) -> None:
        self._send(pb.BluetoothGATTNotifyResponse(address=request.address, handle=request.handle))

    def _written(self, request: Any) -> None:
        self._send(pb.BluetoothGATTWriteResponse(address=request.address, handle=request.handle))

    def _write(self, request: Any) -> None:
        if request.response:
            self._written(request)
        after = 0.0
        for wait, chunk in self.proxy.battery.answer(request.data):
            after += wait
            told = pb.BluetoothGATTNotifyDataResponse(address=request.address, handle=NOTIFY, data=chunk)
            self._later(after, lambda told=told: self._send(told))  # type: ignore[misc]
