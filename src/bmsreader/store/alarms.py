"""Alarms on disk: each with its beginning, its end and when the owner saw it, and all of that in order."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bmsreader.model.alarm import Alarm, Category, Edge, EdgeKind, Severity, Source, as_of
from bmsreader.store.content import milliseconds, moment

TABLES = """
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY,
  battery TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  source TEXT NOT NULL,
  raised INTEGER NOT NULL,
  cleared INTEGER,
  acknowledged INTEGER,
  value REAL,
  "limit" REAL,
  unit TEXT NOT NULL,
  text TEXT NOT NULL,
  note TEXT NOT NULL
);
CREATE INDEX alarm_open ON alarm (id) WHERE cleared IS NULL OR acknowledged IS NULL;
CREATE INDEX alarm_of_battery ON alarm (battery, id);
CREATE TABLE edge (number INTEGER PRIMARY KEY, alarm INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE told (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
"""Times are ms since 1970, UTC. ``told`` is how far each destination has been told the edges."""

MOST = 50_000
"""Alarms that are kept: a hundred a day for more than a year. Those that are not over stay in any case."""
SLACK = 500
"""Alarms beyond the most before the oldest are deleted: not at each commit."""
EDGES_EACH = 3
"""Edges that an alarm has at most."""

State = Literal["active", "open", "all"]

_COLUMNS = (
    "alarm.id, battery, name, category, severity, source, raised, cleared, acknowledged, value, "
    '"limit", unit, text, note'
)
_STATES: Mapping[State, str] = {
    "active": "(cleared IS NULL OR acknowledged IS NULL) AND cleared IS NULL",
    "open": "(cleared IS NULL OR acknowledged IS NULL)",
    "all": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmWork:
    """What a commit writes of alarms."""

    alarms: Sequence[Alarm] = ()
    edges: Sequence[Edge] = ()
    told: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.alarms or self.edges or self.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmBegin:
    """What was on disk of alarms when the file was opened."""

    opened: tuple[Alarm, ...] = ()
    last_alarm: int = 0
    last_edge: int = 0
    told: Mapping[str, int] = field(default_factory=dict)


def load(connection: sqlite3.Connection) -> AlarmBegin:
    """Return what has to be known when the file is opened; nothing where it is older than its alarms."""
    if not exist(connection):
        return AlarmBegin()
    return AlarmBegin(
        opened=tuple(read(connection, battery=None, state="open", since=None, limit=-1)),
        last_alarm=connection.execute("SELECT coalesce(max(id), 0) FROM alarm").fetchone()[0],
        last_edge=connection.execute("SELECT coalesce(max(number), 0) FROM edge").fetchone()[0],
        told=dict(connection.execute("SELECT name, number FROM told")),
    )


def exist(connection: sqlite3.Connection) -> bool:
    """Whether a file has had the step that makes the tables: one that an older program wrote has not."""
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'told'").fetchone() is not None


def write(connection: sqlite3.Connection, work: AlarmWork) -> None:
    """Write alarms, new or changed, and what happened to them."""
    connection.executemany(
        "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, work.alarms)
    )
    connection.executemany(
        "INSERT OR REPLACE INTO edge VALUES (?, ?, ?, ?)",
        [(one.number, one.alarm.id, str(one.kind), milliseconds(one.at)) for one in work.edges],
    )
    connection.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", work.told.items())


def _row(alarm: Alarm) -> tuple[Any, ...]:
    return (
        alarm.id,
        alarm.battery,
        alarm.name,
        str(alarm.category),
        str(alarm.severity),
        str(alarm.source),
        milliseconds(alarm.raised_at),
        _stamp(alarm.cleared_at),
        _stamp(alarm.acknowledged_at),
        alarm.value,
        alarm.limit,
        alarm.unit,
        alarm.text,
        alarm.note,
    )


def _stamp(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def bound(connection: sqlite3.Connection) -> None:
    """Delete the oldest that are over, when they are too many; looks at the ends of the table only."""
    first, last = connection.execute("SELECT min(id), max(id) FROM alarm").fetchone()
    if first is not None and last - first >= MOST + SLACK:
        connection.execute("DELETE FROM alarm WHERE id <= ? AND cleared IS NOT NULL", (last - MOST,))
    first, last = connection.execute("SELECT min(number), max(number) FROM edge").fetchone()
    if first is not None and last - first >= EDGES_EACH * (MOST + SLACK):
        connection.execute("DELETE FROM edge WHERE number <= ?", (last - EDGES_EACH * MOST,))


def read(
    connection: sqlite3.Connection, *, battery: str | None, state: State, since: datetime | None, limit: int
) -> list[Alarm]:
    """Return the newest alarms that are wanted, the newest last; those that ended before ``since`` are not."""
    if not exist(connection):
        return []
    conditions = [_STATES[state]]
    wanted: list[Any] = []
    if battery is not None:
        conditions.append("battery = ?")
        wanted.append(battery)
    if since is not None:
        conditions.append("(cleared IS NULL OR cleared >= ?)")
        wanted.append(milliseconds(since))
    query = f"SELECT {_COLUMNS} FROM alarm WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?"  # noqa: S608 - only our own words
    rows = connection.execute(query, (*wanted, limit)).fetchall()
    return [_alarm(row) for row in reversed(rows)]


def edges(connection: sqlite3.Connection, after: int, limit: int) -> list[Edge]:
    """Return what happened after this number, in order; what happened to alarms that are gone is left out."""
    query = (
        f"SELECT {_COLUMNS}, edge.number, edge.kind, edge.at FROM edge JOIN alarm ON alarm.id = edge.alarm "  # noqa: S608 - only our own words
        "WHERE edge.number > ? ORDER BY edge.number LIMIT ?"
    )
    found = []
    for *row, number, kind, at in connection.execute(query, (after, limit)):
        happened = EdgeKind(kind)
        found.append(Edge(number=number, kind=happened, at=moment(at), alarm=as_of(_alarm(row), happened, moment(at))))
    return found


def wanted(alarm: Alarm, *, battery: str | None, state: State, since: datetime | None) -> bool:
    """Whether an alarm that is in memory is one of those that are asked for."""
    return (
        (battery is None or alarm.battery == battery)
        and (state == "all" or (alarm.is_active if state == "active" else alarm.is_open))
        and (since is None or alarm.cleared_at is None or alarm.cleared_at >= since)
    )


def merged(older: Iterable[Alarm], newer: Iterable[Alarm], limit: int) -> list[Alarm]:
    """Return the newest of both, the newest last; what is in both is as the newer have it."""
    found = {alarm.id: alarm for alarm in (*older, *newer)}
    ordered = sorted(found.values(), key=lambda one: one.id)
    return ordered[max(0, len(ordered) - limit) :] if limit >= 0 else ordered


def _alarm(row: Sequence[Any]) -> Alarm:
    identity, battery, name, category, severity, source, raised, cleared, seen, value, limit, unit, text, note = row
    return Alarm(
        id=identity,
        battery=battery,
        name=name,
        category=Category(category),
        severity=Severity(severity),
        source=Source(source),
        raised_at=moment(raised),
        cleared_at=None if cleared is None else moment(cleared),
        acknowledged_at=None if seen is None else moment(seen),
        value=value,
        limit=limit,
        unit=unit,
        text=text,
        note=note,
    )
