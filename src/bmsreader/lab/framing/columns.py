"""The numbers in answers that are text, laid out as bytes: a column of numbers for each place in the text.

What the bytes mean is then found by the same rules as in any other answer. A column is a word of two bytes, of four
where its numbers need them, or a float where they have decimals; no other words can be read.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from bmsreader.protocol.paths import LINE, Steps, written
from bmsreader.protocol.texts import Tree

Leaf = tuple[Steps, object]
"""A place in a text, and what stands there."""
Legal = frozenset[tuple[int, str]]
"""(offset, type) of the words that can be read where not all can: numbers in text have their places."""

APART = 6
"""Bytes from the beginning of a number to the next one that is no neighbour: no row has such steps."""
PRESENT = 0.9
"""Share of the answers in which a number must stand."""
_STUCK = re.compile(r"([^\d+.-]{0,8})([+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d{1,2})?)([^\d+.-]{0,8})")
_HEX = re.compile(r"(0[xX])?((?:[0-9A-Fa-f]{2}){1,2}|[0-9A-Fa-f]{8})")
"""One, two or four bytes in hex digits."""
_BYTES: Mapping[int, tuple[tuple[int, str], ...]] = {
    2: ((1, "u8"), (1, "i8")),
    4: ((0, "u16"), (0, "i16")),
    8: ((0, "u32"), (0, "i32")),
}
"""How so many hex digits can be read: offset in the column, type."""
TELLING = 3
"""Different values that hex digits must have somewhere, so that they are no words such as AC and DC."""
_WORDS: tuple[tuple[str, int, int, int, int], ...] = (
    ("u16", 0, 2, 0, 0xFFFF),
    ("i16", 0, 2, -0x8000, 0x7FFF),
    ("u8", 1, 2, 0, 0xFF),
    ("i8", 1, 2, -0x80, 0x7F),
    ("u32", 0, 4, 0, 0xFFFFFFFF),
    ("i32", 0, 4, -0x80000000, 0x7FFFFFFF),
)
"""How the numbers of a column can be read: type, offset in the column, bytes of the column, lowest, highest."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one answer says: all its places that hold no others, in the order of the text, and what stands at each."""

    places: tuple[Steps, ...]
    values: tuple[object, ...]


class TakenApart:
    """Takes answers apart. What many of them have in common, their places and most of their values, is kept once."""

    def __init__(self) -> None:
        self._places: dict[tuple[Steps, ...], tuple[Steps, ...]] = {}
        self._values: dict[str, str] = {}

    def said(self, tree: Tree) -> Said:
        """Return what an answer says."""
        leaves = [*leaves_of(tree)]
        places = tuple([steps for steps, _ in leaves])
        values = [self._values.setdefault(value, value) if isinstance(value, str) else value for _, value in leaves]
        return Said(self._places.setdefault(places, places), tuple(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One number of an answer in text."""

    steps: Steps
    at: int
    """Where it stands in the payload that was made of the numbers."""
    width: int
    decimals: int
    """Digits behind the point, at most."""
    floating: bool
    prefix: str
    suffix: str
    in_line: bool
    """A line has keys and values at most, so that the first value behind a key needs no number."""
    low: float
    high: float
    digits: int = 0
    """Hex digits of which it always has so many; 0 for a decimal number."""

    @property
    def path(self) -> str:
        """The place, as the description language writes it."""
        steps = self.steps[1:] if self.steps[0] == LINE else self.steps
        return written(steps[:1] if self.in_line and steps[1:] == (0,) else steps)

    def words(self) -> Iterator[tuple[int, str]]:
        """Yield (offset, type) of every way in which its numbers can be read."""
        if self.floating:
            yield self.at, "f32"
            return
        if self.digits:
            yield from ((self.at + at, kind) for at, kind in _BYTES[self.digits])
            return
        for kind, at, width, low, high in _WORDS:
            if width == self.width and low <= self.low and self.high <= high:
                yield self.at + at, kind


@dataclass(frozen=True)
class Columns:
    """All numbers of one kind of answer in text."""

    columns: tuple[Column, ...]
    told: tuple[tuple[str, str], ...] = ()
    """(path, word) that tell this kind from others."""
    count: int = 0
    """Values of a line without a key; 0 where they have none."""

    @cached_property
    def legal(self) -> Legal:
        """The words that can be read."""
        return frozenset(word for column in self.columns for word in column.words())

    def of(self, at: int) -> Column:
        """Return the column that stands at an offset of the payload."""
        return next(column for column in self.columns if column.at <= at < column.at + column.width)

    def of_words(self, offsets: Sequence[int]) -> list[Column]:
        """Return the columns of several words."""
        return [self.of(at) for at in offsets]


def leaves_of(tree: Tree, steps: Steps = ()) -> Iterator[Leaf]:
    """Yield every place of a text that holds no others, in the order of the text."""
    if isinstance(tree, dict):  # of all mappings this is by far the quickest to tell
        for key, inner in tree.items():
            yield from leaves_of(inner, (*steps, key))
    elif isinstance(tree, list):
        for number, inner in enumerate(tree):
            yield from leaves_of(inner, (*steps, number))
    else:
        yield steps, tree


def stuck(value: object) -> tuple[str, str, str] | None:
    """Return what stands before a number, the number, and what stands behind it; None where there is none."""
    found = _STUCK.fullmatch(value) if isinstance(value, str) else None
    return (found[1], found[2], found[3]) if found else None


def laid_out(answers: Sequence[Said], *, in_line: bool) -> tuple[tuple[Column, ...], list[bytes | None]]:
    """Return the columns of answers of one kind, and the payload of each; None where it lacks a number."""
    forms = Counter(answer.places for answer in answers)
    often: Counter[Steps] = Counter()
    for places, count in forms.items():
        often.update(dict.fromkeys(places, count))
    where = {places: {steps: number for number, steps in enumerate(places)} for places in forms}
    rows: dict[Steps, list[object]] = {}
    for steps in _alike_together(often):
        if often[steps] >= PRESENT * len(answers):
            indices = [where[answer.places].get(steps) for answer in answers]
            rows[steps] = [None if at is None else one.values[at] for at, one in zip(indices, answers, strict=True)]
    digits = {steps: _hex_digits(set(values)) for steps, values in rows.items()}
    in_hex = in_line and any(digits[steps][1] and _has_letters(set(values)) for steps, values in rows.items())
    columns: list[Column] = []
    numbers: list[list[float | None]] = []
    for steps, values in rows.items():
        marked, count = digits[steps]
        found = _column(steps, values, in_line=in_line, digits=count if in_hex or marked else 0)
        if found:
            columns.append(found[0])
            numbers.append(found[1])
    columns = _placed(columns)
    payloads: list[bytes | None] = [None] * len(answers)
    if columns:
        payloads = [_payload(columns, row) for row in zip(*numbers, strict=True)]
    return tuple(columns), payloads


def _in_hex(value: object) -> tuple[str, str, str] | None:
    """Return what stands before hex digits, the digits, and nothing; None where there are none."""
    found = _HEX.fullmatch(value) if isinstance(value, str) else None
    return (found[1] or "", found[2], "") if found else None


def _hex_digits(values: Set[object]) -> tuple[str, int]:
    """Return what marks values as hex digits, and how many each of them has; 0 where they are none, or differ."""
    parts = [_in_hex(value) for value in values - {None}]
    found = {(part[0], len(part[1])) if part else ("", 0) for part in parts}
    return found.pop() if len(found) == 1 else ("", 0)


def _has_letters(values: Set[object]) -> bool:
    """Return whether values that may be hex digits can be nothing else."""
    told = "".join(map(str, values - {None}))
    return len(values) >= TELLING and not told.isdecimal() and not told.isalpha()


def _alike_together(places: Iterable[Steps]) -> list[Steps]:
    """Return places with those side by side that differ in numbers only, as the voltages of cells do."""
    groups: dict[tuple[str, ...], list[Steps]] = {}
    for steps in places:
        groups.setdefault(_form(steps), []).append(steps)
    return [steps for group in groups.values() for steps in group]


def _form(steps: Steps) -> tuple[str, ...]:
    """Return what is alike in the places of a row: ``Cell1`` and ``Cell2``, or ``CellA`` and ``CellB``."""
    return tuple("#" if isinstance(step, int) else re.sub(r"\d+|[A-H]$", "#", step) for step in steps)


def _placed(columns: Sequence[Column]) -> list[Column]:
    """Return columns with their places: side by side as long as they may be a row, else with a gap between them."""
    found: list[Column] = []
    at = 0
    for before, column in zip((None, *columns), columns, strict=False):
        if before is not None:
            at += before.width if _in_a_row(before, column) else APART
        found.append(replace(column, at=at))
    return found


def _in_a_row(one: Column, other: Column) -> bool:
    """Return whether neighbours may be numbers of one row: written alike, and decimals under names that are alike."""
    if (one.prefix, one.suffix, one.floating, one.digits) != (other.prefix, other.suffix, other.floating, other.digits):
        return False
    if not one.floating:
        return True
    nameless = len(one.steps) == 2 and one.steps[0] == LINE
    return _form(one.steps) == _form(other.steps) and (one.decimals == other.decimals or not nameless)


def _column(
    steps: Steps, values: Sequence[object], *, in_line: bool, digits: int
) -> tuple[Column, list[float | None]] | None:
    """Return a column and its numbers; None where what stands there is no number, or has no fixed form."""
    counts = Counter(values)
    parts = {value: part for value in counts if (part := (_in_hex if digits else stuck)(value))}
    told = sum(counts[value] for value in parts)
    if told < PRESENT * len(values) or len({(before, behind) for before, _, behind in parts.values()}) > 1:
        return None
    read = {value: float(int(part[1], 16) if digits else part[1]) for value, part in parts.items()}
    decimals = max(len(part[1].partition(".")[2].rstrip("eE+-")) for part in parts.values())
    low, high = min(read.values()), max(read.values())
    floating = not digits and any("." in part[1] or "e" in part[1].lower() for part in parts.values())
    width = (
        4
        if digits == 8
        else 2
        if not floating and (0 <= low <= high <= 0xFFFF or -0x8000 <= low <= high <= 0x7FFF)
        else 4
    )
    if not floating and not (0 <= low <= high <= 0xFFFFFFFF or -0x80000000 <= low <= high <= 0x7FFFFFFF):
        return None
    prefix, _, suffix = next(iter(parts.values()))
    column = Column(
        steps=steps,
        at=0,
        width=width,
        decimals=min(decimals, 9),
        floating=floating,
        prefix=prefix,
        suffix=suffix,
        in_line=in_line,
        low=low,
        high=high,
        digits=digits,
    )
    return column, [read.get(value) for value in values]


def _payload(columns: Sequence[Column], row: Sequence[float | None]) -> bytes | None:
    payload = bytearray(columns[-1].at + columns[-1].width)
    for column, number in zip(columns, row, strict=True):
        if number is None:
            return None
        whole = (int(number) % (1 << 8 * column.width)).to_bytes(column.width, "big")
        payload[column.at : column.at + column.width] = struct.pack(">f", number) if column.floating else whole
    return bytes(payload)
