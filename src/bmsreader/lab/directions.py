"""Currents whose sign stands elsewhere: in the upper bits of the same word, or in a byte of its own."""

from collections.abc import Iterator, Sequence

from bmsreader.lab.scalars import Place, Table
from bmsreader.lab.series import Word

KINDS = ("u16", "u16-le", "u32", "u32-le")
SCALES = (0.1, 0.01, 0.001, 1.0)
FLAGS, FLAGGED = 0xC0, 0x3FFF
"""The upper bits of a word that may say charge and discharge, and the rest of it."""
STRONG = 0.5
"""A from which a typed current has a direction for sure."""
STATES = 4
"""Values of a byte that says the direction, at most."""


def directed(table: Table, taken: frozenset[int]) -> Iterator[Place]:
    """Yield the places whose magnitude is what was typed, with whatever says its sign as the labels have it."""
    typed = [(table.near[label.at], seen.value, seen.step) for label, seen in table.seen("current")]
    strong = [value for _, value, _ in typed if abs(value) > STRONG]
    if len(strong) < 2 or min(strong) > 0:
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
                    if moments:
                        yield from _signs(table, Place(name="current", word=word, scale=scale, mask=mask), top, moments)


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


def _signs(table: Table, place: Place, top: int, strong: Sequence[tuple[int, float]]) -> Iterator[Place]:
    """Yield a place with each byte that tells the typed directions apart, the nearest first."""
    if place.mask:
        yield from _told(table, place, top, FLAGS, strong)
        return
    if not any(value > 0 for _, value in strong):
        return  # one direction alone tells nothing of a byte elsewhere
    others = [at for at in range(table.series.size) if at not in place.offsets and at in table.moving]
    for at in sorted(others, key=lambda one: abs(one - place.word.at)):
        if len(set(table.values(Word(at=at, type="u8")))) <= STATES:
            yield from _told(table, place, at, 0xFF, strong)


def _told(table: Table, place: Place, at: int, bits: int, strong: Sequence[tuple[int, float]]) -> Iterator[Place]:
    states = [(table.values(Word(at=at, type="u8"))[index] & bits, value < 0) for index, value in strong]
    negative = {state for state, down in states if down}
    positive = {state for state, down in states if not down}
    if len(negative) == 1 and not negative & positive and (bits != FLAGS or any(negative | positive)):
        yield Place(
            name=place.name, word=place.word, scale=place.scale, mask=place.mask, sign=(at, bits, negative.pop())
        )
