"""Captures inside other files: the zip of an Android bug report, a zip or gzip that was attached to an issue."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from bmsreader.model.errors import CaptureError

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b\x08"

LARGEST = 1 << 30
"""Bytes that a file may have once it is unpacked."""
MOST = 50_000
"""Files in a zip that are looked at."""

LIKELY = ("btsnoop", "bugreport", ".pklg", ".pcap", ".cfa", ".log", ".txt", ".jsonl")
"""What the names of captures in a zip contain, the likeliest first; names without any of these are not opened."""

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, RuntimeError, ValueError, struct.error)
"""What Python raises when a packed file is damaged, needs a password or is packed in an unusual way."""


class Bounded(RawIOBase):
    """A packed file that ends with an error when it unpacks to more than anyone can mean."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        self._file = file
        self._source = source
        self._left = LARGEST

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read the next bytes; raise CaptureError when the packed file is damaged or too large."""
        view = memoryview(cast("bytearray", buffer)).cast("B")
        try:
            data = self._file.read(len(view))
        except DAMAGED as error:
            raise CaptureError(f"{self._source}: damaged: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise CaptureError(f"{self._source}: unpacks to more than {LARGEST >> 20} MB")
        view[: len(data)] = data
        return len(data)


def members(file: BinaryIO, source: str) -> list[str]:
    """Return the names in a zip that may be captures, the likeliest first; raise CaptureError when it is damaged."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = [
                entry.filename
                for entry in packed.infolist()[:MOST]
                if entry.filename and not entry.is_dir() and entry.file_size
            ]
    except DAMAGED as error:
        raise CaptureError(f"{source}: a damaged zip file: {error}") from error
    ranked = [(_rank(name), number, name) for number, name in enumerate(names)]
    return [name for rank, _, name in sorted(ranked) if rank < len(LIKELY) or len(names) == 1]


def _rank(name: str) -> int:
    name = name.lower()
    return next((rank for rank, part in enumerate(LIKELY) if part in name), len(LIKELY))


def member_of(path: Path, suffix: str, *, most: int) -> bytes:
    """Return the first bytes of the only file in a zip whose name ends so; none where there is none, or no zip."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = [name for name in packed.namelist()[:MOST] if name.endswith(suffix)]
            if len(names) != 1:
                return b""
            with packed.open(names[0]) as member:
                return member.read(most)
    except DAMAGED:
        return b""


@contextmanager
def opened_member(file: BinaryIO, name: str, source: str) -> Iterator[BinaryIO]:
    """Open a file in a zip."""
    try:
        packed = zipfile.ZipFile(file)
        member = packed.open(name)
    except DAMAGED as error:
        raise CaptureError(f"{source}: {name} in it is damaged: {error}") from error
    with packed, member:
        yield cast("BinaryIO", BufferedReader(Bounded(cast("BinaryIO", member), f"{source}: {name}"), 1 << 16))


@contextmanager
def opened_gzip(file: BinaryIO, source: str) -> Iterator[BinaryIO]:
    """Open what a gzip file holds."""
    with gzip.GzipFile(fileobj=file) as unpacked:
        yield cast("BinaryIO", BufferedReader(Bounded(cast("BinaryIO", unpacked), source), 1 << 16))
