"""Cut a byte stream into frames, whatever the notifications look like."""

from collections.abc import Sequence
from typing import Protocol

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.description import Framing

Assembled = bytes | FrameRejected


class Cutter(Protocol):
    """Joins notifications into frames: push bytes in, take frames and rejections out."""

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: frames as on the air, and rejections."""

    def flush(self) -> Sequence[Assembled]:
        """Give up what is in progress, because the answer's time is over or the link is gone; return what it was."""

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""


class Assembler:
    """Join notifications into frames: push bytes in, take frames and rejections out.

    Behaves as a byte-wise state machine: outside a frame everything but the start byte is noise and skipped; inside,
    a start byte cuts the frame off and begins the next, the end byte completes it. A frame that exceeds the
    description's limit is given up. Chunk boundaries never matter.
    """

    __slots__ = ("_buffer", "_end", "_ignore", "_limit", "_start")

    def __init__(self, framing: Framing) -> None:
        self._start = framing.start
        self._end = framing.end
        self._ignore = framing.ignore
        self._limit = framing.limit
        self._buffer = b""
        """The frame in progress; empty outside of a frame."""

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: frames with start and end byte, and rejections."""
        whole = self._buffer + chunk
        # The usual notifications, decided by two searches each: a whole begins with its start byte and has no other.
        if whole.rfind(self._start) == 0 and len(whole) <= self._limit:
            end = whole.find(self._end)
            if end < 0:
                if len(whole) < self._limit:
                    self._buffer = whole
                    return ()
            elif end == len(whole) - 1:
                self._buffer = b""
                return (whole.translate(None, self._ignore) if self._ignore else whole,)
        return self._cut(chunk)

    def flush(self) -> Sequence[Assembled]:
        """Give up the frame in progress, because the answer's time is over or the link is gone."""
        return (self._give_up("cut off: no end byte"),) if self._buffer else ()

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return len(self._buffer)

    def _cut(self, chunk: bytes) -> Sequence[Assembled]:
        """Take any bytes: frames, parts of frames, noise."""
        found: list[Assembled] = []
        position = 0
        while position < len(chunk):
            if self._buffer:
                position = self._inside(chunk, position, found)
                continue
            position = chunk.find(self._start, position)
            if position < 0:
                break
            self._buffer = self._start
            position += 1
        return found

    def _inside(self, chunk: bytes, position: int, found: list[Assembled]) -> int:
        """Go on inside a frame up to its end, the next start, the limit, or the end of the chunk."""
        end, start = chunk.find(self._end, position), chunk.find(self._start, position)
        stop = min(at for at in (end, start, len(chunk)) if at >= 0)
        room = self._limit - len(self._buffer)
        if stop == end and stop - position < room:
            frame, self._buffer = self._buffer + chunk[position : end + 1], b""
            found.append(frame.translate(None, self._ignore) if self._ignore else frame)
            return end + 1
        if stop - position >= room:
            self._buffer += chunk[position : position + room]
            found.append(self._give_up(f"no end byte within {self._limit} bytes"))
            return position + room
        self._buffer += chunk[position:stop]
        if stop == start:
            found.append(self._give_up("cut off by the next start byte"))
        return stop

    def _give_up(self, reason: str) -> FrameRejected:
        frame, self._buffer = self._buffer, b""
        return FrameRejected(reason=reason, frame=frame)
