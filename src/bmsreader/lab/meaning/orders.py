"""Tell which byte of a number comes first where its upper byte never moves: zeros on both sides leave it open."""

from collections.abc import Sequence

from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Word
from bmsreader.protocol.numbers import ALL_NUMBERS


def turned(word: Word) -> Word | None:
    """Return the word of the other byte order that has the same low byte; None where there is none."""
    kind = word.type.removesuffix("-le") if word.little else f"{word.type}-le"
    if word.width == 1 or word.floating or kind not in ALL_NUMBERS:
        return None
    at = word.at - word.width + 1 if word.little else word.at + word.width - 1
    return Word(at=at, type=kind) if at >= 0 else None


def either(table: Table, place: Place, taken: frozenset[int]) -> bool:
    """Return whether a number reads the same in the other byte order, so that its upper byte may be of its neighbour.

    It does until it grows beyond its low byte: then one of the two readings is wrong.
    """
    other = turned(place.word)
    if other is None or place.minus or place.sign:
        return False
    inside = other.offsets.stop <= table.series.size and taken.isdisjoint(other.offsets)
    return inside and table.values(other) == table.values(place.word)


def alike(table: Table, place: Place, places: Sequence[Place]) -> int:
    """Return how many other places say the same in the same byte order: a number that is sent twice tells the order."""
    if place.word.width == 1 or place.word.floating or len(set(table.values(place.word))) == 1:
        return 0
    raws = table.raws(place)
    return sum(
        other.word.type == place.word.type and other.word.at != place.word.at and table.raws(other) == raws
        for other in places
    )
