"""Single readings go when they are old or too much; summaries stay."""

from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.store import Store, database, retention
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings


@pytest.mark.slow
def test_readings_beyond_the_age_go_and_their_summaries_stay(path: Path) -> None:
    with Store(path, keep_days=2, now=lambda: START + 4 * A_DAY) as mine:
        kept = fill(mine, readings(3 * 3600, step=24), every=3600)
        left = list(mine.readings(HOUSE, START - A_DAY, START + 9 * A_DAY))

        assert left == kept[3600:] or left == kept[7200:]
        assert sum(mine.history(HOUSE, ["soc"], START, START + 9 * A_DAY, 30).series["soc"].count) == 3 * 3600
        assert sum(mine.history(HOUSE, ["soc"], START, START + A_DAY / 2, 999).series["soc"].count) > 1700
        first = mine.after(HOUSE, 0, 1)[0]
        assert first == (len(kept) - len(left) + 1, left[0])


@pytest.mark.slow
def test_the_oldest_readings_go_when_the_file_grows_beyond_its_size(path: Path) -> None:
    with Store(path, keep_megabytes=0.1) as mine:
        kept = fill(mine, readings(16 * 3600), every=3600)
        left = list(mine.readings(HOUSE, START - A_DAY, START + 9 * A_DAY))

        assert left == kept[-len(left) :]
        assert 3600 <= len(left) < 10 * 3600
    assert database.size(path) < 250_000


@pytest.mark.slow
def test_the_file_becomes_smaller_when_much_of_it_is_free(path: Path) -> None:
    with Store(path) as mine:
        fill(mine, readings(4 * 3600), every=3600)
    connection = database.open_for_writing(path)
    before = retention.used_pages(connection)
    gone = retention.by_age(connection, 1 << 62)
    while retention.give_back(connection, keep=0):
        pass
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()

    assert gone == 4 * 3600
    assert pages < before / 2


@pytest.mark.slow
def test_nothing_happens_while_there_is_room(path: Path) -> None:
    with Store(path, keep_megabytes=100, keep_days=1000, now=lambda: START + A_DAY) as mine:
        kept = fill(mine, readings(3600), every=3600)

        assert list(mine.readings(HOUSE, START, START + timedelta(days=1))) == kept
