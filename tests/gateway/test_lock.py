import sys
from pathlib import Path

import pytest

from bmsreader.gateway.lock import alone_with, locked
from bmsreader.model import UsageError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")


def test_a_history_has_one_gateway_at_a_time(tmp_path: Path) -> None:
    history = tmp_path / "history.sqlite3"
    with alone_with(history):
        with pytest.raises(UsageError, match=r"it writes the history .*history\.sqlite3"), alone_with(history):
            pass
        with alone_with(tmp_path / "another.sqlite3"):
            pass
    with alone_with(history):
        pass


def test_where_no_lock_can_be_made_the_history_itself_says_what_is_wrong(tmp_path: Path) -> None:
    with alone_with(tmp_path / "absent" / "history.sqlite3"):
        pass


def test_a_lock_is_a_file_beside_what_it_guards(tmp_path: Path) -> None:
    assert locked(tmp_path / "it") is not None
    assert locked(tmp_path / "it") is None
    assert [file.name for file in tmp_path.iterdir()] == ["it.lock"]
