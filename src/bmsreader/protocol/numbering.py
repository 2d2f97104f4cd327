"""Numbered notifications: each begins with bytes of its own, which say which part of an answer it is."""

from collections.abc import Iterator, Sequence

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.assembler import Assembled, Cutter
from bmsreader.protocol.description import Parts


class Numbered:
    """Take off what stands in front of every notification and hand the rest to what cuts frames.

    The first part begins anew. A part that is not the next one is passed over: it came twice, or one before it is
    missing, and then the frame is cut off by the next first part, or by a pause.
    """

    def __init__(self, parts: Parts, cutter: Cutter) -> None:
        self._parts = parts
        self._cutter = cutter
        self._next: int | None = None
        """Number of the part that comes next; None outside of an answer."""

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next notification and return what it completes."""
        part = self._parts.taken_off(chunk)
        if part is None:
            return (FrameRejected(reason="no part of an answer", frame=chunk),)
        number, held = part
        if number == self._parts.first:
            given_up = self._cutter.flush()
            self._next = number + 1
            return (*given_up, *self._cutter.feed(held))
        if number != self._next:
            awaited = "none was begun" if self._next is None else f"part {self._next} comes next"
            return (FrameRejected(reason=f"part {number} of an answer, but {awaited}", frame=chunk),)
        self._next = number + 1
        return self._cutter.feed(held)

    def flush(self) -> Sequence[Assembled]:
        """Give up what is in progress."""
        self._next = None
        return self._cutter.flush()

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return self._cutter.pending


def notifications(frame: bytes, parts: Parts | None, size: int) -> list[bytes]:
    """Return the notifications, of up to so many bytes, in which a frame is sent."""
    if parts is None:
        return [frame[at : at + size] for at in range(0, len(frame), size)]
    return list(_parted(frame, parts, max(1, size - parts.head)))


def _parted(frame: bytes, parts: Parts, size: int) -> Iterator[bytes]:
    total = -(-len(frame) // size)
    for index in range(total):
        held = frame[index * size : (index + 1) * size]
        head = bytearray(parts.head)
        for bits, number in ((parts.number, parts.first + index), (parts.total, total), (parts.length, len(held))):
            if bits:
                bits.put(head, number)
        filling = bytes(size - len(held)) if parts.length else b""
        yield bytes(head) + held + filling
