"""Find temperatures: by labels, or by numbers that can hardly be anything else; and the sensors beside the first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from bmsreader.lab.evidence import SURE, Finding
from bmsreader.lab.meaning.quantities import QUANTITIES
from bmsreader.lab.meaning.scalars import ENOUGH, FLOATING, Place, Table
from bmsreader.lab.meaning.series import Word
from bmsreader.protocol.vocabulary import MOST_GROUPS

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
STEPS = (1, 2, 3, 4, 5, 6, 8)
"""Bytes from one sensor to the next."""
SHOWN = range(2, 4)
"""Temperatures that were typed at one moment when they are all that there are: of many, nobody types all."""
WIDE = 99
"""Raw numbers up to this one stand in many places."""
OFTEN, NOW_AND_THEN = 0.75, 0.5
"""Shares of the moments at which a sensor in a row shows what was typed: an app may leave out a sensor at 0."""
GAP = 2
"""Bytes between sensors that still belong together, such as their number."""
FINE = 11.0
"""Bits that a number of two bytes is worth which shows a typed temperature in tenths of a degree, or finer."""

Shown = tuple[float, float]
"""A typed temperature: when, and how warm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The temperatures that were typed, with the payloads around the time of each and its last digit."""

    sought: tuple[tuple[Shown, range, float], ...] = ()
    names: tuple[str, ...] = ()
    """Which sensor each was said to be, such as ``T1`` or ``mosfet``; empty where that was not said."""

    @property
    def complete(self) -> bool:
        """Whether they look like all that the battery has: several at some moment, and never many."""
        moments = [at for (at, _), _, _ in self.sought]
        return max(map(moments.count, moments), default=0) in SHOWN

    def shown_by(self, warm: Sequence[float], grain: float) -> list[tuple[Shown, float]]:
        """Return the typed temperatures that the values of a word show, and how far off they are."""
        offs = [(shown, min(abs(warm[i] - shown[1]) for i in near), step) for shown, near, step in self.sought]
        names: dict[str, list[tuple[Shown, float]]] = {}
        for name, (shown, off, step) in zip(self.names or [""] * len(offs), offs, strict=True):
            if off <= slack(step, grain):
                names.setdefault(name, []).append((shown, off))
        best = max((name for name in names if name), key=lambda name: _merit(names[name]), default="")
        return [*names.get("", []), *(names[best] if best else [])]  # a sensor has one name

    def share_shown_by(self, warm: Sequence[float], grain: float) -> float:
        """Return the share of the moments at which a word shows one of them."""
        moments = {at for (at, _), _, _ in self.sought}
        return len({at for (at, _), _ in self.shown_by(warm, grain)}) / max(1, len(moments))


NOTHING = Typed()


def _merit(shown: Sequence[tuple[Shown, float]]) -> tuple[int, float]:
    return len(shown), -sum(off for _, off in shown)


def slack(step: float, grain: float) -> float:
    """Return how far a value may be from what was typed: whole degrees are shown as they are, finer ones rounded."""
    return 0.55 * (max(step, grain) if grain >= 1 else step + grain)


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
    typed = typed_in(table)
    if not typed.sought:
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


def typed_in(table: Table) -> Typed:
    """Return the temperatures that were typed."""
    seen = {
        (label.at, one.value, one.place or (f"T{one.index}" if one.index is not None else "")): one.step
        for label, one in table.seen("temperatures")
    }
    return Typed(
        sought=tuple(((at, value), table.near[at], step) for (at, value, _), step in seen.items()),
        names=tuple(name for _, _, name in seen),
    )


def _little(sensors: Sequence[_Sensor]) -> bool:
    return sensors[0].place.word.little


def _sensors(table: Table, way: tuple[str, float, float], taken: frozenset[int], typed: Typed) -> Iterator[_Sensor]:
    """Yield the words that show a typed temperature at (nearly) every label, read in one way."""
    kind, scale, offset = way
    quantity = QUANTITIES["temperatures"]
    moments = {at for (at, _), _, _ in typed.sought}
    grain = Place(name="temperatures", word=Word(at=0, type=kind), scale=scale).grain
    for word in table.words(kind):
        if not taken.isdisjoint(word.offsets):
            continue
        if not _possible(table.ends(word), way, typed, grain, len(moments)):
            continue
        raws = table.values(word)
        warm = [raw * scale + offset for raw in raws]
        shown = _nearest(typed.shown_by(warm, grain), AS_NEAR if grain >= 1 else 1.0)
        missed = len(moments) - len({at for at, _ in shown})
        if not shown or missed > len(moments) // 4 or _half_of_a_word(table, word, raws):
            continue
        outside = sum(not quantity.low <= one <= quantity.high for one in warm) / len(warm)
        values = {value for _, value in shown}
        worth = sum(2.0 if not value else log2(200 / (1.1 * (1 + grain))) for value in values)
        worth += FLOATING * min(len(set(raws)), ENOUGH) if word.floating else 0.0
        worth = max(worth, FINE) if word.width == 2 and grain < 1 and min(map(abs, raws)) > WIDE else worth
        worth -= quantity.price(*way)
        bits = worth - 9.0 * missed - 40.0 * outside - log2(10 * max(table.series.size, 2))
        yield _Sensor(place=Place(name="temperatures", word=word, scale=scale, offset=offset), shown=shown, bits=bits)


def _possible(
    ends: Mapping[float, tuple[int, int]], way: tuple[str, float, float], typed: Typed, grain: float, moments: int
) -> bool:
    """Return whether the highest and lowest numbers of a word leave it open that it shows what was typed."""
    _, scale, offset = way
    shown = set()
    for (at, value), _, step in typed.sought:
        low, high, off = ends[at][0] * scale + offset, ends[at][1] * scale + offset, slack(step, grain)
        if low - value <= off and value - high <= off:
            shown.add(at)
    return bool(shown) and moments - len(shown) <= moments // 4


def _nearest(sought: Sequence[tuple[Shown, float]], more: float) -> frozenset[Shown]:
    """Return what a sensor shows, from (when and how warm, how far off).

    Of several temperatures that were typed at one moment that is the nearest, and those hardly further off.
    """
    best: dict[float, float] = {}
    for (at, _), off in sought:
        best[at] = min(off, best.get(at, off))
    return frozenset([(at, value) for (at, value), off in sought if off <= best[at] + more])


def _has_sign_beside(table: Table, word: Word) -> bool:
    """Return whether a byte has its sign in the byte before or behind it, as the half of a wider number has."""
    if word.width > 1:
        return False
    raws = table.values(Word(at=word.at, type="i8"))
    beside = [at for at in (word.at - 1, word.at + 1) if 0 <= at < table.series.size]
    signs = [-1 if raw < 0 else 0 for raw in raws]
    return any(list(table.values(Word(at=at, type="i8"))) == signs for at in beside)


def _half_of_a_word(table: Table, word: Word, raws: Sequence[int]) -> bool:
    """Return whether a signed byte is half of a wider number: its sign stands beside it, or it is such a sign."""
    if word.type != "i8" or min(raws) >= 0:
        return False
    signs = [-1 if raw < 0 else 0 for raw in raws]
    beside = [
        [*table.values(Word(at=at, type="i8"))] for at in (word.at + 1, word.at - 1) if 0 <= at < table.series.size
    ]
    if beside and word.at + 1 < table.series.size and beside[0] == signs:
        return True
    return [*raws] == signs and len(set(raws)) > 1 and any(signs == [-(n < 0) for n in one] for one in beside)


def _groups(table: Table, sensors: Sequence[_Sensor], taken: frozenset[int], typed: Typed) -> list[Group]:
    """Return the groups of sensors that stand together; a further group must prove itself by two typed values."""
    found: list[Group] = []
    used: set[int] = set()
    explained: set[Shown] = set()
    rows = {s.place.word.at: widened(table, s.place, taken, typed=typed) for s in sensors}

    def merit(sensor: _Sensor) -> tuple[int, float, int]:
        row = rows[sensor.place.word.at].offsets
        inside = frozenset[Shown]().union(*(other.shown for other in sensors if other.place.offsets <= row))
        return -len(inside), -sensor.bits, sensor.place.word.at

    ranked = sorted(sensors, key=merit)
    rivals = [sensor for sensor in ranked[1:] if len(sensor.shown) == len(ranked[0].shown)]
    for sensor in ranked:
        if not used.isdisjoint(sensor.place.offsets) or (found and not _further(table, sensor, used, explained)):
            continue
        whole = widened(table, sensor.place, taken | used, typed=typed)
        others = tuple(
            Finding(value=one.place, bits=one.bits, why="") for one in rivals if not one.place.offsets & whole.offsets
        )
        told = f"shows {len(sensor.shown)} of {len(typed.sought)} typed temperatures"
        row = f", {whole.count} sensors side by side" if whole.count > 1 else ""
        inside = [other for other in sensors if other.place.offsets <= whole.offsets]
        bits = max(sensor.bits, min(UNPROVED, sensor.bits + 2.5 * min(whole.count - 1, 3)))
        proved = {other.place.word.at for other in inside if other.bits >= SURE}
        if not {word.at for word in whole.words} <= proved:
            bits = min(bits, UNPROVED)  # a neighbour that shows little of what was typed
        finding = Finding(value=whole, bits=bits, why=told + row, rivals=() if found else others[:3])
        found.append(Group(finding=finding, shown=sensor.shown.union(*(other.shown for other in inside))))
        used |= whole.offsets
        explained |= found[-1].shown
    least = min((group.finding.bits for group in found), default=SURE)
    if least >= SURE:
        return found
    return [  # one that is unsure leaves it open which are all of them
        replace(group, finding=replace(group.finding, bits=min(group.finding.bits, UNPROVED))) for group in found
    ]


def spare(groups: Sequence[Group]) -> list[str]:
    """Return what to say where more groups stand apart than a description can hold."""
    more = len(groups) - MOST_GROUPS
    return [f"temperatures: {more} more groups stand apart than a description can hold"] if more > 0 else []


def _further(table: Table, sensor: _Sensor, used: set[int], explained: set[Shown]) -> bool:
    """Return whether a sensor belongs to others though it does not stand in their row."""
    place = sensor.place
    apart = min(abs(one - other) for one in place.offsets for other in used)
    fine = place.grain < 1
    if fine and place.word.width > 1 and apart <= GAP + 1 and sensor.bits > 0:
        return True
    sure = len({value for _, value in sensor.shown}) > 1 and len(set(table.values(place.word))) > 1
    return sure and (bool(sensor.shown - explained) or apart == 1 or fine)


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


def widened(table: Table, place: Place, taken: frozenset[int], *, typed: Typed = NOTHING) -> Place:
    """Return the place with the sensors that stand before and behind it, at the step that finds the most."""
    steps = [step for step in STEPS if step >= place.word.width]
    return max((_row(table, place, taken, typed, step) for step in steps), key=lambda one: one.count)


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
    known = typed.share_shown_by(warm, place.grain) >= (OFTEN if odd or len(set(raws)) == 1 else NOW_AND_THEN)
    if known and (strict or typed.complete):
        return all(COLDEST <= one <= HOTTEST for one in warm)
    still, moved = len(set(raws)) == 1, len(set(middle))
    if strict or not any(raws) or (still and (moved > MOVES or (moved == MOVES and abs(warm[0] - middle[-1]) > APART))):
        return False
    near = all(abs(one - other) <= ALIKE for one, other in zip(warm, middle, strict=True))
    return all(COLDEST <= one <= HOTTEST for one in warm) and (near or known)
