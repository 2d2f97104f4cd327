"""Read one battery once: `python read_once.py LT-12V-1544`, or without a name a simulated battery."""

import asyncio
import sys
import time
from random import Random

import bmsreader
from bmsreader.descriptions import load, shipped
from bmsreader.simulator import Battery, Pack, SimulatedLink


def simulated() -> SimulatedLink:
    """Return the link to a battery that exists only in this program; everything else is the same."""
    pack = Pack(clock=time.monotonic, dice=Random(7), design_capacity=200)
    return SimulatedLink(Battery(pack, codec=load("ej"), dice=Random(7)), codecs=shipped())


async def main() -> None:
    """Connect, read, let go."""
    async with bmsreader.connect(sys.argv[1] if len(sys.argv) > 1 else simulated()) as battery:
        reading = await battery.read()
    print(f"{reading.battery}: {reading.soc} %, {reading.remaining_capacity} Ah, {reading.current:+} A")
    print(f"cells {reading.cell_voltages} V, {reading.temperatures} °C, alarms: {reading.alarms or 'none'}")


try:
    asyncio.run(main())
except bmsreader.BmsReaderError as error:
    sys.exit(f"{error}\n{error.advice}")
