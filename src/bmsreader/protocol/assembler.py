"""Cut a byte stream into frames, whatever the notifications look like."""

from collections.abc import Sequence

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.description import Framing

Assembled = bytes | FrameRejected


class Assembler:
    """Join notifications into frames: push bytes in, take frames and rejections out.

    Behaves as a byte-wise state machine: outside a frame everything but the start byte is noise and skipped; inside,
    a start byte cuts the frame off and begins the next, the end byte completes it. A frame that exceeds the
    description's limit is given up. Chunk boundaries never matter.
    """

    __slots__ = ("_end", "_ignore", "_inside", "_limit", "_parts", "_size", "_start")

    def __init__(self, framing: Framing) -> None:
        self._start = framing.start
        self._end = framing.end
        self._ignore = framing.ignore
        self._limit = framing.limit
        self._parts: list[bytes] = []
        self._size = 0
        self._inside = False

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: frames with start and end byte, and rejections."""
        if self._inside and self._size + len(chunk) <= self._limit and self._start not in chunk:
            if self._end not in chunk:  # the usual case: the middle of a frame
                self._parts.append(chunk)
                self._size += len(chunk)
                return ()
        elif not self._inside and self._start not in chunk:
            return ()
        return self._cut(chunk)

    def flush(self) -> Sequence[Assembled]:
        """Give up the frame in progress, because the answer's time is over or the link is gone."""
        if not self._inside:
            return ()
        return (self._give_up("cut off: no end byte"),)

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return self._size if self._inside else 0

    def _cut(self, chunk: bytes) -> Sequence[Assembled]:
        found: list[Assembled] = []
        position = 0
        while position < len(chunk):
            if not self._inside:
                position = chunk.find(self._start, position)
                if position < 0:
                    break
                self._open(chunk[position : position + 1])
                position += 1
                continue
            position = self._inner(chunk, position, found)
        return found

    def _inner(self, chunk: bytes, position: int, found: list[Assembled]) -> int:
        """Go on inside a frame up to its end, the next start, the limit, or the end of the chunk."""
        stop = len(chunk)
        end = chunk.find(self._end, position)
        start = chunk.find(self._start, position)
        nearest = min(at for at in (end, start, stop) if at >= 0)
        room = self._limit - self._size
        if nearest - position >= room and not (nearest == end and nearest - position + 1 <= room):
            self._take(chunk[position : position + room])
            found.append(self._give_up(f"no end byte within {self._limit} bytes"))
            return position + room
        if nearest == end:
            self._take(chunk[position : end + 1])
            found.append(self._close())
            return end + 1
        self._take(chunk[position:nearest])
        if nearest == start:
            found.append(self._give_up("cut off by the next start byte"))
        return nearest

    def _open(self, start: bytes) -> None:
        self._inside = True
        self._parts = [start]
        self._size = 1

    def _take(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)

    def _close(self) -> bytes:
        frame = b"".join(self._parts)
        self._inside = False
        self._parts = []
        return frame.translate(None, self._ignore) if self._ignore else frame

    def _give_up(self, reason: str) -> FrameRejected:
        frame = b"".join(self._parts)
        self._inside = False
        self._parts = []
        return FrameRejected(reason=reason, frame=frame)
