"""Cut lines of text from a byte stream."""

from collections.abc import Sequence

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.description import Framing

PORTION = 1024
"""Bytes that are looked at in one go: what remains is copied for each line in them."""


class Lines:
    """Join notifications into lines: from the start mark, where there is one, to the end mark.

    Empty lines are dropped, and so is what comes before a start mark. What follows a line that was given up because
    it had no end belongs to it. Without an end mark a text ends where the next one starts, or with a pause. Chunk
    boundaries never matter.
    """

    def __init__(self, framing: Framing) -> None:
        self._start = framing.start
        self._end = framing.end
        self._tail = len(framing.end) + framing.behind
        self._limit = framing.limit
        self._buffer = b""
        self._given_up = False

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: lines with their marks, and rejections."""
        found: list[Assembled] = []
        for start in range(0, len(chunk), PORTION):
            self._buffer += chunk[start : start + PORTION]
            (self._take if self._end else self._part)(found)
        return found

    def _take(self, found: list[Assembled]) -> None:
        """Take the lines that have their end."""
        while True:
            end = self._buffer.find(self._end, 0, self._limit)
            if end >= 0 and end + self._tail > len(self._buffer):
                return
            if end >= 0:
                line, self._buffer = self._buffer[: end + self._tail], self._buffer[end + self._tail :]
                if not self._given_up:
                    found += self._whole(line)
                self._given_up = False
            elif len(self._buffer) >= self._limit:
                kept = self._limit - len(self._end) + 1  # the end mark may have begun
                if not self._given_up:
                    reason = f"no end within {self._limit} bytes"
                    found.append(FrameRejected(reason=reason, frame=self._buffer[: self._limit]))
                self._buffer, self._given_up = self._buffer[kept:], True
            else:
                return

    def flush(self) -> Sequence[Assembled]:
        """Give up the line in progress, because the answer's time is over or the link is gone."""
        part, self._buffer = self._buffer, b""
        if not self._end:
            if not part.startswith(self._start) or not part[len(self._start) :].strip():
                return ()
            return (self._sized(part),)
        given_up, self._given_up = self._given_up, False
        at = part.find(self._start)
        if given_up or at < 0 or not part.strip():
            return ()
        return (FrameRejected(reason="cut off: no end of the line", frame=part[at:]),)

    @property
    def pending(self) -> int:
        """Bytes of the line in progress."""
        return len(self._buffer)

    def _part(self, found: list[Assembled]) -> None:
        """Take the texts before the last start mark; what comes before the first one is noise."""
        first = self._buffer.find(self._start)
        if first < 0:
            self._buffer = self._buffer[1 - len(self._start) :] if len(self._start) > 1 else b""
            return
        self._buffer = self._buffer[first:]
        while (following := self._buffer.find(self._start, len(self._start))) > 0:
            text, self._buffer = self._buffer[:following], self._buffer[following:]
            if text[len(self._start) :].strip():
                found.append(self._sized(text))
        if len(self._buffer) >= self._limit + len(self._start):
            self._buffer = self._buffer[: self._limit + len(self._start)]

    def _sized(self, text: bytes) -> Assembled:
        too_long = FrameRejected(reason=f"longer than {self._limit} bytes", frame=text)
        return text if len(text) <= self._limit else too_long

    def _whole(self, line: bytes) -> Sequence[Assembled]:
        """Return what a line holds; where it has a second start mark, its first part has lost its end."""
        at = line.find(self._start)
        if at < 0 or not line[at + len(self._start) : -self._tail].strip():
            return ()
        again = line.rfind(self._start, at + 1) if self._start else -1
        if again < 0:
            return (line[at:],)
        cut_off = FrameRejected(reason="cut off by the next start mark", frame=line[at:again])
        return (cut_off, line[again:])
