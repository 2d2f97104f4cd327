"""Take the whole of a number of which the end alone would do for what was typed: its sign stands in front of it."""

from dataclasses import replace

from bmsreader.lab.meaning.quantities import QUANTITIES
from bmsreader.lab.meaning.scalars import Match, Table
from bmsreader.lab.meaning.series import Word

SIGNED = 0.6
"""Share of frames in which the word beside a number is nothing but its sign, when both are one wider number."""
WIDER = {
    "i16": (("i32", 2, 0), ("i32-ws", 0, 0), ("u32", 2, 1 << 31), ("u24", 1, 1 << 23)),
    "i24": (("i32", 1, 0), ("u32", 1, 1 << 31)),
    "i16-le": (("i32-le", 0, 0), ("u32-le", 0, 1 << 31), ("u24-le", 0, 1 << 23)),
    "i24-le": (("i32-le", 0, 0), ("u32-le", 0, 1 << 31)),
}
"""Wider numbers that a number can be the end of: type, bytes that it begins before it, and what it says for 0."""


def with_sign(table: Table, match: Match, taken: frozenset[int]) -> Match:
    """Return a match in more bits where what stands beside it is its sign, again and again, and else what is too much.

    Where the zero is half of a word, the sign is turned around.
    """
    word, values = match.place.word, table.values(match.place.word)
    if word.floating or match.place.minus is not None or min(values) >= 0:
        return match
    for kind, before, zero in WIDER.get(word.type, ()):
        other = Word(at=word.at - before, type=kind)
        free = other.at >= 0 and other.offsets.stop <= table.series.size and taken.isdisjoint(other.offsets)
        if not free:
            continue
        wide = replace(match.place, word=other, offset=match.place.offset - zero * match.place.scale)
        raws = table.values(other)
        alike = sum(one - zero == two for one, two in zip(raws, values, strict=True))
        quantity = QUANTITIES[wide.name]
        possible = all(quantity.low <= value <= quantity.high for value in wide.values(table.series))
        if possible and min(raws) < zero <= (max(raws) if zero else 0) and alike >= SIGNED * len(raws):
            return replace(match, place=wide)
    return match
