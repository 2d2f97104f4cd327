"""The history read from outside, while a gateway writes it or while none runs."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Self

from bmsreader.model.alarm import Alarm
from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.energy import EnergyDay
from bmsreader.model.reading import Reading
from bmsreader.model.record import Record
from bmsreader.store import alarms, query, records
from bmsreader.store.content import moment
from bmsreader.store.database import open_for_reading
from bmsreader.store.history import History
from bmsreader.store.place import default_store
from bmsreader.store.pool import Pool


class Reader:
    """What is on disk, read-only; it holds up nobody who writes."""

    def __init__(self, path: Path | str | None = None) -> None:
        """Open an existing file; raise StoreError when it is absent, damaged, newer than this program or not ours."""
        self.path = Path(path) if path is not None else default_store()
        self._pool = Pool(self.path, open_for_reading)
        with self._pool.connection():
            pass  # what is wrong with the file is told now, not with the first question

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._pool.close()

    def infos(self) -> list[BatteryInfo]:
        """Return who the batteries are of which there is a history."""
        with self._pool.shelf() as shelf:
            return [known.info or query.unnamed(known.id) for known in shelf.batteries().values()]

    def span(self, battery_id: str) -> tuple[datetime, datetime] | None:
        """Return when the history of a battery begins, to the day, and when it ends; None if it has none."""
        with self._pool.shelf() as shelf:
            known = shelf.battery(battery_id)
            span = None if known is None else shelf.span(known)
        return None if span is None else (moment(span[0]), moment(span[1]))

    def fields(self, battery_id: str) -> list[str]:
        """Return the names of all fields that there is a history of: what ``history`` can be asked for."""
        with self._pool.shelf() as shelf:
            known = shelf.battery(battery_id)
            return [] if known is None else shelf.fields(known)

    def totals(self, battery_id: str) -> Totals | None:
        """Return the newest totals of a battery; None before the first."""
        with self._pool.shelf() as shelf:
            known = shelf.battery(battery_id)
            return None if known is None else shelf.totals(known)

    def history(
        self, battery_id: str, fields: Iterable[str], start: datetime, end: datetime, points: int | None = None
    ) -> History:
        """Return values of a battery; see ``Store.history``."""
        return query.history(self._pool, (), battery_id, fields, start, end, points)

    def energy(
        self, battery_id: str, start: datetime, end: datetime, zone: tzinfo, *, now: datetime | None = None
    ) -> list[EnergyDay]:
        """Return what went in and out on each day; see ``Store.energy``. ``now``: until when a pause lasts."""
        return query.energy(self._pool, (), battery_id, start, end, zone, now or datetime.now(UTC))

    def readings(self, battery_id: str, start: datetime, end: datetime) -> Iterator[Reading]:
        """Yield single readings; see ``Store.readings``."""
        return query.readings(self._pool, tuple, battery_id, start, end)

    def records(
        self,
        *,
        battery: str | None = None,
        kinds: Collection[str] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Record]:
        """Return event records; see ``Store.records``."""
        with self._pool.connection() as connection:
            return records.read(connection, battery=battery, kinds=kinds, since=since, limit=limit)

    def alarms(
        self,
        *,
        battery: str | None = None,
        state: alarms.State = "all",
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Alarm]:
        """Return alarms; see ``Store.alarms``."""
        with self._pool.connection() as connection:
            return alarms.read(connection, battery=battery, state=state, since=since, limit=limit)
