"""What every link to a battery is: a guarded pipe. The only place where bytes leave for a battery."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import final

from bmsreader.model.errors import WriteRefused
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile
from bmsreader.protocol.writes import known_write

Receive = Callable[[bytes], None]
"""Called with each notification, in order, from the event loop's thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """A GATT characteristic as the battery offers it."""

    uuid: str
    handle: int
    """Handle of the value."""
    properties: tuple[str, ...]
    descriptors: tuple[tuple[int, str], ...] = ()
    """(handle, UUID) of each descriptor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A GATT service as the battery offers it."""

    uuid: str
    handle: int
    characteristics: tuple[Characteristic, ...]

    def has(self, uuid: str, *properties: str) -> bool:
        """Return whether there is a characteristic with this UUID and at least one of these properties."""
        return any(one.uuid == uuid and not {*properties}.isdisjoint(one.properties) for one in self.characteristics)


@dataclass(frozen=True, slots=True, kw_only=True)
class GattTable:
    """All services of a battery, as service discovery found them."""

    services: tuple[Service, ...]

    def offers(self, profile: BleProfile) -> bool:
        """Return whether the battery has this service with both characteristics."""
        return any(
            service.uuid == profile.service
            and service.has(profile.notify, "notify", "indicate")
            and service.has(profile.write, "write", "write-without-response")
            for service in self.services
        )


class Link(ABC):
    """A pipe to one battery: connect, subscribe, write requests, receive bytes, disconnect.

    A link refuses to write anything that is not a request marked ``read`` in a description that it was made with:
    there is no way around it, because ``write`` is final and the transports only implement ``_send``. Radio, serial
    line, recording and simulation are the same object to the session.
    """

    def __init__(self, address: str, *, codecs: Iterable[Codec], name: str | None = None) -> None:
        self.address = address
        self.name = name
        self.__readable = frozenset(request for codec in codecs for request in codec.read_requests)
        self.on_disconnect: Callable[[], None] = _ignore

    @abstractmethod
    async def connect(self, *, fresh: bool = False) -> GattTable | None:
        """Connect and return what the battery offers; None for a bare byte stream without services.

        ``fresh`` forgets what is remembered of the battery's services. Raise Unreachable, BatteryBusy, NoBluetooth
        or LinkLost.
        """

    @abstractmethod
    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Have every notification handed to ``receive``; ``profile`` is None for a bare byte stream."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Let the battery go. May hang when the radio does: whoever calls sets a deadline."""

    @final
    async def write(self, request: bytes) -> None:
        """Send a read request; refuse anything else with WriteRefused, before a byte leaves."""
        if request not in self.__readable:
            raise WriteRefused(f"refused to send {request!r} to {self.address}: it is no description's read request")
        if change := known_write(request):  # a second barrier, should a description ever get around the first
            raise WriteRefused(f"refused to send {request!r} to {self.address}: {change}")
        await self._send(request)

    @abstractmethod
    async def _send(self, request: bytes) -> None:
        """Put a request that passed the guard on the wire."""

    @property
    def search(self) -> float:
        """How long, s, a connection may first look for the battery; 0 where nothing has to be found."""
        return 0.0

    @property
    def signal(self) -> int | None:
        """Signal strength in dBm when last heard; None where there is no radio."""
        return None


def _ignore() -> None:
    """Nobody wants to know of the disconnect yet."""


def first_offered(table: GattTable | None, profiles: Sequence[BleProfile]) -> BleProfile | None:
    """Return the first of a description's profiles that a battery offers."""
    if table is None:
        return None
    return next((profile for profile in profiles if table.offers(profile)), None)
