"""The one file: opened, explained, moved aside."""

import sqlite3
from pathlib import Path

import pytest

from bmsreader.model.errors import StoreError
from bmsreader.store import database
from tests.clock import START


def test_a_commit_survives_a_power_cut(path: Path) -> None:
    connection = database.open_for_writing(path)

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def test_what_is_not_there_is_said_with_advice(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no history at") as caught:
        database.open_for_reading(tmp_path / "absent")
    assert "bmsreader run" in caught.value.advice
    assert not (tmp_path / "absent").exists()


def test_an_empty_file_and_a_letter_are_no_history(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "letter").write_text("Dear battery, " * 100)

    for name in ("empty", "letter"):
        with pytest.raises(StoreError):
            database.open_for_reading(tmp_path / name)


def test_errors_of_the_disk_become_advice() -> None:
    def fail(code: int) -> sqlite3.Error:
        error = sqlite3.OperationalError("as SQLite says it")
        error.sqlite_errorcode = code
        return error

    with pytest.raises(StoreError, match="as SQLite says it") as caught, database.explained(Path("h")):
        raise fail(sqlite3.SQLITE_FULL)
    assert "Make room" in caught.value.advice
    assert database.is_damage(fail(sqlite3.SQLITE_CORRUPT))
    assert not database.is_damage(fail(sqlite3.SQLITE_BUSY))
    assert not database.is_damage(None)
    with pytest.raises(StoreError, match="No space"), database.explained(Path("h")):
        raise OSError(28, "No space left on device")


def write(connection: sqlite3.Connection, *statements: str) -> None:
    with database.transaction(connection):
        for statement in statements:
            connection.execute(statement)


def test_a_transaction_is_undone_as_a_whole(path: Path) -> None:
    connection = database.open_for_writing(path)
    with pytest.raises(sqlite3.OperationalError):
        write(connection, "INSERT INTO writer VALUES ('me')", "INSERT INTO nothing VALUES (1)")

    assert connection.execute("SELECT count(*) FROM writer").fetchone() == (0,)
    connection.close()


def test_a_damaged_file_keeps_its_log_and_no_name_is_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "h"
    for content in ("one", "two"):
        path.write_text(content)
        Path(f"{path}-wal").write_text(f"log of {content}")
        database.move_aside(path, START)

    assert sorted(found.name for found in tmp_path.iterdir()) == [
        "h.damaged-20260301T120000Z",
        "h.damaged-20260301T120000Z-2",
        "h.damaged-20260301T120000Z-2-wal",
        "h.damaged-20260301T120000Z-wal",
    ]


def test_the_size_is_that_of_file_and_log(tmp_path: Path) -> None:
    (tmp_path / "h").write_bytes(bytes(100))
    (tmp_path / "h-wal").write_bytes(bytes(20))

    assert database.size(tmp_path / "h") == 120
    assert database.size(tmp_path / "absent") == 0
