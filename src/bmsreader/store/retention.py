"""How long single readings are kept: by age, and by the size of the file. Summaries and gaps stay for ever."""

import sqlite3
from collections.abc import Sequence

AT_ONCE = 256
"""Segments deleted in one transaction: a commit must not take long because much became old at once."""
FREE = 2048
"""Free pages that stay in the file for what comes next; beyond, the file becomes smaller."""
GIVEN_BACK = 512
"""Pages by which it becomes smaller at a time."""


def by_age(connection: sqlite3.Connection, before: int) -> int:
    """Delete segments whose last reading was taken before a moment (ms); return how many readings went."""
    query = 'SELECT key, battery, count, "end" FROM segment INDEXED BY segment_by_time WHERE battery = ? AND start < ? '
    gone = []
    for (battery,) in connection.execute("SELECT number FROM battery").fetchall():
        rows = connection.execute(query + "ORDER BY start LIMIT ?", (battery, before, AT_ONCE))
        gone += [row for row in rows if row[3] < before]
    return _delete(connection, gone[:AT_ONCE])


def by_size(connection: sqlite3.Connection, most: float) -> int:
    """Delete the oldest segments until what is used of the file is at most so many bytes; return the readings."""
    page = connection.execute("PRAGMA page_size").fetchone()[0]
    excess = used_pages(connection) - int(most) // page
    if excess <= 0:
        return 0
    query = 'SELECT key, battery, count, "end", length(data) FROM segment ORDER BY "end" LIMIT ?'
    gone = []
    for *row, length in connection.execute(query, (AT_ONCE,)):
        if excess <= 0:
            break
        gone.append(row)
        excess -= max(1, length // page)
    return _delete(connection, gone)


def used_pages(connection: sqlite3.Connection) -> int:
    """Return how many pages of the file hold something."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return int(pages - connection.execute("PRAGMA freelist_count").fetchone()[0])


def give_back(connection: sqlite3.Connection, *, keep: int = FREE) -> bool:
    """Make the file smaller where much of it is free, outside of a transaction; return whether it became so."""
    free = connection.execute("PRAGMA freelist_count").fetchone()[0]
    if free > keep:
        # Each page is a step of its own, with a row of no columns: ``execute`` would stop after the first one.
        connection.executescript(f"PRAGMA incremental_vacuum({min(free - keep, GIVEN_BACK)})")
    return bool(connection.execute("PRAGMA freelist_count").fetchone()[0] < free)


def _delete(connection: sqlite3.Connection, rows: Sequence[Sequence[int]]) -> int:
    for table in ("segment", "fine"):
        connection.executemany(f"DELETE FROM {table} WHERE key = ?", [(row[0],) for row in rows])  # noqa: S608 - ours
    connection.executemany(
        "UPDATE battery SET pruned = max(coalesce(pruned, 0), ?) WHERE number = ?", [(row[3], row[1]) for row in rows]
    )
    return sum(row[2] for row in rows)
