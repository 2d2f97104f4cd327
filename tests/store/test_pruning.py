"""Deleting old readings by hand."""

from pathlib import Path

import pytest

from bmsreader.model.errors import StoreError
from bmsreader.store import Store
from bmsreader.store.pruning import prune
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings


@pytest.mark.slow
def test_old_readings_go_beside_a_gateway_that_writes(path: Path) -> None:
    told = []
    with Store(path) as mine:
        kept = fill(mine, readings(2 * 3600 + 100), every=3600)
        assert prune(path, START + A_DAY, lambda gone, _whole: told.append(gone)) == 7200
        fill(mine, readings(10, start=START + A_DAY))

        assert list(mine.readings(HOUSE, START, START + A_DAY)) == kept[7200:]
        assert sum(mine.history(HOUSE, ["soc"], START, START + A_DAY, 96).series["soc"].count) == 7300
    assert told[-1] == 7200
    assert path.stat().st_size < 60_000


def test_where_there_is_no_history_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        prune(tmp_path / "absent", START)

    assert list(tmp_path.iterdir()) == []
