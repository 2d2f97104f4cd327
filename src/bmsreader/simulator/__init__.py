"""A battery that answers: a simulated pack, read in the same program or, as a Bluetooth peripheral, over the air.

    clock = time.monotonic
    pack = Pack(clock=clock, dice=Random(7), design_capacity=200, demand=scenario("day"), speed=60)
    battery = Battery(pack, codec=load("ej"), dice=Random(7), faults=Faults.parse("lost-chunk:0.1,at-noise"))
    async with bmsreader.connect(SimulatedLink(battery, codecs=shipped())) as session: ...

``bmsreader.simulator.peripheral`` offers the same battery over Bluetooth; it needs bumble and is imported where used.
"""

from bmsreader.simulator.battery import Battery, Mode
from bmsreader.simulator.demand import SCENARIOS, Demand, Steady, scenario
from bmsreader.simulator.demo import two_demo_batteries
from bmsreader.simulator.faults import Faults, Often, fault_names
from bmsreader.simulator.link import SimulatedLink
from bmsreader.simulator.pack import Measured, Pack
from bmsreader.simulator.table import gatt_table

__all__ = [
    "SCENARIOS",
    "Battery",
    "Demand",
    "Faults",
    "Measured",
    "Mode",
    "Often",
    "Pack",
    "SimulatedLink",
    "Steady",
    "fault_names",
    "gatt_table",
    "scenario",
    "two_demo_batteries",
]
