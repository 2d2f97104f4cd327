"""Days and hours of 32 days together, for charts of months and years: one block instead of 32 for each field.

They are made from the 15-minute summaries when a day is over, and made again when a reading comes late; for what is
not in them, and where one is damaged, the summaries themselves answer. Histories of before this step get theirs little
by little, with the commits.
"""

import sqlite3
from collections.abc import Iterable

from bmsreader.store import strip
from bmsreader.store.curves import DAYS, Curves
from bmsreader.store.rowkeys import stretch_key
from bmsreader.store.summaries import DAY, HOUR, STRETCH, Curve


def due(connection: sqlite3.Connection) -> None:
    """Put the oldest days together that are over and were not yet, if there are any: of one battery, up to 32."""
    query = "SELECT number, rolled, newest / ? FROM battery WHERE rolled < newest / ? ORDER BY rolled, number LIMIT 1"
    row = connection.execute(query, (DAY, DAY)).fetchone()
    if row is None:
        return
    battery, rolled, present = row
    first = Curves(connection).day_from(battery, rolled)
    until = present if first is None else min(present, (first // DAYS + 1) * DAYS)
    if first is not None and first < until:
        put_together(connection, battery, first // DAYS, until)
    connection.execute("UPDATE battery SET rolled = ? WHERE number = ?", (until, battery))


def again(connection: sqlite3.Connection, battery: int, days: Iterable[int]) -> None:
    """Put those days together anew that were, and that got more readings."""
    rolled = connection.execute("SELECT rolled FROM battery WHERE number = ?", (battery,)).fetchone()[0]
    for stretch in sorted({day // DAYS for day in days if day < rolled}):
        put_together(connection, battery, stretch, min(rolled, (stretch + 1) * DAYS))


def put_together(connection: sqlite3.Connection, battery: int, stretch: int, until: int) -> None:
    """Write the days before one, and their hours, of all fields."""
    curves = Curves(connection)
    begin, end = stretch * STRETCH, until * DAY - 1
    bounds = (stretch_key(battery, stretch, 0), stretch_key(battery, stretch + 1, 0) - 1)
    connection.execute("DELETE FROM stretch WHERE key BETWEEN ? AND ?", bounds)
    for number, name in curves.names(battery, stretch * DAYS, until).items():
        days = Curve.of(curves.day_rows(battery, name, begin, end))
        hours = curves.quarters(battery, name, begin, end).grouped(HOUR)
        if hours.starts:
            packed = [
                strip.pack(step, curve.starts, {name: curve.columns}) for step, curve in ((DAY, days), (HOUR, hours))
            ]
            values = (stretch_key(battery, stretch, number), *packed)
            connection.execute("INSERT INTO stretch VALUES (?, ?, ?)", values)
