"""The journal: mini-batches that were committed and are not sealed yet, merged now and then so that they stay few."""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bmsreader.model.errors import StoreError
from bmsreader.store import content
from bmsreader.store.block import Block
from bmsreader.store.rows import Counters, Row, counters_from, counters_text, row_of
from bmsreader.store.summaries import QUARTER

MERGED = 16
"""Commits after which the mini-batches of a battery become one, and those ones after as many times as many."""
WORTHWHILE = 8
"""Mini-batches below which merging waits."""
LARGE = 32
"""Readings in a mini-batch, on average, from which on merging would not make queries faster."""
SWEPT = 3
"""Rows whose readings are sealed go when they are so many times as many as the others, not each with its segment: the
rows of many batteries share their pages, and pages that become empty as a whole need not be written again."""
LEVELS = 2
UNREADABLE = -1
"""Level of a row that is damaged: it is kept for `history check`, and read no more."""

INSERT = (
    'INSERT INTO journal (battery, level, first, count, start, "end", totals, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a journal row without reading it."""

    number: int
    level: int
    first: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A journal row that was read."""

    entry: Entry
    counters: Counters
    block: Block
    data: bytes


Entries = dict[int, list[Entry]]
"""The journal rows of each battery in the order of their readings, under the battery's number."""


def entries(connection: sqlite3.Connection) -> Entries:
    """Return what is in the journal."""
    found: Entries = {}
    query = (
        "SELECT journal.battery, journal.number, level, first, count FROM journal "
        "JOIN battery ON battery.number = journal.battery WHERE level >= 0 AND first > sealed ORDER BY first"
    )
    for battery, number, level, first, count in connection.execute(query):
        found.setdefault(battery, []).append(Entry(number=number, level=level, first=first, count=count))
    return found


def append(connection: sqlite3.Connection, battery: int, level: int, row: Row) -> Entry:
    """Write a mini-batch."""
    counters = counters_text(row.counters)
    values = (battery, level, row.first, row.count, row.start, row.end, counters, row.data)
    number = connection.execute(INSERT, values).lastrowid
    return Entry(number=number or 0, level=level, first=row.first, count=row.count)


def delete(connection: sqlite3.Connection, gone: Iterable[Entry]) -> None:
    """Delete rows whose readings are elsewhere now."""
    connection.executemany("DELETE FROM journal WHERE number = ?", [(entry.number,) for entry in gone])


def read(connection: sqlite3.Connection, wanted: Sequence[Entry]) -> list[Opened]:
    """Return the rows; one that is damaged is put aside and left out."""
    found = []
    for entry in wanted:
        query = "SELECT totals, data FROM journal WHERE number = ?"
        totals, data = connection.execute(query, (entry.number,)).fetchone()
        try:
            block = Block(data)
            content.columns_in([block])
        except StoreError as error:
            log.error("%d readings from number %d on are lost: %s", entry.count, entry.first, error)
            connection.execute("UPDATE journal SET level = ? WHERE number = ?", (UNREADABLE, entry.number))
            continue
        found.append(Opened(entry=entry, counters=counters_from(totals), block=block, data=data))
    return found


def sweep(connection: sqlite3.Connection, found: Entries) -> None:
    """Delete the rows whose readings are in segments, once they are most of the journal."""
    rows = connection.execute("SELECT count(*) FROM journal WHERE level >= 0").fetchone()[0]
    live = sum(map(len, found.values()))
    if rows - live >= SWEPT * live:
        connection.execute(
            "DELETE FROM journal WHERE level >= 0 "
            "AND first <= (SELECT sealed FROM battery WHERE battery.number = journal.battery)"
        )


def merge_due(connection: sqlite3.Connection, found: Entries, commits: int) -> None:
    """Merge what has become many, all batteries at once: so the pages that change are the same for all."""
    for level in range(LEVELS):
        if commits % MERGED ** (level + 1):
            return
        for battery, rows in found.items():
            some = [entry for entry in rows if entry.level == level]
            if len(some) >= WORTHWHILE and sum(entry.count for entry in some) < LARGE * len(some):
                _merge(connection, battery, rows, some)


def _merge(connection: sqlite3.Connection, battery: int, rows: list[Entry], some: list[Entry]) -> None:
    """Replace rows by one of the next level."""
    level = some[0].level + 1
    opened = read(connection, some)
    merged: list[Entry] = []
    for run in runs(opened):
        columns = content.columns_in([one.block for one in run])
        counters = [entry for one in run for entry in one.counters]
        merged.append(append(connection, battery, level, row_of(columns, run[0].entry.first, _latest(counters))))
    delete(connection, [one.entry for one in opened])
    gone = {entry.number for entry in some}
    rows[:] = sorted([*(e for e in rows if e.number not in gone), *merged], key=lambda entry: entry.first)


def runs(opened: Sequence[Opened]) -> list[list[Opened]]:
    """Return rows that follow each other without a hole in the ordinals: only those can become one."""
    runs: list[list[Opened]] = []
    for one in opened:
        before = runs[-1][-1].entry if runs else None
        if before is not None and before.first + before.count == one.entry.first:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _latest(counters: Counters) -> Counters:
    """Return only the last totals of each 15 minutes."""
    return list({int(entry[0]) // QUARTER: entry for entry in counters}.values())
