"""Find temperatures: by labels, or by numbers that can hardly be anything else; and the sensors beside the first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

from bmsreader.lab.evidence import Finding
from bmsreader.lab.scalars import ENOUGH, FLOATING, QUANTITIES, Place, Table
from bmsreader.lab.series import Word

COLDEST, HOTTEST = -20.0, 55.0
"""Degrees Celsius in which a sensor that nobody labelled is looked for."""
ALIKE = 20.0
"""Degrees by which sensors of one pack differ at most."""
MOST_SENSORS = 8
UNLABELLED = (("u16", 0.1, -273.15), ("u16-le", 0.1, -273.15))
"""Tenths of a kelvin are recognised at sight; whole degrees are not."""
AS_NEAR = 0.2
"""Degrees further off that a typed temperature may be than the nearest one, for a sensor of whole degrees."""
UNPROVED = 19.0
"""Bits at most that sensors beside the first are worth: that they look alike makes nobody sure."""
MOVES, APART = 3, 3.5
"""A sensor beside one that took so many values moves, too, unless it is within so many degrees of it; with one value
more it moves in any case."""
STEPS = (1, 2, 4)
"""Bytes between sensors that do not stand side by side, in words."""

Shown = tuple[float, float]
"""A typed temperature: when, and how warm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sensor:
    """A word that shows what was typed."""

    place: Place
    shown: frozenset[Shown]
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sensors that stand together."""

    finding: Finding[Place]
    shown: frozenset[Shown]


def by_labels(table: Table, taken: frozenset[int], *, little: bool | None) -> list[Group]:
    """Return the sensors that show the typed temperatures: the group with the most evidence first.

    All groups are sent in one way; the way that explains most of what was typed wins.
    """
    typed = frozenset((label.at, seen.value) for label, seen in table.seen("temperatures"))
    if not typed:
        return []
    best: tuple[float, list[_Sensor]] | None = None
    for rank, (kind, scale, offset) in enumerate(QUANTITIES["temperatures"].ways()):
        sensors = list(_sensors(table, (kind, scale, offset), taken, typed))
        if not sensors:
            continue
        explained = frozenset[Shown]().union(*(sensor.shown for sensor in sensors))
        top = max(sensor.bits for sensor in sensors)
        score = 4.0 * len(explained) + top - 0.15 * rank
        score -= 2.0 if all(_has_sign_beside(table, sensor.place.word) for sensor in sensors) else 0.0
        score -= 3.0 if little is not None and sensors[0].place.word.width > 1 and _little(sensors) != little else 0.0
        if best is None or score > best[0]:
            best = score, sensors
    return _groups(table, best[1], taken, typed) if best else []


def _little(sensors: Sequence[_Sensor]) -> bool:
    return sensors[0].place.word.little


def _sensors(
    table: Table, way: tuple[str, float, float], taken: frozenset[int], typed: frozenset[Shown]
) -> Iterator[_Sensor]:
    """Yield the words that show a typed temperature at (nearly) every label, read in one way."""
    kind, scale, offset = way
    quantity = QUANTITIES["temperatures"]
    moments = {at for at, _ in typed}
    step = {(label.at, seen.value): seen.step for label, seen in table.seen("temperatures")}
    grain = Place(name="temperatures", word=Word(at=0, type=kind), scale=scale).grain
    sought = [(at, value, table.near[at], 0.55 * (step[at, value] + grain)) for at, value in typed]
    for word in table.words(kind):
        if not taken.isdisjoint(word.offsets):
            continue
        raws = table.values(word)
        warm = [raw * scale + offset for raw in raws]
        offs = [(at, value, min([abs(warm[i] - value) for i in near]), slack) for at, value, near, slack in sought]
        shown = _nearest([one for one in offs if one[2] <= one[3]], AS_NEAR if grain >= 1 else 1.0)
        missed = len(moments) - len({at for at, _ in shown})
        if not shown or missed > len(moments) // 4 or _half_of_a_word(table, word, raws):
            continue
        outside = sum(not quantity.low <= one <= quantity.high for one in warm) / len(warm)
        values = {value for _, value in shown}
        worth = sum(2.0 if not value else log2(200 / (1.1 * (1 + grain))) for value in values)
        worth += FLOATING * min(len(set(raws)), ENOUGH) if word.floating else 0.0
        bits = worth - 9.0 * missed - 40.0 * outside - log2(10 * max(table.series.size, 2))
        yield _Sensor(place=Place(name="temperatures", word=word, scale=scale, offset=offset), shown=shown, bits=bits)


def _nearest(sought: Sequence[tuple[float, float, float, float]], more: float) -> frozenset[Shown]:
    """Return what a sensor shows, from (when, how warm, how far off, how far off it may be).

    Of several temperatures that were typed at one moment that is the nearest, and those hardly further off.
    """
    best: dict[float, float] = {}
    for at, _, off, _ in sought:
        best[at] = min(off, best.get(at, off))
    return frozenset([(at, value) for at, value, off, _ in sought if off <= best[at] + more])


def _has_sign_beside(table: Table, word: Word) -> bool:
    """Return whether a byte has its sign in the byte before or behind it, as the half of a wider number has."""
    if word.width > 1:
        return False
    raws = table.values(Word(at=word.at, type="i8"))
    beside = [at for at in (word.at - 1, word.at + 1) if 0 <= at < table.series.size]
    signs = [-1 if raw < 0 else 0 for raw in raws]
    return any(list(table.values(Word(at=at, type="i8"))) == signs for at in beside)


def _half_of_a_word(table: Table, word: Word, raws: Sequence[int]) -> bool:
    """Return whether a signed byte has its sign again in the byte behind it: it is half of a wider number."""
    if word.type != "i8" or word.at + 1 >= table.series.size:
        return False
    behind = table.values(Word(at=word.at + 1, type="i8"))
    return any(raw < 0 for raw in raws) and all(
        b == (-1 if raw < 0 else 0) for raw, b in zip(raws, behind, strict=True)
    )


def _groups(table: Table, sensors: Sequence[_Sensor], taken: frozenset[int], typed: frozenset[Shown]) -> list[Group]:
    """Return the groups of sensors that stand together; a further group must prove itself by two typed values."""
    found: list[Group] = []
    used: set[int] = set()
    explained: set[Shown] = set()
    values = frozenset(value for _, value in typed)
    rows = {s.place.word.at: widened(table, s.place, taken, typed=values) for s in sensors}

    def merit(sensor: _Sensor) -> tuple[int, float, int]:
        row = rows[sensor.place.word.at].offsets
        inside = frozenset[Shown]().union(*(other.shown for other in sensors if other.place.offsets <= row))
        return -len(inside), -sensor.bits, sensor.place.word.at

    ranked = sorted(sensors, key=merit)
    rivals = [sensor for sensor in ranked[1:] if len(sensor.shown) == len(ranked[0].shown)]
    for sensor in ranked:
        if not used.isdisjoint(sensor.place.offsets):
            continue
        sure = len({value for _, value in sensor.shown}) > 1 and len(set(table.values(sensor.place.word))) > 1
        new = sensor.shown - explained
        beside = any(offset - 1 in used or offset + 1 in used for offset in sensor.place.offsets)
        if found and not (sure and (new or beside or sensor.place.grain < 1)):
            continue
        whole = widened(table, sensor.place, taken | used, typed=values)
        others = tuple(
            Finding(value=one.place, bits=one.bits, why="") for one in rivals if not one.place.offsets & whole.offsets
        )
        told = f"shows {len(sensor.shown)} of {len(typed)} typed temperatures"
        row = f", {whole.count} sensors side by side" if whole.count > 1 else ""
        bits = max(sensor.bits, min(UNPROVED, sensor.bits + 2.5 * min(whole.count - 1, 3)))
        finding = Finding(value=whole, bits=bits, why=told + row, rivals=() if found else others[:3])
        inside = (other.shown for other in sensors if other.place.offsets <= whole.offsets)
        found.append(Group(finding=finding, shown=sensor.shown.union(*inside)))
        used |= whole.offsets
        explained |= found[-1].shown
    return found


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


def widened(table: Table, place: Place, taken: frozenset[int], *, typed: frozenset[float] = frozenset()) -> Place:
    """Return the place with the sensors that stand before and behind it, at the step that finds the most."""
    return max((_row(table, place, taken, typed, step * place.word.width) for step in STEPS), key=lambda one: one.count)


def _row(table: Table, place: Place, taken: frozenset[int], typed: frozenset[float], step: int) -> Place:
    first, count = place.word.at, 1
    middle = place.values(table.series)
    while count < MOST_SENSORS and _beside(table, place, first + count * step, middle, taken, typed):
        count += 1
    while count < MOST_SENSORS and _beside(table, place, first - step, middle, taken, typed):
        first, count = first - step, count + 1
    counted = _counted(table, place, first, count)
    if counted is not None:
        first, count = counted
    word = Word(at=first, type=place.word.type)
    apart = step if step != place.word.width and count > 1 else 0
    if apart and count < 3:
        return place  # two that are apart may be anything
    return Place(name=place.name, word=word, scale=place.scale, offset=place.offset, count=count, step=apart)


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


def _beside(
    table: Table, place: Place, at: int, middle: Sequence[float], taken: frozenset[int], typed: frozenset[float]
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
    if not any(raws) or (still and (moved > MOVES or (moved == MOVES and abs(warm[0] - middle[-1]) > APART))):
        return False
    known = all(any(abs(one - value) <= 0.55 * (1 + place.scale) for value in typed) for one in (warm[0], warm[-1]))
    near = all(abs(one - other) <= ALIKE for one, other in zip(warm, middle, strict=True))
    return all(COLDEST <= one <= HOTTEST for one in warm) and (near or known)
