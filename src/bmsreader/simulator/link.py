"""The link to a simulated battery in the same program: no radio, the same manners."""

import asyncio
from collections import deque
from collections.abc import Iterable

from bmsreader.links.link import GattTable, Link, Receive
from bmsreader.model.errors import BatteryBusy, LinkLost, NotHeard, ServicesMissing
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.said import Said
from bmsreader.simulator.table import gatt_table

CONNECTING = 0.3
"""Seconds that a connection takes, unless the battery is instant."""

UNASKED_EVERY = 1.0
"""Seconds between two times that a battery says by itself what nobody asked for."""

_Step = tuple[float, bytes | None]
"""What comes next and after how many seconds: a notification, or None for the end of the link."""


class SimulatedLink(Link):
    """A pipe to a simulated battery, for `bmsreader watch` without an adapter and for tests.

    It behaves as a Bluetooth link does: one central at a time, notifications in their own time, a link that drops.
    ``on_disconnect`` is called when the battery drops the link, not when it was asked to let go.
    """

    def __init__(self, battery: Battery, *, codecs: Iterable[Codec]) -> None:
        super().__init__(battery.address, codecs=codecs, name=battery.name)
        self.battery = battery
        self.connections = 0
        """How often it was connected."""
        self._connected = False
        self._receive: Receive | None = None
        self._steps: deque[_Step] = deque()
        self._next: asyncio.TimerHandle | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._speaking: asyncio.TimerHandle | None = None

    @property
    def connected(self) -> bool:
        """Whether the link is up."""
        return self._connected

    async def connect(self, *, fresh: bool = False) -> GattTable | None:
        """Connect; raise NotHeard while the battery's radio sleeps, BatteryBusy while somebody else holds it."""
        battery = self.battery
        self._release()
        await asyncio.sleep(0 if battery.instant else CONNECTING)
        if battery.asleep:
            raise NotHeard(
                f"{self.address} is not on the air",
                advice="Its radio sleeps while no current flows: put a load or a charger on.",
            )
        if battery.busy or battery.held:
            raise BatteryBusy(f"{self.address} is connected to another program or phone")
        battery.held = self._connected = True
        self.connections += 1
        self._hear()
        faults = battery.faults
        if battery.strikes(faults.no_services) or (not fresh and battery.strikes(faults.stale_services)):
            return GattTable(services=())
        return None if battery.is_bare else gatt_table(battery.profile)

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Have every notification handed to ``receive``; it replaces the one before."""
        self._must_be_up()
        if profile is not None and not gatt_table(self.battery.profile).offers(profile):
            raise ServicesMissing(f"{self.address} has no service {profile.service}")
        self._receive = receive
        if self.battery.speaks_unasked and self._speaking is None:
            self._speaking = asyncio.get_running_loop().call_later(UNASKED_EVERY, self._speak)

    async def disconnect(self) -> None:
        """Let the battery go. With the fault ``hanging-disconnect`` it goes, but this never returns."""
        was_connected = self._connected
        self._release()
        if was_connected and self.battery.strikes(self.battery.faults.hanging_disconnect):
            await asyncio.Event().wait()

    async def _send(self, request: bytes) -> None:
        self._must_be_up()
        if not self.battery.connectable:
            self._lose()
            raise LinkLost(f"{self.address} dropped the link")
        self._hear()
        self._say(self.battery.answer(request))

    def _speak(self) -> None:
        """Say what the battery says unasked, again and again."""
        self._speaking = asyncio.get_running_loop().call_later(UNASKED_EVERY, self._speak)
        if not self.battery.connectable:
            self._lose()
        elif not self._steps:
            self._say(self.battery.unasked())

    def _say(self, said: Said) -> None:
        steps: list[_Step] = [*said]
        if said.drop_after is not None and said.drop_after < len(steps):
            steps[said.drop_after :] = [(steps[said.drop_after][0], None)]
        self._steps.extend(steps)
        self._schedule()

    def _must_be_up(self) -> None:
        if not self._connected:
            raise LinkLost(f"{self.address} is not connected")

    # ---- what comes by itself, in its own time

    def _schedule(self) -> None:
        if self._next is None and self._steps:
            delay, _ = self._steps[0]
            self._next = asyncio.get_running_loop().call_later(delay, self._deliver)

    def _deliver(self) -> None:
        self._next = None
        _, notification = self._steps.popleft()
        if notification is None:
            self._lose()
            return
        self._schedule()
        if self._receive is not None:
            self._receive(notification)

    def _hear(self) -> None:
        """Begin the battery's idle time anew."""
        if self._idle is not None:
            self._idle.cancel()
        limit = self.battery.idle_disconnect
        self._idle = None if limit is None else asyncio.get_running_loop().call_later(limit, self._lose)

    def _lose(self) -> None:
        self._release()
        self.on_disconnect()

    def _release(self) -> None:
        for timer in (self._next, self._idle, self._speaking):
            if timer is not None:
                timer.cancel()
        self._next = self._idle = self._speaking = None
        self._steps.clear()
        if self._connected:
            self._connected = self.battery.held = False
        self._receive = None
