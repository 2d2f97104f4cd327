"""The answers of one kind over time, and every way in which their bytes can be read as a number."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bmsreader.lab.evidence import Kind
from bmsreader.lab.framing.columns import Legal
from bmsreader.lab.meaning.halves import unmeant
from bmsreader.lab.meaning.readout import Readout
from bmsreader.protocol.numbers import ALL_NUMBERS, FLOATS

NEAR = 6.0
"""s around a label in which the app may have shown a frame."""
MOST_PAYLOADS = 400
"""Payloads that are looked at: more of them say the same again."""
EVERYDAY = (1e-4, 1e6)
"""What a float that means something is between, but for what is next to 0: a fifth of all random ones are."""
NOWHERE = -(1 << 40)
"""What is read where nothing stands: no number of a battery."""


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
    _read: Readout = field(init=False, repr=False, compare=False)
    _meant: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    _words: dict[str, list[Word]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what is worked out once."""
        object.__setattr__(self, "_read", Readout(self.payloads))

    def values(self, word: Word) -> tuple[int, ...]:
        """Return the raw numbers of a word, one for each payload; those of floats are none that is whole."""
        if self.legal is not None and (word.at, word.type) not in self.legal:
            return (NOWHERE,) * len(self.payloads)
        return self._read.values(word.at, word.type)

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

    def thinned(self, moments: Iterable[float]) -> "Series":
        """Return the series with at most so many payloads, evenly over time, and all those around some moments."""
        if len(self.payloads) <= MOST_PAYLOADS:
            return self
        step = -(-len(self.payloads) // MOST_PAYLOADS)
        kept = set(range(0, len(self.payloads), step)) | {len(self.payloads) - 1}
        kept.update(*(self.near(at, NEAR) for at in moments))
        order = sorted(kept)
        return replace(self, times=tuple(self.times[i] for i in order), payloads=tuple(self.payloads[i] for i in order))

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
        return frozenset(at for at in range(self.size) if len(set(self._read.column(at))) > 1)

    @property
    def floats(self) -> Sequence[str]:
        """The types of floats that may be meant."""
        if not self._meant:
            left_out = unmeant(self._everyday, self.size) if self.legal is None else None
            self._meant.extend(kind for kind in FLOATS if kind != left_out)
        return self._meant

    def _everyday(self, at: int, kind: str) -> Sequence[float]:
        return self._read.values(at, kind) if self._floats(kind, at) else ()

    def words(self, types: Sequence[str]) -> Iterator[Word]:
        """Yield every word of the types that lies wholly on free bytes."""
        for kind in types:
            if kind not in self._words:
                self._words[kind] = list(self._all_words(kind))
            yield from self._words[kind]

    def _all_words(self, kind: str) -> Iterator[Word]:
        if self.legal is not None:
            yield from self._told(kind)
            return
        if kind in FLOATS and kind not in self.floats:
            return
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
        other, hardly = False, 0
        for number in map(abs, self._read.values(at, kind)):
            if not number <= EVERYDAY[1]:
                return False
            hardly += 0 < number < EVERYDAY[0]
            other = other or number >= EVERYDAY[0]
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
