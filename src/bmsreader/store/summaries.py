"""What is kept for ever: lowest, mean, highest and last value and the number of readings of each 15 minutes and day."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from bmsreader.store.block import Block, encode

QUARTER = 900_000
HOUR = 3_600_000
DAY = 86_400_000
STRETCH = 32 * DAY
"""ms; all begin where UTC's do."""
DIGITS = 6
"""Digits after the point that a sum is kept with: more than any battery sends."""

Part = tuple[float, float, float, float, int, int]
"""Lowest value, sum, highest, last, when the last was taken (ms), number of readings."""
Parts = dict[int, Part]
"""Summaries of stretches of time, each under the moment in ms when it begins."""

COLUMNS = ("low", "total", "high", "last", "last_at", "count")
CURVED = ("low", "total", "high", "last", "count")

Columns = tuple[list[float], list[float], list[float], list[float], list[float]]
"""Lowest values, sums, highest and last values, numbers of readings: one entry for each stretch of time."""
Cut = tuple[int, int, int]
"""When a stretch begins (ms), and from which to before which place its readings lie."""


def finite(stamps: Sequence[int], values: Sequence[float]) -> tuple[Sequence[int], Sequence[float]]:
    """Leave out what is not a number: it would spoil every sum that it is in."""
    if isfinite(sum(values)):
        return stamps, values
    pairs = [(stamp, value) for stamp, value in zip(stamps, values, strict=True) if isfinite(value)]
    return [stamp for stamp, _ in pairs], [value for _, value in pairs]


def cuts(stamps: Sequence[int], width: int, origin: int = 0) -> list[Cut]:
    """Return the stretches of ``width`` ms that hold something; the moments are in order."""
    found = []
    begin, count = 0, len(stamps)
    while begin < count:
        start = origin + (stamps[begin] - origin) // width * width
        end = bisect_left(stamps, start + width, begin)
        found.append((start, begin, end))
        begin = end
    return found


def columns(found: Sequence[Cut], values: Sequence[float]) -> Columns:
    """Return the summary of each stretch."""
    pieces = [values[begin:end] for _, begin, end in found]
    return (
        list(map(float, map(min, pieces))),
        [round(float(sum(piece)), DIGITS) for piece in pieces],
        list(map(float, map(max, pieces))),
        [float(piece[-1]) for piece in pieces],
        list(map(len, pieces)),
    )


def fold(stamps: Sequence[int], values: Sequence[float], width: int, origin: int = 0) -> Parts:
    """Return the summary of each stretch of ``width`` ms; the moments are in order."""
    found = cuts(stamps, width, origin)
    rows = zip(found, *columns(found, values), strict=True)
    return {
        start: (low, total, high, last, stamps[end - 1], int(count))
        for (start, _, end), low, total, high, last, count in rows
    }


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
    """Summaries in columns, in order, for long charts: they are grouped without making an object of each."""

    def __init__(self, starts: list[int] | None = None, columns: Columns | None = None) -> None:
        self.starts: list[int] = starts if starts is not None else []
        self.columns: Columns = columns if columns is not None else ([], [], [], [], [])

    @classmethod
    def of(cls, parts: Parts) -> "Curve":
        """Return summaries in columns."""
        curve = cls()
        for start in sorted(parts):
            low, total, high, last, _, count = parts[start]
            curve.starts.append(start)
            for column, value in zip(curve.columns, (low, total, high, last, count), strict=True):
                column.append(value)
        return curve

    def add(self, starts: Sequence[int], columns: Sequence[Sequence[float]]) -> None:
        """Add what comes after."""
        self.starts += starts
        for mine, more in zip(self.columns, columns, strict=True):
            mine += more

    def append(self, other: "Curve") -> None:
        """Add a curve that comes after."""
        self.add(other.starts, other.columns)

    def add_day(self, day: int, data: bytes) -> None:
        """Add the quarters of a day that comes after those before; raise StoreError where they are damaged."""
        block = Block(data)
        began = day * DAY
        starts = [began + number * QUARTER for number in block.column("quarter") or ()]
        self.add(starts, [block.column(name) or () for name in CURVED])

    @property
    def lasts(self) -> list[float]:
        """The last value of each."""
        return self.columns[3]

    def between(self, begin: int, end: int) -> "Curve":
        """Return those that begin from one moment to before another."""
        first, last = bisect_left(self.starts, begin), bisect_left(self.starts, end)
        if first == 0 and last == len(self.starts):
            return self
        low, total, high, lasts, count = (column[first:last] for column in self.columns)
        return Curve(self.starts[first:last], (low, total, high, lasts, count))

    def grouped(self, width: int, origin: int = 0, grid: "Grid | None" = None) -> "Curve":
        """Return the summaries of longer stretches: ``width`` is a multiple of theirs."""
        found = (grid or Grid(width, origin)).cuts(self.starts)
        low, total, high, last, count = self.columns
        return Curve(
            [start for start, _, _ in found],
            (
                [min(low[a:b]) for _, a, b in found],
                [round(sum(total[a:b]), DIGITS) for _, a, b in found],
                [max(high[a:b]) for _, a, b in found],
                [last[b - 1] for _, _, b in found],
                [sum(count[a:b]) for _, a, b in found],
            ),
        )

    def joined(self, parts: Parts) -> "Curve":
        """Return these together with others; of one stretch, the others have the later last value.

        They come from readings that arrived later, on the same stretch or beyond; a last value is older than theirs.
        """
        if not parts:
            return self
        cut = bisect_left(self.starts, min(parts))
        rows = zip(self.starts[cut:], *(column[cut:] for column in self.columns), strict=True)
        mine: Parts = {row[0]: (row[1], row[2], row[3], row[4], row[0], int(row[5])) for row in rows}
        merge(mine, parts)
        low, total, high, last, count = (column[:cut] for column in self.columns)
        curve = Curve(self.starts[:cut], (low, total, high, last, count))
        rest = Curve.of(mine)
        curve.append(rest)
        return curve


class Grid:
    """Where the stretches of a chart begin; the places are the same for columns of the same moments."""

    def __init__(self, width: int, origin: int) -> None:
        self._width = width
        self._origin = origin
        self._stamps: Sequence[int] | None = None
        self._cuts: list[Cut] = []

    def cuts(self, stamps: Sequence[int]) -> list[Cut]:
        """Return the stretches that hold something."""
        if self._stamps is not stamps and self._stamps != stamps:
            self._cuts = cuts(stamps, self._width, self._origin)
            self._stamps = stamps
        return self._cuts
