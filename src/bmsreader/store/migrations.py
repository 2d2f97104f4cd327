"""The tables of the history file, built step by step: each step has a name, and a file knows which ones it has had."""

import sqlite3
from datetime import UTC, datetime

from bmsreader.model.errors import StoreError
from bmsreader.store import alarms

APPLICATION = 0x424D5352
"""SQLite's application_id of our files: "BMSR"."""

BEGIN = """
CREATE TABLE battery (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  info TEXT,
  totals TEXT,
  sealed INTEGER NOT NULL DEFAULT 0,
  newest INTEGER,
  pace INTEGER,
  longest INTEGER NOT NULL DEFAULT 0,
  pruned INTEGER
);
CREATE TABLE segment (
  key INTEGER PRIMARY KEY,
  battery INTEGER NOT NULL,
  count INTEGER NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  data BLOB NOT NULL
);
CREATE INDEX segment_by_time ON segment (battery, start, "end");
CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  battery INTEGER NOT NULL,
  level INTEGER NOT NULL,
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  totals TEXT,
  data BLOB NOT NULL
);
CREATE TABLE field (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE summary (
  key INTEGER PRIMARY KEY,
  low REAL NOT NULL,
  total REAL NOT NULL,
  high REAL NOT NULL,
  last REAL NOT NULL,
  last_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  quarters BLOB NOT NULL
);
CREATE TABLE gap (battery INTEGER, start INTEGER, "end" INTEGER NOT NULL, PRIMARY KEY (battery, start)) WITHOUT ROWID;
CREATE TABLE position (
  publisher TEXT, battery TEXT, ordinal INTEGER NOT NULL, PRIMARY KEY (publisher, battery)
) WITHOUT ROWID;
CREATE TABLE record (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  battery TEXT NOT NULL,
  adapter TEXT NOT NULL,
  duration REAL,
  detail TEXT NOT NULL,
  frame BLOB NOT NULL
);
CREATE TABLE writer (token TEXT NOT NULL);
"""
"""
Times are ms since 1970, UTC. Keys of segments are battery << 40 | ordinal of the first reading; those of summaries are
battery << 40 | day since 1970 << 12 | field: rows that are written together lie together. See docs/history.md.
"""

SIDES = """
ALTER TABLE gap ADD COLUMN before TEXT;
ALTER TABLE gap ADD COLUMN after TEXT;
ALTER TABLE battery ADD COLUMN tail TEXT;
ALTER TABLE battery ADD COLUMN extremes TEXT;
ALTER TABLE battery ADD COLUMN begun TEXT;
UPDATE battery SET extremes = (
  SELECT '{"current":[' || min(low) || ',' || max(high) || ']}' FROM summary
  WHERE key BETWEEN battery.number << 40 AND ((battery.number + 1) << 40) - 1
  AND key & 4095 = (SELECT number FROM field WHERE name = 'current')
);
UPDATE battery SET extremes = substr(extremes, 1, length(extremes) - 1) || coalesce((
  SELECT ',"pack_voltage":[' || min(low) || ',' || max(high) || ']' FROM summary
  WHERE key BETWEEN battery.number << 40 AND ((battery.number + 1) << 40) - 1
  AND key & 4095 = (SELECT number FROM field WHERE name = 'pack_voltage')
), '') || '}' WHERE extremes IS NOT NULL;
UPDATE battery SET begun = '{}' WHERE pruned IS NULL AND (
  EXISTS (SELECT 1 FROM segment WHERE key = (battery.number << 40) + 1)
  OR EXISTS (SELECT 1 FROM journal WHERE battery = battery.number AND first = 1)
);
"""
"""
What a battery said beside its gaps and last of all, its extremes, and its counters when this file began: from these
follow the bounds of what flowed while nothing was read. Gaps of before this step get their sides little by little.
"""

CHARTS = """
CREATE TABLE fine (key INTEGER PRIMARY KEY, width INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE stretch (key INTEGER PRIMARY KEY, days BLOB NOT NULL, hours BLOB NOT NULL);
ALTER TABLE battery ADD COLUMN rolled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE battery ADD COLUMN older INTEGER;
UPDATE battery SET older = (SELECT max(key) + 1 FROM segment WHERE segment.battery = battery.number);
"""
"""
Keys of fine are those of segments; those of stretch are battery << 40 | 32 days since 1970 << 12 | field. What older
segments lack is made with the commits that come, from the newest on: `older` is where that has arrived.
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("begin", BEGIN),
    ("sides", SIDES),
    ("alarms", alarms.TABLES),
    ("charts", CHARTS),
)
"""Name and SQL of each step, in order; a step that was released is never changed again."""


def applied(connection: sqlite3.Connection) -> tuple[str, ...] | None:
    """Return the names of the steps that a file has had; None where it is not a history at all."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone():
        return None
    return tuple(name for (name,) in connection.execute("SELECT name FROM migration ORDER BY rowid"))


def check(connection: sqlite3.Connection, path: object, known: tuple[tuple[str, str], ...] = MIGRATIONS) -> list[str]:
    """Return which steps a file has had; raise StoreError where it is newer than this program, or something else."""
    had = applied(connection)
    if had is None:
        if connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise StoreError(f"{path} is a database of another program", advice="Name another file for the history.")
        return []
    newer = [name for name in had if name not in dict(known)]
    if newer:
        raise StoreError(
            f"{path} was written by a newer bmsreader (it has had the step {newer[0]!r})",
            advice="Update bmsreader, or name another file for the history: this one stays as it is.",
        )
    return list(had)


def migrate(connection: sqlite3.Connection, path: object, known: tuple[tuple[str, str], ...] = MIGRATIONS) -> list[str]:
    """Bring a file up to date, each step as a whole or not at all; return the names of the steps that it took."""
    had = check(connection, path, known)
    due = [(name, sql) for name, sql in known if name not in had]
    for name, sql in due:
        table = "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL UNIQUE, applied_at TEXT NOT NULL);"
        at = datetime.now(UTC).isoformat(timespec="seconds")
        note = f"INSERT INTO migration VALUES ('{name}', '{at}');"  # noqa: S608 - both are ours
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {table} {sql}; {note} PRAGMA application_id = {APPLICATION}; COMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return [name for name, _ in due]
