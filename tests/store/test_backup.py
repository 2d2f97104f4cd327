"""A copy while the gateway goes on."""

from pathlib import Path

import pytest

from bmsreader.model.errors import StoreError
from bmsreader.store import Reader, Store
from bmsreader.store.backup import back_up
from bmsreader.store.checking import check
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings


@pytest.mark.slow
def test_the_copy_is_one_file_and_shows_one_moment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bmsreader.store.backup.PAGES", 5)
    target = path.with_name("copy.sqlite3")
    with Store(path) as mine:
        kept = fill(mine, readings(3700), every=3700)
        later = readings(3700, start=START + A_DAY)

        def meanwhile(done: int, whole: int) -> None:
            mine.append(next(later))
            mine.commit()

        back_up(path, target, meanwhile)
        assert mine.committed(HOUSE) > 3702

    assert sorted(one.name for one in path.parent.iterdir() if "copy" in one.name) == ["copy.sqlite3"]
    assert check(target).ok
    with Reader(target) as copy:
        assert list(copy.readings(HOUSE, START, START + 9 * A_DAY)) == kept


def test_a_copy_that_fails_leaves_nothing_behind(path: Path, tmp_path: Path) -> None:
    Store(path).close()
    with pytest.raises(StoreError):
        back_up(path, tmp_path / "absent" / "copy")
    with pytest.raises(StoreError):
        back_up(tmp_path / "absent", tmp_path / "copy")

    assert list(tmp_path.iterdir()) == []
