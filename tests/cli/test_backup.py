"""`bmsreader backup`."""

from pathlib import Path

import pytest

from bmsreader.store import Store
from tests.cli.surroundings import invoke, lines_of
from tests.store.batteries import fill, readings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "history.sqlite3"
    with Store(path) as mine:
        fill(mine, readings(100))
    return path


def test_the_copy_is_a_history_like_any_other(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    (copied,) = lines_of(invoke("backup", str(target), "--store", str(path), "--json"))
    (checked,) = lines_of(invoke("history", "check", "--store", str(target), "--json"))

    assert copied == {"file": str(target), "size": target.stat().st_size}
    assert (checked["ok"], checked["readings"]) == (True, 100)


def test_nothing_is_overwritten_unasked(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "letter"
    target.write_text("Dear battery")

    assert invoke("backup", str(target), "--store", str(path)).exit_code == 2
    assert target.read_text() == "Dear battery"
    assert "kB" in invoke("backup", str(target), "--store", str(path), "--overwrite").stderr


def test_without_a_history_there_is_nothing_to_copy(tmp_path: Path) -> None:
    result = invoke("backup", str(tmp_path / "copy"), "--store", str(tmp_path / "absent"))

    assert result.exit_code == 6
    assert list(tmp_path.iterdir()) == []
