"""The tables, built step by step."""

import sqlite3

import pytest

from bmsreader.model.errors import StoreError
from bmsreader.store import migrations
from bmsreader.store.migrations import APPLICATION, MIGRATIONS, applied, check, migrate

NEXT = (*MIGRATIONS, ("notes", "CREATE TABLE note (text TEXT)"))


@pytest.fixture
def file() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def test_a_new_file_takes_all_steps_once(file: sqlite3.Connection) -> None:
    assert migrate(file, "new") == [name for name, _ in MIGRATIONS]
    assert migrate(file, "new") == []
    assert file.execute("PRAGMA application_id").fetchone() == (APPLICATION,)


def test_an_older_file_takes_the_steps_that_it_lacks(file: sqlite3.Connection) -> None:
    migrate(file, "old")

    assert migrate(file, "old", NEXT) == ["notes"]
    assert applied(file) == tuple(name for name, _ in NEXT)


def test_a_newer_file_stays_as_it_is_and_says_what_to_do(file: sqlite3.Connection) -> None:
    migrate(file, "new", NEXT)

    with pytest.raises(StoreError, match="newer bmsreader") as caught:
        migrate(file, "new")
    assert "Update bmsreader" in caught.value.advice


def test_the_database_of_another_program_is_refused(file: sqlite3.Connection) -> None:
    file.execute("CREATE TABLE photos (name TEXT)")

    with pytest.raises(StoreError, match="another program"):
        check(file, "photos.db")


def test_a_step_happens_as_a_whole_or_not_at_all(file: sqlite3.Connection) -> None:
    migrate(file, "file")
    broken = (*MIGRATIONS, ("half", "CREATE TABLE half (x); CREATE TABLE half (x)"))

    with pytest.raises(sqlite3.Error):
        migrate(file, "file", broken)
    assert not file.in_transaction
    assert applied(file) == tuple(name for name, _ in MIGRATIONS)
    assert file.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchone() is None


def test_steps_have_names_of_their_own() -> None:
    names = [name for name, _ in migrations.MIGRATIONS]

    assert len(set(names)) == len(names)
