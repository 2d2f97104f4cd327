"""3,600 readings become a segment."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.store import Store, sealing
from bmsreader.store.block import Block
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, reading, readings


def ask(path: Path, query: str) -> list[tuple[int, ...]]:
    with sqlite3.connect(path) as file:
        found = file.execute(query).fetchall()
    file.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("every", [60, 70, 3600, 9000])
def test_segments_have_3600_readings_however_they_came(path: Path, every: int) -> None:
    with Store(path) as mine:
        kept = fill(mine, readings(9000), every=every)
        assert [one for _, one in mine.after(HOUSE, 0, 99_999)] == kept
    with Store(path) as mine:
        assert list(mine.readings(HOUSE, START - A_DAY, START + A_DAY)) == kept
        assert mine.committed(HOUSE) == 9000

    assert ask(path, "SELECT count FROM segment ORDER BY key") == [(3600,), (3600,)]


@pytest.mark.slow
def test_a_reading_takes_few_bytes(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(3600), every=3600)

    ((size,),) = ask(path, "SELECT length(data) FROM segment")
    assert size < 3600 * 4


@pytest.mark.slow
def test_a_battery_that_lost_readings_has_a_shorter_segment(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(60))
        mine._batteries[HOUSE].batch.first = 101  # as if forty readings had been given up on a full disk
        fill(mine, readings(3600, start=START + A_DAY))

        assert ask(path, "SELECT key & 1099511627775, count FROM segment ORDER BY key") == [(1, 60), (101, 3600)]
        assert [ordinal for ordinal, _ in mine.after(HOUSE, 59, 2)] == [60, 101]


@pytest.mark.slow
def test_many_batteries_are_not_sealed_in_one_commit(path: Path) -> None:
    with Store(path) as mine:
        for number in range(5):
            for one in readings(3600, battery=f"battery {number}"):
                mine.append(one)
        sealed = []
        for number in range(3):
            mine.append(reading(START + A_DAY + timedelta(seconds=number)))
            mine.commit()
            sealed += ask(path, "SELECT count(*) FROM segment")

    assert sealed == [(2,), (4,), (5,)]


@pytest.mark.slow
def test_readings_that_came_out_of_order_are_summarised_in_order(path: Path) -> None:
    back = START + timedelta(seconds=1800)
    with Store(path) as mine:
        fill(mine, [*readings(3000), *readings(600, start=back, seed=2)], every=3600)
        history = mine.history(HOUSE, ["soc"], START, START + timedelta(hours=1), 5)
        last = [one for _, one in mine.after(HOUSE, 0, 3600) if one.taken_at < START + timedelta(seconds=2700)]

        assert sum(history.series["soc"].count) == 3600
        assert history.series["soc"].last[2] == max(last, key=lambda one: one.taken_at).soc


@pytest.mark.slow
def test_damaged_summaries_of_a_day_begin_anew(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store(path) as mine:
        fill(mine, readings(3600), every=3600)
        with sqlite3.connect(path) as file:
            file.execute("UPDATE summary SET quarters = x'00'")
        file.close()
        fill(mine, readings(3600, start=START + timedelta(hours=1)), every=3600)
        days = mine.history(HOUSE, ["soc"], START - 9 * A_DAY, START + 9 * A_DAY, 9).series["soc"]

        assert sum(days.count) == 7200
        assert "begin anew" in caplog.text


def test_columns_are_ordered_by_time() -> None:
    ordered = sealing.in_order({"taken_at": [3, 1, 2], "soc": [30, 10, 20]})

    assert ordered == {"taken_at": [1, 2, 3], "soc": [10, 20, 30]}


@pytest.mark.slow
def test_a_segment_is_a_block_like_any_other(path: Path) -> None:
    with Store(path) as mine:
        mine.append(reading())
        fill(mine, readings(3599, start=START + A_DAY), every=3599)
    with sqlite3.connect(path) as file:
        (data,) = file.execute("SELECT data FROM segment").fetchone()
    file.close()

    assert Block(data).count == 3600
