"""Deleting old single readings by hand, beside a gateway that may be writing."""

from datetime import datetime
from pathlib import Path

from bmsreader.store import retention
from bmsreader.store.checking import Progress, silent
from bmsreader.store.content import milliseconds
from bmsreader.store.database import explained, open_for_reading, open_for_writing, transaction


def prune(path: Path, before: datetime, progress: Progress = silent) -> int:
    """Delete segments that ended before a moment and make the file smaller; return how many readings went.

    Summaries and gaps stay. It is done in small steps, so that a gateway hardly waits. Raise StoreError where the
    file is absent, damaged or may not be written. ``progress`` is called with the readings that went; how many there
    will be is not known.
    """
    open_for_reading(path).close()  # never create a file, and say clearly what is wrong with one
    gone = 0
    with explained(path):
        connection = open_for_writing(path)
        try:
            while True:
                with transaction(connection, "IMMEDIATE"):
                    some = retention.by_age(connection, milliseconds(before))
                if not some:
                    break
                gone += some
                progress(gone, 0)
            while gone and retention.give_back(connection, keep=0):
                progress(gone, 0)
        finally:
            connection.close()
    return gone
