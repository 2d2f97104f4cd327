"""Locks that the system takes back when a program ends, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bmsreader.model.errors import UsageError


def locked(path: Path) -> int | None:
    """Return the lock of what lies at ``path``, a file beside it; None where another program has it.

    Raise OSError where no such file can be made. Closing the number gives the lock back.
    """
    import fcntl

    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


@contextmanager
def alone_with(history: Path) -> Iterator[None]:
    """Keep other gateways off a history; raise UsageError when one has it.

    Without this, the one that came later would take the file away from the one that writes it.
    """
    if sys.platform == "win32":
        yield
        return
    try:
        lock = locked(history)
    except OSError:
        yield  # a full or read-only disk: the history itself says so, in its own words
        return
    if lock is None:
        raise UsageError(
            f"another gateway runs here already: it writes the history {history}",
            advice="`bmsreader status` shows it. End that one first, or give this one a history of its own with "
            "--store, or none with --no-store.",
        )
    try:
        yield
    finally:
        os.close(lock)
