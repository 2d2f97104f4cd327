"""Sealing: when a battery has 3,600 readings in the journal, they become a segment and go into the summaries."""

import logging
import sqlite3
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from bmsreader.model.errors import StoreError
from bmsreader.store import content, fields, fine, gaps, journal, rollup, sides, summaries
from bmsreader.store.fields import TOTALS, InMemory
from bmsreader.store.journal import Entry, Opened
from bmsreader.store.rowkeys import segment_key, summary_key
from bmsreader.store.rows import SEGMENT, Counters, latest_totals, row_of, totals_text
from bmsreader.store.summaries import Part, Parts
from bmsreader.store.varint import differences

SPREAD, FEWEST = 16, 2
"""Commits over which the segments of many batteries are spread that become due together: none takes long. And how
many each may seal in any case."""
DIGITS = 3
"""Digits after the point that counters are summarised with, mWh and mAh: more would be noise that takes room."""

log = logging.getLogger(__name__)


class Sealer:
    """Turns journal rows into segments and summaries, within the transaction of a commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._fields: dict[str, int] = {}

    def forget(self) -> None:
        """Forget what a transaction that was undone may have told."""
        self._fields.clear()

    def seal_due(self, found: journal.Entries) -> int:
        """Seal what is due and return how many segments that made; the entries are brought up to date."""
        sealed = 0
        due = {battery: sum(entry.count for entry in rows) for battery, rows in found.items()}
        at_once = max(FEWEST, -(-sum(waiting >= SEGMENT for waiting in due.values()) // SPREAD))
        for battery, waiting in due.items():
            rows = found[battery]
            while waiting >= SEGMENT and (sealed < at_once or waiting >= 2 * SEGMENT):
                self._seal(battery, rows)
                waiting = sum(entry.count for entry in rows)
                sealed += 1
        return sealed

    def _seal(self, battery: int, rows: list[Entry]) -> None:
        some = _next_segment(rows)
        opened = journal.read(self._connection, some)
        del rows[: len(some)]
        if not opened:
            return
        run, *others = journal.runs(opened)
        rows[:0] = [one.entry for other in others for one in other]
        first = run[0].entry.first
        columns = content.columns_in([one.block for one in run])
        counters = [entry for one in run for entry in one.counters]
        if len(columns[content.TIME]) > SEGMENT:
            rest = {name: values[SEGMENT:] for name, values in columns.items()}
            columns = {name: values[:SEGMENT] for name, values in columns.items()}
            until = max(columns[content.TIME])
            left = [entry for entry in counters if entry[0] > until]
            counters = [entry for entry in counters if entry[0] <= until]
            rows.insert(0, journal.append(self._connection, battery, 1, row_of(rest, first + SEGMENT, left)))
        self._keep(battery, first, columns, run, counters)

    def _keep(
        self, battery: int, first: int, columns: content.Columns, opened: Sequence[Opened], counters: Counters
    ) -> None:
        stamps = columns[content.TIME]
        start, end = min(stamps), max(stamps)
        alone = len(opened) == 1 and opened[0].entry.count == len(stamps)
        data = opened[0].data if alone else content.pack(columns)
        values = (segment_key(battery, first), battery, len(stamps), start, end, data)
        self._connection.execute("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?)", values)
        ordered = InMemory(in_order(columns), len(stamps))
        pace = self._note_gaps(battery, ordered, first + len(stamps) - 1, counters)
        self.write_fine(segment_key(battery, first), ordered, pace)
        self._summarise(battery, ordered, counters)

    def write_fine(self, key: int, source: InMemory, pace: int | None) -> None:
        """Write the short values of a segment, where its readings are dense enough to be worth it."""
        width = fine.width_at(pace)
        data = None if width is None else fine.pack(source, width)
        if data is not None:
            self._connection.execute("INSERT OR REPLACE INTO fine VALUES (?, ?, ?)", (key, width, data))

    # ---- gaps, and what is known of the battery

    def _note_gaps(self, battery: int, source: InMemory, last: int, counters: Counters) -> int | None:
        """Note what the segment tells of the battery; return its pace."""
        execute = self._connection.execute
        stamps = source.columns[content.TIME]
        query = "SELECT newest, pace, longest, tail, extremes FROM battery WHERE number = ?"
        newest, usual, longest, tail, widest = execute(query, (battery,)).fetchone()
        usual = gaps.pace(stamps, usual)
        limit = gaps.limit(usual)
        query = 'SELECT start, "end", before, after FROM gap WHERE battery = ? AND "end" > ? AND start < ?'
        old = execute(query, (battery, stamps[0], stamps[-1])).fetchall()
        new = gaps.find(stamps, limit, after=newest)
        said = {newest: tail}
        if old:
            query = "DELETE FROM gap WHERE battery = ? AND start = ?"
            self._connection.executemany(query, [(battery, row[0]) for row in old])
            new += gaps.refine([row[:2] for row in old], stamps, limit)
            said |= {row[0]: row[2] for row in old} | {row[1]: row[3] for row in old}
        wanted = [stamp for gap in new for stamp in gap if stamp not in said]
        mine = sides.sides(source, stamps, [*wanted, stamps[-1]])
        said |= {stamp: sides.text(side) for stamp, side in mine.items()}
        rows = [(battery, start, end, said.get(start), said.get(end)) for start, end in new]
        execute_many = self._connection.executemany
        execute_many('INSERT OR REPLACE INTO gap (battery, start, "end", before, after) VALUES (?, ?, ?, ?, ?)', rows)
        widest = sides.text(sides.wider(sides.extremes_from(widest), sides.extremes(source)))
        totals = totals_text(latest_totals(counters))
        latest = max(stamps[-1], newest or 0)
        execute(
            "UPDATE battery SET sealed = ?, newest = ?, pace = ?, longest = ?, totals = coalesce(?, totals), "
            "tail = ?, extremes = ? WHERE number = ?",
            (last, latest, usual, max(longest, stamps[-1] - stamps[0]), totals, said[latest], widest, battery),
        )
        return usual

    # ---- summaries

    def _summarise(self, battery: int, source: InMemory, counters: Counters) -> None:
        stamps = source.columns[content.TIME]
        for field in fields.present(source):
            values = fields.values(source, field)
            if values is not None:
                self._add(battery, field, *summaries.finite(*fields.known(stamps, values)))
        counters.sort(key=itemgetter(0))
        for place, field in enumerate(TOTALS, 1):
            moments, numbers = (
                [int(entry[0]) for entry in counters],
                [round(entry[place], DIGITS) for entry in counters],
            )
            self._add(battery, field, moments, numbers)
        rollup.again(self._connection, battery, {stamp // summaries.DAY for stamp in stamps})

    def _add(self, battery: int, field: str, stamps: Sequence[int], values: Sequence[float]) -> None:
        parts = summaries.fold(stamps, values, summaries.QUARTER)
        for day, quarters in summaries.by_day(parts).items():
            key = summary_key(battery, day, self._number(field))
            self._merge(key, day, quarters)

    def _merge(self, key: int, day: int, parts: Parts) -> None:
        query = "SELECT low, total, high, last, last_at, count, quarters FROM summary WHERE key = ?"
        row: tuple[Any, ...] | None = self._connection.execute(query, (key,)).fetchone()
        total = summaries.whole(parts.values())
        if row is not None:
            old: Part = row[:6]
            total = summaries.joined(old, total)
            try:
                summaries.merge(parts, summaries.unpack(day, row[6]))
            except StoreError as error:
                log.error("the 15-minute summaries of a day are damaged; they begin anew: %s", error)
        self._connection.execute(
            "INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (key, *total, summaries.pack(day, parts))
        )

    def _number(self, field: str) -> int:
        """Return the number that stands for a field in keys."""
        if field not in self._fields:
            self._connection.execute("INSERT OR IGNORE INTO field (name) VALUES (?)", (field,))
            query = "SELECT number FROM field WHERE name = ?"
            self._fields[field] = self._connection.execute(query, (field,)).fetchone()[0]
        return self._fields[field]


def _next_segment(rows: Sequence[Entry]) -> list[Entry]:
    """Return the rows that the next segment is made of; where readings were lost, it ends there."""
    some = [rows[0]]
    count = rows[0].count
    for entry in rows[1:]:
        if count >= SEGMENT or entry.first != some[-1].first + some[-1].count:
            break
        some.append(entry)
        count += entry.count
    return some


def in_order(columns: content.Columns) -> content.Columns:
    """Return columns in the order of time; they mostly are, but a clock can be set back."""
    stamps = columns[content.TIME]
    if all(step > 0 for step in differences(stamps)):
        return columns
    order = itemgetter(*sorted(range(len(stamps)), key=stamps.__getitem__))
    return {name: list(order(values)) for name, values in columns.items()}
