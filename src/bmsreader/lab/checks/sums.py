"""All functions that may have made a check value, by name: sums, XOR, CRCs whole and cut, Fletcher, Adler."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor
from zlib import adler32

from bmsreader.protocol.checksum import fletcher, ones_complement, words
from bmsreader.protocol.crc import CATALOGUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One way to make a check value from bytes."""

    bits: int
    compute: Callable[[bytes], int]
    cost: float
    """Bits that it takes to name it: everyday functions are cheap, exotic ones need more evidence."""


EVERYDAY, KNOWN, EXOTIC, CUT = 4.0, 6.0, 8.5, 3.0
"""Costs in bits; the last is added for a CRC of which only a part is sent."""

_KNOWN_CRCS = {
    "crc8-smbus",
    "crc8-maxim-dow",
    "crc16-arc",
    "crc16-xmodem",
    "crc16-kermit",
    "crc16-ibm-3740",
    "crc16-ibm-sdlc",
    "crc32-iso-hdlc",
    "crc32-mpeg-2",
}


def _plain(bits: int) -> dict[str, Function]:
    mask = (1 << bits) - 1
    cost = EVERYDAY if bits < 32 else KNOWN
    return {
        f"sum{bits}": Function(bits=bits, compute=lambda data: sum(data) & mask, cost=cost),
        f"not-sum{bits}": Function(bits=bits, compute=lambda data: ~sum(data) & mask, cost=cost),
        f"neg-sum{bits}": Function(bits=bits, compute=lambda data: -sum(data) & mask, cost=cost),
    }


def _crcs() -> dict[str, Function]:
    found = {
        name: Function(bits=crc.bits, compute=crc.compute, cost=KNOWN if name in _KNOWN_CRCS else EXOTIC)
        for name, crc in CATALOGUE.items()
    }
    found["crc16-modbus"] = Function(bits=16, compute=CATALOGUE["crc16-modbus"].compute, cost=EVERYDAY)
    return found


PLAIN = _plain(8) | _plain(16) | _plain(32)
"""Sums of bytes; the search solves these by prefix sums."""

XORS = {
    "xor8": Function(bits=8, compute=lambda data: reduce(xor, data, 0), cost=EVERYDAY),
    "not-xor8": Function(bits=8, compute=lambda data: reduce(xor, data, 0xFF), cost=KNOWN),
}

OTHERS = {
    "fletcher16": Function(bits=16, compute=lambda data: fletcher(data, 255), cost=KNOWN),
    "fletcher16-256": Function(bits=16, compute=lambda data: fletcher(data, 256), cost=KNOWN),
    "adler32": Function(bits=32, compute=adler32, cost=KNOWN),
    "internet16": Function(bits=16, compute=ones_complement, cost=KNOWN),
    "words16-big": Function(bits=16, compute=lambda data: words(data, 0) & 0xFFFF, cost=KNOWN),
    "words16-little": Function(bits=16, compute=lambda data: words(data, 1) & 0xFFFF, cost=KNOWN),
}

CRCS = _crcs()


def parts(name: str, function: Function) -> dict[str, tuple[Function, int, int]]:
    """Return the function and what may be cut from it, each with right shift and bits: low and high half or byte."""
    found = {name: (function, 0, function.bits)}
    for bits in (8, 16):
        if bits < function.bits:
            cut = Function(bits=bits, compute=_cut(function, 0, bits), cost=function.cost + CUT)
            found[f"{name}/low{bits}"] = (cut, 0, bits)
            shift = function.bits - bits
            cut = Function(bits=bits, compute=_cut(function, shift, bits), cost=function.cost + CUT)
            found[f"{name}/high{bits}"] = (cut, shift, bits)
    return found


def _cut(function: Function, shift: int, bits: int) -> Callable[[bytes], int]:
    compute, mask = function.compute, (1 << bits) - 1
    return lambda data: compute(data) >> shift & mask


CUTTABLE = {name: parts(name, function) for name, function in (CRCS | OTHERS).items()}
"""Per function all its parts."""

FUNCTIONS: dict[str, Function] = (
    PLAIN | XORS | {name: part[0] for all_parts in CUTTABLE.values() for name, part in all_parts.items()}
)
"""Everything that a finding may name."""
