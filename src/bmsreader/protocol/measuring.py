"""Cut frames that no character ends: by the length that they say, by the sizes of the messages, or by pauses."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.assembler import Assembled
from bmsreader.protocol.description import Framing, LengthRule
from bmsreader.protocol.numbers import NUMBERS
from bmsreader.protocol.unpacking import Unpacking

Judge = Callable[[bytes], FrameRejected | None]
"""Says what is wrong with a frame; None when nothing is."""

LENID_DIGITS = (0, 4, 8, 12)
"""Where the four hex digits of a length that checks itself stand, in bits."""


def lenid(number: int) -> int:
    """Return a length of 12 bits with its check digit on top."""
    return (-sum(number >> shift & 0xF for shift in LENID_DIGITS[:3]) & 0xF) << 12 | number


def stated_size(rule: LengthRule, number: int) -> int | None:
    """Return how long the frame on the air is by the number that it states; None when that checks itself, wrongly."""
    if rule.lenid:
        if lenid(number & 0xFFF) != number:
            return None
        number &= 0xFFF
    return number * rule.times + (rule.plus or 0)


class Shape(NamedTuple):
    """One kind of frame as it is known beforehand: how it begins on the air, and how long it is there."""

    head: bytes
    size: int


class Measured:
    """Cut frames of known length.

    Where a frame may begin it is measured; it is whole when it ends as it should. If it does not, or if what it says
    of itself is wrong and another frame may begin within it, the search goes on inside it: a notification was lost,
    or it was no frame at all. What is decided at a place rests on the bytes of that frame alone, so chunk boundaries
    never matter.
    """

    def __init__(self, framing: Framing, shapes: Iterable[Shape], judge: Judge) -> None:
        self._framing = framing
        self._shapes = tuple(shapes)
        self._judge = judge
        self._heads = (framing.start,) if framing.start else tuple({shape.head for shape in self._shapes})
        if b"" in self._heads:
            self._heads = ()  # a frame may begin anywhere; only its check value tells
        self._unpacking = Unpacking(framing)
        self._buffer = b""
        """What may still become a frame: begins where one may begin."""

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next bytes and return what they complete: whole frames, and rejections."""
        found: list[Assembled] = []
        self._buffer += chunk
        self._take(found)
        return found

    def flush(self) -> Sequence[Assembled]:
        """Give up the frame in progress, because the answer's time is over; frames that begin within it are kept."""
        found: list[Assembled] = []
        while self._buffer:
            end = len(self._buffer)
            following = self._seek(1, end)
            if not self._heads:
                following = end
            if not self._heads or self._buffer.startswith(self._heads):
                part = self._buffer[:following]
                found.append(FrameRejected(reason=f"cut off after {len(part)} bytes", frame=part))
            self._buffer = self._buffer[following:]
            self._take(found)
        return found

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return len(self._buffer)

    def _take(self, found: list[Assembled]) -> None:
        """Take whatever is whole from the buffer."""
        at = self._seek(0, len(self._buffer))
        while at < len(self._buffer):
            after = self._at(at, found)
            if after is None:
                break
            at = self._seek(after, len(self._buffer))
        self._buffer = self._buffer[at:]

    def _seek(self, at: int, stop: int) -> int:
        """Return the first place from ``at`` on where a frame may begin, as far as the bytes before ``stop`` tell."""
        best = stop if self._heads else min(at, stop)
        for head in self._heads:
            place = self._buffer.find(head, at, stop)
            if place < 0:
                partly = range(min(len(head) - 1, stop - at), 0, -1)
                place = next((stop - n for n in partly if self._buffer.endswith(head[:n], at, stop)), stop)
            best = min(best, place)
        return best

    def _at(self, at: int, found: list[Assembled]) -> int | None:
        """Take what begins here and return where to go on; None when more bytes must come first."""
        known = self._sizes(at)
        if known is None:
            return None
        looked, sizes, reason = known
        for size in sizes:
            looked = max(looked, size)
            if len(self._buffer) < at + size:
                return None
            frame = self._buffer[at : at + size]
            following = self._seek(at + 1, at + size)
            if not frame.endswith(self._framing.end):
                reason = f"no end after {size} bytes"
                continue
            wrong = self._judge(frame) if following < at + size or len(sizes) > 1 else None
            if wrong is None:
                found.append(frame)
                return at + size
            reason = wrong.reason
        following = self._seek(at + 1, at + looked)
        if self._heads:
            found.append(FrameRejected(reason=reason, frame=self._buffer[at:following]))
        return following

    def _sizes(self, at: int) -> tuple[int, Sequence[int], str] | None:
        """Return (bytes that were looked at, sizes that the frame here may have, why none); None: too early to say."""
        if self._framing.cut == "length":
            return self._stated(at)
        rest = self._buffer[at : at + max(len(shape.head) for shape in self._shapes)]
        sizes = set()
        for shape in self._shapes:
            if rest.startswith(shape.head):
                sizes.add(shape.size)
            elif shape.head.startswith(rest):
                return None
        return max(1, len(rest)), sorted(sizes), "begins like no message that is described"

    def _stated(self, at: int) -> tuple[int, Sequence[int], str] | None:
        rule = self._framing.length
        assert rule is not None  # noqa: S101 - the description was refused otherwise
        kind, start = NUMBERS[rule.type], len(self._framing.start)
        last = max(rule.at + kind.width, (self._framing.xor_key_at or 0) + 1)
        looked = start + last * self._framing.digits
        head = self._buffer[at : at + looked]
        if len(head) < looked:
            return None
        payload = self._unpacking.payload(head[start:])
        size = None if payload is None else stated_size(rule, kind.unpack(payload[rule.at : rule.at + kind.width]))
        least = max(looked, self._framing.on_air(1))
        if size is None or not least <= size <= self._framing.limit:
            return looked, (), f"says that it is {'of no' if size is None else size} bytes long, which cannot be"
        return looked, (size,), ""


class Paused:
    """Cut frames by pauses alone: the notifications between two pauses are one, or several whole messages.

    What is whole is a frame at once, unless a longer message may begin like it: then a pause must follow, or more
    bytes than that message has.
    """

    def __init__(self, framing: Framing, shapes: Iterable[Shape], judge: Judge) -> None:
        self._framing = framing
        self._shapes = tuple(shapes)
        self._sizes = frozenset(shape.size for shape in self._shapes)
        self._judge = judge
        self._buffer = b""
        self._whole = 0
        """Bytes at the front that are a whole message, unless they are the beginning of a longer one."""

    def feed(self, chunk: bytes) -> Sequence[Assembled]:
        """Take the next notification; a frame is whole where a notification ends and the message is right."""
        longest = max(self._sizes)
        found: list[Assembled] = []
        if self._whole and len(self._buffer) + len(chunk) > longest:
            found.append(self._buffer[: self._whole])
            self._buffer, self._whole = self._buffer[self._whole :], 0
        self._buffer += chunk
        if len(self._buffer) in self._sizes and self._judge(self._buffer) is None:
            self._whole = len(self._buffer)
        ended = self._whole == len(self._buffer) and not self._may_go_on()
        return [*found, *self.flush()] if ended or len(self._buffer) > longest else found

    def flush(self) -> Sequence[Assembled]:
        """Return what came since the last frame, because a pause says that it is over."""
        part, whole = self._buffer, self._whole
        self._buffer, self._whole = b"", 0
        if whole and len(part) not in self._sizes:
            return [part[:whole], *self._piece(part[whole:])]
        return self._piece(part)

    @property
    def pending(self) -> int:
        """Bytes of the frame in progress."""
        return len(self._buffer)

    def _may_go_on(self) -> bool:
        """Return whether what is whole may be the beginning of a longer message."""
        return any(shape.size > self._whole and self._buffer.startswith(shape.head) for shape in self._shapes)

    def _piece(self, part: bytes) -> Sequence[Assembled]:
        if not part:
            return []
        fitting = part.startswith(self._framing.start) and part.endswith(self._framing.end)
        if fitting and len(part) <= self._framing.limit:
            return [part]
        return [FrameRejected(reason=f"no frame: {len(part)} bytes between two pauses", frame=part)]
