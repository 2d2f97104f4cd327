"""Keep a babbling battery from filling the event record: of thousands of equal records some stay, and their number."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bmsreader.model.record import Record

WINDOW = timedelta(minutes=1)
BURST = 20
"""Records of one kind and battery that are kept in a window; the others are counted."""


@dataclass(slots=True, kw_only=True)
class _Window:
    began: datetime
    kept: int = 0
    dropped: int = 0


class Flood:
    """Passes records on; of those that come too often it keeps the first ones of each minute, and then their number."""

    def __init__(self, *, burst: int = BURST, window: timedelta = WINDOW) -> None:
        self._burst = burst
        self._window = window
        self._windows: dict[tuple[str, str, str], _Window] = {}

    def take(self, record: Record) -> tuple[Record, ...]:
        """Return what is to be kept: the record, or nothing, and before it how many were left out until now."""
        key = (record.kind, record.battery, record.adapter)
        window = self._windows.get(key)
        before: tuple[Record, ...] = ()
        if window is None or not timedelta() <= record.at - window.began < self._window:
            before = self._summary(key, window, record.at)
            window = self._windows[key] = _Window(began=record.at)
        if window.kept < self._burst:
            window.kept += 1
            return (*before, record)
        window.dropped += 1
        return before

    def flush(self, at: datetime) -> tuple[Record, ...]:
        """Return how many were left out since the last time, and forget what is over: call it now and then."""
        told = tuple(record for key, window in self._windows.items() for record in self._summary(key, window, at))
        self._windows = {
            key: replace(window, dropped=0)
            for key, window in self._windows.items()
            if timedelta() <= at - window.began < self._window
        }
        return told

    def _summary(self, key: tuple[str, str, str], window: _Window | None, at: datetime) -> tuple[Record, ...]:
        if window is None or not window.dropped:
            return ()
        kind, battery, adapter = key
        seconds = max((at - window.began).total_seconds(), 0.0)
        detail = f"{window.dropped} more in {seconds:.0f} s, left out of this record"
        return (Record(at=at, kind=kind, battery=battery, adapter=adapter, detail=detail),)
