"""The radio of a gateway whose batteries are simulated in the same program."""

import asyncio
from collections.abc import Iterable, Sequence

from bmsreader.links.link import Link
from bmsreader.links.radio import Heard
from bmsreader.model.errors import NotHeard
from bmsreader.model.health import AdapterHealth
from bmsreader.protocol.codec import Codec
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.link import SimulatedLink

ADVERTISING = 1.0
"""s between two advertisements."""
NAME = "simulated"


class SimulatedRadio:
    """Hears simulated batteries by address or as ``simulated:1``, ``simulated:2`` ...; see ``links.radio.Radio``."""

    def __init__(self, batteries: Sequence[Battery], *, slots: int = 10_000) -> None:
        self.batteries = {battery.address: battery for battery in batteries}
        self.resets = 0
        self._numbered = {f"simulated:{number}": battery for number, battery in enumerate(batteries, 1)}
        self._slots = slots
        self._told: set[str] = set()

    async def __aenter__(self) -> "SimulatedRadio":
        return self

    async def __aexit__(self, *exception: object) -> None:
        """There is nothing to switch off."""

    def _battery(self, address: str) -> Battery | None:
        return self.batteries.get(address) or self._numbered.get(address)

    def _advertises(self, address: str) -> bool:
        battery = self._battery(address)
        return battery is not None and on_the_air(battery)

    def link(self, address: str, *, codecs: Iterable[Codec], adapter: str | None = None) -> Link:
        """Return a link to a simulated battery; raise NotHeard when there is no such one."""
        battery = self._battery(address)
        if battery is None:
            raise NotHeard(f"there is no simulated battery {address}")
        return SimulatedLink(battery, codecs=codecs)

    def heard(self) -> Sequence[Heard]:
        """Return the batteries that advertise: those that neither sleep nor are connected."""
        return [self._as_heard(one) for one in self.batteries.values() if on_the_air(one)]

    def silence(self, address: str) -> float | None:
        """Return 0 for a battery that advertises."""
        return 0.0 if self._advertises(address) else None

    async def hears(self, address: str) -> None:
        """Return once the battery advertises."""
        while True:
            await asyncio.sleep(ADVERTISING)
            if self._advertises(address):
                return

    async def hears_new(self) -> Heard:
        """Return each battery once, as it comes on the air."""
        while True:
            for address, battery in self.batteries.items():
                if address not in self._told and on_the_air(battery):
                    self._told.add(address)
                    return self._as_heard(battery)
            await asyncio.sleep(ADVERTISING)

    def slots(self, adapter: str | None = None) -> int:
        """Return how many connections can be held at once."""
        return self._slots

    def health(self) -> tuple[AdapterHealth, ...]:
        """Return that all is well."""
        held = sum(battery.held for battery in self.batteries.values())
        return (AdapterHealth(name=NAME, ok=True, slots=self._slots, free=self._slots - held, resets=self.resets),)

    async def free(self, address: str) -> bool:
        """There are no stale links here."""
        return False

    async def reset(self, adapter: str) -> bool:
        """Count it; nothing is ever wrong with this adapter."""
        self.resets += 1
        return True

    @staticmethod
    def _as_heard(battery: Battery) -> Heard:
        return Heard(address=battery.address, name=battery.name, signal=-60, age=0.0, adapter=NAME)


def on_the_air(battery: Battery) -> bool:
    """Return whether a battery advertises now."""
    return not (battery.asleep or battery.busy or battery.held)
