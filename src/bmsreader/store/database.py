"""The one file of the history: how it is opened, what its failures mean, and what becomes of a damaged one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bmsreader.model.errors import StoreError
from bmsreader.store import migrations

PAGE = 1024
"""Bytes. A mini-batch takes about half of it: larger pages would write the same readings again with each commit."""
CHECKPOINT = 512
"""Pages in the write-ahead log before they are copied into the file: half a megabyte, written over and over."""
PATIENCE = 30.0
"""s that a writer waits for another one (`bmsreader history prune` beside a gateway)."""
COMPANIONS = ("", "-wal", "-shm")
"""What SQLite has beside a file while it is open."""
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})

ADVICE = {
    sqlite3.SQLITE_FULL: "Make room on the disk, or set store.keep_megabytes; new readings wait in memory meanwhile.",
    sqlite3.SQLITE_READONLY: "Give the user that bmsreader runs as the right to write the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "See whether the folder exists and bmsreader may use it.",
    sqlite3.SQLITE_BUSY: "Another program writes the history; end it, or try again in a moment.",
}


def primary(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code of an error; 0 where it has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_damage(error: BaseException | None) -> bool:
    """Whether an error says that the file itself is damaged, and will stay so."""
    return isinstance(error, sqlite3.Error) and primary(error) in DAMAGED


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Let what SQLite raises become a StoreError with advice."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}", advice=ADVICE.get(primary(error))) from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error


CACHE = 256
"""KiB of the file that each connection keeps in memory; the system's own cache has the rest, for all of them."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open or create the file, up to date; a commit that returned survives a power cut."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
        # FULL: the log is synced at each commit. NORMAL would only keep the file sound, not the last minutes in it.
        connection.execute("PRAGMA synchronous = FULL")
        # Debian's SQLite overwrites what is deleted with zeros; readings of a battery are worth no second writing.
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: also through the drive's own cache
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
        connection.execute(f"PRAGMA journal_size_limit = {2 * CHECKPOINT * PAGE}")
        migrations.migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an existing file beside whoever writes it; raise StoreError when it is absent, damaged or not ours."""
    if not path.is_file():
        raise StoreError(
            f"there is no history at {path}",
            advice="`bmsreader run` begins one; --store FILE names one that lies elsewhere.",
        )
    with explained(path):
        try:
            return _checked(path, "mode=ro")
        except sqlite3.OperationalError as error:
            # Whoever may not write the folder cannot make SQLite's lock file. Nobody writes either if there is no log.
            if primary(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or Path(f"{path}-wal").exists():
                raise
            return _checked(path, "mode=ro&immutable=1")


def _checked(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
        if not migrations.check(connection, path):
            raise StoreError(f"{path} is empty", advice="`bmsreader run` fills it.")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, how: str = "DEFERRED") -> Iterator[None]:
    """Do everything inside, or nothing; reading inside sees one moment."""
    connection.execute(f"BEGIN {how}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            try:
                connection.execute("ROLLBACK")
            except sqlite3.Error:
                pass  # the disk is in no state to do that either; what was begun is dropped with the next opening
        raise


def move_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged file, with what SQLite has beside it, so that a new one can begin; return its new name."""
    stem = f"{path}.damaged-{now:%Y%m%dT%H%M%SZ}"
    target, number = stem, 1
    while Path(target).exists():
        number += 1
        target = f"{stem}-{number}"
    for companion in COMPANIONS:
        try:
            os.replace(f"{path}{companion}", f"{target}{companion}")  # noqa: PTH105 - names, not paths: they only differ in the end
        except FileNotFoundError:
            pass  # no log beside it
    return Path(target)


def size(path: Path) -> int:
    """Return the bytes that the history takes on disk, with its log."""
    total = 0
    for companion in COMPANIONS[:2]:
        try:
            total += Path(f"{path}{companion}").stat().st_size
        except OSError:
            pass  # not there, or not to be looked at: nothing to add
    return total
