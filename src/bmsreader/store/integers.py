"""A column of whole numbers in few bytes: differences, or what is left beside a moving average where values are noisy.

Each value of a noisy column (cells, signal, the moment of a reading) lies around a level that moves slowly. The
difference of two neighbours carries the noise of both; what is left beside the average of the last few carries that of
one. The average is kept in whole numbers, so that packing and unpacking agree to the last digit on every machine. After
a leap (a load switched on, a pause) the average begins anew.
"""

import zlib
from itertools import accumulate
from operator import add, sub
from typing import Any

from bmsreader.model.errors import StoreError
from bmsreader.store import varint

SHIFTS = (1, 2, 4)
"""The average follows the values with 1/2^shift of each step: the last 3, 7 or 31 readings count."""
TRIED = 400
"""Values on which the three are tried."""
FEW = 256
"""Shorter columns are packed in the plain way: looking for a better one would cost more than it saves."""
QUIET = 4
"""A column that changes by less than one step in so many values is not noisy: differences are mostly 0 then."""
LARGEST = 1 << 24
"""Bytes that a packed column may unpack to."""

Spec = list[Any]
"""How a column was packed: JSON, part of the block's header."""


def pack(numbers: list[int], *, slope: int = 0) -> tuple[Spec, bytes]:
    """Return how the numbers were packed, and the bytes. ``slope`` is what each is usually more than the one before."""
    first = numbers[0]
    level = list(map(sub, numbers, varint.ramp(len(numbers), slope))) if slope else numbers
    steps = varint.differences(level)
    if not any(steps):
        return ["c", first, slope], b""
    spec, data = ["d", first, slope], deflate(varint.encode(steps), thorough=len(steps) >= FEW)
    strides = sum(map(abs, steps))
    if len(steps) >= FEW and strides * QUIET > len(steps):
        leap = 3 * strides // len(steps) + 2
        shift = min(SHIFTS, key=lambda shift: sum(map(abs, _beside_average(level[:TRIED], shift, leap))))
        other = deflate(varint.encode(_beside_average(level, shift, leap)), thorough=False)
        if len(other) < len(data):
            return ["a", first, slope, shift, leap], other
    return spec, data


def unpack(spec: Spec, data: bytes, count: int) -> list[int]:
    """Return the numbers; raise StoreError when the bytes do not fit their description."""
    kind, first, slope = spec[:3]
    if kind == "c":
        return list(range(first, first + count * slope, slope)) if slope else [first] * count
    rest = varint.decode(inflate(data), count - 1)
    if kind == "d":
        level = list(accumulate(rest, initial=first))
    elif kind == "a":
        level = _from_average(first, rest, *spec[3:])
    else:
        raise StoreError(f"a column packed in a way that this program does not know: {kind!r}")
    return list(map(add, level, varint.ramp(count, slope))) if slope else level


def _beside_average(level: list[int], shift: int, leap: int) -> list[int]:
    """Return what each number but the first is more than the average of those before."""
    half = 1 << (shift - 1)
    average = level[0] << shift
    rest = []
    for number in level[1:]:
        beside = number - ((average + half) >> shift)
        rest.append(beside)
        if -leap <= beside <= leap:
            average += number - (average >> shift)
        else:
            average = number << shift
    return rest


def _from_average(first: int, rest: list[int], shift: int, leap: int) -> list[int]:
    """Undo ``_beside_average``."""
    half = 1 << (shift - 1)
    average = first << shift
    level = [first]
    append = level.append
    for beside in rest:
        number = beside + ((average + half) >> shift)
        append(number)
        if -leap <= beside <= leap:
            average += number - (average >> shift)
        else:
            average = number << shift
    return level


def deflate(data: bytes, *, thorough: bool = True) -> bytes:
    """Return raw deflate of the data: Huffman codes alone, or with repetitions where that is asked for and shorter."""
    packed = _deflate(data, zlib.Z_HUFFMAN_ONLY)
    if thorough:
        packed = min(packed, _deflate(data, zlib.Z_DEFAULT_STRATEGY), key=len)
    return packed


def _deflate(data: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 8, strategy)
    return packer.compress(data) + packer.flush()


def deflate_text(text: bytes, usual: bytes) -> bytes:
    """Return raw deflate of a text that is much like a usual one, which whoever inflates it knows."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, usual)
    return packer.compress(text) + packer.flush()


def inflate(data: bytes, usual: bytes = b"") -> bytes:
    """Return what was deflated; raise StoreError when it is damaged or beyond all measure."""
    unpacker = zlib.decompressobj(-15, usual) if usual else zlib.decompressobj(-15)
    try:
        unpacked = unpacker.decompress(data, LARGEST)
    except zlib.error as error:
        raise StoreError(f"a packed column is damaged: {error}") from error
    if not unpacker.eof:
        raise StoreError("a packed column is cut off")
    return unpacked
