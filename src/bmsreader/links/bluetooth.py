"""The radio of a gateway: all adapters of this machine and remote proxies together, for months."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bleak.backends.device import BLEDevice
from habluetooth import BluetoothServiceInfoBleak, set_manager
from habluetooth.scanner_device import BluetoothScannerDevice

from bmsreader.links.adapters import AdapterWatch, LocalAdapter, missing, usable
from bmsreader.links.air import Air
from bmsreader.links.bus import Bus
from bmsreader.links.deadline import within
from bmsreader.links.link import Link
from bmsreader.links.proxies import Proxy, ProxyPlace, require_library
from bmsreader.links.radio import Heard
from bmsreader.links.radiolink import TURN, RadioLink
from bmsreader.links.scanner import TROUBLES, Ether, Scanner, forget_service
from bmsreader.links.station import Station
from bmsreader.model.errors import NoBluetooth, NotHeard, Unreachable
from bmsreader.model.health import AdapterHealth
from bmsreader.model.record import Record
from bmsreader.protocol.codec import Codec

SET_UP_WITHIN = 15.0
"""s that the libraries may take to get going."""
LISTED_WITHIN = 3.0
"""s within which an adapter must know a battery that is on the air."""
LATELY = 300.0
"""s for which who was heard is worth telling."""
NOISY = (
    "habluetooth",
    "bleak_retry_connector",
    "bluetooth_auto_recovery",
    "bluetooth_adapters",
    "bleak",
    "bleak_esphome",
    "aioesphomeapi",
)
"""Libraries that log what the event record says better, tracebacks included."""


def utc_now() -> datetime:
    """Return the time of this machine's clock, UTC."""
    return datetime.now(UTC)


def ignore(record: Record) -> None:
    """Nobody keeps records."""


class BluetoothRadio:
    """Uses all adapters, or those named (``hci1``, or by address), and proxies; see ``radio.Radio`` for its promises.

    Adapters that come later, or come back, are taken into use; so is a Bluetooth service that was restarted.
    """

    def __init__(
        self,
        adapters: Sequence[str] = (),
        proxies: Sequence[ProxyPlace] = (),
        *,
        on_record: Callable[[Record], None] = ignore,
        now: Callable[[], datetime] = utc_now,
        make_bus: Callable[[], Bus] = Bus,
        make_scanner: Callable[[LocalAdapter], Scanner] = Scanner,
    ) -> None:
        """Raise ConfigurationError when there are proxies, but not the library for them."""
        if proxies:
            require_library()
        self._wanted = tuple(adapters)
        self._places = tuple(proxies)
        self._on_record = on_record
        self._now = now
        self._make_bus = make_bus
        self._make_scanner = make_scanner
        self._stations: dict[str, Station] = {}
        self._proxies: tuple[Proxy, ...] = ()
        self._turns: dict[str, asyncio.Lock] = {}
        self._watched: dict[str, Callable[[], object]] = {}
        self._lives: list[asyncio.Task[None]] = []
        self._away_since: float | None = None

    # ---- on and off

    async def __aenter__(self) -> "BluetoothRadio":
        """Switch on; raise NoBluetooth at once when there is no adapter that could be used, and no proxy."""
        self._loop = asyncio.get_running_loop()
        self._bus = self._make_bus()
        self._watch = AdapterWatch(self._bus)
        try:
            found = await self._first_look()
            quieten()
            self._air = Air(self._loop.time)
            self._ether = Ether(self._news)
            set_manager(self._ether)
            await within(SET_UP_WITHIN, self._set_up())
        except TROUBLES as error:
            self._bus.close()
            raise NoBluetooth(
                f"Bluetooth cannot be used on this machine: {str(error) or type(error).__name__}"
            ) from error
        except BaseException:
            self._bus.close()
            raise
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._proxies = tuple(Proxy(place, self._ether, self._tell) for place in self._places)
        for proxy in self._proxies:
            self._lives.append(self._tasks.create_task(proxy.live()))
        self._take(found)
        self._lives.append(self._tasks.create_task(self._keep_looking()))
        return self

    async def _first_look(self) -> tuple[LocalAdapter, ...]:
        try:
            found = await self._watch.look()
        except NoBluetooth:
            if not self._places:
                raise
            return ()
        if not usable(found, self._wanted) and not self._places:
            raise missing(found, self._wanted)
        return found

    async def _set_up(self) -> None:
        await self._ether.async_setup()
        await self._ether.slot_manager.async_setup()
        self._ether.async_register_disappeared_callback(self._air.forget)
        if not self._ether.has_rights:
            self._tell(
                "bluetooth limited", detail="without CAP_NET_ADMIN and CAP_NET_RAW: adapters are reset less well"
            )

    async def __aexit__(self, *exception: object) -> None:
        """Switch off: listening ends; links are let go by those who hold them."""
        for task in self._lives:
            task.cancel()
        self._lives.clear()
        try:
            await self._tasks.__aexit__(None, None, None)
        finally:
            for stop in self._watched.values():
                stop()
            self._watched.clear()
            self._stations.clear()
            self._ether.async_stop()
            self._bus.close()

    async def _keep_looking(self) -> None:
        """Take adapters into use as they come, and let go of them as they go."""
        while True:
            restarted = await self._watch.news()
            try:
                found = await self._watch.look()
            except NoBluetooth as error:
                if self._away_since is None and self._stations:
                    self._away_since = self._loop.time()
                    self._tell("bluetooth gone", detail=str(error))
                found = ()
            else:
                if restarted:
                    forget_service()
                if restarted or self._away_since is not None:
                    away = None if self._away_since is None else round(self._loop.time() - self._away_since, 3)
                    self._away_since = None
                    self._tell("bluetooth back", duration=away, detail="the Bluetooth service was started anew")
            self._take(found, anew=restarted)

    def _take(self, found: tuple[LocalAdapter, ...], *, anew: bool = False) -> None:
        chosen = {_key(adapter): adapter for adapter in usable(found, self._wanted)}
        for key, station in self._stations.items():
            station.seen(chosen.pop(key, None), anew=anew)
        for key, adapter in chosen.items():
            self._tell("adapter found", adapter=adapter.name, detail=adapter.address)
            station = self._stations[key] = Station(
                adapter, self._ether, self._bus, self._tell, make_scanner=self._make_scanner
            )
            self._lives.append(self._tasks.create_task(station.live()))

    def _tell(self, kind: str, *, adapter: str = "", duration: float | None = None, detail: str = "") -> None:
        self._on_record(Record(at=self._now(), kind=kind, adapter=adapter, duration=duration, detail=detail))

    # ---- hearing

    def _news(self, info: BluetoothServiceInfoBleak) -> None:
        self._air.meet(self._as_heard(info))

    def _as_heard(self, info: BluetoothServiceInfoBleak) -> Heard:
        scanner = self._ether.async_scanner_by_source(info.source)
        return Heard(
            address=info.address,
            name=own_name(info.name, info.address),
            signal=info.rssi,
            age=max(0.0, self._loop.time() - info.time),
            adapter=info.source if scanner is None else scanner.adapter,
            manufacturer_ids=tuple(info.manufacturer_data),
        )

    def _listen_for(self, address: str) -> None:
        """Have every advertisement of a battery noted from now on."""
        key = canonical(address)
        if key not in self._watched:
            known = self._ether.async_last_service_info(key, False)
            if known is not None:
                self._air.take(self._as_heard(known))
            self._watched[key] = self._ether.async_register_advertisement_callback(self._noted, key)

    def _noted(self, info: BluetoothServiceInfoBleak) -> None:
        self._air.take(self._as_heard(info))

    def heard(self) -> Sequence[Heard]:
        """Return who advertised within the last minutes."""
        known = (self._as_heard(info) for info in self._ether.async_discovered_service_info(False))
        return [one for one in known if one.age <= LATELY]

    def last(self, address: str) -> Heard | None:
        """Return the last advertisement of a battery."""
        return self._air.last(address)

    def silence(self, address: str) -> float | None:
        """Return how many seconds ago a battery was last heard; None when it never was."""
        self._listen_for(address)
        return self._air.silence(address)

    def fresh(self, address: str, seconds: float) -> bool:
        """Return whether a battery was heard within so many seconds, and after its last link."""
        self._listen_for(address)
        return self._air.fresh(address, seconds)

    def linked(self, address: str) -> None:
        """Take note that a link to a battery was made or ended."""
        self._air.linked(address)

    @property
    def hears_everything(self) -> bool:
        """Whether each advertisement is told; without the right to ask the kernel itself, equal ones are left out."""
        return self._ether.has_rights

    async def hears(self, address: str) -> None:
        """Return at the next advertisement of a battery."""
        self._listen_for(address)
        await self._air.hears(address)

    async def hears_new(self) -> Heard:
        """Return the next peripheral that was not heard before, or whose name became known."""
        return await self._air.hears_new()

    # ---- connecting

    def link(self, address: str, *, codecs: Iterable[Codec], adapter: str | None = None) -> Link:
        """Return a link to a battery; it uses the adapter named, or each time the best one with a free slot."""
        self._listen_for(address)
        return RadioLink(address, self, codecs=codecs, adapter=adapter)

    def _ways(self, address: str, adapter: str | None) -> list[BluetoothScannerDevice]:
        """Return the adapters that can connect to a battery, the best first."""
        found = self._ether.async_scanner_devices_by_address(canonical(address), True)
        if adapter is not None:
            wanted = adapter.casefold()
            found = [one for one in found if wanted in (one.scanner.adapter.casefold(), one.scanner.source.casefold())]
        signals = sorted((one.advertisement.rssi for one in found), reverse=True)
        ahead = signals[0] - signals[1] if len(signals) > 1 else 0
        return sorted(found, key=lambda one: one.score_connection_path(ahead), reverse=True)

    def way(self, address: str, adapter: str | None) -> BLEDevice | None:
        """Return the battery as an adapter knows it that can connect to it; None when none can."""
        ways = self._ways(address, adapter)
        return ways[0].ble_device if ways else None

    async def _ways_soon(self, address: str, adapter: str | None) -> list[BluetoothScannerDevice]:
        """Return the ways to a battery; BlueZ tells of one that was heard a little later than the kernel does."""
        until = self._loop.time() + LISTED_WITHIN
        while not (ways := self._ways(address, adapter)):
            if self._loop.time() >= until:
                raise NotHeard(f"{address} is heard by no adapter that could connect to it")
            await asyncio.sleep(0.1)
        return ways

    @asynccontextmanager
    async def turn(self, address: str, adapter: str | None) -> AsyncIterator[BLEDevice]:
        """Hold the best adapter for one connection attempt; raise NotHeard when none hears the battery any more."""
        ways = await self._ways_soon(address, adapter)
        idle = [one for one in ways if not self._turn_of(one).locked()]
        chosen = (idle or ways)[0]
        source, turn = chosen.scanner.source, self._turn_of(chosen)
        try:
            async with asyncio.timeout(TURN):
                await turn.acquire()
        except TimeoutError as error:
            raise Unreachable(f"{address}: {chosen.scanner.adapter} was busy with other batteries") from error
        try:
            if self._ether.async_scanner_by_source(source) is not chosen.scanner:
                raise NotHeard(f"{address}: {chosen.scanner.adapter} is gone")
            self._ether.routes[chosen.ble_device.address] = source
            yield chosen.ble_device
        finally:
            self._ether.routes.pop(chosen.ble_device.address, None)
            turn.release()

    def _turn_of(self, way: BluetoothScannerDevice) -> asyncio.Lock:
        return self._turns.setdefault(way.scanner.source, asyncio.Lock())

    # ---- how it is, and ways out

    def slots(self, adapter: str | None = None) -> int:
        """Return how many connections can be held at once, on one adapter or on all together."""
        return sum(one.slots for one in self.health() if adapter is None or _is(adapter, one, self._stations))

    def health(self) -> tuple[AdapterHealth, ...]:
        """Return how each adapter and proxy is doing, and which adapter is missing that the owner named."""
        stations = self._stations.values()
        known = [one.health() for one in stations if self._wanted or not one.forgotten]
        absent = [name for name in self._wanted if not any(one.adapter.matches(name) for one in stations)]
        known += [AdapterHealth(name=name, ok=False, problem="there is no such adapter") for name in absent]
        return (*known, *(proxy.health() for proxy in self._proxies))

    async def holds(self, address: str) -> bool:
        """Return whether this machine holds a connection to a battery, whoever made it."""
        try:
            return bool(self._bus.connected and await self._bus.held(address))
        except NoBluetooth:
            return False

    async def free(self, address: str) -> bool:
        """Drop a connection to a battery that this machine still holds; return whether there was one."""
        began = self._loop.time()
        try:
            held = await self._bus.held(address) if self._bus.connected else []
            for path in held:
                await self._bus.drop(path)
        except NoBluetooth:
            return False
        for path in held:
            took = round(self._loop.time() - began, 3)
            self._tell("stale link dropped", adapter=path.split("/")[3], duration=took, detail=address)
        return bool(held)

    async def reset(self, adapter: str) -> bool:
        """Switch an adapter off and on, or reset it more thoroughly; return whether it works again."""
        for station in self._stations.values():
            if station.adapter.matches(adapter):
                return await station.reset("a battery could not be read")
        return False


def _key(adapter: LocalAdapter) -> str:
    """Return what stays the same when an adapter is unplugged and plugged in again."""
    return adapter.name if adapter.address in ("", "00:00:00:00:00:00") else adapter.address


def _is(adapter: str, health: AdapterHealth, stations: dict[str, Station]) -> bool:
    names = {station.adapter.name for station in stations.values() if station.adapter.matches(adapter)}
    return health.name in names or health.name.casefold() == adapter.casefold()


def canonical(address: str) -> str:
    """Return an address as the libraries write it; the UUID that macOS gives instead is left as it is."""
    return address.upper() if ":" in address else address


def own_name(name: str | None, address: str) -> str | None:
    """Return what a peripheral calls itself; None when it is only its address that stands there."""
    name = (name or "").strip("\0\r\n ")
    return None if not name or name.replace("-", ":").casefold() == address.casefold() else name


def quieten() -> None:
    """Have the libraries below log nothing, unless their owner asked for much: the event record says it better."""
    for name in NOISY:
        logger = logging.getLogger(name)
        if logger.level in (logging.NOTSET, logging.WARNING):
            logger.setLevel(logging.CRITICAL)
