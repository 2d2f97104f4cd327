"""Mini-batches on disk stay few."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.store import Store, journal
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, reading, readings


def rows(path: Path) -> list[tuple[int, int, int]]:
    with sqlite3.connect(path) as file:
        return file.execute("SELECT level, first, count FROM journal ORDER BY first").fetchall()


def test_each_commit_writes_one_row_for_each_battery(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(60), every=30)
        fill(mine, readings(30, battery="van"), every=30)

        assert rows(path) == [(0, 1, 30), (0, 1, 30), (0, 31, 30)]


@pytest.mark.slow
def test_small_rows_are_merged_after_sixteen_commits_and_again_after_as_many(path: Path) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(2 * 256 + 7, step=10), every=1)

        assert len(rows(path)) < 3 * journal.MERGED
        assert max(level for level, _, _ in rows(path)) == 2
        assert [one for _, one in mine.after(HOUSE, 0, 999)] == kept
        assert mine.totals(HOUSE) is not None


@pytest.mark.slow
def test_large_rows_are_not_worth_merging(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(60 * 40), every=60)

        assert {level for level, _, _ in rows(path)} == {0}


@pytest.mark.slow
def test_rows_of_sealed_readings_go_when_they_are_most(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(3600), every=60)

        assert rows(path) == []


def test_a_damaged_row_is_put_aside_and_the_rest_goes_on(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store(path) as mine:
        fill(mine, readings(30), every=1)
    with sqlite3.connect(path) as file:
        file.execute("UPDATE journal SET data = x'0102030405060708' WHERE first = 20")
    file.close()
    with Store(path) as mine:
        for number in range(40):
            mine.append(reading(START + A_DAY + timedelta(seconds=number)))
            mine.commit()
        ordinals = [ordinal for ordinal, _ in mine.after(HOUSE, 0, 99)]

        assert ordinals == [n for n in range(1, 71) if n != 20]
        assert "reading" in caplog.text
        assert (journal.UNREADABLE, 20, 1) in rows(path)
