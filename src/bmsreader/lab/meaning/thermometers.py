"""Find temperatures: by labels, or by numbers that can hardly be anything else; and the sensors beside the first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2, perm

from bmsreader.lab.evidence import SURE, Finding
from bmsreader.lab.meaning.degrees import Shown, Typed, slack, typed_in
from bmsreader.lab.meaning.quantities import QUANTITIES
from bmsreader.lab.meaning.scalars import ENOUGH, FLOATING, Place, Table
from bmsreader.lab.meaning.sensorrows import COLDEST, HOTTEST, of_each_cell, widened
from bmsreader.lab.meaning.series import Word
from bmsreader.protocol.vocabulary import MOST_GROUPS

UNLABELLED = (("u16", 0.1, -273.15), ("u16-le", 0.1, -273.15))
"""Tenths of a kelvin are recognised at sight; whole degrees are not."""
TEXT, LONG = frozenset(b" -./0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz\r"), 10
"""What text consists of, and how many such bytes in a row are text: so many sensors do not stand side by side."""
AS_NEAR = 0.2
"""Degrees further off that a typed temperature may be than the nearest one, for a sensor of whole degrees."""
UNPROVED = 19.0
"""Bits at most that sensors beside the first are worth: that they look alike makes nobody sure."""
WIDE = 99
"""Raw numbers up to this one stand in many places."""
GAP = 2
"""Bytes between sensors that still belong together, such as their number."""
MISSED, LEFT_OUT = 9.0, 3.0
"""Bits that it costs to show nothing of what was typed at a moment; at one at which not all sensors were typed."""
FROZEN = 3.0
"""Bits that it costs when tenths of a degree never move: no sensor is so still."""
FINE = 11.0
"""Bits that a number of two bytes is worth which shows a typed temperature in tenths of a degree, or finer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sensor:
    """A word that shows what was typed."""

    place: Place
    shown: frozenset[Shown]
    outside: float
    """Share of the answers in which it would be too cold or too hot for a sensor."""
    more: float
    """Bits that it is worth that it is a float of everyday size."""
    least: float
    """Bits that it is worth at least, since so wide a number is no chance."""
    bits: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Sensors side by side, and what they show together."""

    first: _Sensor
    """From which it was found."""
    place: Place
    inside: tuple[_Sensor, ...]
    """Those of them that show something that was typed."""
    shown: frozenset[Shown]
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sensors that stand together."""

    finding: Finding[Place]
    shown: frozenset[Shown]


def by_labels(table: Table, taken: frozenset[int], *, little: bool | None, cells: Place | None = None) -> list[Group]:
    """Return the sensors that show the typed temperatures: the group with the most evidence first.

    Where ``cells`` stand in records, each of these may have a sensor of its own.
    All groups are sent in one way; the way that explains most of what was typed wins.
    """
    typed = typed_in(table)
    if not typed.sought or (len(table.series.payloads) == 1 and len(typed.moments) > 1):
        return []  # what was heard once shows nothing of what was typed at several moments
    taken |= _text(table)
    best: tuple[float, list[_Row], list[_Sensor]] | None = None
    for rank, (kind, scale, offset) in enumerate(QUANTITIES["temperatures"].ways()):
        sensors = list(_sensors(table, (kind, scale, offset), taken, typed))
        if not sensors:
            continue
        less = 0.15 * rank
        less += 2.0 if all(_has_sign_beside(table, sensor.place.word) for sensor in sensors) else 0.0
        less += 3.0 if little is not None and sensors[0].place.word.width > 1 and _little(sensors) != little else 0.0
        rows = _chosen(table, sensors, taken, typed, cells if cells and cells.step else None)
        explained = frozenset[Shown]().union(*(row.shown for row in rows))
        score = 4.0 * len(explained) + rows[0].bits - less
        if best is None or score > best[0]:
            best = score, rows, sensors
    return _groups(best[1], best[2], typed) if best else []


def _text(table: Table) -> frozenset[int]:
    """Return the offsets that are text in every answer, such as a serial number or hex digits: no temperatures."""
    if table.series.legal is not None:
        return frozenset()
    found: set[int] = set()
    run: list[int] = []
    for at in range(table.series.size):
        if TEXT.issuperset(table.values(Word(at=at, type="u8"))):
            run.append(at)
            found |= set(run) if len(run) >= LONG else set()
        else:
            run = []
    return frozenset(found)


def _little(sensors: Sequence[_Sensor]) -> bool:
    return sensors[0].place.word.little


def _sensors(table: Table, way: tuple[str, float, float], taken: frozenset[int], typed: Typed) -> Iterator[_Sensor]:
    """Yield the words that show a typed temperature at (nearly) every full moment, read in one way."""
    kind, scale, offset = way
    quantity = QUANTITIES["temperatures"]
    grain = Place(name="temperatures", word=Word(at=0, type=kind), scale=scale).grain
    for word in table.words(kind):
        if not taken.isdisjoint(word.offsets) or not _possible(table.ends(word), way, typed, grain):
            continue
        raws = table.values(word)
        warm = [raw * scale + offset for raw in raws]
        shown = _nearest(typed.shown_by(warm, grain), AS_NEAR if grain >= 1 else 1.0)
        missed = typed.full - {at for at, _ in shown}
        if not shown or len(missed) > len(typed.full) // 4 or _half_of_a_word(table, word, raws):
            continue
        frozen = len(set(raws)) == 1 and grain < 1
        fine = word.width == 2 and grain < 1 and min(map(abs, raws)) > WIDE
        one = _Sensor(
            place=Place(name="temperatures", word=word, scale=scale, offset=offset),
            shown=shown,
            outside=sum(not quantity.low <= one <= quantity.high for one in warm) / len(warm),
            more=(FLOATING * min(len(set(raws)), ENOUGH) if word.floating else 0.0) - (FROZEN if frozen else 0.0),
            least=FINE if fine and not (frozen and len({value for _, value in shown}) == 1) else 0.0,
        )
        yield replace(one, bits=_bits(table, typed, [one]))


def _bits(table: Table, typed: Typed, sensors: Sequence[_Sensor]) -> float:
    """Return what it is worth that sensors side by side show what was typed."""
    place = sensors[0].place
    shown = frozenset[Shown]().union(*(sensor.shown for sensor in sensors))
    values = {value for _, value in shown}
    worth = sum(2.0 if not value else log2(200 / (1.1 * (1 + place.grain))) for value in values)
    moments = [at for at, _ in shown]
    at_once = max(map(moments.count, moments))
    least = sum(sorted((sensor.least for sensor in sensors), reverse=True)[:at_once])
    worth = max(worth + max(sensor.more for sensor in sensors), least)
    for at in typed.moments:
        if at not in moments:
            worth -= MISSED if at in typed.full else LEFT_OUT
        elif len(sensors) > 1:  # each of them may have shown any of what was typed
            worth -= log2(perm(typed.count(at), moments.count(at)))
    worth -= QUANTITIES["temperatures"].price(place.word.type, place.scale, place.offset)
    worth -= 40.0 * max(sensor.outside for sensor in sensors)
    return worth - _search(table)


def _search(table: Table) -> float:
    """Return the bits that it costs to have looked everywhere."""
    return log2(10 * max(table.series.size, 2))


def _moves(table: Table, row: _Row) -> bool:
    return len(set(table.values(row.first.place.word))) > 1


def _possible(ends: Mapping[float, tuple[int, int]], way: tuple[str, float, float], typed: Typed, grain: float) -> bool:
    """Return whether the highest and lowest numbers of a word leave it open that it shows what was typed."""
    _, scale, offset = way
    shown = set()
    for (at, value), _, step in typed.sought:
        low, high, off = ends[at][0] * scale + offset, ends[at][1] * scale + offset, slack(step, grain)
        if low - value <= off and value - high <= off:
            shown.add(at)
    return bool(shown) and len(typed.full - shown) <= len(typed.full) // 4


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


def _chosen(
    table: Table, sensors: Sequence[_Sensor], taken: frozenset[int], typed: Typed, cells: Place | None = None
) -> list[_Row]:
    """Return the rows of sensors that show what was typed, the best first; a further row must prove itself."""
    rows = [_row(table, sensor, sensors, taken, typed, cells) for sensor in sensors]
    rows.sort(key=lambda row: (-row.bits, not _moves(table, row), -row.first.bits, row.first.place.word.at))
    chosen: list[_Row] = []
    used: set[int] = set()
    for row in rows:
        if used.isdisjoint(row.first.place.offsets):
            if not used.isdisjoint(row.place.offsets):
                row = _row(table, row.first, sensors, taken | used, typed)
            if any(at in used for at in (row.place.word.at - 1, max(row.place.offsets) + 1)):
                row = replace(row, bits=row.bits + _search(table))  # right beside: nobody had to look for it
            if not chosen or _further(table, row, used, frozenset[Shown]().union(*(one.shown for one in chosen))):
                chosen.append(row)
                used |= row.place.offsets
    return chosen


def _row(
    table: Table,
    sensor: _Sensor,
    sensors: Sequence[_Sensor],
    taken: frozenset[int],
    typed: Typed,
    cells: Place | None = None,
) -> _Row:
    """Return the row in which a sensor stands: beside others, or one with each of the cells."""
    each = of_each_cell(table, sensor.place, cells, taken) if cells else None
    inside = _inside(each, sensors) if each else ()
    place = each if each and len(inside) > 1 else widened(table, sensor.place, taken, typed=typed)
    inside = _inside(place, sensors)
    shown = frozenset[Shown]().union(*(other.shown for other in inside))
    return _Row(first=sensor, place=place, inside=inside, shown=shown, bits=_bits(table, typed, inside))


def _inside(place: Place, sensors: Sequence[_Sensor]) -> tuple[_Sensor, ...]:
    words = set(place.words)
    return tuple(sensor for sensor in sensors if sensor.place.word in words)


def _groups(rows: Sequence[_Row], sensors: Sequence[_Sensor], typed: Typed) -> list[Group]:
    """Return rows as findings; one of them that is unsure leaves it open which are all of them."""
    groups = []
    for number, row in enumerate(rows):
        told = f"shows {len(row.shown)} of {len(typed.sought)} typed temperatures"
        why = told + (f", {row.place.count} sensors side by side" if row.place.count > 1 else "")
        rivals = () if number else _rivals(row, sensors)
        groups.append(
            Group(finding=Finding(value=row.place, bits=_proved(row), why=why, rivals=rivals), shown=row.shown)
        )
    most = SURE if min(group.finding.bits for group in groups) >= SURE else UNPROVED
    return [
        replace(group, finding=replace(group.finding, bits=min(group.finding.bits, most))) if most < SURE else group
        for group in groups
    ]


def _rivals(row: _Row, sensors: Sequence[_Sensor]) -> tuple[Finding[Place], ...]:
    """Return the other words that show as much as the first of the sensors."""
    as_much = (one for one in sensors if len(one.shown) >= len(row.first.shown))
    others = [one for one in as_much if not one.place.offsets & row.place.offsets]
    others.sort(key=lambda one: -one.bits)
    return tuple(Finding(value=one.place, bits=one.bits, why="") for one in others[:3])


def _proved(row: _Row) -> float:
    """Return the bits of a row: it is sure only where each of its sensors shows enough of what was typed."""
    alone = max(row.first.bits, min(UNPROVED, row.first.bits + 2.5 * min(row.place.count - 1, 3)))
    proved = {sensor.place.word for sensor in row.inside if sensor.bits >= SURE}
    if set(row.place.words) <= proved:
        return alone
    return min(max(alone, row.bits), UNPROVED)  # a neighbour that shows little of what was typed


def spare(groups: Sequence[Group]) -> list[str]:
    """Return what to say where more groups stand apart than a description can hold."""
    more = len(groups) - MOST_GROUPS
    return [f"temperatures: {more} more groups stand apart than a description can hold"] if more > 0 else []


def _further(table: Table, row: _Row, used: set[int], explained: frozenset[Shown]) -> bool:
    """Return whether sensors belong to others though they do not stand in their row."""
    place, news = row.first.place, row.shown - explained
    apart = min(abs(one - other) for one in place.offsets for other in used)
    wide, fine = place.word.width > 1, place.grain < 1
    moves = _moves(table, row)
    if wide and row.first.bits > 0 and fine and apart <= GAP + 1 and (news or moves):
        return True
    if wide and apart == 1 and moves and row.first.shown:
        return True
    if len(row.inside) > 1 and len(news) > 1 and row.bits > 0:
        return True
    sure = len({value for _, value in row.first.shown}) > 1 and moves
    return sure and (bool(news) or apart == 1 or fine)


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
