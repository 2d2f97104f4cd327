"""What segments of an older program lack is made little by little."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.store import Store
from tests.clock import START
from tests.store.batteries import A_DAY, fill, readings

pytestmark = pytest.mark.slow


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as file:
        found = file.execute(query).fetchall()
    file.close()
    return found


def made_old(path: Path) -> list[list[tuple[object, ...]]]:
    """Take away what an older program did not know; return what there was."""
    had = [ask(path, "SELECT * FROM fine"), ask(path, "SELECT * FROM gap WHERE before IS NOT NULL")]
    ask(path, "DELETE FROM fine")
    ask(path, "UPDATE gap SET before = NULL, after = NULL")
    ask(path, "UPDATE battery SET older = (SELECT max(key) + 1 FROM segment)")
    return had


def test_old_segments_get_their_short_values_and_gaps_their_sides(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, [*readings(5000), *readings(2200, start=START + A_DAY)], every=900)
        fill(mine, list(readings(3600, start=START + 2 * A_DAY)), every=900)
    had = made_old(path)
    assert [len(rows) for rows in had] == [3, 2]
    with Store(path) as mine:
        fill(mine, list(readings(4, start=START + 3 * A_DAY)), every=1)

    assert [ask(path, "SELECT * FROM fine"), ask(path, "SELECT * FROM gap WHERE before IS NOT NULL")] == had
    assert ask(path, "SELECT older FROM battery") == [(None,)]


def test_old_segments_that_need_nothing_are_not_even_unpacked(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(7200, step=20)), every=900)
    made_old(path)
    ask(path, "UPDATE segment SET data = x'00'")
    with Store(path) as mine:
        fill(mine, list(readings(2, start=START + 9 * A_DAY)), every=1)

    assert ask(path, "SELECT older FROM battery") == [(None,)]


def test_a_damaged_segment_holds_nothing_up(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store(path) as mine:
        fill(mine, list(readings(7200)), every=900)
    made_old(path)
    ask(path, "UPDATE segment SET data = x'00' WHERE key = (SELECT max(key) FROM segment)")
    with Store(path) as mine:
        fill(mine, list(readings(3, start=START + timedelta(days=9))), every=1)

    assert len(ask(path, "SELECT 1 FROM fine")) == 1
    assert "damaged" in caplog.text
