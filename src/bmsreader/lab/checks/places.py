"""Where a check value may stand at the end of a frame, and what stands there."""

from binascii import Error, unhexlify
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import xor

from bmsreader.lab.evidence import Notation

TAILS = range(5)
"""Bytes after the check value."""
GAPS = range(4)
STARTS = range(9)
SHORTEST = 2
"""Bytes that a sum is taken over at least."""

_NOTATIONS: tuple[tuple[int, Notation], ...] = (
    (1, "big"),
    (2, "little"),
    (2, "big"),
    (4, "little"),
    (4, "big"),
    (1, "hex"),
    (2, "hex"),
    (4, "hex"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A check value's place, counted from the end."""

    tail: int
    width: int
    notation: Notation

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return self.width * 2 if self.notation == "hex" else self.width

    def begin(self, data: bytes) -> int:
        """Return the offset of its first byte; negative where the frame is too short."""
        return len(data) - self.tail - self.size

    def value(self, data: bytes) -> int | None:
        """Return the number that stands there; None where there is none."""
        begin = self.begin(data)
        if begin < SHORTEST:
            return None
        field = data[begin : begin + self.size]
        if self.notation != "hex":
            return int.from_bytes(field, self.notation)
        try:
            return int.from_bytes(unhexlify(field), "big")
        except Error:
            return None


def places(tails: Sequence[int] = TAILS) -> Iterator[Place]:
    """Yield all places."""
    for tail in tails:
        for width, notation in _NOTATIONS:
            yield Place(tail, width, notation)


class Summed:
    """A frame whose sums and XORs over any stretch cost one subtraction."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def sums(self) -> list[int]:
        """Sum of the bytes before each offset."""
        return list(accumulate(self.data, initial=0))

    @cached_property
    def xors(self) -> list[int]:
        """XOR of the bytes before each offset."""
        return list(accumulate(self.data, xor, initial=0))
