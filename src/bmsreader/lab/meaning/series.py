"""The answers of one kind over time, and every way in which their bytes can be read as a number."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from struct import Struct

from bmsreader.lab.evidence import Kind
from bmsreader.protocol.numbers import ALL_NUMBERS, FLOATS, NUMBERS

EVERYDAY = (1e-4, 1e6)
"""What a float that means something is between, but for 0: a fifth of all random ones are."""


Legal = frozenset[tuple[int, str]]
"""(offset, type) of the words that can be read where not all can: numbers in text have their places."""
NOWHERE = -(1 << 40)
"""What is read where nothing stands: no number of a battery."""

NOTHING = 1e-6
"""Below it a float is nothing but the rounding of 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A place in the payload and how it is read, in the terms of the description language."""

    at: int
    type: str
    """Such as ``u16-le``."""

    @property
    def width(self) -> int:
        """Bytes that it takes."""
        return ALL_NUMBERS[self.type].width

    @property
    def floating(self) -> bool:
        """Whether it is a float: a number that need not be whole."""
        return self.type in FLOATS

    @property
    def little(self) -> bool:
        """Whether its low byte comes first."""
        return self.type.endswith("-le")

    @property
    def offsets(self) -> range:
        """The offsets that it takes."""
        return range(self.at, self.at + self.width)


@cache
def _reader(kind: str) -> tuple[Struct | None, int]:
    """Return what unpacks a type, and the sign bit of sign and magnitude (0 for others)."""
    if kind in FLOATS:
        return Struct(FLOATS[kind].layout), 0
    number = NUMBERS[kind]
    return Struct(number.code) if number.code else None, number.high + 1 if number.signed else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Payloads of one kind and size, in the order of time."""

    times: tuple[float, ...]
    payloads: tuple[bytes, ...]
    size: int
    """Bytes of each payload that may be fields: without the check value at the end."""
    fixed: frozenset[int] = frozenset()
    """Offsets that are taken: head, length."""
    request: bytes | None = None
    legal: Legal | None = None
    """The words that can be read; None for all."""

    def values(self, word: Word) -> tuple[int, ...]:
        """Return the raw numbers of a word, one for each payload; those of floats are none that is whole."""
        if self.legal is not None and (word.at, word.type) not in self.legal:
            return (NOWHERE,) * len(self.payloads)
        struct, sign = _reader(word.type)
        if struct is None:
            unpack, end = NUMBERS[word.type].unpack, word.at + word.width
            return tuple([unpack(payload[word.at : end]) for payload in self.payloads])
        read = struct.unpack_from
        numbers = tuple([read(payload, word.at)[0] for payload in self.payloads])
        return tuple([sign - n if n >= sign else n for n in numbers]) if sign else numbers

    def near(self, at: float, slack: float) -> range:
        """Return the indices of the payloads around a moment: those within ``slack`` s, else the nearest."""
        first, last = bisect_left(self.times, at - slack), bisect_right(self.times, at + slack)
        if first < last:
            return range(first, last)
        nearest = min(range(len(self.times)), key=lambda index: abs(self.times[index] - at))
        return range(nearest, nearest + 1)

    def windows(self, moments: Iterable[float], slack: float) -> dict[float, range]:
        """Return the payloads around each of several moments; those between two moments belong to the nearer one."""
        order = sorted(set(moments))
        found = {}
        for number, at in enumerate(order):
            begin = max(at - slack, (order[number - 1] + at) / 2) if number else at - slack
            end = min(at + slack, (at + order[number + 1]) / 2) if number + 1 < len(order) else at + slack
            near = range(bisect_left(self.times, begin), bisect_right(self.times, end))
            found[at] = near or self.near(at, 0.0)
        return found

    @property
    def parts(self) -> tuple[Word, ...]:
        """What an answer consists of: its bytes, check value included; of text its numbers."""
        if self.legal is None:
            return tuple(Word(at=at, type="u8") for at in range(min(map(len, self.payloads), default=0)))
        widest = {at: Word(at=at, type=kind) for at, kind in sorted(self.legal, key=lambda one: one[1])}
        inner = {offset for word in widest.values() for offset in word.offsets[1:]}
        return tuple(widest[at] for at in sorted(widest) if at not in inner)

    @property
    def moving(self) -> frozenset[int]:
        """The offsets whose byte is not always the same."""
        return frozenset(at for at in range(self.size) if len({payload[at] for payload in self.payloads}) > 1)

    def words(self, types: Sequence[str]) -> Iterator[Word]:
        """Yield every word of the types that lies wholly on free bytes."""
        for kind in types:
            if self.legal is not None:
                yield from self._told(kind)
                continue
            width = Word(at=0, type=kind).width
            for at in range(self.size - width + 1):
                if self.fixed.isdisjoint(range(at, at + width)) and (kind not in FLOATS or self._floats(kind, at)):
                    yield Word(at=at, type=kind)

    def _told(self, kind: str) -> Iterator[Word]:
        """Yield the words of a type where only some can be read."""
        for at, found in sorted(self.legal or ()):
            word = Word(at=at, type=found)
            if found == kind and self.fixed.isdisjoint(word.offsets):
                yield word

    def _floats(self, kind: str, at: int) -> bool:
        """Return whether at an offset stands a float of everyday size in every payload, if not always 0.

        In some it may be next to nothing: what a sensor at rest reads, which is worked out, seldom is 0.
        """
        read, other, hardly = Struct(FLOATS[kind].layout).unpack_from, False, 0
        for payload in self.payloads:
            number = abs(read(payload, at)[0])
            if 0 < number < NOTHING:
                hardly += 1
            elif number and not EVERYDAY[0] <= number <= EVERYDAY[1]:
                return False
            else:
                other = other or bool(number)
        return other and hardly <= len(self.payloads) // 2


def series_of(kind: Kind, *, check: int, fixed: frozenset[int] = frozenset()) -> Series:
    """Return the answers of a kind; ``check`` is the bytes at the end that are no fields."""
    size = min(map(len, kind.payloads))
    payloads = [(frame.at, payload) for frame, payload in zip(kind.frames, kind.payloads, strict=True)]
    payloads.sort(key=lambda pair: pair[0])
    return Series(
        times=tuple(at for at, _ in payloads),
        payloads=tuple(payload for _, payload in payloads),
        size=max(0, size - check),
        fixed=fixed,
        request=kind.request,
        legal=kind.columns.legal if kind.columns else None,
    )
