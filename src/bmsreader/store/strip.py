"""A strip: summaries of some fields on one grid of time, as a block that unpacks several times faster than a segment.

A chart reads thousands of these rows, and a few fields of them. So each column is the differences of whole numbers,
all of one size, first their low bytes, then the higher ones: whatever comes out of the deflated body becomes numbers
without looking at each. All fields share one code, for alone they are too short to be worth one.
"""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate, repeat
from operator import mul, truediv
from typing import Any

from bmsreader.model.errors import StoreError
from bmsreader.store.integers import deflate, inflate
from bmsreader.store.summaries import DIGITS as SUM_DIGITS
from bmsreader.store.summaries import Columns
from bmsreader.store.varint import differences

VERSION = 1
PREFIX = struct.Struct("<BIH")
"""Version; CRC-32 of all that follows it; length of the header."""
AFTER_CHECKSUM = 5
DIGITS = (0, 1, 2, 3, 4, 6)
LARGEST = float(1 << 53)
"""Beyond this, a float is not sure to be a whole number of its last digit."""
SIZES = (("b", 1 << 7), ("h", 1 << 15), ("i", 1 << 31), ("q", 1 << 63))
"""Kinds of numbers, and below what they are. Columns that are no decimals are floats, ``d``."""
CONSTANT = ""
"""In place of kinds: all values of the field are the same."""


def pack(width: int, starts: Sequence[int], fields: Mapping[str, Columns]) -> bytes:
    """Return the rows of some fields, all of which have all the rows; moments and width in ms."""
    steps = [start // width for start in starts]
    counts = [list(map(int, columns[4])) for columns in fields.values()]
    described: list[list[Any]] = []
    body = [_packed(steps), _packed(counts[0])]
    for (name, columns), count in zip(fields.items(), counts, strict=True):
        own = None
        if count != counts[0]:
            own, data = _packed(count)
            body.append((own, data))
        kinds, values, packed = _field(columns, count)
        described.append([name, kinds, values, own])
        body += packed
    first = [width, len(steps), steps[0], counts[0][0], body[0][0], body[1][0]]
    header = json.dumps([*first, described], separators=(",", ":"))
    packed_header = deflate(header.encode())
    rest = struct.pack("<H", len(packed_header)) + packed_header + deflate(b"".join(data for _, data in body))
    return struct.pack("<BI", VERSION, zlib.crc32(rest)) + rest


def _field(columns: Columns, count: Sequence[int]) -> tuple[str, list[Any], list[tuple[str, bytes]]]:
    """Return the kinds of the columns of a field, its digits and first values, and the packed columns."""
    whole = _whole(columns[:4])
    if whole is None:
        return "d" * 4, [count[0]], [("d", _planes(array("d", column))) for column in columns[:4]]
    digits, (low, total, high, last) = whole
    first = [digits, low[0], total[0] - low[0] * count[0], high[0] - low[0], last[0] - low[0], count[0]]
    if min(low) == max(high):
        return CONSTANT, first, []
    packed = list(map(_packed, (low, total, high, last)))
    return "".join(kind for kind, _ in packed), first, packed


def _whole(columns: Sequence[Sequence[float]]) -> tuple[int, list[list[int]]] | None:
    """Return columns as multiples of 10^-digits, exactly; None where that cannot be."""
    for digits in DIGITS:
        scale = 10.0**digits
        whole = []
        for column in columns:
            if not all(-LARGEST < value * scale < LARGEST for value in column):
                return None
            numbers = list(map(round, map(mul, column, repeat(scale))))
            if array("d", map(truediv, numbers, repeat(scale))) != array("d", column):
                break
            whole.append(numbers)
        if len(whole) == len(columns):
            return digits, whole
    return None


def _packed(numbers: Sequence[int]) -> tuple[str, bytes]:
    """Return the kind of the differences, and their bytes; the first number goes into the header."""
    steps = differences(list(numbers))
    largest = max(map(abs, steps), default=0)
    kind = next(kind for kind, limit in SIZES if largest < limit)
    return kind, _planes(array(kind, steps))


def _planes(values: "array[Any]") -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    raw = values.tobytes()
    return b"".join(raw[place :: values.itemsize] for place in range(values.itemsize))


class Strip:
    """Rows that were packed; raises StoreError where they are damaged. Columns are unpacked when they are asked for."""

    def __init__(self, data: bytes) -> None:
        if len(data) < PREFIX.size:
            raise StoreError(f"summaries of only {len(data)} bytes")
        version, checksum, length = PREFIX.unpack_from(data)
        if version != VERSION:
            raise StoreError(f"summaries of version {version}", advice="Update bmsreader, or restore a backup.")
        if zlib.crc32(memoryview(data)[AFTER_CHECKSUM:]) != checksum:
            raise StoreError("summaries are damaged: their checksum is wrong")
        begin = PREFIX.size + length
        try:
            header = json.loads(inflate(data[PREFIX.size : begin]))
            self.width, self.count, step, count, step_kind, count_kind, described = header
            self._body = inflate(data[begin:])
            self._at = 0
            self.starts = list(map(mul, self._numbers(step, step_kind), repeat(self.width)))
            """When each row begins, ms."""
            self._counts = self._numbers(count, count_kind)
            self._places = {name: (rest, self._skip(rest)) for name, *rest in described}
        except (ValueError, TypeError, KeyError, struct.error) as error:
            raise StoreError(f"the header of summaries is damaged: {error}") from error
        if self._at != len(self._body):
            raise StoreError("the header of summaries does not fit their columns")

    @property
    def names(self) -> list[str]:
        """The fields that it has."""
        return list(self._places)

    def columns(self, field: str) -> Columns | None:
        """Return lows, sums, highs, last values and numbers of readings; None where it has no such field."""
        if field not in self._places:
            return None
        (kinds, first, own), self._at = self._places[field]
        counts: list[float] = [*(self._counts if own is None else self._numbers(first[-1], own))]
        if kinds == "d" * 4:
            low, total, high, last = (self._floats() for _ in kinds)
            return low, total, high, last, counts
        scale = 10.0 ** first[0]
        low0, total0, high0, last0 = first[1], first[2] + first[1] * first[-1], first[3] + first[1], first[4] + first[1]
        if kinds == CONSTANT:
            same = [low0 / scale] * self.count
            return same, [round(low0 * count / scale, SUM_DIGITS) for count in counts], same, same, counts
        low, total, high, last = (
            list(map(truediv, self._numbers(number, kind), repeat(scale)))
            for number, kind in zip((low0, total0, high0, last0), kinds, strict=True)
        )
        return low, total, high, last, counts

    def _numbers(self, first: int, kind: str) -> list[int]:
        return list(accumulate(self._array(kind, self.count - 1), initial=first))

    def _floats(self) -> list[float]:
        return self._array("d", self.count).tolist()

    def _array(self, kind: str, count: int) -> "array[Any]":
        values = array(kind)
        size = values.itemsize
        packed = self._body[self._at : self._at + size * count]
        self._at += size * count
        if size > 1:
            raw = bytearray(len(packed))
            for place in range(size):
                raw[place::size] = packed[place * count : (place + 1) * count]
            packed = bytes(raw)
        values.frombytes(packed)
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def _skip(self, described: Sequence[Any]) -> int:
        """Return where the columns of a field begin, and go on behind them."""
        kinds, _, own = described
        begin = self._at
        for kind in (own or "") + kinds:
            self._at += array(kind).itemsize * (self.count - (kind != "d"))
        return begin
