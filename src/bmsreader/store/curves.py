"""Summaries as they lie on disk, read as columns: 15 minutes, hours and days of one field of one battery."""

import logging
import sqlite3
from bisect import bisect_left

from bmsreader.model.errors import StoreError
from bmsreader.store.rowkeys import FIELDS, day_of, stretch_key, summary_key
from bmsreader.store.strip import Strip
from bmsreader.store.summaries import DAY, HOUR, STRETCH, Curve, Parts

DAYS = STRETCH // DAY

log = logging.getLogger(__name__)


class Curves:
    """Reads from one connection; what is damaged is logged and left out. Batteries are named by their numbers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}

    # ---- summaries

    def quarters(self, battery: int, field: str, start: int, end: int) -> Curve:
        """Return the 15-minute summaries of a field, of all days that a stretch of time touches."""
        curve = Curve()
        number = self._number(field)
        if number is None:
            return curve
        fetch = self._connection.execute
        for day in range(start // DAY, end // DAY + 1):
            key = summary_key(battery, day, number)
            for (data,) in fetch("SELECT quarters FROM summary WHERE key = ?", (key,)):
                try:
                    curve.add_day(day, data)
                except StoreError as error:
                    log.error("the 15-minute summaries of a day are left out: %s", error)
        return curve

    def hours(self, battery: int, field: str, start: int, end: int) -> Curve:
        """Return the hours of a field, of all 32 days that a stretch of time touches."""
        return self._stretches(battery, field, start, end, "hours", HOUR)

    def days(self, battery: int, field: str, start: int, end: int) -> Curve:
        """Return the days of a field, of all 32 days that a stretch of time touches."""
        return self._stretches(battery, field, start, end, "days", DAY)

    def _stretches(self, battery: int, field: str, start: int, end: int, what: str, step: int) -> Curve:
        curve = Curve()
        number = self._number(field)
        if number is None:
            return curve
        rolled = self._rolled(battery) * DAY
        query = f"SELECT {what} FROM stretch WHERE key = ?"  # noqa: S608 - one of our two columns
        for stretch in range(start // STRETCH, end // STRETCH + 1):
            row = self._connection.execute(query, (stretch_key(battery, stretch, number),)).fetchone()
            begin, until = stretch * STRETCH, (stretch + 1) * STRETCH
            if row is not None:
                try:
                    rows = Strip(row[0])
                    curve.add(rows.starts, rows.columns(field) or ([], [], [], [], []))
                    begin = max(begin, min(rolled, until))
                except StoreError as error:
                    log.error("the %s of 32 days are made anew: %s", what, error)
            if begin < until:
                curve.append(self._made(battery, field, begin, until, step))
        return curve

    def _made(self, battery: int, field: str, begin: int, until: int, step: int) -> Curve:
        """Return hours or days from what they are made of."""
        if step == DAY:
            return Curve.of(self.day_rows(battery, field, begin, until - 1))
        return self.quarters(battery, field, begin, until - 1).grouped(step)

    def _rolled(self, battery: int) -> int:
        """Return before which day all are together in stretches."""
        row = self._connection.execute("SELECT rolled FROM battery WHERE number = ?", (battery,)).fetchone()
        return 0 if row is None else int(row[0])

    def day_rows(self, battery: int, field: str, start: int, end: int) -> Parts:
        """Return the daily summaries of a field one by one, of all days that a stretch of time touches."""
        number = self._number(field)
        if number is None:
            return {}
        query = "SELECT low, total, high, last, last_at, count FROM summary WHERE key = ?"
        parts: Parts = {}
        for day in range(start // DAY, end // DAY + 1):
            row = self._connection.execute(query, (summary_key(battery, day, number),)).fetchone()
            if row is not None:
                parts[day * DAY] = row
        return parts

    def names(self, battery: int, start: int, end: int) -> dict[int, str]:
        """Return the fields of which there are summaries on the days from one to before another, by number."""
        names = dict(self._connection.execute("SELECT number, name FROM field"))
        query = "SELECT DISTINCT key & ? FROM summary WHERE key BETWEEN ? AND ?"
        low, high = summary_key(battery, start, 0), summary_key(battery, end, 0) - 1
        return {number: names[number] for (number,) in self._connection.execute(query, (FIELDS, low, high))}

    def day_from(self, battery: int, day: int) -> int | None:
        """Return the first day, from one on, that has summaries."""
        query = "SELECT min(key) FROM summary WHERE key BETWEEN ? AND ?"
        bounds = (summary_key(battery, day, 0), summary_key(battery + 1, 0, 0) - 1)
        key = self._connection.execute(query, bounds).fetchone()[0]
        return None if key is None else day_of(key)

    # ---- counters

    def steps(self, battery: int, field: str, start: int, end: int) -> tuple[list[int], list[float], float | None]:
        """Return how a counter went on from a moment: quarters of an hour or hours, its last value in each.

        And that before the moment. Hours do where the days begin with one, as they do in most time zones.
        """
        number = self._number(field)
        if number is None:
            return [], [], None
        hourly = start % HOUR == 0 and end - start > STRETCH
        curve = (self.hours if hourly else self.quarters)(battery, field, start, end - 1)
        cut = bisect_left(curve.starts, start)
        before = (
            curve.lasts[cut - 1]
            if cut
            else self._last_before(battery, number, start // STRETCH * DAYS if hourly else start // DAY)
        )
        return curve.starts[cut:], curve.lasts[cut:], before

    def _last_before(self, battery: int, number: int, day: int) -> float | None:
        """Return the last value of a field before a day."""
        before = summary_key(battery, day, 0)
        while True:
            query = "SELECT max(key) FROM summary WHERE key BETWEEN ? AND ?"
            key = self._connection.execute(query, (summary_key(battery, 0, 0), before - 1)).fetchone()[0]
            if key is None:
                return None
            before = summary_key(battery, day_of(key), 0)
            row = self._connection.execute("SELECT last FROM summary WHERE key = ?", (before | number,)).fetchone()
            if row is not None:
                return float(row[0])

    # ---- short values of segments

    def fine_widths(self, first: int, last: int) -> dict[int, int]:
        """Return how many segments, from one key to another, have rows of which width, ms."""
        query = "SELECT width, count(*) FROM fine WHERE key BETWEEN ? AND ? GROUP BY width"
        return dict(self._connection.execute(query, (first, last)).fetchall())

    def fine(self, key: int) -> Strip | None:
        """Return the short values of a segment; None where it has none, or damaged ones."""
        row = self._connection.execute("SELECT data FROM fine WHERE key = ?", (key,)).fetchone()
        try:
            return None if row is None else Strip(row[0])
        except StoreError as error:
            log.error("the readings of a segment are used instead: %s", error)
            return None

    def _number(self, name: str) -> int | None:
        """Return the number that stands for a field in keys."""
        if name not in self._numbers:
            row = self._connection.execute("SELECT number FROM field WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            self._numbers[name] = int(row[0])
        return self._numbers[name]
