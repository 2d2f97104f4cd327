"""Mini-batches: the readings of one battery between two commits, packed, as they lie in the journal."""

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import attrgetter

from bmsreader.model.battery import Totals
from bmsreader.model.reading import Reading
from bmsreader.store import content
from bmsreader.store.fields import TOTALS, InMemory
from bmsreader.store.summaries import QUARTER

SEGMENT = 3600
"""Readings in a sealed segment."""

Counters = list[list[float]]
"""The last totals of each 15 minutes: ms since 1970, then the totals in the order of ``TOTALS``."""


_numbers = attrgetter(*TOTALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mini-batch."""

    first: int
    """Ordinal of its first reading."""
    count: int
    start: int
    """Earliest moment in it, ms."""
    end: int
    """Latest moment in it, ms."""
    counters: Counters
    data: bytes = field(repr=False)


class Batch:
    """The readings of one battery that came since the last commit."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.readings: list[Reading] = []
        self.stamps = array("q")
        self.signals: list[int | None] = []
        self._counters: dict[int, tuple[int, Totals]] = {}

    def __len__(self) -> int:
        return len(self.readings)

    def add(self, reading: Reading, stamp: int, signal: int | None, totals: Totals | None) -> None:
        """Take a reading in."""
        self.readings.append(reading)
        self.stamps.append(stamp)
        self.signals.append(signal)
        if totals is not None:
            self._counters[stamp // QUARTER] = stamp, totals

    @property
    def counters(self) -> Counters:
        """The last totals of each 15 minutes, in the order in which they came."""
        return [[stamp, *_numbers(totals)] for stamp, totals in self._counters.values()]

    def source(self) -> InMemory:
        """Return the readings as columns."""
        return InMemory(content.columns_of(self.stamps, self.readings, self.signals), len(self))

    def rows(self) -> list[Row]:
        """Return the readings packed: one row, or more than one where there are more than a segment holds."""
        counters = self.counters
        rows = []
        for begin in range(0, len(self), SEGMENT):
            end = min(begin + SEGMENT, len(self))
            columns = content.columns_of(self.stamps[begin:end], self.readings[begin:end], self.signals[begin:end])
            rows.append(row_of(columns, self.first + begin, _until(counters, columns, last=end == len(self))))
        return rows


def _until(counters: Counters, columns: content.Columns, *, last: bool) -> Counters:
    """Take those totals away that belong to these readings."""
    cut = len(counters)
    if not last:
        there = {*columns[content.TIME]}
        cut = max((number for number, entry in enumerate(counters, 1) if entry[0] in there), default=0)
    taken = counters[:cut]
    del counters[:cut]
    return taken


def row_of(columns: content.Columns, first: int, counters: Counters) -> Row:
    """Return columns as a mini-batch."""
    stamps = columns[content.TIME]
    return Row(
        first=first,
        count=len(stamps),
        start=min(stamps),
        end=max(stamps),
        counters=counters,
        data=content.pack(columns),
    )


def counters_text(counters: Sequence[Sequence[float]]) -> str | None:
    """Return totals as they are stored."""
    return json.dumps(counters, separators=(",", ":")) if counters else None


def counters_from(text: str | None) -> Counters:
    """Return totals as they were stored."""
    return json.loads(text) if text else []


def latest_totals(counters: Counters) -> Totals | None:
    """Return the newest totals; they never decrease, so they are the highest, whatever the clock said."""
    if not counters:
        return None
    entry = max(counters, key=lambda entry: sum(entry[1:]))
    return Totals(**dict(zip(TOTALS, entry[1:], strict=False)))


def totals_from(text: str | None) -> Totals | None:
    """Return a battery's totals as they were stored; counters that this program does not know are left out."""
    if not text:
        return None
    stored: Mapping[str, float] = json.loads(text)
    return Totals(**{name: value for name, value in stored.items() if name in TOTALS})


def totals_text(totals: Totals | None) -> str | None:
    """Return a battery's totals as they are stored."""
    return None if totals is None else json.dumps(asdict(totals))
