"""The history as health looks at it: days for trends, 15 minutes for what went on, readings where they count.

A year of readings every 10 s is three million of them. Nothing here ever looks at all: days and quarters of an hour are
summaries that the history has anyway, and single readings are read in a bounded number of short stretches.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bmsreader.health.finding import EPOCH

QUARTER, DAY = 900_000, 86_400_000
"""ms."""
HOURS = QUARTER / 3_600_000
"""Hours in a quarter."""
CELL = "cell_"
DETAILED = 400
"""Days, the last ones, that are looked at in quarters of an hour; for what lies before, days are enough."""
MONTH_DAYS = 365.25 / 12

Tell = Callable[[float, float], None]
"""Called with how much is done, and of how much."""


class Values(Protocol):
    """One field over time, as ``bmsreader.store.Series``."""

    @property
    def min(self) -> Sequence[float | None]:
        """Lowest values."""

    @property
    def mean(self) -> Sequence[float | None]:
        """Mean values."""

    @property
    def max(self) -> Sequence[float | None]:
        """Highest values."""

    @property
    def last(self) -> Sequence[float | None]:
        """Last values."""

    @property
    def count(self) -> Sequence[int]:
        """Numbers of readings."""


class Answer(Protocol):
    """Some fields over time, as ``bmsreader.store.History``."""

    @property
    def stamps(self) -> Sequence[int]:
        """When each point begins, ms since 1970."""

    @property
    def series(self) -> Mapping[str, Values]:
        """The fields."""


class Past(Protocol):
    """Where readings come from, as ``bmsreader.store.Reader``."""

    def span(self, battery_id: str) -> tuple[datetime, datetime] | None:
        """Return when the history of a battery begins and ends; None if it has none."""

    def fields(self, battery_id: str) -> Sequence[str]:
        """Return the names of all fields that there is a history of."""

    def history(
        self, battery_id: str, fields: Iterable[str], start: datetime, end: datetime, points: int | None = None
    ) -> Answer:
        """Return values from ``start`` to before ``end`` in at most so many points; None: single readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Single readings in the order of time: only those that have all the fields."""

    stamps: Sequence[int]
    columns: Mapping[str, Sequence[float]]


class Source:
    """The history of one battery from ``start`` to before ``end`` (ms)."""

    def __init__(self, past: Past, battery: str, start: int, end: int) -> None:
        self._past = past
        self.battery = battery
        self.start = start
        self.end = end
        self.fields = frozenset(past.fields(battery))
        self.cells = tuple(sorted((name for name in self.fields if is_cell(name)), key=lambda name: int(name[5:])))
        """``cell_1``, ``cell_2`` ... in order."""

    @property
    def detailed(self) -> int:
        """From when on quarters of an hour are looked at, ms."""
        return max(self.start, (self.end - DETAILED * DAY) // DAY * DAY)

    def days(self, *names: str) -> Answer:
        """Return daily summaries of the whole time."""
        return self._summaries(names, self.start, self.end, DAY)

    def quarters(self, names: Sequence[str], start: int, end: int) -> Answer:
        """Return summaries of quarters of an hour from one moment to before another, ms."""
        return self._summaries(names, max(start, self.start), min(end, self.end), QUARTER)

    def _summaries(self, names: Sequence[str], start: int, end: int, width: int) -> Answer:
        begin = start // width * width
        points = -(-(end - begin) // width)
        return self._past.history(
            self.battery, names, moment(begin), moment(begin + points * width), points + 1
        )  # one more than it needs: a grid may begin before it

    def raw(self, names: Sequence[str], start: int, end: int) -> Stretch:
        """Return single readings from one moment to before another, ms."""
        answer = self._past.history(self.battery, names, moment(start), moment(end))
        columns = [answer.series[name].mean for name in names]
        whole = [
            (stamp, values)
            for stamp, *values in zip(answer.stamps, *columns, strict=True)
            if not any(value is None for value in values)
        ]
        return Stretch(
            stamps=[stamp for stamp, _ in whole],
            columns={name: [values[at] for _, values in whole] for at, name in enumerate(names)},
        )


def is_cell(name: str) -> bool:
    """Return whether a field is the voltage of a cell."""
    return name.startswith(CELL) and name[len(CELL) :].isdecimal()


def moment(stamp: int) -> datetime:
    """Return the time of a number of ms since 1970."""
    return EPOCH + timedelta(milliseconds=stamp)


def month(stamp: int) -> int:
    """Return when the month of a moment begins (UTC), ms."""
    first = moment(stamp).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - EPOCH) // timedelta(milliseconds=1)


def spread_out(stamps: Sequence[int], most: int) -> list[int]:
    """Return at most so many of the moments, evenly chosen, in order."""
    if len(stamps) <= most:
        return list(stamps)
    return [stamps[(2 * number + 1) * len(stamps) // (2 * most)] for number in range(most)]
