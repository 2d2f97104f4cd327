"""Days and hours of 32 days together."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.store import Store
from bmsreader.store.content import milliseconds
from bmsreader.store.database import open_for_reading
from bmsreader.store.shelf import Shelf, Unpacked
from bmsreader.store.summaries import STRETCH
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings

pytestmark = pytest.mark.slow
BEGIN = START - (milliseconds(START) % STRETCH) * timedelta(milliseconds=1)


def stretches(path: Path) -> list[int]:
    with sqlite3.connect(path) as file:
        found = file.execute("SELECT DISTINCT key >> 12 & 4095 FROM stretch ORDER BY key").fetchall()
    file.close()
    return [stretch for (stretch,) in found]


def hourly(path: Path) -> tuple[list[int], object, list[int], object]:
    connection = open_for_reading(path)
    shelf = Shelf(connection, Unpacked())
    known = shelf.battery(HOUSE)
    assert known is not None
    start, end = milliseconds(BEGIN), milliseconds(BEGIN + 99 * A_DAY)
    hours = shelf.curves.hours(known.number, "soc", start, end)
    days = shelf.curves.days(known.number, "soc", start, end)
    connection.close()
    return hours.starts, hours.columns, days.starts, days.columns


def without_stretches(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM stretch")
    file.close()


def test_they_are_put_together_day_by_day_and_say_the_same(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(4 * 3600, step=600, start=BEGIN)), every=300)  # 100 days
    assert len(stretches(path)) >= 3
    together = hourly(path)
    without_stretches(path)

    assert hourly(path) == together
    assert len(together[0]) == 2400


def test_a_reading_that_comes_late_is_counted_in_them(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(2 * 3600, step=600, start=BEGIN)), every=300)
        fill(mine, list(readings(3600, step=3, start=BEGIN + 4 * A_DAY + timedelta(seconds=1))), every=300)
    together = hourly(path)
    without_stretches(path)

    assert hourly(path) == together


def test_a_damaged_one_is_made_anew_when_it_is_asked_for(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(2 * 3600, step=600, start=BEGIN)), every=300)
    together = hourly(path)
    with sqlite3.connect(path) as file:
        file.execute("UPDATE stretch SET hours = x'00', days = x'00'")
    file.close()

    assert hourly(path) == together
    assert "made anew" in caplog.text


def test_an_old_history_gets_them_with_the_commits(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(4 * 3600, step=600, start=BEGIN)), every=300)
    without_stretches(path)
    with sqlite3.connect(path) as file:
        file.execute("UPDATE battery SET rolled = 0")
    file.close()
    with Store(path) as mine:
        fill(mine, list(readings(5, step=600, start=BEGIN + 100 * A_DAY)), every=1)

    assert len(stretches(path)) == 4
