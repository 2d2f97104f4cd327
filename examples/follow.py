"""Follow a battery for as long as you like, and see what the radio does.

`python follow.py LT-12V-1544`, or without a name a simulated battery that loses notifications and drops the link.
"""

import asyncio
import sys
import time
from random import Random

import bmsreader
from bmsreader.descriptions import load, shipped
from bmsreader.simulator import Battery, Faults, Pack, SimulatedLink


def simulated() -> SimulatedLink:
    """Return the link to a battery with a bad radio."""
    pack = Pack(clock=time.monotonic, dice=Random(7), design_capacity=200, speed=600)
    faults = Faults.parse("lost-chunk:0.2,bad-checksum:0.1")
    battery = Battery(pack, codec=load("ej"), dice=Random(3), faults=faults, instant=True)
    return SimulatedLink(battery, codecs=shipped())


def tell(event: bmsreader.Event) -> None:
    """Print what happened; each rejected frame is here with its reason and bytes."""
    print(f"   {event.at:7.2f} s  {event.kind} {event.detail}")


async def main() -> None:
    """Read ten times; `readings` goes on for ever, through lost links and silent nights."""
    target = sys.argv[1] if len(sys.argv) > 1 else simulated()
    every = 10.0 if len(sys.argv) > 1 else 0.1
    count = 0
    async with bmsreader.connect(target, on_event=tell) as battery:
        async for reading in battery.readings(every=every):
            print(f"{reading.taken_at:%H:%M:%S}  {reading.soc} %  {reading.current:+.1f} A  {reading.power:+.0f} W")
            count += 1
            if count == 10:
                break


try:
    asyncio.run(main())
except bmsreader.BmsReaderError as error:
    sys.exit(f"{error}\n{error.advice}")
