"""Currents whose sign stands elsewhere: in the upper bits of the same word, or in a byte of its own."""

from collections.abc import Iterator, Sequence

from bmsreader.lab.meaning.relations import moves_alike
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Word

KINDS = ("u16", "u16-le", "u32", "u32-le")
SCALES = (0.1, 0.01, 0.001, 1.0)
FLAGS, FLAGGED = 0xC0, 0x3FFF
"""The upper bits of a word that may say charge and discharge, and the rest of it."""
STRONG = 0.5
"""A from which a typed current has a direction for sure."""
STATES = 4
"""Values of a byte that says the direction, at most."""
ALIKE = 0.75
"""How alike a current and the voltage move at least, where nothing else tells charging from discharging."""

Moments = Sequence[tuple[int, float]]
"""Which payload shows each typed current that has a direction."""


def directed(
    table: Table, taken: frozenset[int], volts: Sequence[float] = (), *, signless: bool = False
) -> Iterator[Place]:
    """Yield the places whose magnitude is what was typed, with whatever says its sign.

    It is as the labels have it; where these show one direction, or none (``signless``), the voltage (``volts``) tells.
    """
    typed = [(table.near[label.at], seen.value, seen.step) for label, seen in table.seen("current")]
    if not any(abs(value) > STRONG for _, value, _ in typed):
        return
    for kind in KINDS:
        for word in table.words(kind):
            if not taken.isdisjoint(word.offsets):
                continue
            top = word.offsets[-1] if word.little else word.at
            for mask in (FLAGGED, 0) if word.width == 2 else (0,):
                raws = [raw & mask if mask else raw for raw in table.values(word)]
                for scale in SCALES:
                    moments = _moments([raw * scale for raw in raws], scale, typed)
                    if moments and len(set(raws)) > 1:
                        place = Place(name="current", word=word, scale=scale, mask=mask)
                        yield from _signs(table, place, top, () if signless else moments, volts)


def _moments(
    sizes: Sequence[float], scale: float, typed: Sequence[tuple[range, float, float]]
) -> list[tuple[int, float]]:
    """Return which payload shows each typed current that has a direction; empty when one is not shown."""
    found = []
    for near, value, step in typed:
        best = min(near, key=lambda index: abs(sizes[index] - abs(value)))
        if abs(sizes[best] - abs(value)) > 0.55 * (step + scale):
            return []
        if abs(value) > STRONG:
            found.append((best, value))
    return found


def _signs(table: Table, place: Place, top: int, moments: Moments, volts: Sequence[float]) -> Iterator[Place]:
    """Yield a place with each byte that tells the directions apart, the nearest first."""
    if place.mask:
        yield from _told(table, place, top, FLAGS, moments, volts)
        return
    others = [at for at in range(table.series.size) if at not in place.offsets and at in table.moving]
    for at in sorted(others, key=lambda one: abs(one - place.word.at)):
        if len(set(table.values(Word(at=at, type="u8")))) <= STATES:
            yield from _told(table, place, at, 0xFF, moments, volts)


def _told(table: Table, place: Place, at: int, bits: int, moments: Moments, volts: Sequence[float]) -> Iterator[Place]:
    states = [value & bits for value in table.values(Word(at=at, type="u8"))]
    negative = {states[index] for index, value in moments if value < 0}
    positive = {states[index] for index, value in moments if value > 0}
    if negative & positive or len(negative) > 1 or (bits == FLAGS and not any(states)):
        return
    both = bool(negative and positive) or (bits == FLAGS and bool(negative))
    for state in sorted(negative or set(states) - positive):
        sign = (at, bits, state)
        one = Place(name=place.name, word=place.word, scale=place.scale, mask=place.mask, sign=sign)
        if both or _moves_with(table, one, volts):
            yield one


def _moves_with(table: Table, place: Place, volts: Sequence[float]) -> bool:
    """Return whether a current with this sign rises and falls with the voltage, and takes both directions."""
    raws = table.raws(place)
    return bool(volts) and min(raws) < 0 < max(raws) and moves_alike(raws, volts) >= ALIKE
