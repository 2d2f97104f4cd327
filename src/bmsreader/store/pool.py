"""Connections for reading: each question has one of its own for its time, so that nobody waits for anybody."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from bmsreader.store.database import explained, transaction
from bmsreader.store.shelf import Shelf, Unpacked

IDLE = 2
"""Connections that are kept for the next question; each has a cache of its own."""


class Pool:
    """Connections of one file, made when they are needed and used again."""

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection]) -> None:
        self.path = path
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._unpacked = Unpacked()
        self._round = 0

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one moment of the file; what SQLite raises becomes a StoreError."""
        with self._lock:
            found = self._idle.pop() if self._idle else None
            begun = self._round
        with explained(self.path):
            connection = found or self._connect(self.path)
            try:
                with transaction(connection):
                    yield connection
            except BaseException:
                connection.close()
                raise
        with self._lock:
            if begun == self._round and len(self._idle) < IDLE:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """Give what is on disk at one moment."""
        with self.connection() as connection:
            yield Shelf(connection, self._unpacked)

    def close(self) -> None:
        """Close the connections; those in use close when they come back."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._round += 1
        self._unpacked = Unpacked()
        for connection in idle:
            connection.close()
