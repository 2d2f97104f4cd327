"""Cut JSON objects and lists from a byte stream by their braces."""

from collections.abc import Sequence

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.description import Framing
from bmsreader.protocol.texts import DEEPEST

_OPEN, _CLOSE, _SPACE = b"{[", b"}]", b" \t\r\n"
_BEFORE_OPEN = b":,[{"
"""What may stand before a bracket that opens; after anything else another answer begins."""

PORTION = 1024
"""Bytes that are looked at in one go: what is given up is copied for each new start."""


class Braces:
    """Join notifications into JSON texts: from a bracket to the one that closes it; all between them is noise.

    A bracket where none can be, an end of line within a string, or too many levels show that a notification was lost:
    what was begun is given up, and the search goes on inside it. Chunk boundaries never matter.
    """

    def __init__(self, framing: Framing) -> None:
        self._start = framing.start or b"{"
        self._limit = framing.limit
        self._buffer = b""
        self._begin()

    def _begin(self) -> None:
        """Forget what was read of the text in progress."""
        self._at = 0
        self._closers = b""
        self._quoted = self._escaped = False
        self._before = ord(":")

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: JSON texts, and rejections."""
        found: list[Assembled] = []
        for start in range(0, max(1, len(chunk)), PORTION):
            self._buffer += chunk[start : start + PORTION]
            self._take(found)
        return found

    def _take(self, found: list[Assembled]) -> None:
        while self._seek():
            reason = self._read()
            if reason is None:
                return
            if reason:
                self._give_up(reason, found)
            else:
                found.append(self._buffer[: self._at])
                self._buffer = self._buffer[self._at :]
                self._begin()

    def flush(self) -> Sequence[Assembled]:
        """Give up the text in progress, because the answer's time is over; whole ones within it are kept."""
        found: list[Assembled] = []
        while self._buffer.startswith(self._start):
            self._give_up("cut off: a bracket is not closed", found)
            found += self.feed(b"")
        self._buffer = b""
        self._begin()
        return found

    @property
    def pending(self) -> int:
        """Bytes of the text in progress."""
        return len(self._buffer)

    def _seek(self) -> bool:
        """Drop what stands before the next start; return whether one is there, whole."""
        if self._at:
            return True
        at = self._buffer.find(self._start)
        if at < 0:
            partly = range(min(len(self._start) - 1, len(self._buffer)), 0, -1)
            at = next((len(self._buffer) - n for n in partly if self._buffer.endswith(self._start[:n])), -1)
            self._buffer = self._buffer[at:] if at >= 0 else b""
            return False
        self._buffer = self._buffer[at:]
        return bool(self._buffer)

    def _read(self) -> str | None:
        """Read on; return an empty text when the last bracket closed, a reason to give up, or None for more bytes."""
        while self._at < len(self._buffer):
            if self._at >= self._limit:
                return f"no end within {self._limit} bytes"
            byte = self._buffer[self._at]
            wrong = self._in_string(byte) if self._quoted else self._outside(byte)
            if wrong:
                return wrong
            self._at += 1
            if not self._closers:
                return ""
        return None

    def _in_string(self, byte: int) -> str:
        if byte < 0x20:
            return "a string does not end"
        if self._escaped:
            self._escaped = False
        elif byte == ord("\\"):
            self._escaped = True
        elif byte == ord('"'):
            self._quoted, self._before = False, byte
        return ""

    def _outside(self, byte: int) -> str:
        if byte in _SPACE:
            return ""
        if byte in _OPEN:
            if self._before not in _BEFORE_OPEN or (byte, self._before) == (ord("{"), ord("{")):
                return "cut off by the next bracket"
            if len(self._closers) >= DEEPEST:
                return f"more than {DEEPEST} levels deep"
            self._closers += _CLOSE[_OPEN.index(byte) : _OPEN.index(byte) + 1]
        elif byte in _CLOSE:
            if byte != self._closers[-1]:
                return "a bracket is closed that was not opened"
            self._closers = self._closers[:-1]
        elif byte == ord('"'):
            if self._before not in _BEFORE_OPEN:
                return "a string where none can be"
            self._quoted = True
        self._before = byte
        return ""

    def _give_up(self, reason: str, found: list[Assembled]) -> None:
        """Reject what was begun as far as the next start within it."""
        following = self._buffer.find(self._start, 1, max(self._at + 1, 2))
        end = following if following > 0 else max(self._at, 1)
        found.append(FrameRejected(reason=reason, frame=self._buffer[:end]))
        self._buffer = self._buffer[end:]
        self._begin()
