"""An invented battery that speaks by itself: nothing is ever asked."""

from random import Random
from typing import Any

from bmsreader.protocol import Codec, parse
from bmsreader.simulator import Battery, Pack

HUM = """
id = "hum"
name = "Hum, an invented battery that speaks by itself"
ble = [{ service = "0000ffe0-0000-1000-8000-00805f9b34fb", notify = "0000ffe1-0000-1000-8000-00805f9b34fb",\
 write = "0000ffe1-0000-1000-8000-00805f9b34fb" }]
framing = { start_hex = "A55A", encoding = "binary", cut = "length", limit = 64, length.at = 0, length.type = "u8",\
 length.plus = 5 }
checksums.crc = { algorithm = "crc16-modbus", over = "frame", order = "little" }
messages.status = { size = 19, checksum = "crc", blocks = { all = 1 } }
[blocks.all]
cell_voltages = { at = 0, type = "u16", count = 4, scale = 0.001, unit = "V", least = 4 }
pack_voltage = { at = 8, type = "u16", scale = 0.1, unit = "V" }
current = { at = 10, type = "i16", scale = 0.1, unit = "A" }
soc = { at = 12, type = "u16", scale = 0.1, unit = "%" }
temperatures = { at = 14, type = "i16", unit = "°C" }
"""


def hum(clock: Any, **particulars: Any) -> Battery:
    """Return a battery of this kind; ``clock`` is monotonic seconds."""
    pack = Pack(clock=clock, dice=Random(1), soc=60.0, design_capacity=200)
    return Battery(pack, codec=Codec(parse(HUM)), dice=Random(2), **particulars)
