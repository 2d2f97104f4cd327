"""Every reading as one line of JSON, to standard output or a file."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.errors import PublishError
from bmsreader.model.reading import Reading
from bmsreader.publishers.own_thread import OwnThread
from bmsreader.publishers.standing import standing

STANDARD_OUTPUT = 1
BATCH = 1000
"""Readings that are written and brought to disk at once."""


class Settings(Protocol):
    """The settings of `[lines]`."""

    @property
    def path(self) -> Path | None: ...


class LinesPublisher:
    """Appends to a file, or writes to standard output.

    A file has the readings on disk when they count as delivered. It is opened for each batch, so it may be renamed or
    deleted at any time, as logrotate does. Whoever reads standard output may stop reading: only this publisher waits.
    """

    name = "lines"
    batch = BATCH

    def __init__(self, settings: Settings, *, descriptor: int = STANDARD_OUTPUT) -> None:
        self._path = settings.path
        self._descriptor = descriptor
        self._thread = OwnThread("publisher lines")

    @property
    def from_now(self) -> bool:
        """Whether what came before the start is of no interest: a file gets all readings, standard output new ones."""
        return self._path is None

    async def deliver(self, battery: BatteryInfo, readings: Sequence[Reading]) -> None:
        """Write the readings; raise PublishError when the disk is full or nobody reads any more."""
        await self._thread.run(lambda: self._write(b"".join(line(battery, reading) for reading in readings)))

    async def tell(self, snapshot: Snapshot) -> None:
        """Write which state the battery came into; raise as ``deliver`` does."""
        await self._thread.run(lambda: self._write(state_line(snapshot)))

    def _write(self, text: bytes) -> None:
        try:
            if self._path is None:
                # Not through sys.stdout: a thread that waits there for a reader would crash the end of the program.
                write_all(self._descriptor, text)
            else:
                append(self._path, text)
        except OSError as error:
            where = self._path or "standard output"
            raise PublishError(
                f"{where} cannot be written: {error.strerror or error}",
                advice="Is there room on the disk, and may bmsreader write there?",
            ) from error


def line(battery: BatteryInfo, reading: Reading) -> bytes:
    """Return one line: the reading's values, and the battery's name under ``name``."""
    found = {"name": battery.name, **reading.as_dict()}
    del found["frames"]  # the history does not keep them
    return _line(found)


def state_line(snapshot: Snapshot) -> bytes:
    """Return one line that says which state the battery came into."""
    return _line({"name": snapshot.info.name, "battery": snapshot.info.id, **standing(snapshot)})


def _line(found: dict[str, Any]) -> bytes:
    return json.dumps(found, separators=(", ", ": "), ensure_ascii=False).encode() + b"\n"


def append(path: Path, text: bytes) -> None:
    """Append whole lines to a file and bring them to disk; what a full disk or a power cut left half is ended first.

    Nothing is left behind by a write that fails: the file is cut back to where it was.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o640)
    try:
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":
                text = b"\n" + text
        try:
            write_all(descriptor, text)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def write_all(descriptor: int, text: bytes) -> None:
    """Write all of a text, however little is taken at a time."""
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
