"""The event record: everything lately in memory, what tells something also on disk."""

from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from bmsreader.gateway.flood import Flood
from bmsreader.model.record import Record
from bmsreader.session.event import Kind

if TYPE_CHECKING:
    from bmsreader.store import Store

LATELY = 5000
"""Records that are kept in memory."""
SUMMARY = timedelta(minutes=15)
"""Successful readings go to disk as one record for so much time: how many, and how long they took."""
ANSWERED, REJECTED = str(Kind.ANSWERED), str(Kind.REJECTED)


class Logbook:
    """Takes records; hands those that tell something to the store."""

    def __init__(self, store: "Store | None", now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._lately: deque[Record] = deque(maxlen=LATELY)
        self._reads: dict[str, list[float]] = {}
        self._flood = Flood()
        self._summed_at = now()

    def note(
        self,
        kind: str,
        *,
        battery: str = "",
        adapter: str = "",
        duration: float | None = None,
        detail: str = "",
        frame: bytes = b"",
    ) -> None:
        """Add a record of now."""
        record = Record(
            at=self._now(), kind=kind, battery=battery, adapter=adapter, duration=duration, detail=detail, frame=frame
        )
        self.add(record)

    def add(self, record: Record) -> None:
        """Add a record that somebody else made."""
        if record.kind == REJECTED:
            for kept in self._flood.take(record):
                self._keep(kept)
            return
        if record.kind == ANSWERED:
            self._lately.append(record)
            self._reads.setdefault(record.battery, []).append(record.duration or 0.0)
            if abs(record.at - self._summed_at) >= SUMMARY:
                self.sum_up()
            return
        self._keep(record)

    def _keep(self, record: Record) -> None:
        self._lately.append(record)
        if self._store is not None:
            self._store.note(record)

    def sum_up(self) -> None:
        """Write the successful readings since the last time to disk, as one record for each battery."""
        now = self._now()
        for battery, took in self._reads.items():
            detail = f"{len(took)} answers, median {median(took):.2f} s, longest {max(took):.2f} s"
            record = Record(at=now, kind="reads", battery=battery, duration=round(median(took), 3), detail=detail)
            if self._store is not None:
                self._store.note(record)
        for record in self._flood.flush(now):
            self._keep(record)
        self._reads.clear()
        self._summed_at = now

    def records(
        self,
        *,
        battery: str | None = None,
        kinds: Collection[str] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Record]:
        """Return what happened, newest last: from memory, and what is older from disk. Any thread may ask."""
        lately = [*self._lately]
        found = [
            one
            for one in lately
            if (battery is None or one.battery == battery)
            and (kinds is None or one.kind in kinds)
            and (since is None or one.at >= since)
        ]
        if len(found) < limit and self._store is not None:
            begin = _whole_ms(lately[0].at) if lately else None
            stored = self._store.records(battery=battery, kinds=kinds, since=since, limit=limit)
            found = [one for one in stored if begin is None or one.at < begin] + found
        return found[-limit:]


def _whole_ms(moment: datetime) -> datetime:
    """Return a time as the store writes it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
