"""What was counted today, asked for again and again: it is looked up once, and then goes on with the counters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from threading import Lock

from bmsreader.model.battery import Totals
from bmsreader.model.energy import EnergyDay
from bmsreader.store.energy import with_totals

AGAIN = timedelta(seconds=60)
"""After this time it is looked up anew: a pause may have begun, which no counter tells."""
ZONES = 64
"""Answers that are remembered: whoever looks from another time zone has another day."""

LookUp = Callable[[], EnergyDay | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    day: EnergyDay
    totals: Totals
    at: datetime


class Today:
    """The present day of each battery."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tzinfo], _Known] = {}
        self._lock = Lock()

    def get(
        self, battery: str, zone: tzinfo, now: datetime, totals: Totals | None, look_up: LookUp
    ) -> EnergyDay | None:
        """Return today up to these totals; None before the first reading."""
        key = battery, zone
        with self._lock:
            known = self._known.get(key)
        if totals is not None and known is not None:
            fresh = now - known.at < AGAIN and known.day.start <= now < known.day.end
            if fresh and totals.gaps == known.totals.gaps:
                return with_totals(known.day, known.totals, totals)
        day = look_up()
        if day is not None and totals is not None:
            with self._lock:
                if len(self._known) >= ZONES * max(1, len({one for one, _ in self._known})):
                    self._known.clear()
                self._known[key] = _Known(day=day, totals=totals, at=now)
        return day
