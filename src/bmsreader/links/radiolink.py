"""A link through the gateway's radio: the battery is heard before a connection is tried, and waits for its turn."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from habluetooth import HaBleakClientWrapper

from bmsreader.links.ble import BleLink
from bmsreader.links.deadline import within
from bmsreader.links.link import GattTable
from bmsreader.links.radio import Heard
from bmsreader.model.errors import BatteryBusy, NotHeard, Unreachable
from bmsreader.protocol.codec import Codec

LISTEN = 15.0
"""s that a battery may take to be heard before a connection is tried."""
TURN = 30.0
"""s that a battery may have to wait until its adapter has finished other connections."""
ATTEMPT = 20.0
"""s that an adapter is occupied at most by one battery that it cannot connect to."""
FRESH = 10.0
"""s for which an advertisement says that a battery is on the air."""
PERHAPS = 180.0
"""s after which a battery that fell silent is certainly away, though BlueZ may still list it."""


class Ways(Protocol):
    """What a link needs of its radio."""

    def last(self, address: str) -> Heard | None:
        """Return the last advertisement of a battery."""

    def silence(self, address: str) -> float | None:
        """Return s since a battery was heard; None when it never was."""

    def fresh(self, address: str, seconds: float) -> bool:
        """Return whether a battery was heard within so many seconds, and after its last link."""

    async def hears(self, address: str) -> None:
        """Return at the next advertisement of a battery."""

    async def holds(self, address: str) -> bool:
        """Return whether this machine holds a connection to a battery."""

    def way(self, address: str, adapter: str | None) -> BLEDevice | None:
        """Return the battery as an adapter knows it that can connect to it; None when none can."""

    def turn(self, address: str, adapter: str | None) -> AbstractAsyncContextManager[BLEDevice]:
        """Hold the best adapter for one connection attempt; raise NotHeard when none hears the battery any more."""

    def linked(self, address: str) -> None:
        """Take note that a link to a battery was made or ended."""

    @property
    def hears_everything(self) -> bool:
        """Whether each advertisement is told. BlueZ leaves out those that equal the one before, in strength too."""


class RadioLink(BleLink):
    """A Bluetooth battery in the gateway."""

    client_class: type[BleakClient] = HaBleakClientWrapper

    def __init__(
        self,
        address: str,
        ways: Ways,
        *,
        codecs: Iterable[Codec],
        adapter: str | None = None,
    ) -> None:
        super().__init__(address, codecs=codecs, adapter=adapter, search=LISTEN + TURN)
        self._ways = ways
        self._adapter = adapter

    @property
    def signal(self) -> int | None:
        """Signal strength of the last advertisement, dBm; a connected battery does not advertise."""
        heard = self._ways.last(self.address)
        return heard.signal if heard is not None else None

    async def connect(self, *, fresh: bool = False) -> GattTable:
        """Wait until the battery is heard and an adapter is free, then connect; see ``Link.connect``.

        A battery that is not on the air costs no adapter any time: the healthy ones are not disturbed.
        """
        await self.disconnect()
        await self._until_heard()
        heard = self._ways.last(self.address)
        if heard is not None:
            self.name = self.name or heard.name
        async with self._ways.turn(self.address, self._adapter) as device:
            try:
                table = await within(ATTEMPT, self._establish(device, fresh=fresh))
            except TimeoutError as error:
                raise Unreachable(f"{self.address} is heard, but no connection within {ATTEMPT:.0f} s") from error
            finally:
                self._ways.linked(self.address)
        return table

    async def _until_heard(self) -> None:
        if self._ways.fresh(self.address, FRESH) and self._ways.way(self.address, self._adapter) is not None:
            return
        if await self._ways.holds(self.address):
            raise BatteryBusy(
                f"{self.address} is connected to this machine already, by another program or a link left behind",
                advice=f"Stop the other program, or `bluetoothctl disconnect {self.address}`.",
            )
        try:
            await within(LISTEN, self._ways.hears(self.address))
        except TimeoutError as error:
            silence = self._ways.silence(self.address)
            perhaps = silence is not None and silence <= PERHAPS and not self._ways.hears_everything
            if not perhaps or self._ways.way(self.address, self._adapter) is None:
                raise NotHeard(f"{self.address} was not heard within {LISTEN:.0f} s") from error

    def _lost(self, client: BleakClient) -> None:
        self._ways.linked(self.address)
        super()._lost(client)
