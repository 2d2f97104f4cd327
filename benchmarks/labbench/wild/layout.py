r"""The layouts of the tables: how a line of words becomes the bytes of a frame.

A body is a line of words, in the order of its bytes:

    voltage*100:2        a value, scaled, in two bytes; ``+40`` adds, ``:2<`` is little-endian, ``:4f`` a float
    cells*1000:2         as many as the pack has; with ``#`` in front each follows its number
    temp1, cell3, lowest, lowest_at, charge, load, magnitude (both directions apart, or without a sign), seconds, ...
    magnitude*10|0000/4000/8000:2    bits are set at rest, while charging, under load
    0A0B  00*24  'V1.2'  bytes, repeated bytes, text (``_`` is a space)

A frame is a line of such words and of these:

    kind  asked  body    what the message says of itself
    size+4:1             the bytes of the body, and so many more; ``size*2+14:2`` counts its digits
    lenid                its digits with the four-bit sum in front of them (YD/T 1363)
    ( ... )  !sum8       what a check value covers, and the check value, by its name in the lab's list; ``!sum16<``
    hex[ ... ]           spelled as digits
    hidden[ ... ]        counted by the check value, but not sent
"""

import re
import struct
from dataclasses import dataclass
from functools import cache
from typing import Literal

from benchmarks.labbench.wild.story import Moment
from bmsreader.lab.checks.sums import FUNCTIONS

_FIELD = re.compile(
    r"(?P<numbered>#?)(?P<name>[a-z_]+\d*)(?:\*(?P<scale>-?[\d.]+))?(?P<plus>[+-]\d+)?"
    r"(?:\|(?P<flags>[0-9A-F/]+))?:(?P<width>\d)(?P<order>[<>f]{0,2})"
)
_BYTES = re.compile(r"(?P<hex>(?:[0-9A-F]{2})+)(?:\*(?P<times>\d+))?")

Order = Literal["big", "little"]
Values = dict[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A number in a body."""

    name: str
    scale: float
    plus: int
    flags: tuple[int, ...]
    """Bits that are set at rest, while charging, under load."""
    width: int
    order: Order
    floating: bool
    numbered: bool

    def put(self, values: Values) -> bytes:
        """Return the bytes of all that it names."""
        (current,) = values["current"]
        flags = self.flags[0 if not current else 1 if current > 0 else 2]
        parts = [self._one(value, flags) for value in values[self.name]]
        if self.numbered:
            parts = [bytes([number]) + part for number, part in enumerate(parts, 1)]
        return b"".join(parts)

    def _one(self, value: float, flags: int) -> bytes:
        value = value * self.scale + self.plus
        if self.floating:
            return struct.pack("<f" if self.order == "little" else ">f", value)
        number = round(value) | flags
        return (number & (1 << 8 * self.width) - 1).to_bytes(self.width, self.order)


@cache
def _word(word: str) -> _Field | bytes:
    """Return what a word of a layout stands for."""
    if word.startswith("'"):
        return word.strip("'").replace("_", " ").encode()
    if same := _BYTES.fullmatch(word):
        return bytes.fromhex(same["hex"]) * int(same["times"] or 1)
    found = _FIELD.fullmatch(word)
    if found is None:
        raise ValueError(f"not a word of a layout: {word}")
    flags = [int(flag, 16) for flag in (found["flags"] or "0/0/0").split("/")]
    return _Field(
        name=found["name"],
        scale=float(found["scale"] or 1),
        plus=int(found["plus"] or 0),
        flags=tuple(flags),
        width=int(found["width"]),
        order="little" if "<" in found["order"] else "big",
        floating="f" in found["order"],
        numbered=bool(found["numbered"]),
    )


def values_of(moment: Moment) -> Values:
    """Return all that a layout may name; each name has one value or several."""
    cells, amps = moment.cells, moment.current
    highest, lowest = max(cells), min(cells)
    one = {
        "voltage": moment.voltage,
        "current": amps,
        "charge": max(0.0, amps),
        "load": max(0.0, -amps),
        "magnitude": abs(amps),
        "power": abs(moment.voltage * amps),
        "in": max(0.0, moment.voltage * amps),
        "out": max(0.0, -moment.voltage * amps),
        "soc": moment.soc,
        "remaining": moment.remaining,
        "energy": moment.remaining * moment.voltage,
        "full": moment.full,
        "design": moment.pack.capacity,
        "highest": highest,
        "lowest": lowest,
        "highest_at": float(cells.index(highest)),
        "lowest_at": float(cells.index(lowest)),
        "spread": highest - lowest,
        "mean": sum(cells) / len(cells),
        "seconds": moment.at,
        "zero": 0.0,
        "hottest": max(moment.temperatures),
        "coldest": min(moment.temperatures),
    }
    single = one | {f"cell{number}": cell for number, cell in enumerate(cells, 1)}
    single |= {f"temp{number}": warm for number, warm in enumerate(moment.temperatures, 1)}
    return {name: (value,) for name, value in single.items()} | {"cells": cells, "temps": moment.temperatures}


def body_of(layout: str, values: Values) -> bytes:
    """Return the bytes of a body."""
    words = [_word(word) for word in layout.split()]
    return b"".join(word if isinstance(word, bytes) else word.put(values) for word in words)


def frame_of(layout: str, *, kind: str = "", asked: str = "", body: bytes = b"") -> bytes:
    """Return the frame around a body."""
    named = {"kind": bytes.fromhex(kind), "asked": bytes.fromhex(asked), "body": body, "lenid": _lenid(len(body))}
    open_parts: list[tuple[str, bytearray]] = [("", bytearray())]
    hidden: list[tuple[int, int]] = []
    begun, covered = 0, b""
    for word in layout.split():
        out = open_parts[-1][1]
        if word in ("hex[", "hidden["):
            open_parts.append((word, bytearray()))
        elif word == "]":
            how, inner = open_parts.pop()
            out = open_parts[-1][1]
            if how == "hidden[":
                hidden.append((len(out), len(out) + len(inner)))
            out += inner.hex().upper().encode() if how == "hex[" else inner
        elif word == "(":
            begun = len(out)
        elif word == ")":
            covered = bytes(out[begun:])
        elif word.startswith("!"):
            out += _check_value(word[1:], covered)
        else:
            out += named[word] if word in named else body_of(word, {"size": (float(len(body)),), "current": (0.0,)})
    frame = open_parts[0][1]
    for first, end in reversed(hidden):
        del frame[first:end]
    return bytes(frame)


def _check_value(name: str, covered: bytes) -> bytes:
    function = FUNCTIONS[name.rstrip("<")]
    return function.compute(covered).to_bytes(function.bits // 8, "little" if name.endswith("<") else "big")


def _lenid(size: int) -> bytes:
    digits = 2 * size
    nibbles = sum(digits >> shift & 0xF for shift in (0, 4, 8))
    return (digits | (-nibbles & 0xF) << 12).to_bytes(2, "big")
