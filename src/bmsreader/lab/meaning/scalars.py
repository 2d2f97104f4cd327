"""Find single numbers by what the owner saw: every word, type, scale and offset is held against the labels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import log2

from bmsreader.lab.labels import Label, Seen
from bmsreader.lab.meaning.halves import PLAIN, ROUNDED, SWAPPED, rounded_to
from bmsreader.lab.meaning.quantities import ODD, PERCENT, QUANTITIES, WORDS, Quantity
from bmsreader.lab.meaning.series import NEAR, Series, Word
from bmsreader.protocol.numbers import FLOATS

FLOATING, ENOUGH = 2.3, 4
"""Bits that each different float of everyday size is worth, and how many are: a fifth of all random ones are."""
PAIR = 8
"""Bytes between two words that are charge and discharge, at most."""
HALVES, THOUSAND, DIGITS = (1 << 15, 1 << 23, 1 << 31), 1000, 2
"""What batteries count a current from that goes both ways: half of a word, or thousands; in words that are wider than
two bytes these have so many digits other than 0 at most."""
FITTED = 0.05
"""Share of the way from one round number to the next, beyond which one typed current does not tell a zero."""
SLIP = 6.5
"""Bits that it costs to take something typed for a slip: one value in twenty is, and it could be any of four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands and how its raw number becomes the value: raw x scale + offset."""

    name: str
    word: Word
    scale: float = 1.0
    offset: float = 0.0
    minus: Word | None = None
    """A second word that is subtracted."""
    count: int = 1
    step: int = 0
    """Bytes from one number to the next; 0 = they stand side by side."""
    mask: int = 0
    """The bits of the word that are the number; 0 = all."""
    sign: tuple[int, int, int] | None = None
    """A byte that says the sign: (offset, the bits of it that count, what they are when the number is negative)."""

    @property
    def words(self) -> tuple[Word, ...]:
        """Where each of its numbers stands."""
        step = self.step or self.word.width
        return tuple(Word(at=self.word.at + number * step, type=self.word.type) for number in range(self.count))

    @property
    def grain(self) -> float:
        """By how much its value changes at least, when it does; 0 for a float."""
        return 0.0 if self.word.floating else abs(self.scale)

    @property
    def offsets(self) -> frozenset[int]:
        """The offsets that it takes."""
        words = (*self.words, *((self.minus,) if self.minus else ()))
        return frozenset(offset for word in words for offset in word.offsets)

    def values(self, series: Series) -> tuple[float, ...]:
        """Return the value in each payload (of the first word, where there are several)."""
        raws = series.values(self.word)
        if self.minus:
            raws = tuple(a - b for a, b in zip(raws, series.values(self.minus), strict=True))
        if self.sign:
            raws = self.directed(raws, series.values(Word(at=self.sign[0], type="u8")))
        return tuple([raw * self.scale + self.offset for raw in raws])

    def directed(self, raws: Sequence[int], signs: Sequence[int]) -> tuple[int, ...]:
        """Return numbers with their sign, which stands in another byte or in other bits."""
        assert self.sign is not None  # noqa: S101 - the caller looked
        _, bits, negative = self.sign
        numbers = [raw & self.mask for raw in raws] if self.mask else raws
        return tuple([-n if sign & bits == negative else n for n, sign in zip(numbers, signs, strict=True)])


class Table:
    """The numbers of a series as every type reads them, each worked out once."""

    def __init__(self, series: Series, labels: Sequence[Label]) -> None:
        self.series = series
        self.labels = tuple(labels)
        self._words: dict[str, list[Word]] = {}
        self._ends: dict[Word, dict[float, tuple[int, int]]] = {}

    def words(self, kind: str) -> list[Word]:
        """Return every word of a type that lies on free bytes."""
        if kind not in self._words:
            self._words[kind] = list(self.series.words((kind,)))
        return self._words[kind]

    def settle(self, kind: str) -> None:
        """Note that floats are sent so: there are none whose halves come the other way round."""
        other = {PLAIN: SWAPPED, SWAPPED: PLAIN}.get(kind)
        if other:
            self._words[other] = []

    def values(self, word: Word) -> tuple[int, ...]:
        """Return the raw numbers of a word."""
        return self.series.values(word)

    def raws(self, place: Place) -> tuple[int, ...]:
        """Return the raw numbers of a place, minus subtracted."""
        if place.sign is not None:
            return place.directed(self.values(place.word), self.values(Word(at=place.sign[0], type="u8")))
        if place.minus is None:
            return self.values(place.word)
        return tuple(a - b for a, b in zip(self.values(place.word), self.values(place.minus), strict=True))

    def ends(self, word: Word) -> dict[float, tuple[int, int]]:
        """Return the lowest and the highest raw number of a word around the time of each label."""
        found = self._ends.get(word)
        if found is None:
            values = self.values(word)
            found = self._ends[word] = {
                at: (min(values[near.start : near.stop]), max(values[near.start : near.stop]))
                for at, near in self.near.items()
            }
        return found

    def near_to(self, word: Word, scale: float, offset: float, sought: Sequence[tuple[float, float, float]]) -> bool:
        """Return whether a word may come as near to (when, value, slack) as its highest and lowest numbers tell."""
        left, ends = len(sought) // 3, self.ends(word)
        for at, value, slack in sought:
            one, other = ends[at]
            low, high = one * scale + offset, other * scale + offset
            if scale < 0:
                low, high = high, low
            if low - value > slack or value - high > slack:
                left -= 1
                if left < 0:
                    return False
        return True

    @cached_property
    def moving(self) -> frozenset[int]:
        """The offsets whose byte is not always the same."""
        return self.series.moving

    @cached_property
    def near(self) -> dict[float, range]:
        """The payloads around the time of each label."""
        return self.series.windows((label.at for label in self.labels), NEAR)

    def seen(self, name: str) -> list[tuple[Label, Seen]]:
        """Return what was typed of a value."""
        return [(label, one) for label in self.labels for one in label.seen if one.name == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A place that agrees with what was typed."""

    place: Place
    bits: float
    agreed: int
    typed: int
    rank: int
    """How unusual the way of sending is; 0 is the most usual."""
    missed: tuple[tuple[Label, Seen], ...] = ()
    """What was typed otherwise."""
    moves: float = 0.0
    """How alike it and the voltage move, for a current of which this says something."""
    flows: float = 0.0
    """How alike it and the charge move that flowed, for a charge of which this says something."""
    doubt: str = ""
    """Why it cannot be sure, and which label would decide it."""


def matches(
    table: Table,
    name: str,
    taken: frozenset[int],
    *,
    little: bool | None,
    places: Iterable[Place] | None = None,
    price: float = 0.0,
    signless: bool = False,
) -> list[Match]:
    """Return the places that agree with every label of a value (of three or more, all but one), best first.

    ``price`` is the bits that it costs to have looked at these ``places``, too; ``signless``: only magnitudes count.
    """
    typed = table.seen(name)
    if not typed:
        return []
    found = []
    for rank, place in _places(table, name, taken, signless=signless) if places is None else enumerate(places):
        if place.offsets & taken:
            continue
        match = _match(table, place, typed, rank, little=little, price=price, signless=signless)
        if match:
            found.append(match)
    return sorted(found, key=lambda match: (-match.bits, match.rank))


def _places(table: Table, name: str, taken: frozenset[int], *, signless: bool) -> Iterator[tuple[int, Place]]:
    """Yield how unusual a place is, and the place; those are left out that are far from what was typed."""
    typed, ranks = table.seen(name), count()
    for kind, scale, offset in QUANTITIES[name].ways(whole=all(seen.step >= 1 for _, seen in typed)):
        grain = abs(scale) * (ROUNDED[0] if kind in FLOATS else 1.0)
        sought = [(label.at, seen.value, 0.55 * (seen.step + grain)) for label, seen in typed]
        for word, rank in zip(table.words(kind), ranks, strict=False):
            if not taken.isdisjoint(word.offsets):
                continue
            if signless or name == "temperatures" or table.near_to(word, scale, offset, sought):
                yield rank, Place(name=name, word=word, scale=scale, offset=offset)
    if name == "current":
        yield from ((rank, place) for place, rank in zip(_pairs(table), ranks, strict=False))


def _pairs(table: Table) -> Iterator[Place]:
    """Yield two words of which one is always 0: charge and discharge apart."""
    for kind in ("u16", "u16-le", "u32", "u32-le", *FLOATS):
        words = [word for word in table.words(kind) if len(set(table.values(word))) > 1]
        for word in words:
            for other in words:
                apart = abs(word.at - other.at)
                beside = word.width <= apart <= PAIR and not apart % word.width
                if beside or (apart and table.series.legal is not None):  # numbers in text are told by their place
                    pairs = zip(table.values(word), table.values(other), strict=True)
                    if all(not (a and b) for a, b in pairs):
                        for scale in (1.0, 0.001) if word.floating else (0.01, 0.1, 0.001, 1.0):
                            yield Place(name="current", word=word, minus=other, scale=scale)


def zeroed(table: Table) -> Iterator[Place]:
    """Yield the words that count the current from a round number of their own, as what was typed says."""
    label, seen = table.seen("current")[0]
    once = len({one.value for _, one in table.seen("current")}) == 1
    for kind in (*WORDS, *ODD):
        for word in table.words(kind):
            raws = table.values(word)
            if len(set(raws)) > 1:
                for scale in (0.1, 0.01, 0.001, -0.1, -0.01, -0.001):
                    slack = 0.55 * (seen.step / abs(scale) + 1)
                    if once and word.width == 2 and slack > FITTED * THOUSAND:
                        continue  # some round number is always so near
                    zeros = {_round(raws[i] - seen.value / scale, slack, word.width) for i in table.near[label.at]}
                    for zero in sorted(zeros - {0}):
                        yield Place(name="current", word=word, scale=scale, offset=-scale * zero)


def _round(number: float, slack: float, width: int) -> int:
    """Return the round number that is so near; 0 for none."""
    thousands = round(number / THOUSAND)
    if width > 2 and thousands > 0:
        power = 10 ** max(0, len(str(thousands)) - DIGITS)
        thousands = round(thousands / power) * power
    near = min((*HALVES, thousands * THOUSAND), key=lambda zero: abs(zero - number))
    return near if near > 0 and abs(near - number) <= slack else 0


def _match(
    table: Table,
    place: Place,
    typed: Sequence[tuple[Label, Seen]],
    rank: int,
    *,
    little: bool | None,
    price: float,
    signless: bool,
) -> Match | None:
    quantity = QUANTITIES[place.name]
    raws = table.raws(place)
    values = [abs(raw * place.scale + place.offset) for raw in raws] if signless else ()
    agreed, bits = 0, -price - quantity.price(place.word.type, place.scale, place.offset)
    missed: list[tuple[Label, Seen]] = []
    told: set[float] = set()
    allowed = len(typed) // 3
    grain = rounded_to(raws) * abs(place.scale) if place.word.floating else place.grain
    for label, seen in _for_one(place, raws, typed, table):
        slack = (seen.step + grain) * 0.55
        near = table.near[label.at]
        shown = [values[i] for i in near] if signless else [raws[i] * place.scale + place.offset for i in near]
        if not any(abs(value - seen.value) <= slack for value in shown):
            missed.append((label, seen))
            if len(missed) > allowed:
                return None
            continue
        agreed += 1
        if seen.value not in told:
            told.add(seen.value)
            bits += _worth(seen.value, slack, quantity)
    if not agreed:
        return None
    bits += FLOATING * min(len(set(raws)), ENOUGH) if place.word.floating else 0.0
    bits += _outside(raws, place, quantity) - SLIP * len(missed) - log2(10 * max(table.series.size, 2))
    if quantity is PERCENT and place.word.width > 2 and not place.word.floating:
        bits -= 3.0  # so many bytes for a percentage are unusual
    if little is not None and place.word.width > 1 and place.word.little != little:
        bits -= 3.0  # nearly every battery keeps to one byte order
    return Match(place=place, bits=bits, agreed=agreed, typed=len(typed), rank=rank, missed=tuple(missed))


def _for_one(
    place: Place, raws: Sequence[int], typed: Sequence[tuple[Label, Seen]], table: Table
) -> Sequence[tuple[Label, Seen]]:
    """Return what was typed, of several sensors at one moment only the one that is nearest to the place."""
    if place.name != "temperatures":
        return typed
    nearest: dict[float, tuple[float, Label, Seen]] = {}
    for label, seen in typed:
        off = min(abs(raws[i] * place.scale + place.offset - seen.value) for i in table.near[label.at])
        if label.at not in nearest or off < nearest[label.at][0]:
            nearest[label.at] = off, label, seen
    return [(label, seen) for _, label, seen in nearest.values()]


def _worth(value: float, slack: float, quantity: Quantity) -> float:
    """Return the bits that one agreement is worth; 0 stands everywhere in a frame, so it says little."""
    if value == 0:
        return 2.0
    span = min(quantity.high - quantity.low, 256.0 if quantity.high > 200 else 1000.0)
    return min(12.0, log2(span / (2 * slack)))


def _outside(raws: Sequence[int], place: Place, quantity: Quantity) -> float:
    """Return a penalty for payloads in which the value would be impossible."""
    outside = sum(not quantity.low <= raw * place.scale + place.offset <= quantity.high for raw in raws)
    return -40.0 * outside / len(raws)
