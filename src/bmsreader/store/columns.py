"""A column of any values of a reading, losslessly: numbers as whole numbers, text by a dictionary, None by a mask."""

import sys
from array import array
from collections.abc import Callable, Sequence
from itertools import repeat
from operator import mul, truediv
from typing import Any

from bmsreader.model.errors import StoreError
from bmsreader.store import integers
from bmsreader.store.integers import Spec

DIGITS = (0, 1, 2, 3, 4, 6)
"""Digits after the point that are tried, in this order."""
LARGEST = 1 << 62
"""Whole numbers beyond, and below minus this, are stored as text."""
SAMPLE = 16
"""Values that are tried before all of them are."""

Column = Sequence[Any]


def pack(values: Column, *, slope: int = 0) -> tuple[Spec, bytes]:
    """Return how the values were packed, as JSON, and their bytes; there is at least one value."""
    kinds = set(map(type, values))
    if len(kinds) == 1 and _is_constant(values, kinds):
        return ["=", values[0]], b""
    if type(None) in kinds:
        return _pack_some(values)
    if kinds == {int} and _fit(values):
        spec, data = integers.pack(list(values), slope=slope)
        return ["i", *spec], data
    if kinds == {bool}:
        spec, data = integers.pack(list(map(int, values)))
        return ["b", *spec], data
    if float in kinds and kinds <= {int, float}:
        return _pack_floats(array("d", values))
    return _pack_words(values)


def unpack(spec: Spec, data: bytes, count: int) -> list[Any]:
    """Return the values; raise StoreError when the bytes do not fit their description."""
    if spec[0] == "=":
        return [_value(spec[1])] * count
    reader = _READERS.get(spec[0])
    if reader is None:
        raise StoreError(f"a column of a kind that this program does not know: {spec[0]!r}")
    return reader(spec, data, count)


def _is_constant(values: Column, kinds: set[type]) -> bool:
    if float in kinds:  # to the bit: 0.0 equals -0.0, and NaN equals nothing
        return array("d", values).tobytes() == array("d", (values[0],)).tobytes() * len(values)
    return values.count(values[0]) == len(values)


def _fit(numbers: Column) -> bool:
    """Whether whole numbers are of a size that varints are meant for."""
    return bool(min(numbers) > -LARGEST and max(numbers) < LARGEST)


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# ---- None


def _pack_some(values: Column) -> tuple[Spec, bytes]:
    present = [value is not None for value in values]
    mask_spec, mask = integers.pack(list(map(int, present)))
    spec, data = pack([value for value in values if value is not None])
    return ["?", sum(present), mask_spec, len(mask), spec], mask + data


def _unpack_some(spec: Spec, data: bytes, count: int) -> list[Any]:
    _, some, mask_spec, mask_length, inner = spec
    mask = integers.unpack(mask_spec, data[:mask_length], count)
    if sum(mask) != some:
        raise StoreError("a column and the mask of its values do not agree")
    values = iter(unpack(inner, data[mask_length:], some))
    return [next(values) if present else None for present in mask]


# ---- numbers


def _pack_floats(values: "array[float]") -> tuple[Spec, bytes]:
    exact = values.tobytes()
    sample = values[:: max(1, len(values) // SAMPLE)] if len(values) > 4 * SAMPLE else values
    for digits in DIGITS:
        if len(sample) < len(values) and _scaled(sample, digits, sample.tobytes()) is None:
            continue
        numbers = _scaled(values, digits, exact)
        if numbers is not None:
            spec, data = integers.pack(numbers)
            return ["f", digits, *spec], data
    if sys.byteorder == "big":
        values.byteswap()
    raw = values.tobytes()
    return ["d"], integers.deflate(b"".join(raw[place::8] for place in range(8)))


def _scaled(values: "array[float]", digits: int, exact: bytes) -> list[int] | None:
    """Return the values as multiples of 10^-digits if they are exactly that, -0.0 and NaN included: else None."""
    scale = 10.0**digits
    try:
        numbers = list(map(round, map(mul, values, repeat(scale)) if digits else values))
        same = array("d", map(truediv, numbers, repeat(scale))).tobytes() == exact
    except (OverflowError, ValueError):  # infinite, not a number, or beyond all measure
        return None
    return numbers if same and _fit(numbers) else None


def _unpack_decimals(spec: Spec, data: bytes, count: int) -> list[float]:
    scale = 10.0 ** spec[1]
    return list(map(truediv, integers.unpack(spec[2:], data, count), repeat(scale)))


def _unpack_doubles(_spec: Spec, data: bytes, count: int) -> list[float]:
    planes = integers.inflate(data)
    if len(planes) != 8 * count:
        raise StoreError(f"{len(planes)} bytes in a column where {8 * count} belong")
    raw = bytearray(8 * count)
    for place in range(8):
        raw[place::8] = planes[place * count : (place + 1) * count]
    values = array("d", bytes(raw))
    if sys.byteorder == "big":
        values.byteswap()
    return values.tolist()


# ---- text


def _pack_words(values: Column) -> tuple[Spec, bytes]:
    words = {word: number for number, word in enumerate(dict.fromkeys(values))}
    spec, data = integers.pack([words[value] for value in values])
    return ["w", list(words), *spec], data


def _unpack_words(spec: Spec, data: bytes, count: int) -> list[Any]:
    words = list(map(_value, spec[1]))
    return list(map(words.__getitem__, integers.unpack(spec[2:], data, count)))


_READERS: dict[str, Callable[[Spec, bytes, int], list[Any]]] = {
    "?": _unpack_some,
    "i": lambda spec, data, count: integers.unpack(spec[1:], data, count),
    "b": lambda spec, data, count: list(map(bool, integers.unpack(spec[1:], data, count))),
    "f": _unpack_decimals,
    "d": _unpack_doubles,
    "w": _unpack_words,
}
