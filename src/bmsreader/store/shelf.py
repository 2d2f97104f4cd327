"""What lies on disk, read: batteries, segments and journal by ordinal or by time, summaries, gaps."""

import json
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

from bmsreader.model.battery import BatteryInfo, Totals
from bmsreader.model.errors import StoreError
from bmsreader.store import fields, summaries
from bmsreader.store.block import Block
from bmsreader.store.curves import Curves
from bmsreader.store.fields import Source
from bmsreader.store.gaps import Interval
from bmsreader.store.rowkeys import FIELDS, ORDINALS, day_of, segment_key, summary_key
from bmsreader.store.rows import Counters, counters_from, latest_totals, totals_from
from bmsreader.store.sides import UNKNOWN, Extremes, Gap, Side, extremes_from, side_from

REMEMBERED = 2
"""Segments that stay unpacked: whoever reads on where it stopped needs the same one again."""
FOREVER = 1 << 62
"""A moment, ms, after which nothing comes."""
BATTERY = "SELECT number, id, info, totals, sealed, newest, pace, longest, pruned, tail, extremes, begun FROM battery"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the file knows of a battery."""

    number: int
    id: str
    info: BatteryInfo | None
    totals: Totals | None
    """As of the last sealed reading."""
    sealed: int
    """Ordinal of the last sealed reading."""
    newest: int | None
    """Latest moment of a sealed reading, ms."""
    pace: int | None
    """Usual step from reading to reading, ms."""
    longest: int
    """Longest time that one segment spans, ms."""
    pruned: int | None
    """Moment, ms, up to which single readings were deleted."""
    tail: Side = UNKNOWN
    """What the latest sealed reading said."""
    extremes: Extremes = field(default_factory=dict)
    """Of all sealed readings."""
    begun: Totals | None = None
    """The counters when this file began; None where nobody noted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some readings that follow each other, in columns."""

    first: int
    """Ordinal of the first one."""
    source: Source
    counters: Counters
    sealed: bool = False
    """Whether they are in the summaries already."""


class Unpacked:
    """The segments that were read last, unpacked."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int], Block] = OrderedDict()
        self._lock = Lock()

    def get(self, key: int, data: bytes) -> Block:
        """Return a segment; raise StoreError when it is damaged."""
        identity = key, hash(data)
        with self._lock:
            block = self._blocks.get(identity)
            if block is not None:
                self._blocks.move_to_end(identity)
                return block
        block = Block(data)
        with self._lock:
            self._blocks[identity] = block
            while len(self._blocks) > REMEMBERED:
                self._blocks.popitem(last=False)
        return block


class Shelf:
    """Reads from one connection, within a transaction of the caller's. A damaged segment is logged and left out."""

    def __init__(self, connection: sqlite3.Connection, unpacked: Unpacked) -> None:
        self._connection = connection
        self._unpacked = unpacked
        self.curves = Curves(connection)

    def batteries(self) -> dict[str, Known]:
        """Return all batteries under their ids."""
        return {row[1]: _known(row) for row in self._connection.execute(f"{BATTERY} ORDER BY number")}

    def battery(self, identity: str) -> Known | None:
        """Return what is known of one battery."""
        row = self._connection.execute(f"{BATTERY} WHERE id = ?", (identity,)).fetchone()
        return None if row is None else _known(row)

    # ---- single readings

    def after(self, known: Known, ordinal: int) -> Iterator[Piece]:
        """Yield the pieces that hold readings after an ordinal, in order."""
        if ordinal < known.sealed:
            before = "SELECT max(key) FROM segment WHERE key BETWEEN ? AND ?"
            low = segment_key(known.number, 0)
            begin = self._connection.execute(before, (low, low + ordinal + 1)).fetchone()[0] or low
            query = "SELECT key, data FROM segment WHERE key BETWEEN ? AND ? ORDER BY key"
            for key, data in self._connection.execute(query, (begin, segment_key(known.number, ORDINALS))):
                yield from self._segment(key, data)
        query = (
            "SELECT first, totals, data FROM journal "
            "WHERE battery = ? AND level >= 0 AND first > ? AND first + count > ? + 1"
        )
        yield from self._journal(query, (known.number, known.sealed, ordinal))

    def between(self, known: Known, start: int, end: int) -> Iterator[Piece]:
        """Yield the pieces that may hold readings between two moments, both included, in the order of ordinals."""
        yield from self.sealed(known, start, end)
        yield from self.unsealed(known, start, end)

    def sealed(self, known: Known, start: int, end: int) -> Iterator[Piece]:
        """Yield the segments that may hold readings between two moments, in the order of ordinals."""
        for key in self.segments_between(known, start, end):
            yield from self.segment(key)

    def unsealed(self, known: Known, start: int, end: int) -> Iterator[Piece]:
        """Yield the pieces of the journal that may hold readings between two moments."""
        query = (
            "SELECT first, totals, data FROM journal "
            'WHERE battery = ? AND level >= 0 AND first > ? AND start <= ? AND "end" >= ?'
        )
        yield from self._journal(query, (known.number, known.sealed, end, start))

    def segments_between(self, known: Known, start: int, end: int) -> list[int]:
        """Return the keys of the segments that may hold readings between two moments, in the order of ordinals."""
        return sorted(key for key, _, _ in self.extents(known, start, end))

    def extents(self, known: Known, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return key, first and last moment of the segments that may hold readings between two moments, by time."""
        query = (
            'SELECT key, start, "end" FROM segment INDEXED BY segment_by_time '
            'WHERE battery = ? AND start BETWEEN ? AND ? AND "end" >= ? ORDER BY start'
        )
        values = (known.number, start - known.longest, end, start)
        return self._connection.execute(query, values).fetchall()

    def segment(self, key: int) -> Iterator[Piece]:
        """Yield a segment, unless it was deleted meanwhile or is damaged."""
        for (data,) in self._connection.execute("SELECT data FROM segment WHERE key = ?", (key,)):
            yield from self._segment(key, data)

    def sealed_between(self, known: Known, start: int, end: int) -> int:
        """Return how many sealed readings there are between two moments, about."""
        query = 'SELECT sum(count) FROM segment WHERE battery = ? AND start BETWEEN ? AND ? AND "end" >= ?'
        values = (known.number, start - known.longest, end, start)
        return int(self._connection.execute(query, values).fetchone()[0] or 0)

    def committed(self, known: Known) -> int:
        """Return the ordinal of the last reading on disk."""
        query = "SELECT max(first + count - 1) FROM journal WHERE battery = ?"
        return max(known.sealed, self._connection.execute(query, (known.number,)).fetchone()[0] or 0)

    def _segment(self, key: int, data: bytes) -> Iterator[Piece]:
        first = key & ORDINALS
        try:
            yield Piece(first=first, source=self._unpacked.get(key, data), counters=[], sealed=True)
        except StoreError as error:
            log.error("the segment that begins with reading %d is left out: %s", first, error)

    def _journal(self, query: str, values: tuple[Any, ...]) -> Iterator[Piece]:
        for first, totals, data in self._connection.execute(query + " ORDER BY first", values):
            try:
                yield Piece(first=first, source=Block(data), counters=counters_from(totals))
            except StoreError as error:
                log.error("the readings from number %d on are left out: %s", first, error)

    def totals(self, known: Known) -> Totals | None:
        """Return the newest totals of a battery."""
        query = "SELECT totals FROM journal WHERE battery = ? AND totals IS NOT NULL ORDER BY first DESC LIMIT 1"
        row = self._connection.execute(query, (known.number,)).fetchone()
        return known.totals if row is None else latest_totals(counters_from(row[0]))

    # ---- what there is

    def fields(self, known: Known) -> list[str]:
        """Return the names of all fields that a battery has summaries of, or readings in the journal."""
        low, high = summary_key(known.number, 0, 0), summary_key(known.number + 1, 0, 0) - 1
        query = "SELECT DISTINCT key & ? FROM summary WHERE key BETWEEN ? AND ?"
        numbers = [number for (number,) in self._connection.execute(query, (FIELDS, low, high))]
        names = dict(self._connection.execute("SELECT number, name FROM field"))
        found = {names[number] for number in numbers}
        for piece in self.unsealed(known, 0, FOREVER):
            found.update(name for name in fields.present(piece.source) if fields.values(piece.source, name) is not None)
        return sorted(found)

    def span(self, known: Known) -> tuple[int, int] | None:
        """Return the moments of the first and the last summary or reading, about to a day; None before the first."""
        low, high = summary_key(known.number, 0, 0), summary_key(known.number + 1, 0, 0) - 1
        query = "SELECT min(key), max(last_at) FROM summary WHERE key BETWEEN ? AND ?"
        first, last = self._connection.execute(query, (low, high)).fetchone()
        query = 'SELECT min(start), max("end") FROM journal WHERE battery = ? AND level >= 0'
        start, end = self._connection.execute(query, (known.number,)).fetchone()
        begins = [] if first is None else [day_of(first) * summaries.DAY]
        ends = [value for value in (last, end) if value is not None]
        begins += [] if start is None else [start]
        return (min(begins), max(ends)) if begins and ends else None

    def gaps(self, known: Known, start: int, end: int) -> list[Interval]:
        """Return the gaps between sealed readings that touch a stretch of time."""
        query = 'SELECT start, "end" FROM gap WHERE battery = ? AND start < ? AND "end" > ? ORDER BY start'
        return self._connection.execute(query, (known.number, end, start)).fetchall()

    def sided_gaps(self, known: Known, start: int, end: int) -> list[Gap]:
        """Return the gaps between sealed readings that touch a stretch of time, with what is known of their sides."""
        query = (
            'SELECT start, "end", before, after FROM gap WHERE battery = ? AND start < ? AND "end" > ? ORDER BY start'
        )
        return [
            Gap(start=begin, end=until, before=side_from(before), after=side_from(after))
            for begin, until, before, after in self._connection.execute(query, (known.number, end, start))
        ]


def _known(row: tuple[Any, ...]) -> Known:
    number, identity, info, totals, sealed, newest, pace, longest, pruned, tail, extremes, begun = row
    return Known(
        number=number,
        id=identity,
        info=info_from(info),
        totals=totals_from(totals),
        sealed=sealed,
        newest=newest,
        pace=pace,
        longest=longest,
        pruned=pruned,
        tail=side_from(tail),
        extremes=extremes_from(extremes),
        begun=totals_from(begun),
    )


def info_text(info: BatteryInfo) -> str:
    """Return what stays the same of a battery, as it is stored."""
    return json.dumps(asdict(info))


def info_from(text: str | None) -> BatteryInfo | None:
    """Return what was stored of a battery; what this program does not know of it is left out."""
    if not text:
        return None
    stored = json.loads(text)
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in stored.items()
        if name in BatteryInfo.__dataclass_fields__
    }
    return BatteryInfo(**known)
