"""A copy of the history while the gateway goes on writing it."""

import os
import sqlite3
from pathlib import Path

from bmsreader.model.errors import StoreError
from bmsreader.store.checking import Progress, silent
from bmsreader.store.database import explained, open_for_reading, transaction

PAGES = 2000
"""Pages copied from one sign of life to the next."""


def back_up(path: Path, target: Path, progress: Progress = silent) -> None:
    """Copy the history into one file that is complete and checked when it appears; raise StoreError otherwise.

    The copy shows one moment: the source is held in a read transaction, which stops neither the gateway nor readers.
    """
    part = target.with_name(f"{target.name}.part")
    source = open_for_reading(path)
    try:
        with explained(target):
            part.unlink(missing_ok=True)
            _copy(source, part, progress)
            part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        source.close()


def _copy(source: sqlite3.Connection, part: Path, progress: Progress) -> None:
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        with transaction(source):
            source.execute("SELECT count(*) FROM battery").fetchone()  # from here on it sees this moment only
            source.backup(copy, pages=PAGES, progress=lambda _status, left, whole: progress(whole - left, whole))
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        complaint = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if complaint != "ok":
            raise StoreError(f"the copy is not sound: {complaint}", advice="Look at both disks.")
    finally:
        copy.close()
    with part.open("rb+") as file:
        os.fsync(file.fileno())
