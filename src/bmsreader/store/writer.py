"""The only one who writes the file: a commit as one transaction, and a new file in place of a damaged one."""

import logging
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.errors import StoreError
from bmsreader.model.record import Record
from bmsreader.store import alarms, journal, records, retention, rollup
from bmsreader.store.alarms import AlarmBegin, AlarmWork
from bmsreader.store.backfill import Backfill
from bmsreader.store.content import milliseconds
from bmsreader.store.database import explained, is_damage, move_aside, open_for_writing, transaction
from bmsreader.store.rows import Row, totals_text
from bmsreader.store.sealing import Sealer
from bmsreader.store.shelf import Known, Shelf, Unpacked, info_text

SMALL = 64 << 20
"""Bytes up to which a file is checked whole when it is opened; a larger one would keep the gateway waiting."""
OFTEN = 64
"""Commits after which retention looks again, if nothing was sealed meanwhile."""
MEGABYTE = 1_000_000

Positions = dict[tuple[str, str], int]
"""How far each publisher has delivered each battery's readings: ordinals under (publisher, battery)."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is new of one battery."""

    id: str
    info: BatteryInfo | None
    """None: as it was."""
    committed: int
    """Ordinal of the last reading before these rows."""
    totals: Totals | None
    """As of that reading."""
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a commit writes."""

    changes: Sequence[Change] = ()
    records: Sequence[Record] = ()
    positions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    alarms: AlarmWork = field(default_factory=AlarmWork)

    def __bool__(self) -> bool:
        return bool(self.changes or self.records or self.positions or self.alarms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """What was on disk when the file was opened."""

    known: dict[str, Known]
    committed: dict[str, int]
    newest: dict[str, int | None]
    totals: dict[str, Totals | None]
    positions: Positions
    alarms: AlarmBegin = field(default_factory=AlarmBegin)


class Writer:
    """The connection that writes. It is used by one thread at a time."""

    def __init__(self, path: Path, *, keep_days: float | None, keep_megabytes: float | None) -> None:
        self.path = path
        self._keep_days = keep_days
        self._keep_bytes = None if keep_megabytes is None else keep_megabytes * MEGABYTE
        self._connection: sqlite3.Connection | None = None
        self._token = secrets.token_hex(8)
        self._entries: journal.Entries = {}
        self._commits = 0

    # ---- opening

    def open(self) -> Begin:
        """Open or create the file and return what it holds; raise sqlite3.Error or StoreError."""
        self._connection = connection = open_for_writing(self.path)
        try:
            if self.path.stat().st_size <= SMALL:
                complaint = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if complaint != "ok":
                    damage = sqlite3.DatabaseError(complaint)
                    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
                    raise damage
            with transaction(connection, "IMMEDIATE"):
                connection.execute("DELETE FROM writer")
                connection.execute("INSERT INTO writer VALUES (?)", (self._token,))
                begin = load(connection)
                self._entries = journal.entries(connection)
        except BaseException:
            self.close()
            raise
        self._sealer = Sealer(connection)
        self._backfill = Backfill(connection, self._sealer)
        return begin

    @property
    def removed(self) -> bool:
        """Whether somebody removed the file: what is written would be gone with the end of the program."""
        return self._connection is not None and not self.path.exists()

    def begin_anew(self, now: datetime) -> Path:
        """Move a damaged file aside and begin a new one; return the new name of the old one."""
        self.close()
        aside = move_aside(self.path, now)
        self.open()
        return aside

    def tidy(self) -> None:
        """Give back what is free in the file, a part of it where that is much: who goes away needs it no more."""
        if self._connection is not None and not self.removed:
            self._connection.execute("PRAGMA busy_timeout = 0")  # nobody waits for that
            self._give_back(self._connection, keep=0)

    def close(self) -> None:
        """Close the file; SQLite then puts its log into it."""
        if self._connection is not None:
            try:
                self._connection.close()
            except sqlite3.Error as error:
                log.warning("%s was not closed in order: %s", self.path, error)
            self._connection = None

    # ---- writing

    def write(self, work: Work, now: datetime) -> None:
        """Commit: all of it is on disk when this returns, or none of it; raise sqlite3.Error or StoreError."""
        if self._connection is None:
            self.open()
        connection = self._connection
        assert connection is not None  # noqa: S101 - for the type checker
        entries = {battery: list(rows) for battery, rows in self._entries.items()}
        try:
            with transaction(connection, "IMMEDIATE"):
                self._check_token(connection)
                for change in work.changes:
                    self._write_change(connection, change, entries)
                journal.merge_due(connection, entries, self._commits)
                sealed = self._sealer.seal_due(entries)
                if sealed:
                    journal.sweep(connection, entries)
                rollup.due(connection)
                self._backfill.step()
                self._write_positions(connection, work.positions)
                records.write(connection, work.records)
                alarms.write(connection, work.alarms)
                if sealed or self._commits % OFTEN == 0:
                    self._retain(connection, now)
        except BaseException:
            self._sealer.forget()
            raise
        self._entries = entries
        self._commits += 1
        if sealed:
            self._give_back(connection)

    def _check_token(self, connection: sqlite3.Connection) -> None:
        row = connection.execute("SELECT token FROM writer").fetchone()
        if row is None or row[0] != self._token:
            raise StoreError(
                f"another bmsreader has begun to write {self.path}",
                advice="Only one gateway can write a history: end the other one, then start this one again.",
            )

    def _write_change(self, connection: sqlite3.Connection, change: Change, entries: journal.Entries) -> None:
        connection.execute(
            "INSERT OR IGNORE INTO battery (id, totals, sealed, begun) VALUES (?, ?, ?, ?)",
            (change.id, totals_text(change.totals), change.committed, totals_text(change.totals or Totals())),
        )
        if change.info is not None:
            connection.execute("UPDATE battery SET info = ? WHERE id = ?", (info_text(change.info), change.id))
        number = connection.execute("SELECT number FROM battery WHERE id = ?", (change.id,)).fetchone()[0]
        for row in change.rows:
            entries.setdefault(number, []).append(journal.append(connection, number, 0, row))

    def _write_positions(self, connection: sqlite3.Connection, positions: Mapping[tuple[str, str], int]) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO position VALUES (?, ?, ?)",
            [(publisher, battery, ordinal) for (publisher, battery), ordinal in positions.items()],
        )

    def _retain(self, connection: sqlite3.Connection, now: datetime) -> None:
        records.bound(connection, now)
        alarms.bound(connection)
        if self._keep_days is not None:
            retention.by_age(connection, milliseconds(now - timedelta(days=self._keep_days)))
        if self._keep_bytes is not None:
            retention.by_size(connection, self._keep_bytes)

    def _give_back(self, connection: sqlite3.Connection, *, keep: int = retention.FREE) -> None:
        try:
            retention.give_back(connection, keep=keep)
        except sqlite3.Error as error:  # the readings are safe; the file can become smaller another time
            log.warning("%s did not become smaller: %s", self.path, error)


def load(connection: sqlite3.Connection) -> Begin:
    """Return what the store has to know when it begins."""
    shelf = Shelf(connection, Unpacked())
    known = shelf.batteries()
    committed = {identity: battery.sealed for identity, battery in known.items()}
    newest = {identity: battery.newest for identity, battery in known.items()}
    query = 'SELECT max(first + count - 1), max("end") FROM journal WHERE battery = ?'
    for identity, battery in known.items():
        last, end = connection.execute(query, (battery.number,)).fetchone()
        if last is not None:
            committed[identity] = max(committed[identity], last)
            newest[identity] = max(newest[identity] or 0, end)
    rows = connection.execute("SELECT publisher, battery, ordinal FROM position")
    return Begin(
        known=known,
        committed=committed,
        newest=newest,
        totals={identity: shelf.totals(battery) for identity, battery in known.items()},
        positions={(publisher, battery): ordinal for publisher, battery, ordinal in rows},
        alarms=alarms.load(connection),
    )


def salvage(path: Path) -> Begin | None:
    """Return what can still be read of a damaged file, so that counters do not begin anew; None if nothing can."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return None
    try:
        return load(connection)
    except (sqlite3.Error, ValueError, TypeError, StoreError) as error:
        log.warning("nothing could be taken over from %s: %s", path, error)
        return None
    finally:
        connection.close()


def opened(writer: Writer, now: datetime) -> tuple[Begin, Path | None]:
    """Open a file; a damaged one is moved aside. Return what is known, and where a damaged file went."""
    with explained(writer.path):
        try:
            writer.path.parent.mkdir(parents=True, exist_ok=True)
            return writer.open(), None
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            log.error("%s is damaged: %s", writer.path, error)
        begin = salvage(writer.path)
        aside = writer.begin_anew(now)
        return begin or Begin(known={}, committed={}, newest={}, totals={}, positions={}), aside
