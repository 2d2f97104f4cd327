"""Sensors side by side: what stands before and behind one that was found, and is as warm."""

from collections.abc import Sequence
from dataclasses import replace

from bmsreader.lab.meaning.degrees import NOTHING, Typed
from bmsreader.lab.meaning.quantities import QUANTITIES
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Word

COLDEST, HOTTEST = -20.0, 55.0
"""Degrees Celsius in which a sensor that nobody labelled is looked for."""
LOWEST, HIGHEST = QUANTITIES["temperatures"].low, QUANTITIES["temperatures"].high
"""The same of one that was typed."""
ALIKE = 20.0
"""Degrees by which sensors of one pack differ at most."""
MOST_SENSORS = 8
MOVES, APART = 3, 3.5
"""A sensor beside one that took so many values moves, too, unless it is within so many degrees of it and others that
move follow; with one value more it moves in any case."""
FOLLOWED = 2
"""Sensors that show what was typed before a number in front of them is believed that says more."""
STEPS = (1, 2, 3, 4, 5, 6, 8)
"""Bytes from one sensor to the next."""
OFTEN, NOW_AND_THEN = 0.75, 0.5
"""Shares of the moments at which a sensor in a row shows what was typed: an app may leave out a sensor at 0."""


def widened(table: Table, place: Place, taken: frozenset[int], *, typed: Typed = NOTHING) -> Place:
    """Return the place with the sensors that stand before and behind it, at the step that finds the most."""
    steps = [step for step in STEPS if step >= place.word.width]
    return max((_row(table, place, taken, typed, step) for step in steps), key=lambda one: one.count)


def of_each_cell(table: Table, place: Place, cells: Place, taken: frozenset[int]) -> Place | None:
    """Return the sensors of all cells where these stand in records of several numbers, and the place is one of them."""
    offset = (place.word.at - cells.word.at) % cells.step
    middle = place.values(table.series)
    for first in (cells.word.at + offset, cells.word.at + offset - cells.step):
        row = replace(place, word=Word(at=first, type=place.word.type), count=cells.count, step=cells.step)
        inside = first >= 0 and max(row.offsets) < table.series.size and taken.isdisjoint(row.offsets)
        if inside and place.word in row.words and all(_as_warm(table, place, word, middle) for word in row.words):
            return row
    return None


def _as_warm(table: Table, place: Place, word: Word, middle: Sequence[float]) -> bool:
    warm = [raw * place.scale + place.offset for raw in table.values(word)]
    near = all(abs(one - other) <= ALIKE for one, other in zip(warm, middle, strict=True))
    return near and all(COLDEST <= one <= HOTTEST for one in warm)


def _row(table: Table, place: Place, taken: frozenset[int], typed: Typed, step: int) -> Place:
    """Return the sensors in a row; an odd step, or a row of whole degrees, must show what was typed."""
    odd = step not in (place.word.width, 2 * place.word.width, 4 * place.word.width)
    strict = odd or (typed.complete and place.grain >= 1)
    if odd and not typed.sought:
        return place
    first, count = place.word.at, 1
    middle = place.values(table.series)

    def another(at: int) -> bool:
        return count < MOST_SENSORS and _beside(table, place, at, middle, taken, typed, strict=strict, odd=odd)

    while another(first + count * step):
        count += 1
    while another(first - step):
        first, count = first - step, count + 1
    if len(set(middle)) >= MOVES:
        while count > 1 and _stands_still(table, place, first + (count - 1) * step, typed):
            count -= 1
        while first < place.word.at and _stands_still(table, place, first, typed):
            first, count = first + step, count - 1
    counted = _counted(table, place, first, count) or _said_in_front(table, place, (first, count, step), taken)
    if counted is not None:
        first, count = counted
    word = Word(at=first, type=place.word.type)
    apart = step if step != place.word.width and count > 1 else 0
    if apart and count < 3:
        return place  # two that are apart may be anything
    return Place(name=place.name, word=word, scale=place.scale, offset=place.offset, count=count, step=apart)


def _stands_still(table: Table, place: Place, at: int, typed: Typed) -> bool:
    """Return whether a word neither moves nor shows what was typed: at the end of a row that moves it is no sensor."""
    raws = table.values(Word(at=at, type=place.word.type))
    warm = [raw * place.scale + place.offset for raw in raws]
    return at != place.word.at and len(set(raws)) == 1 and typed.share_shown_by(warm, place.grain) < OFTEN


def _counted(table: Table, place: Place, first: int, count: int) -> tuple[int, int] | None:
    """Return where the row begins and how long it is when their number stands in front of them."""
    for start in range(first, place.word.at + 1, place.word.width):
        for back, kind in ((1, "u8"), (2, "u16-le" if place.word.little else "u16")):
            if start < back:
                continue
            values = set(table.values(Word(at=start - back, type=kind)))
            number = values.pop() if len(values) == 1 else 0
            room = count - (start - first) // place.word.width
            if 1 <= number <= room and start + number * place.word.width > place.word.at and number > 1:
                return start, number
    return None


def _said_in_front(
    table: Table, place: Place, row: tuple[int, int, int], taken: frozenset[int]
) -> tuple[int, int] | None:
    """Return where a row (first, count, step) begins and how long it is by a number in front of it that says more.

    An app shows three of six sensors: those that it leaves out need not show what was typed, but be as warm. Where the
    words are wider than what is warm in them, such as by flags, the number stands before the whole word.
    """
    first, count, step = row
    middle = place.values(table.series)
    for at in {first - 1, first - 1 - (step - place.word.width)} if count >= FOLLOWED else ():
        said = set(table.values(Word(at=at, type="u8"))) if at >= 0 and at not in taken else set()
        number = said.pop() if len(said) == 1 else 0
        more = [Word(at=first + n * step, type=place.word.type) for n in range(count, number)]
        if count < number <= MOST_SENSORS and all(
            word.offsets.stop <= table.series.size
            and taken.isdisjoint(word.offsets)
            and _as_warm(table, place, word, middle)
            for word in more
        ):
            return first, number
    return None


def _beside(
    table: Table,
    place: Place,
    at: int,
    middle: Sequence[float],
    taken: frozenset[int],
    typed: Typed,
    *,
    strict: bool,
    odd: bool,
) -> bool:
    """Return whether the word at an offset is another sensor: as warm as the first within reason, in every payload."""
    word = Word(at=at, type=place.word.type)
    if at < 0 or at + word.width > table.series.size:
        return False
    if not taken.isdisjoint(word.offsets) or not table.series.fixed.isdisjoint(word.offsets):
        return False
    if word.floating and word not in table.words(word.type):
        return False
    raws = table.values(word)
    warm = [raw * place.scale + place.offset for raw in raws]
    still, moved = len(set(raws)) == 1, len(set(middle))
    stays = still and moved > MOVES
    known = typed.share_shown_by(warm, place.grain) >= (OFTEN if odd or still else NOW_AND_THEN)
    known = known and not (stays and place.grain < 1 and len(typed.full) < 2)  # shown once may be chance
    if known and (strict or typed.complete):
        return all(LOWEST <= one <= HIGHEST for one in warm)
    if strict or not any(raws) or stays or (still and moved == MOVES and abs(warm[0] - middle[-1]) > APART):
        return False
    near = all(abs(one - other) <= ALIKE for one, other in zip(warm, middle, strict=True))
    return all(COLDEST <= one <= HOTTEST for one in warm) and (near or known)
