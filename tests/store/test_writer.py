"""The one who writes the file."""

import sqlite3
from pathlib import Path

import pytest

from bmsreader.model.battery import Totals
from bmsreader.model.errors import StoreError
from bmsreader.store import Store, writer
from bmsreader.store.writer import Change, Work, Writer
from tests.clock import START
from tests.store.batteries import fill, readings
from tests.store.test_rows import batch


@pytest.fixture
def mine(path: Path) -> Writer:
    return Writer(path, keep_days=None, keep_megabytes=None)


def change(first: int = 1, count: int = 5) -> Change:
    rows = tuple(batch(count, first=first).rows())
    return Change(id="house", info=None, committed=first - 1, totals=Totals(energy_in=1.0), rows=rows)


def test_work_is_all_on_disk_or_not_at_all(mine: Writer) -> None:
    mine.open()
    mine.write(Work(changes=[change()], positions={("influx", "house"): 3}), START)
    mine.close()
    begin = mine.open()
    mine.close()

    assert (begin.committed, begin.positions) == ({"house": 5}, {("influx", "house"): 3})
    assert begin.totals["house"] == Totals(energy_in=4.0)


def test_a_new_file_in_place_of_a_damaged_one_goes_on_with_the_ordinals(mine: Writer, path: Path) -> None:
    mine.open()
    mine.write(Work(changes=[change()]), START)
    aside = mine.begin_anew(START)
    mine.write(Work(changes=[change(first=6)]), START)
    mine.close()

    assert aside.exists()
    assert mine.open().committed == {"house": 10}
    mine.close()
    salvaged = writer.salvage(aside)
    assert salvaged is not None
    assert salvaged.committed == {"house": 5}


def test_nothing_is_salvaged_where_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear battery")

    assert writer.salvage(tmp_path / "letter") is None
    assert writer.salvage(tmp_path / "absent") is None


def test_only_the_last_one_who_opened_the_file_writes(mine: Writer, path: Path) -> None:
    mine.open()
    other = Writer(path, keep_days=None, keep_megabytes=None)
    other.open()
    other.write(Work(changes=[change()]), START)

    with pytest.raises(StoreError, match="another bmsreader"):
        mine.write(Work(changes=[change()]), START)
    mine.close()
    other.close()


def test_no_work_is_nothing_to_do() -> None:
    assert not Work()
    assert Work(changes=[change()])


@pytest.mark.slow
def test_a_history_that_is_closed_has_no_room_to_give_away(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(7200)), every=60)
    with sqlite3.connect(path) as file:
        free = file.execute("PRAGMA freelist_count").fetchone()
    file.close()

    assert free == (0,)
