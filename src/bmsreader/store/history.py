"""The published query: values of a battery over a stretch of time, as many points as are wanted, gaps as gaps.

``API_VERSION`` grows when something here changes its meaning or goes away; what is only added leaves it as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bmsreader.store.content import moment

API_VERSION = 1

Kind = Literal["readings", "minutes", "15 minutes", "hours", "days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without readings; what happened in it is not known."""

    start: datetime
    """When the last reading before it was taken, UTC."""
    end: datetime
    """When the first reading after it was taken, UTC."""

    @property
    def duration(self) -> timedelta:
        """How long it was."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One field over one stretch of time; of a single reading, all four values are the same."""

    start: datetime
    """UTC."""
    min: float | None
    """None, as the others: the field was not reported in this time."""
    mean: float | None
    max: float | None
    last: float | None
    count: int
    """Readings with this value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One field over the whole time: each of these has one entry for each of ``History.stamps``."""

    field: str
    """Such as ``soc``, ``cell_3``, ``power``, ``energy_in``."""
    unit: str
    min: Sequence[float | None]
    mean: Sequence[float | None]
    max: Sequence[float | None]
    last: Sequence[float | None]
    count: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The answer to one question about the past."""

    battery: str
    start: datetime
    end: datetime
    """The stretch of time that was asked for, UTC."""
    source: Kind
    """What it was computed from."""
    width: timedelta | None
    """From one point to the next; None: each point is a reading."""
    stamps: Sequence[int]
    """When each point begins: ms since 1970, UTC, in order. Stretches without a single reading have no point."""
    series: dict[str, Series]
    """The fields that were asked for."""
    gaps: tuple[Gap, ...]
    """Times without readings, in order; with points, only those that are as long as one."""
    api_version: int = API_VERSION

    @property
    def times(self) -> list[datetime]:
        """When each point begins, UTC."""
        return list(map(moment, self.stamps))

    def buckets(self, field: str) -> Iterator[Bucket]:
        """Yield the points of one field."""
        one = self.series[field]
        for row in zip(self.stamps, one.min, one.mean, one.max, one.last, one.count, strict=True):
            stamp, low, mean, high, last, count = row
            yield Bucket(start=moment(stamp), min=low, mean=mean, max=high, last=last, count=count)
