"""The event record on disk: what the gateway did on the radio and elsewhere, bounded by number and age."""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from bmsreader.model.record import Record
from bmsreader.store.content import milliseconds, moment

MOST = 50_000
KEPT = timedelta(days=30)
WAITING = 2000
"""Records in memory while the disk does not take them; the oldest go first."""
SLACK = 500
"""Records beyond the most before the oldest are deleted: not at each commit."""


def write(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Append records."""
    connection.executemany(
        "INSERT INTO record (at, kind, battery, adapter, duration, detail, frame) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(milliseconds(r.at), r.kind, r.battery, r.adapter, r.duration, r.detail, r.frame) for r in records],
    )


def bound(connection: sqlite3.Connection, now: datetime) -> None:
    """Delete what is too old or too much; looks at the ends of the table only."""
    first, last = connection.execute("SELECT min(number), max(number) FROM record").fetchone()
    if first is None:
        return
    if last - first >= MOST + SLACK:
        connection.execute("DELETE FROM record WHERE number <= ?", (last - MOST,))
    query = "SELECT at FROM record WHERE number > ? ORDER BY number LIMIT 1"
    oldest = connection.execute(query, (first + SLACK,)).fetchone()
    too_old = milliseconds(now - KEPT)
    if oldest is not None and oldest[0] < too_old:
        connection.execute("DELETE FROM record WHERE at < ?", (too_old,))


def read(
    connection: sqlite3.Connection,
    *,
    battery: str | None,
    kinds: Collection[str] | None,
    since: datetime | None,
    limit: int,
) -> list[Record]:
    """Return the newest records that are wanted, the newest last."""
    conditions, values = ["1"], []
    if battery is not None:
        conditions.append("battery = ?")
        values.append(battery)
    if kinds is not None:
        conditions.append(f"kind IN ({','.join('?' * len(kinds))})")
        values.extend(kinds)
    wanted: list[Any] = values
    if since is not None:
        conditions.append("at >= ?")
        wanted.append(milliseconds(since))
    query = (
        "SELECT at, kind, battery, adapter, duration, detail, frame FROM record "  # noqa: S608 - only our own words
        f"WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?"
    )
    rows = connection.execute(query, (*wanted, limit)).fetchall()
    return [_record(*row) for row in reversed(rows)]


def _record(
    at: int, kind: str, battery: str, adapter: str, duration: float | None, detail: str, frame: bytes
) -> Record:
    return Record(
        at=moment(at), kind=kind, battery=battery, adapter=adapter, duration=duration, detail=detail, frame=frame
    )


def wanted(record: Record, *, battery: str | None, kinds: Collection[str] | None, since: datetime | None) -> bool:
    """Whether a record that is in memory is one of those that are asked for."""
    return (
        (battery is None or record.battery == battery)
        and (kinds is None or record.kind in kinds)
        and (since is None or record.at >= since)
    )
