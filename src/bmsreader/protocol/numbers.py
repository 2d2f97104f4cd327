"""Number types of the description language and how they stand in a payload."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberType:
    """A number in a payload: its ``struct`` code, its width, and the step from stored to signed where needed."""

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

BYTES = "bytes"
"""Type of a run of bytes that is kept as it is."""

BOOL = "bool"
"""Type of one byte: 0 is off, anything else is on."""


def width(kind: str) -> int:
    """Return how many bytes one value of the type takes."""
    return 1 if kind in (BYTES, BOOL) else NUMBERS[kind].width
