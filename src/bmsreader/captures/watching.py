"""A file that tells how far it was read: large captures take their time."""

import os
from collections.abc import Callable
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

Tell = Callable[[float, float], None]
"""Called with the bytes that are read, and with all that there are."""

PIECE = 1 << 20
"""Bytes that are read at once."""


class Watched(RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, tell: Tell) -> None:
        self._file = file
        self._tell = tell
        self._size = os.fstat(file.fileno()).st_size

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def seekable(self) -> bool:
        """Return True: captures are looked at from their beginning again."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def readinto(self, buffer: object) -> int:
        """Read the next bytes, and tell how many are read."""
        view = memoryview(cast("bytearray", buffer)).cast("B")
        data = self._file.read(len(view))
        view[: len(data)] = data
        self._tell(float(self._file.tell()), float(self._size))
        return len(data)


def watched(file: BinaryIO, tell: Tell) -> BinaryIO:
    """Return a file that tells how far it was read."""
    return cast("BinaryIO", BufferedReader(Watched(file, tell), PIECE))
