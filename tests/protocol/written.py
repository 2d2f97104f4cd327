"""Descriptions of batteries that answer in text, for the tests."""

from datetime import UTC, datetime

from bmsreader.model import FrameRejected, Reading
from bmsreader.protocol import Codec, parse

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

JSON = """
id = "speaker"
name = "A battery that answers in JSON, of the shape that aiobmsble 0.31 knows of Felicity"
framing = { encoding = "json", limit = 4096 }
messages.real = { when = [{ path = "CommVer", equals = "1" }], blocks = ["all"] }
[blocks.all]
cell_voltages = { path = "Cells[0][{0..15}]", type = "decimal", scale = 0.001 }
pack_voltage = { path = "Batt[0][0]", type = "decimal", scale = 0.001 }
current = { path = "Batt[1][0]", type = "decimal", scale = 0.1 }
temperatures = { path = "Temp[0][{0..3}]", type = "decimal", scale = 0.1, unknown = [32767] }
fault = { path = "Fault", type = "u16", raw = true, bits = [{ bit = 2, alarm = "hot" }] }
discharge_switch = { path = "On", type = "bool" }
"""

LINES = """
id = "lister"
name = "A battery that sends values parted by commas, of the shape that aiobmsble 0.31 knows of Lithionics"
framing = { encoding = "text", separator = ",", end = "\\r\\n", limit = 100 }
messages.status = { columns = 9, blocks = ["all"], then = "more" }
messages.more = { columns = 3, when = [{ path = "[0]", equals = "&" }], blocks = ["rest"] }
[blocks.all]
pack_voltage = { path = "[0]", type = "decimal", scale = 0.01 }
cell_voltages = { path = "[{1..4}]", type = "decimal", scale = 0.01 }
temperatures = { path = "[5]", type = "decimal" }
current = { path = "[6]", type = "decimal" }
soc = { path = "[7]", type = "decimal" }
status = { path = "[8]", type = "u32", base = 16, raw = true, bits = [{ bit = 8, alarm = "cold" }] }
[blocks.rest]
remaining_capacity = { path = "[1]", type = "decimal" }
"""

PAIRS = """
id = "teller"
name = "A battery that says keys and values, with a check value"
framing = { encoding = "text", separator = ";,", pair = "=", start = "$", end = "\\n", limit = 120 }
checksums.xor = { algorithm = "xor8", over = "characters", mark = "*" }
messages.status = { checksum = "xor", blocks = ["all"] }
[blocks.all]
pack_voltage = { path = "V", type = "decimal", suffix = "V", decimals = 2 }
cell_voltages = { path = "C[{0..3}]", type = "decimal", decimals = 3 }
current = { plus = "I", minus = "O", type = "decimal", decimals = 1 }
temperatures = { path = ["T1", "T2"], type = "decimal" }
"""

DIGITS = """
id = "emitter"
name = "A battery that writes hex digits between commas, and a check value that takes in the comma before it"
framing = { encoding = "text", separator = ",", end = "\\r\\n", limit = 120 }
checksums.crc = { algorithm = "crc8-maxim-dow", over = "characters", mark = ",", over_mark = true }
messages.status = { columns = 8, when = [{ path = "[0]", equals = "CV1" }], checksum = "crc", blocks = ["all"] }
[blocks.all]
pack_voltage = { path = "[1]", type = "u32", base = 16, scale = 0.01 }
cell_voltages = { path = "[{2..5}]", type = "u16", base = 16, scale = 0.001 }
current = { path = "[6]", type = "i16", base = 16, scale = 0.1 }
temperatures = { path = "[7]", type = "i8", base = 16 }
"""

BLOCKS = """
id = "blocker"
name = "A battery that writes a line for each value, and a check value in a byte, as Victron's VE.Direct does"
framing = { encoding = "text", separator = "\\n\\r", pair = "\\t", end = "Checksum\\t", behind = 1, limit = 200 }
checksums.sum = { algorithm = "neg-sum8", over = "frame" }
messages.status = { checksum = "sum", blocks = ["all"] }
[blocks.all]
pack_voltage = { path = "V", type = "decimal", scale = 0.001 }
cell_voltages = { path = "C{1..4}", type = "decimal", scale = 0.001 }
current = { path = "I", type = "decimal", scale = 0.001 }
temperatures = { path = "T", type = "decimal" }
"""

COMMA = PAIRS.replace('";,"', '";/"').replace('pair = "="', 'pair = "=", point = ","').replace("teller", "commas")

ALL = (JSON, LINES, PAIRS, DIGITS, BLOCKS, COMMA)

TOLD = {
    "pack_voltage": 13.2,
    "cell_voltages": (3.3, 3.31, 3.29, 3.3),
    "current": -4.0,
    "soc": 50.0,
    "remaining_capacity": 60.0,
    "temperatures": (21.0,),
}


def codec(text: str) -> Codec:
    """Return a description of this page, compiled."""
    return Codec(parse(text))


def frames(one: Codec) -> list[bytes]:
    """Return what a battery sends that is told ``TOLD``."""
    return [one.encode(name, {**TOLD, "discharge_switch": True}) for name in one.description.messages]


def decoded(one: Codec, *sent: bytes) -> Reading | FrameRejected:
    """Return the reading in frames, or why there is none."""
    return one.decode(sent if len(sent) > 1 else sent[0], battery="bench", taken_at=NOON)


def refused(one: Codec, *sent: bytes) -> str:
    """Return why frames are no reading."""
    result = decoded(one, *sent)
    assert isinstance(result, FrameRejected)
    return result.reason
