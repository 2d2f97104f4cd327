"""What the commands need of the computer that they run on: time, batteries in the air, links to them."""

import asyncio
import re
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bmsreader.links.link import Link
from bmsreader.model.errors import NothingFound, UsageError
from bmsreader.protocol.codec import Codec
from bmsreader.session.discovery import Found, discover
from bmsreader.simulator.battery import Battery

if TYPE_CHECKING:
    from bmsreader.links.host import Host

Result = TypeVar("Result")

SIMULATED = re.compile(r"simulated(?::(\d+))?")
TERMINATED = 128 + signal.SIGTERM


@dataclass(kw_only=True)
class Machine:
    """The computer; another one can be handed in as the object of click's context."""

    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    """Makes the event loop, and with it the time that everything runs on."""
    batteries: Sequence[Battery] = field(default=(), repr=False)
    """The simulated batteries of this run, once somebody asked for one."""

    def run(self, main: Coroutine[Any, Any, Result]) -> Result:
        """Run a command to its end; Ctrl-C and termination let go of the batteries first."""
        with asyncio.Runner(loop_factory=self.loop_factory) as runner:
            try:
                return runner.run(_terminable(main))
            except asyncio.CancelledError:
                sys.exit(TERMINATED)

    async def host(self) -> "Host":
        """Return what this machine has for Bluetooth."""
        from bmsreader.links.host import look

        return await look()

    @staticmethod
    def needs_no_bluetooth(battery: str) -> bool:
        """Return whether a battery is simulated or on a serial line."""
        from bmsreader.session.opening import is_port

        return SIMULATED.fullmatch(battery) is not None or is_port(battery)

    async def discover(self, seconds: float, codecs: Sequence[Codec], **options: Any) -> list[Found]:
        """Return the batteries in range; see ``session.discover``."""
        return await discover(seconds, codecs=codecs, **options)

    async def link_to(
        self, battery: str | Found, codecs: Sequence[Codec], *, adapter: str | None = None, search: float = 15.0
    ) -> Link:
        """Return the link to a battery that was found, or is named as the owner names it."""
        if isinstance(battery, Found):
            from bmsreader.links.ble import BleLink

            device = battery.advertisement.device
            return BleLink(battery.address, codecs=codecs, name=battery.name, device=device, adapter=adapter)
        simulated = SIMULATED.fullmatch(battery)
        if simulated:
            return self.simulated_link(int(simulated[1] or 1), codecs)
        from bmsreader.session.opening import link_to

        return await link_to(battery, codecs, adapter=adapter, search=search)

    def simulated_link(self, number: int, codecs: Sequence[Codec]) -> Link:
        """Return the link to one of the simulated batteries of this run, counted from 1.

        With descriptions of the owner's the first one speaks the first of these: so they can be tried.
        """
        from bmsreader.simulator.link import SimulatedLink

        if not self.batteries:
            from bmsreader.descriptions.catalogue import shipped_ids
            from bmsreader.simulator.demo import battery_of, two_demo_batteries

            clock = asyncio.get_running_loop().time
            own = [battery_of(codec, clock=clock) for codec in codecs if codec.id not in shipped_ids()][:1]
            self.batteries = (*own, *two_demo_batteries(clock=clock)[len(own) :])
        if not 1 <= number <= len(self.batteries):
            raise UsageError(
                f"there is no simulated battery {number}",
                advice=f"There are `simulated` or `simulated:1` to `simulated:{len(self.batteries)}`.",
            )
        return SimulatedLink(self.batteries[number - 1], codecs=codecs)

    async def links(
        self, names: Sequence[str], codecs: Sequence[Codec], *, adapter: str | None, search: float
    ) -> list[Link]:
        """Return links to the batteries named, or to all that are found when none is named; raise NothingFound."""
        batteries: Sequence[str | Found] = names or await self.discover(search, codecs, adapter=adapter)
        if not batteries:
            raise NothingFound(f"no battery was heard within {search:g} s")
        return [await self.link_to(battery, codecs, adapter=adapter, search=search) for battery in batteries]


async def _terminable(main: Coroutine[Any, Any, Result]) -> Result:
    """Let a SIGTERM end the program as Ctrl-C does: BlueZ keeps a connection that nobody closed."""
    task = asyncio.current_task()
    if task is not None and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await main


def this() -> Machine:
    """Return the machine of the running command."""
    context = click.get_current_context()
    machine = context.find_object(Machine)
    return machine or Machine()
