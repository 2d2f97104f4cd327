"""A simulated battery on ``/dev/vhci`` that answers at once: pauses of its own would hide what the reader adds."""

import asyncio
import sys
import time
from random import Random

from bmsreader.descriptions import load
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.pack import Pack
from bmsreader.simulator.peripheral import serve


async def main(address: str) -> None:
    """Answer until cancelled."""
    dice = Random(1)
    pack = Pack(clock=time.monotonic, dice=dice, soc=60.0)
    battery = Battery(pack, codec=load("ej"), dice=dice, address=address, instant=True)
    await serve(battery, transport="vhci", name=battery.name, address=address)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
