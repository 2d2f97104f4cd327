"""Two simulated batteries on one virtual adapter, inside the virtual machine; files switch their faults while they run.

    python -m tests.bluez.battery FOLDER

``FOLDER/<address>`` holds faults as ``bmsreader simulate`` takes them (``silent``, ``busy``, ``drop:3`` ...), and is
looked at five times a second. No file, or an empty one: nothing is wrong.
"""

import asyncio
import sys
import time
from pathlib import Path
from random import Random

from bmsreader.descriptions import load
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.faults import Faults
from bmsreader.simulator.pack import Pack
from bmsreader.simulator.peripheral import OnAir, serve_all
from tests.bluez.scenarios import NAMED, NAMES, RENAMED

LOOK_EVERY = 0.2


class Switched(Battery):
    """A battery that is busy exactly as long as its faults say so, instead of for whole minutes."""

    @property
    def busy(self) -> bool:
        return self.faults.busy > 0


def battery(address: str, *, seed: int, soc: float) -> Switched:
    dice = Random(seed)
    pack = Pack(clock=time.monotonic, dice=dice, soc=soc)
    return Switched(pack, codec=load("ej"), dice=dice, name=NAMES[address], address=address)


def on_air(simulated: Battery) -> OnAir:
    """Return how it presents itself: the renamed battery gives no hint at all."""
    manufacturer = 33384 if simulated.address == NAMED else None
    return OnAir(battery=simulated, name=simulated.name, address=simulated.address, manufacturer_id=manufacturer)


async def watch_faults(folder: Path, batteries: list[Switched]) -> None:
    while True:
        for simulated in batteries:
            file = folder / simulated.address
            simulated.faults = Faults.parse(file.read_text() if file.exists() else "")
        await asyncio.sleep(LOOK_EVERY)


async def main(folder: Path) -> None:
    batteries = [battery(NAMED, seed=1, soc=60.0), battery(RENAMED, seed=2, soc=80.0)]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch_faults(folder, batteries))
        tasks.create_task(serve_all([on_air(simulated) for simulated in batteries], transport="vhci"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
