"""Looking through the whole file: every segment, mini-batch and summary is unpacked and compared with its checksum."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bmsreader.model.errors import StoreError
from bmsreader.store.block import Block
from bmsreader.store.database import explained, open_for_reading, size
from bmsreader.store.rowkeys import BATTERY_BITS, ORDINALS
from bmsreader.store.strip import Strip

TABLES = (
    ("segment", "SELECT key, count, data FROM segment ORDER BY key"),
    ("journal", "SELECT number, count, data FROM journal ORDER BY number"),
    ("summary", "SELECT key, NULL, quarters FROM summary ORDER BY key"),
    ("fine", "SELECT key, NULL, data FROM fine ORDER BY key"),
    ("stretch", "SELECT key, NULL, days FROM stretch UNION ALL SELECT key, NULL, hours FROM stretch"),
)
STRIPS = ("fine", "stretch")

Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


def silent(done: int, whole: int) -> None:
    """Tell nobody how much is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a history file holds, and what of it is damaged."""

    path: Path
    size: int
    """Bytes on disk."""
    batteries: int
    segments: int
    readings: int
    """Sealed ones, and those that are not sealed yet."""
    summaries: int
    """Days of a field."""
    problems: tuple[str, ...]
    """What is wrong, in words; empty when everything is sound."""

    @property
    def ok(self) -> bool:
        """Whether everything is sound."""
        return not self.problems


def check(path: Path, progress: Progress = silent) -> Checked:
    """Read everything; raise StoreError when the file cannot be opened at all. A gateway may write meanwhile."""
    connection = open_for_reading(path)
    try:
        with explained(path):
            connection.execute("BEGIN")  # one moment of the file; a damaged one would not even commit
            return _check(connection, path, progress)
    finally:
        connection.close()


def _check(connection: sqlite3.Connection, path: Path, progress: Progress) -> Checked:
    problems = _of_the_database(connection)
    counts = {name: connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] for name, query in TABLES}  # noqa: S608 - our queries
    whole, done = sum(counts.values()), 0
    for name, query in TABLES:
        try:
            for key, count, data in connection.execute(query):
                problem = _of_a_strip(data) if name in STRIPS else _of_a_block(data, count)
                if problem:
                    problems.append(f"{_where(name, key)}: {problem}")
                done += 1
                progress(done, whole)
        except sqlite3.DatabaseError as error:
            problems.append(f"{name}: {error}")
    sealed = connection.execute("SELECT coalesce(sum(count), 0) FROM segment").fetchone()[0]
    waiting = connection.execute(
        "SELECT coalesce(sum(count), 0) FROM journal JOIN battery ON battery.number = journal.battery "
        "WHERE first > sealed"
    ).fetchone()[0]
    return Checked(
        path=path,
        size=size(path),
        batteries=connection.execute("SELECT count(*) FROM battery").fetchone()[0],
        segments=counts["segment"],
        readings=sealed + waiting,
        summaries=counts["summary"],
        problems=tuple(problems),
    )


def _of_the_database(connection: sqlite3.Connection) -> list[str]:
    try:
        found = [text for (text,) in connection.execute("PRAGMA quick_check")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    return [] if found == ["ok"] else found


def _of_a_block(data: bytes, count: int | None) -> str:
    """Return what is wrong with a block; empty when nothing is."""
    try:
        block = Block(data)
        for name in block.names:
            block.column(name)
    except StoreError as error:
        return str(error)
    return "" if count in (None, block.count) else f"{block.count} readings where {count} belong"


def _of_a_strip(data: bytes) -> str:
    """Return what is wrong with a strip; empty when nothing is."""
    try:
        short = Strip(data)
        for name in short.names:
            short.columns(name)
    except StoreError as error:
        return str(error)
    return ""


def _where(table: str, key: int) -> str:
    if table == "segment":
        return f"battery {key >> BATTERY_BITS}, the segment from reading {key & ORDINALS} on"
    return f"{table} {key}"
