"""A gateway's surroundings in virtual time: simulated batteries, an air that hears them, and what they said."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from bmsreader.descriptions import shipped
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.poller import Poller
from bmsreader.gateway.wanted import Wanted
from bmsreader.gateway.world import World
from bmsreader.model import BatteryInfo, Reading, Snapshot
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from tests.clock import elapsed, now
from tests.contributed import TAKEN_AT

_NOTHING: dict[str, Any] = dict.fromkeys(Reading.__dataclass_fields__, None)
_READING = Reading(
    **{
        **_NOTHING,
        "battery": "02:00:07:00:15:44",
        "taken_at": TAKEN_AT,
        "protocol": "ej",
        "variant": "status",
        "pack_voltage": 13.28,
        "current": -20.0,
        "soc": 61.0,
        "cell_voltages": (3.32, 3.32, 3.32, 3.32),
        "temperatures": (21.0,),
        "alarms": (),
        "derived": (),
        "notes": (),
        "frames": (),
    }
)


def reading(**values: Any) -> Reading:
    """A reading of a battery in use, with some values of one's own."""
    return replace(_READING, **values)


def wanted(battery: Battery, **settings: Any) -> Wanted:
    """How the owner would have a simulated battery read."""
    name = battery.name
    info = BatteryInfo(id=battery.address, name=name, slug=name.lower(), address=battery.address, simulated=True)
    return Wanted(info=info, address=battery.address, codecs=shipped(), **settings)


class Cellar:
    """Simulated batteries, and pollers that read them; made inside a running virtual-time loop."""

    def __init__(
        self, count: int = 1, *, slots: int = 100, on_change: Callable[[Poller], None] = lambda _: None
    ) -> None:
        def changed(poller: Poller) -> None:
            self.snapshots.append(poller.snapshot())
            on_change(poller)

        self.batteries = fleet(count, clock=elapsed)
        self.radio = SimulatedRadio(self.batteries, slots=slots)
        self.logbook = Logbook(None, now)
        self.snapshots: list[Snapshot] = []
        self.pollers: dict[str, Poller] = {}
        self.world = World(
            radio=Airing(self.radio, on=True),
            store=None,
            logbook=self.logbook,
            now=now,
            dice=Random(1),
            pollers=self.pollers,
            on_accept=lambda identity: None,
            on_change=changed,
        )

    def poller(self, number: int = 0, *, before: Callable[[Battery], None] | None = None, **settings: Any) -> Poller:
        """A poller of one of the batteries."""
        battery = self.batteries[number]
        if before is not None:
            before(battery)
        poller = Poller(wanted(battery, **settings), self.world)
        self.pollers[poller.info.id] = poller
        return poller

    def kinds(self, battery: int | None = None) -> list[str]:
        """What the event record says of a battery, or of all."""
        address = None if battery is None else self.batteries[battery].address
        return [record.kind for record in self.logbook.records(battery=address)]

    def states(self, battery: int = 0) -> list[str]:
        """The states that a battery went through."""
        address = self.batteries[battery].address
        seen = [str(one.state) for one in self.snapshots if one.info.id == address]
        return [state for number, state in enumerate(seen) if number == 0 or seen[number - 1] != state]
