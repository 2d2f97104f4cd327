"""Find temperatures: by labels, or by numbers that can hardly be anything else; and the sensors beside the first."""

from collections.abc import Sequence
from math import log2

from bmsreader.lab.evidence import Finding
from bmsreader.lab.scalars import Match, Place, Table

COLDEST, HOTTEST = -20.0, 55.0
"""Degrees Celsius in which a sensor that nobody labelled is looked for."""
ALIKE = 20.0
"""Degrees by which sensors of one pack differ at most."""
MOST_SENSORS = 8
UNLABELLED = (("u16", 0.1, -273.15), ("u16-le", 0.1, -273.15))
"""Tenths of a kelvin are recognised at sight; whole degrees are not."""


def by_sight(table: Table, taken: frozenset[int]) -> Finding[Place] | None:
    """Return sensors in tenths of a kelvin, if there are any."""
    best: Finding[Place] | None = None
    for kind, scale, offset in UNLABELLED:
        for word in table.words(kind):
            place = Place(name="temperatures", word=word, scale=scale, offset=offset)
            if taken.isdisjoint(word.offsets) and all(COLDEST <= v <= HOTTEST for v in place.values(table.series)):
                whole = widened(table, place, taken)
                bits = 6.2 * whole.count + 6 - log2(2 * table.series.size)
                if best is None or bits > best.bits:
                    warm = place.values(table.series)[0]
                    why = f"{whole.count} words read as {warm:.1f} degrees in tenths of a kelvin"
                    best = Finding(value=whole, bits=bits, why=why)
    return best


def widened(table: Table, place: Place, taken: frozenset[int]) -> Place:
    """Return the place with the sensors that stand behind it."""
    first, count = place.word, 1
    middle = place.values(table.series)
    while count < MOST_SENSORS and _beside(table, place, first.at + count * first.width, middle, taken):
        count += 1
    return Place(name=place.name, word=first, scale=place.scale, offset=place.offset, count=count)


def _beside(table: Table, place: Place, at: int, middle: Sequence[float], taken: frozenset[int]) -> bool:
    """Return whether the word at an offset is another sensor: as warm as the first within reason, in every payload."""
    word = type(place.word)(at=at, type=place.word.type)
    free = at >= 0 and at + word.width <= table.series.size
    if not free or not taken.isdisjoint(word.offsets) or not table.series.fixed.isdisjoint(word.offsets):
        return False
    raws = table.values(word)
    if not any(raws):
        return False
    warm = [raw * place.scale + place.offset for raw in raws]
    return all(COLDEST <= one <= HOTTEST and abs(one - other) <= ALIKE for one, other in zip(warm, middle, strict=True))


def all_typed(table: Table, found: Sequence[Match], taken: frozenset[int]) -> list[tuple[Match, Place]]:
    """Return the matches with their neighbours, those first that also show the other temperatures of the labels."""
    typed = {seen.value for _, seen in table.seen("temperatures")}
    wide = [(match, widened(table, match.place, taken)) for match in found[:24]]

    def shown(pair: tuple[Match, Place]) -> int:
        place = pair[1]
        values: set[float] = set()
        for number in range(place.count):
            word = type(place.word)(at=place.word.at + number * place.word.width, type=place.word.type)
            values |= {round(raw * place.scale + place.offset) for raw in table.values(word)}
        return sum(round(value) in values for value in typed)

    return sorted(wide, key=lambda pair: (-shown(pair), -pair[0].bits, pair[0].rank))
