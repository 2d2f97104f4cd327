"""The history as the gateway uses it: taking readings in never waits for the disk, and reading never for writing."""

import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from threading import Lock, RLock
from typing import Self

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.energy import EnergyDay
from bmsreader.model.errors import StoreError
from bmsreader.model.health import StoreHealth
from bmsreader.model.reading import Reading
from bmsreader.model.record import Record
from bmsreader.store import query, records
from bmsreader.store.alarmbook import AlarmBook, Alarmed
from bmsreader.store.content import MILLISECOND, TIME, milliseconds
from bmsreader.store.database import explained, is_damage, open_for_reading, size
from bmsreader.store.history import History
from bmsreader.store.memory import Remembered, numbered
from bmsreader.store.place import default_store
from bmsreader.store.pool import Pool
from bmsreader.store.query import stored
from bmsreader.store.rows import latest_totals
from bmsreader.store.shelf import FOREVER, Piece
from bmsreader.store.today import Today
from bmsreader.store.writer import Begin, Change, Work, Writer, opened

HEAVIEST = 32 << 20
"""Bytes of packed readings that wait in memory for a disk that takes none: days of them, then the oldest are lost."""

MOVED = "the history was damaged; it is kept as {}, and a new one was begun"

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Store(Alarmed):
    """The history of all batteries in one file. Every method may be called from any thread.

    ``append`` and ``note`` take things into memory; ``commit`` writes them, in one transaction that survives a power
    cut, and is meant for a thread of its own. While the disk is full or broken, ``commit`` raises StoreError, and
    what was read waits in memory, packed; the next commit that works writes it.
    """

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        keep_days: float | None = None,
        keep_megabytes: float | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Open the file, or create it; a damaged one is moved aside and told. Raise StoreError if neither can be.

        ``keep_days`` and ``keep_megabytes`` limit for how long single readings are kept; summaries stay for ever.
        """
        self.path = Path(path) if path is not None else default_store()
        self._now = now
        self._memory = RLock()  # held for moments only, never while the disk works
        self._writing = Lock()
        self._writer = Writer(self.path, keep_days=keep_days, keep_megabytes=keep_megabytes)
        self._pool = Pool(self.path, open_for_reading)
        self._batteries: dict[str, Remembered] = {}
        self._positions: dict[tuple[str, str], int] = {}
        self._positions_on_disk: dict[tuple[str, str], int] = {}
        self._notes: deque[Record] = deque(maxlen=records.WAITING)
        self._today = Today()
        self.alarm_book = AlarmBook(self._memory, self._pool)
        self._lost = 0
        self._problem = ""
        self._remark = ""
        begin, aside = opened(self._writer, now())
        self.moved_aside = aside
        """Where the history lies now that was found damaged since this store was opened; None: it was sound."""
        self._begin(begin, anew=aside is not None)
        if aside is not None:
            self._tell(MOVED.format(aside))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _begin(self, begin: Begin, *, anew: bool) -> None:
        for identity, known in begin.known.items():
            battery = self._remember(identity, begin.committed[identity], begin.newest[identity])
            battery.info, battery.news = known.info, anew
            battery.totals = begin.totals[identity]
        self._positions = dict(begin.positions)
        self._positions_on_disk = {} if anew else dict(begin.positions)
        self.alarm_book.begin(begin.alarms, anew=anew)

    def _remember(self, identity: str, committed: int = 0, newest: int | None = None) -> Remembered:
        battery = Remembered(
            identity, committed=committed, newest=newest, lookup=lambda stamp: self._stamps_from(identity, stamp)
        )
        self._batteries[identity] = battery
        return battery

    def _tell(self, remark: str) -> None:
        with self._memory:
            self._remark = remark
            self.note(Record(at=self._now(), kind="store", detail=remark))
        log.error("%s", remark)

    # ---- taking in

    def append(self, reading: Reading, *, signal: int | None = None, totals: Totals | None = None) -> Reading:
        """Take a reading into memory, and return it as it will be stored: its time in whole ms, without frames.

        The time is unique for this battery: where the clock jumped back onto another reading, it is moved on by 1 ms
        until it is. ``signal`` in dBm; ``totals`` as they are with this reading.
        """
        with self._memory:
            battery = self._batteries.get(reading.battery) or self._remember(reading.battery)
            stamp = battery.keys.take(milliseconds(reading.taken_at))
            kept = stored(reading, stamp)
            battery.batch.add(kept, stamp, signal, totals)
            battery.last = battery.batch.first + len(battery.batch) - 1, kept
            return kept

    def note(self, record: Record) -> None:
        """Take an event record into memory."""
        with self._memory:
            self._notes.append(record)

    def put_info(self, info: BatteryInfo) -> None:
        """Take in who a battery is; written with the next commit."""
        with self._memory:
            battery = self._batteries.get(info.id) or self._remember(info.id)
            battery.news = battery.news or battery.info != info
            battery.info = info

    def save_position(self, publisher: str, battery_id: str, ordinal: int) -> None:
        """Remember up to which reading a publisher has delivered; on disk never beyond what is on disk itself."""
        with self._memory:
            self._positions[publisher, battery_id] = ordinal

    # ---- writing

    def commit(self) -> None:
        """Write what is pending; raise StoreError when the disk does not take it: it is kept and tried again."""
        with self._writing:
            work = self._work()
            if not work:
                return
            try:
                with explained(self.path):
                    self._write(work)
            except StoreError as error:
                self._failed(error)
                raise
            self._written(work)

    def _work(self) -> Work:
        """Return what is to be written."""
        for battery in list(self._batteries.values()):
            with self._memory:  # for each one anew: packing takes a moment, and nobody should wait for all of them
                battery.pack()
        with self._memory:
            changes = [
                Change(
                    id=battery.id,
                    info=battery.info if battery.news else None,
                    committed=battery.committed,
                    totals=battery.totals,
                    rows=tuple(battery.waiting),
                )
                for battery in self._batteries.values()
                if battery.waiting or battery.news
            ]
            positions = {}
            for (publisher, identity), ordinal in self._positions.items():
                safe = min(ordinal, self._last_packed(identity))
                if self._positions_on_disk.get((publisher, identity)) != safe:
                    positions[publisher, identity] = safe
            return Work(changes=changes, records=tuple(self._notes), positions=positions, alarms=self.alarm_book.work())

    def _last_packed(self, identity: str) -> int:
        battery = self._batteries.get(identity)
        return 0 if battery is None else battery.batch.first - 1

    def _write(self, work: Work) -> None:
        if self._writer.removed:
            self._begin_again()
            self._tell("the history was removed while it was in use; a new one was begun")
            raise StoreError(f"{self.path} was removed", advice="What is pending goes into a new one.")
        try:
            self._writer.write(work, self._now())
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            log.error("%s is damaged: %s", self.path, error)
            self.moved_aside = self._begin_again()
            self._tell(MOVED.format(self.moved_aside))
            raise

    def _begin_again(self) -> Path:
        """Begin a new file: what is pending, and all else that is known, goes into it with the next commit."""
        self._pool.close()
        aside = self._writer.begin_anew(self._now())
        with self._memory:
            for battery in self._batteries.values():
                battery.news = True
            self._positions_on_disk.clear()
            self.alarm_book.again()
        return aside

    def _written(self, work: Work) -> None:
        with self._memory:
            for change in work.changes:
                battery = self._batteries[change.id]
                for row in change.rows:
                    if battery.waiting and battery.waiting[0] is row:
                        battery.waiting.popleft()
                    battery.committed = row.first + row.count - 1
                    battery.totals = latest_totals(row.counters) or battery.totals
                battery.news = battery.news and battery.info is not change.info
            self._positions_on_disk.update(work.positions)
            self.alarm_book.written(work.alarms)
            for record in work.records:
                if self._notes and self._notes[0] is record:  # unless newer ones pushed it out meanwhile
                    self._notes.popleft()
            if self._problem:
                log.warning("%s takes readings again", self.path)
                self.note(Record(at=self._now(), kind="store", detail="the history is written again"))
            self._problem = ""

    def _failed(self, error: StoreError) -> None:
        with self._memory:
            if not self._problem:
                log.error("the history is not written: %s", error)
                self.note(Record(at=self._now(), kind="store", detail=f"the history is not written: {error}"))
            self._problem = str(error)
            while sum(battery.weight for battery in self._batteries.values()) > HEAVIEST:
                oldest = min(
                    (battery for battery in self._batteries.values() if battery.waiting),
                    key=lambda battery: battery.waiting[0].end,
                )
                self._lost += oldest.waiting.popleft().count

    def close(self) -> None:
        """Commit what is pending and close the file; what the disk does not take then is told in the log only."""
        try:
            self.commit()
        except StoreError as error:
            log.error("readings were lost: %s", error)
        finally:
            with self._writing:
                self._pool.close()
                self._writer.tidy()
                self._writer.close()

    # ---- reading

    def infos(self) -> list[BatteryInfo]:
        """Return who the batteries are of which there is a history, or soon will be."""
        with self._memory:
            return [battery.info or query.unnamed(battery.id) for battery in self._batteries.values()]

    def totals(self, battery_id: str) -> Totals | None:
        """Return the totals as they are safe on disk; None before the first."""
        with self._memory:
            battery = self._batteries.get(battery_id)
            return None if battery is None else battery.totals

    def committed(self, battery_id: str) -> int:
        """Return the ordinal of the last reading on disk; 0 before the first."""
        with self._memory:
            battery = self._batteries.get(battery_id)
            return 0 if battery is None else battery.committed

    def position(self, publisher: str, battery_id: str) -> int:
        """Return up to which reading a publisher has delivered; 0 before the first."""
        with self._memory:
            return self._positions.get((publisher, battery_id), 0)

    def health(self) -> StoreHealth:
        """Return how the history is doing; it never raises."""
        on_disk = size(self.path)
        with self._memory:
            return StoreHealth(
                ok=not self._problem,
                problem=self._problem or self._remark,
                pending=sum(battery.pending for battery in self._batteries.values()),
                lost=self._lost,
                size=on_disk,
            )

    def last(self, battery_id: str) -> tuple[int, Reading] | None:
        """Return the newest reading with its ordinal, on disk or not; None before the first."""
        with self._memory:
            battery = self._batteries.get(battery_id)
            if battery is None:
                return None
            if battery.last is not None or battery.committed == 0:
                return battery.last
            ordinal = battery.committed - 1
        found = self.after(battery_id, ordinal, 1)
        with self._memory:
            newest: tuple[int, Reading] | None = battery.last  # a reading may have come in the meantime
            return newest or (found[-1] if found else None)

    def after(self, battery_id: str, ordinal: int, limit: int) -> list[tuple[int, Reading]]:
        """Return readings with their ordinals, in order, from the one after ``ordinal`` on; at most so many."""
        with self._memory:
            battery = self._batteries.get(battery_id)
            if battery is None:
                return []
            recent = battery.recent(ordinal, limit)
            if recent is not None:
                return recent
            memory = battery.pieces()
        found: list[tuple[int, Reading]] = []
        with self._pool.shelf() as shelf:
            known = shelf.battery(battery_id)
            pieces: Iterable[Piece] = () if known is None else shelf.after(known, ordinal)
            on_disk = 0 if known is None else shelf.committed(known)
            for piece in pieces:
                found += numbered(piece, battery_id, ordinal, limit - len(found))
                if len(found) >= limit:
                    return found
        for piece in memory:
            if piece.first > on_disk:
                found += numbered(piece, battery_id, ordinal, limit - len(found))
        return found

    def history(
        self, battery_id: str, fields: Iterable[str], start: datetime, end: datetime, points: int | None = None
    ) -> History:
        """Return values of a battery from ``start`` to before ``end``: see ``History``.

        Each point is a reading when ``points`` is None; otherwise there are at most so many points, each with lowest,
        mean, highest and last value. Raise UsageError for fields that do not exist, StoreError where the disk fails.
        """
        return query.history(self._pool, self._pieces(battery_id), battery_id, fields, start, end, points)

    def energy(self, battery_id: str, start: datetime, end: datetime, zone: tzinfo) -> list[EnergyDay]:
        """Return what went in and out on each day of a time zone that touches a stretch of time and has begun.

        Days begin with the battery's first one; today is included, up to the last reading. Raise UsageError for times
        that make no sense, StoreError where the disk fails.
        """
        return query.energy(self._pool, self._pieces(battery_id), battery_id, start, end, zone, self._now())

    def today(self, battery_id: str, zone: tzinfo) -> EnergyDay | None:
        """Return what went in and out today, quickly; None before the first reading."""
        now = self._now()
        with self._memory:
            battery = self._batteries.get(battery_id)
            totals = None if battery is None else battery.counted
        look_up = partial(self.energy, battery_id, now, now + MILLISECOND, zone)
        return self._today.get(battery_id, zone, now, totals, lambda: next(iter(look_up()), None))

    def readings(self, battery_id: str, start: datetime, end: datetime) -> Iterator[Reading]:
        """Yield the single readings from ``start`` to before ``end``, in the order in which they came."""
        return query.readings(self._pool, lambda: self._pieces(battery_id), battery_id, start, end)

    def records(
        self,
        *,
        battery: str | None = None,
        kinds: Collection[str] | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Record]:
        """Return the newest event records of a battery, of some kinds, since a moment; the newest comes last."""
        with self._memory:
            fresh = [one for one in self._notes if records.wanted(one, battery=battery, kinds=kinds, since=since)]
        with self._pool.connection() as connection:
            found = records.read(connection, battery=battery, kinds=kinds, since=since, limit=limit)
        return [*found, *fresh][-limit:]

    def _pieces(self, battery_id: str) -> list[Piece]:
        with self._memory:
            battery = self._batteries.get(battery_id)
            return [] if battery is None else battery.pieces()

    def _stamps_from(self, battery_id: str, stamp: int) -> set[int]:
        """Return the moments of all readings from one on, for a clock that was set back."""
        found = {at for piece in self._batteries[battery_id].pieces() for at in piece.source.column(TIME) or ()}
        try:
            with self._pool.shelf() as shelf:
                known = shelf.battery(battery_id)
                for piece in () if known is None else shelf.between(known, stamp, FOREVER):
                    found.update(piece.source.column(TIME) or ())
        except StoreError as error:
            log.warning("the times of earlier readings are not known: %s", error)
        return found
