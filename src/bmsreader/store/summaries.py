"""What is kept for ever: lowest, mean, highest and last value and the number of readings of each 15 minutes and day."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from bmsreader.store.block import Block, encode

QUARTER = 900_000
DAY = 86_400_000
"""ms; both begin where UTC's do."""
DIGITS = 6
"""Digits after the point that a sum is kept with: more than any battery sends."""

Part = tuple[float, float, float, float, int, int]
"""Lowest value, sum, highest, last, when the last was taken (ms), number of readings."""
Parts = dict[int, Part]
"""Summaries of stretches of time, each under the moment in ms when it begins."""

COLUMNS = ("low", "total", "high", "last", "last_at", "count")


def finite(stamps: Sequence[int], values: Sequence[float]) -> tuple[Sequence[int], Sequence[float]]:
    """Leave out what is not a number: it would spoil every sum that it is in."""
    if isfinite(sum(values)):
        return stamps, values
    pairs = [(stamp, value) for stamp, value in zip(stamps, values, strict=True) if isfinite(value)]
    return [stamp for stamp, _ in pairs], [value for _, value in pairs]


def fold(stamps: Sequence[int], values: Sequence[float], width: int, origin: int = 0) -> Parts:
    """Return the summary of each stretch of ``width`` ms; the moments are in order."""
    parts: Parts = {}
    begin, count = 0, len(stamps)
    while begin < count:
        start = origin + (stamps[begin] - origin) // width * width
        end = bisect_left(stamps, start + width, begin)
        piece = values[begin:end]
        parts[start] = (
            float(min(piece)),
            round(float(sum(piece)), DIGITS),
            float(max(piece)),
            float(piece[-1]),
            stamps[end - 1],
            end - begin,
        )
        begin = end
    return parts


def joined(one: Part, other: Part) -> Part:
    """Return the summary of what two summaries are about."""
    low, total, high, last, last_at, count = one
    last, last_at = (last, last_at) if last_at > other[4] else other[3:5]
    total = round(total + other[1], DIGITS)
    return min(low, other[0]), total, max(high, other[2]), last, last_at, count + other[5]


def merge(parts: Parts, more: Mapping[int, Part]) -> None:
    """Add summaries to others."""
    for start, part in more.items():
        parts[start] = joined(parts[start], part) if start in parts else part


def whole(parts: Iterable[Part]) -> Part:
    """Return the summary of all parts; there is at least one."""
    rest = iter(parts)
    result = next(rest)
    for part in rest:
        result = joined(result, part)
    return result


def by_day(parts: Mapping[int, Part]) -> dict[int, Parts]:
    """Return the quarters of each day, under the day's number since 1970."""
    days: dict[int, Parts] = {}
    for start, part in parts.items():
        days.setdefault(start // DAY, {})[start] = part
    return days


def pack(day: int, parts: Parts) -> bytes:
    """Return the quarters of a day as a block."""
    starts = sorted(parts)
    began = day * DAY
    columns: dict[str, Sequence[float]] = {"quarter": [(start - began) // QUARTER for start in starts]}
    for name, values in zip(COLUMNS, zip(*(parts[start] for start in starts), strict=True), strict=True):
        columns[name] = [value - began for value in values] if name == "last_at" else values
    return encode(len(starts), columns, slopes={"quarter": 1, "last_at": QUARTER})


def unpack(day: int, data: bytes) -> Parts:
    """Return the quarters of a day."""
    began = day * DAY
    block = Block(data)
    rows = zip(*(block.column(name) or () for name in ("quarter", *COLUMNS)), strict=True)
    return {
        began + quarter * QUARTER: (low, total, high, last, began + last_at, count)
        for quarter, low, total, high, last, last_at, count in rows
    }


class Curve:
    """Summaries of many days in columns, for long charts: they are grouped without making an object of each."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self._columns: dict[str, list[float]] = {name: [] for name in COLUMNS if name != "last_at"}

    @property
    def lasts(self) -> list[float]:
        """The last value of each."""
        return self._columns["last"]

    def add_day(self, day: int, data: bytes) -> None:
        """Add the quarters of a day that comes after those before."""
        block = Block(data)
        began = day * DAY
        self.starts += [began + quarter * QUARTER for quarter in block.column("quarter") or ()]
        for name, values in self._columns.items():
            values += block.column(name) or ()

    def grouped(self, width: int, origin: int = 0) -> Parts:
        """Return the summaries of longer stretches: ``width`` is a multiple of the 15 minutes."""
        lows, totals, highs, lasts, counts = self._columns.values()
        starts, parts = self.starts, {}
        begin = 0
        while begin < len(starts):
            start = origin + (starts[begin] - origin) // width * width
            end = bisect_left(starts, start + width, begin)
            count = int(sum(counts[begin:end]))
            total = round(sum(totals[begin:end]), DIGITS)
            # The last quarter's beginning, not its end: what is newer on the same quarter comes from later readings.
            last = lasts[end - 1], starts[end - 1]
            parts[start] = (min(lows[begin:end]), total, max(highs[begin:end]), *last, count)
            begin = end
        return parts
