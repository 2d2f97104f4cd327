"""The numbers in many payloads: a word is read from all of them at once, and once only.

The lab holds every word of every type against everything that was typed, again and again; so this is what it does most.
"""

from collections.abc import Sequence
from struct import unpack

from bmsreader.protocol.numbers import FLOATS, NUMBERS

MOST_KEPT = 3_000_000
"""Numbers that are kept, at most; what is beyond is read anew each time."""
ZERO = -1
_ODD: dict[str, tuple[str, tuple[int, ...], int]] = {
    "u24": (">I", (ZERO, 0, 1, 2), 0),
    "u24-le": ("<I", (0, 1, 2, ZERO), 0),
    "i24": (">i", (0, 1, 2, ZERO), 8),
    "i24-le": ("<i", (ZERO, 0, 1, 2), 8),
    "u32-ws": (">I", (2, 3, 0, 1), 0),
    "i32-ws": (">i", (2, 3, 0, 1), 0),
    "f32-ws": (">f", (2, 3, 0, 1), 0),
}
"""Numbers that ``struct`` does not know: one that it knows, of which bytes that is made, and by how many bits it is too
high then."""


class Readout:
    """Payloads, read as numbers."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._payloads = payloads
        self._stride = min(map(len, payloads), default=0)
        self._joined = b""
        self._kept: dict[tuple[int, str], tuple[int, ...]] = {}

    def column(self, at: int) -> bytes:
        """Return the byte at an offset that every payload has, of each payload."""
        if not self._joined:
            self._joined = b"".join([payload[: self._stride] for payload in self._payloads])
        return self._joined[at :: self._stride]

    def values(self, at: int, kind: str) -> tuple[int, ...]:
        """Return the raw number of a type at an offset, of each payload."""
        found = self._kept.get((at, kind))
        if found is None:
            found = self._read(at, kind)
            if (len(self._kept) + 1) * len(self._payloads) <= MOST_KEPT:
                self._kept[at, kind] = found
        return found

    def _read(self, at: int, kind: str) -> tuple[int, ...]:
        code, places, shift = _ODD.get(kind) or _plain(kind)
        if at < 0 or at + max(places) >= self._stride:
            raise IndexError(f"no {kind} stands at byte {at} of {self._stride}")
        data = bytearray(len(places) * len(self._payloads))
        for number, place in enumerate(places):
            if place != ZERO:
                data[number :: len(places)] = self.column(at + place)
        values: tuple[int, ...] = unpack(f"{code[0]}{len(self._payloads)}{code[1:]}", data)
        if shift:
            return tuple([value >> shift for value in values])
        signed = None if kind in FLOATS else NUMBERS[kind].signed
        return tuple(map(signed, values)) if signed else values


def _plain(kind: str) -> tuple[str, tuple[int, ...], int]:
    """Return a type that ``struct`` knows in the same terms."""
    number = FLOATS[kind] if kind in FLOATS else NUMBERS[kind]
    code = FLOATS[kind].layout if kind in FLOATS else NUMBERS[kind].code
    return code, tuple(range(number.width)), 0
