"""Long histories in little time: a few real days go through the store, and are then repeated in the file, shifted."""

import json
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.store_readings import START, day
from bmsreader.gateway.energy import Meter
from bmsreader.model import BatteryInfo, Reading, Totals
from bmsreader.store import Store, rollup, summaries
from bmsreader.store.block import AFTER_CHECKSUM, PREFIX, USUAL
from bmsreader.store.fields import TOTALS
from bmsreader.store.integers import deflate_text, inflate
from bmsreader.store.rowkeys import BATTERY_BITS, DAY_BITS
from bmsreader.store.rows import SEGMENT, totals_from
from bmsreader.store.strip import Strip, pack
from bmsreader.store.summaries import DAY

BATTERY = "b1"
AWAY = SEGMENT
"""Readings that are missing in each stretch of days: an outage, in which no segment begins."""
DIGITS = 9


def fill(path: Path, *, cells: int, step: int, days: int, repeats: int) -> datetime:
    """Fill a history with ``days`` times ``repeats`` days of a reading each ``step`` s; return when it ends.

    The days come out of a simulated battery and go through the store like any others. The file then holds them over
    and over: segments and summaries with other times, counters that go on growing. So five years take seconds.
    """
    with Store(path) as store:
        store.put_info(BatteryInfo(id=BATTERY, name="Big", slug="big", cells=cells))
        meter = Meter()
        for number, (reading, signal) in enumerate(lived(cells, step, days), 1):
            store.append(reading, signal=signal, totals=meter.take(reading))
            if number % SEGMENT == 0:
                store.commit()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    repeat(connection, days, repeats)
    connection.execute("COMMIT")
    connection.close()
    return START + timedelta(days=days * repeats)


def unsealed(store: Store, step: int, count: int = SEGMENT * 3 // 4) -> datetime:
    """Take in some more readings, of which the last ones stay in memory, as in a gateway that runs; return when."""
    last = store.last(BATTERY)
    totals = store.totals(BATTERY)
    assert last is not None
    _, newest = last
    meter = Meter(totals or Totals())
    at = newest.taken_at
    for number, (reading, signal) in enumerate(day(len(newest.cell_voltages), count, battery=BATTERY, step=step), 1):
        at = newest.taken_at + timedelta(seconds=number * step)
        moved = replace(reading, taken_at=at)
        store.append(moved, signal=signal, totals=meter.take(moved))
        if number % 60 == 30:
            store.commit()
    return at + timedelta(seconds=1)


def lived(cells: int, step: int, days: int) -> Iterator[tuple[Reading, int]]:
    """Yield whole segments of readings: all of these days but an outage in the middle of the second."""
    count = days * 86_400 // step
    gone = range(count * 3 // 4 - AWAY // 2, count * 3 // 4 + AWAY // 2)
    for number, lived in enumerate(day(cells, count, battery=BATTERY, step=step)):
        if number not in gone:
            yield lived


def repeat(connection: sqlite3.Connection, days: int, repeats: int) -> None:
    """Write the rows of the file again and again, each time so many days later."""
    execute = connection.execute
    count = execute("SELECT sum(count) FROM segment").fetchone()[0]
    fields = dict(execute("SELECT number, name FROM field").fetchall())
    text = execute("SELECT totals FROM battery").fetchone()[0]
    totals = totals_from(text)
    assert totals is not None
    grown = {name: getattr(totals, name) for name in TOTALS}
    rows = {table: execute(f"SELECT * FROM {table}").fetchall() for table in ("fine", "summary", "gap")}
    segments = execute('SELECT key, battery, count, start, "end", data FROM segment').fetchall()
    for number in range(1, repeats):
        shift = number * days * DAY
        connection.executemany(
            'INSERT INTO segment (key, battery, count, start, "end", data) VALUES (?, ?, ?, ?, ?, ?)',
            [
                (key + number * count, battery, some, start + shift, end + shift, later(data, shift))
                for key, battery, some, start, end, data in segments
            ],
        )
        connection.executemany(
            "INSERT INTO fine VALUES (?, ?, ?)",
            [(key + number * count, width, later_rows(data, shift)) for key, width, data in rows["fine"]],
        )
        connection.executemany(
            "INSERT INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [moved(row, fields, number, days, grown) for row in rows["summary"]],
        )
        connection.executemany(
            "INSERT INTO gap VALUES (?, ?, ?, ?, ?)",
            [(row[0], row[1] + shift, row[2] + shift, *row[3:]) for row in rows["gap"]],
        )
    last = json.dumps({name: round(value * repeats, DIGITS) for name, value in grown.items()})
    shift = (repeats - 1) * days * DAY
    execute("UPDATE battery SET sealed = sealed * ?, newest = newest + ?, totals = ?", (repeats, shift, last))
    while execute("SELECT 1 FROM battery WHERE rolled < newest / ?", (DAY,)).fetchone():
        rollup.due(connection)


def later(data: bytes, shift: int) -> bytes:
    """Return a segment with all its moments moved: only the first one stands in the header as it is."""
    version, _, length = PREFIX.unpack_from(data)
    begin = PREFIX.size
    count, described = json.loads(inflate(data[begin : begin + length], USUAL))
    (moments,) = [entry for entry in described if entry[0] == "taken_at"]
    moments[4] += shift
    text = json.dumps([count, described], separators=(",", ":"), ensure_ascii=False)
    header = deflate_text(text.encode(), USUAL)
    body = struct.pack("<H", len(header)) + header + data[begin + length :]
    return struct.pack("<BI", version, zlib.crc32(body))[:AFTER_CHECKSUM] + body


def later_rows(data: bytes, shift: int) -> bytes:
    """Return the short values of a segment with all their moments moved."""
    rows = Strip(data)
    fields = {name: columns for name in rows.names if (columns := rows.columns(name)) is not None}
    return pack(rows.width, [start + shift for start in rows.starts], fields)


def moved(row: tuple, fields: dict[int, str], number: int, days: int, grown: dict[str, float]) -> tuple:  # type: ignore[type-arg]
    """Return a day's summary of a field, as it is so many times ``days`` later."""
    key, low, total, high, last, last_at, count, quarters = row
    name = fields[key & (1 << DAY_BITS) - 1]
    began = key >> DAY_BITS & (1 << BATTERY_BITS - DAY_BITS) - 1
    if name in grown:
        more = grown[name] * number
        low, total, high, last = (
            round(value, 3) for value in (low + more, total + more * count, high + more, last + more)
        )
        parts = summaries.unpack(began, quarters)
        raised = {start: (*raise_by(more, one[5], *one[:4]), one[4], one[5]) for start, one in parts.items()}
        quarters = summaries.pack(began, raised)
    return key + (number * days << DAY_BITS), low, total, high, last, last_at + number * days * DAY, count, quarters


def raise_by(
    more: float, count: int, low: float, total: float, high: float, last: float
) -> tuple[float, float, float, float]:
    """Return a counter's summary when it has counted so much more, to mWh as in any history."""
    return round(low + more, 3), round(total + more * count, 3), round(high + more, 3), round(last + more, 3)
