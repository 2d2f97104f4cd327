"""Number types of the description language and how they stand in a payload."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberType:
    """A whole number in a payload: its ``struct`` code, its width, and the step from stored to signed where needed."""

    code: str
    """Empty where ``struct`` knows no such number: three bytes, or two words whose lower one comes first."""
    width: int
    order: Literal["big", "little"] = "big"
    swapped: bool = False
    """Two big-endian words of 16 bits, the lower one first, as registers of Modbus are often sent."""
    signed: Callable[[int], int] | None = None
    stored: Callable[[int], int] | None = None
    low: int = 0
    high: int = 0

    def pack(self, raw: int) -> bytes:
        """Return the bytes of a raw number; raise OverflowError when it does not fit."""
        if not self.low <= raw <= self.high:
            raise OverflowError(f"{raw} is outside {self.low} to {self.high}")
        number = self.stored(raw) if self.stored else raw
        data = number.to_bytes(self.width, self.order, signed=number < 0)
        return data[2:] + data[:2] if self.swapped else data

    def unpack(self, data: bytes) -> int:
        """Return the raw number in the bytes."""
        if self.swapped:
            data = data[2:] + data[:2]
        if self.signed:
            return self.signed(int.from_bytes(data, self.order))
        return int.from_bytes(data, self.order, signed=self.low < 0)


LARGEST_FLOAT = (2 - 2**-23) * 2.0**127
"""The largest number of an IEEE 754 float of four bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatType:
    """An IEEE 754 number of four bytes."""

    order: Literal["big", "little"] = "big"
    swapped: bool = False
    """Two big-endian words of 16 bits, the lower one first."""
    code: str = ""
    """Empty: what stands there is not taken over as ``struct`` reads it."""
    width: int = 4
    low: float = -LARGEST_FLOAT
    high: float = LARGEST_FLOAT
    signed: None = None

    @property
    def layout(self) -> str:
        """What ``struct`` calls it."""
        return ">f" if self.order == "big" else "<f"

    def pack(self, raw: float) -> bytes:
        """Return the bytes of a number; raise OverflowError when it does not fit."""
        if not -LARGEST_FLOAT <= raw <= LARGEST_FLOAT and abs(raw) < inf:
            raise OverflowError(f"{raw:g} is outside {self.low:g} to {self.high:g}")
        data = struct.pack(self.layout, raw)
        return data[2:] + data[:2] if self.swapped else data

    def unpack(self, data: bytes) -> float:
        """Return the shortest number that is stored as these bytes; NaN for what is none, infinities among it."""
        if self.swapped:
            data = data[2:] + data[:2]
        number: float = struct.unpack(self.layout, data)[0]
        if not isfinite(number):
            return nan
        for digits in (6, 7, 8):
            short = float(f"{number:.{digits}g}")
            if abs(short) <= LARGEST_FLOAT and struct.pack(self.layout, short) == data:
                return short or 0.0  # not -0.0
        return number


LARGEST_DECIMAL = 1e12
"""No number in a text is taken to be larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalType:
    """A number that is written in decimal digits; between text and reading it is kept as a double."""

    order: Literal["big", "little"] = "big"
    code: str = ">d"
    width: int = 8
    low: float = -LARGEST_DECIMAL
    high: float = LARGEST_DECIMAL
    signed: None = None

    def pack(self, raw: float) -> bytes:
        """Return the bytes of a number, NaN where it is not reported; raise OverflowError when it is too large."""
        if abs(raw) > LARGEST_DECIMAL:
            raise OverflowError(f"{raw:g} is outside {self.low:g} to {self.high:g}")
        return struct.pack(self.code, raw)

    def unpack(self, data: bytes) -> float:
        """Return the number; NaN where it is not reported."""
        number: float = struct.unpack(self.code, data)[0]
        return number if abs(number) <= LARGEST_DECIMAL else nan


def _sign_magnitude(bits: int) -> tuple[Callable[[int], int], Callable[[int], int]]:
    """Return the steps from stored to signed and back."""
    flag = 1 << (bits - 1)

    def signed(stored: int) -> int:
        return flag - stored if stored >= flag else stored

    def stored(signed_number: int) -> int:
        return flag - signed_number if signed_number < 0 else signed_number

    return signed, stored


def _types() -> dict[str, NumberType]:
    types: dict[str, NumberType] = {}
    orders: tuple[tuple[str, Literal["big", "little"], str], ...] = (("", "big", ">"), ("-le", "little", "<"))
    for bits, code in ((8, "B"), (16, "H"), (32, "I")):
        for suffix, order, mark in orders[: 1 if bits == 8 else 2]:
            width, half = bits // 8, 1 << (bits - 1)
            types[f"u{bits}{suffix}"] = NumberType(code=mark + code, width=width, order=order, high=2 * half - 1)
            types[f"i{bits}{suffix}"] = NumberType(
                code=mark + code.lower(), width=width, order=order, low=-half, high=half - 1
            )
            signed, stored = _sign_magnitude(bits)
            types[f"sm{bits}{suffix}"] = NumberType(
                code=mark + code,
                width=width,
                order=order,
                low=1 - half,
                high=half - 1,
                signed=signed,
                stored=stored,
            )
    return types


def _odd_types() -> dict[str, NumberType]:
    types: dict[str, NumberType] = {}
    orders: tuple[tuple[str, Literal["big", "little"]], ...] = (("", "big"), ("-le", "little"))
    for suffix, order in orders:
        half = 1 << 23
        types[f"u24{suffix}"] = NumberType(code="", width=3, order=order, high=2 * half - 1)
        types[f"i24{suffix}"] = NumberType(code="", width=3, order=order, low=-half, high=half - 1)
    half = 1 << 31
    types["u32-ws"] = NumberType(code="", width=4, swapped=True, high=2 * half - 1)
    types["i32-ws"] = NumberType(code="", width=4, swapped=True, low=-half, high=half - 1)
    return types


NUMBERS = _types() | _odd_types()
"""u8 ... u32 unsigned, i8 ... i32 two's complement, sm8 ... sm32 sign and magnitude; ``-le`` for little-endian, ``-ws``
for two words whose lower one comes first."""

FLOATS: Mapping[str, FloatType] = {
    "f32": FloatType(),
    "f32-le": FloatType(order="little"),
    "f32-ws": FloatType(swapped=True),
}
"""Numbers that need not be whole."""

DECIMAL = "decimal"
"""Type of a number in a text, whole or not."""

IN_HEX = ("i8", "i16", "i32")
"""Types of numbers in a text that only hex digits have: two's complement."""

REALS: Mapping[str, FloatType | DecimalType] = {**FLOATS, DECIMAL: DecimalType()}
"""Numbers that need not be whole, and may be none: NaN."""

ALL_NUMBERS: Mapping[str, NumberType | FloatType | DecimalType] = {**NUMBERS, **REALS}

BYTES = "bytes"
"""Type of a run of bytes that is kept as it is."""

BOOL = "bool"
"""Type of one byte: 0 is off, anything else is on."""


def width(kind: str) -> int:
    """Return how many bytes one value of the type takes."""
    return 1 if kind in (BYTES, BOOL) else ALL_NUMBERS[kind].width
