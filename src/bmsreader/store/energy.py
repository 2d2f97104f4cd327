"""Energy and charge per day of the owner's, from the counters; what may have flowed in gaps, as bounds."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate, pairwise

from bmsreader.model.battery import Totals
from bmsreader.model.energy import Bounds, EnergyDay, Missing, longest_gap
from bmsreader.model.errors import UsageError
from bmsreader.store import gaps
from bmsreader.store.content import TIME, milliseconds
from bmsreader.store.fields import TOTALS
from bmsreader.store.shelf import Known, Piece, Shelf
from bmsreader.store.sides import UNKNOWN, Extremes, Gap, Side, extremes, sides, wider
from bmsreader.store.summaries import HOUR

COUNTED = ("energy_in", "energy_out", "charge_in", "charge_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of one battery, on disk and in memory."""

    shelf: Shelf
    known: Known
    fresh: Sequence[Piece]
    """Readings that are not sealed."""
    now: int
    """ms."""


def local_days(start: datetime, end: datetime, zone: tzinfo) -> list[EnergyDay]:
    """Return the days of a time zone that a stretch of time touches, with nothing counted."""
    if start.tzinfo is None or end.tzinfo is None:
        raise UsageError("a time without its time zone could mean anything")
    if end <= start:
        raise UsageError("the days end before they begin")
    first = start.astimezone(zone).date()
    last = (end - timedelta(milliseconds=1)).astimezone(zone).date()
    dates = [first + timedelta(days=number) for number in range((last - first).days + 2)]
    midnights = [midnight(one, zone) for one in dates]
    return [
        EnergyDay(date=one, start=begin, end=until)
        for one, begin, until in zip(dates[:-1], midnights, midnights[1:], strict=False)
    ]


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of a day, UTC; where clocks leap over midnight, the moment of the leap."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def per_day(past: Past, start: datetime, end: datetime, zone: tzinfo) -> list[EnergyDay]:
    """Return what was counted on each day that has begun, from the battery's first day on."""
    days = [day for day in local_days(start, end, zone) if milliseconds(day.start) <= past.now]
    if not days:
        return []
    edges = [milliseconds(day.start) for day in days] + [milliseconds(days[-1].end)]
    counted, first = _counted(past, edges)
    unread = _gaps(past, edges[0], edges[-1])
    widest = past.known.extremes
    for piece in past.fresh if unread else ():
        widest = wider(widest, extremes(piece.source))
    filled = []
    for number, day in enumerate(days):
        if first is None or edges[number + 1] <= first:
            continue
        totals = Totals(**{name: flowed[number] for name, flowed in counted.items()})
        filled.append(with_gaps(with_totals(day, Totals(), totals), unread, widest))
    return filled


# ---- counters


def _counted(past: Past, edges: Sequence[int]) -> tuple[dict[str, list[float]], int | None]:
    """Return what each counter grew from one edge to the next, and since when there is a history."""
    counted: dict[str, list[float]] = {}
    first: int | None = None
    entries = [entry for piece in past.fresh for entry in piece.counters]
    for name in COUNTED:
        starts, lasts, before = past.shelf.curves.steps(past.known.number, name, edges[0], edges[-1])
        place = TOTALS.index(name) + 1
        points = list(zip(starts, lasts, strict=True)) + [(int(entry[0]), entry[place]) for entry in entries]
        points.sort()  # they mostly are; a clock can be set back
        if before is not None:
            first = edges[0]
        elif points:
            first = points[0][0] if first is None else min(first, points[0][0])
            begun = past.known.begun
            before = points[0][1] if begun is None else getattr(begun, name)
        moments = [at for at, _ in points]
        levels = list(accumulate((level for _, level in points), max, initial=before or 0.0))
        counted[name] = [b - a for a, b in pairwise(levels[bisect_left(moments, edge)] for edge in edges)]
    return counted, first


# ---- gaps


def _gaps(past: Past, start: int, end: int) -> list[Gap]:
    """Return the times in which nothing was counted, the one that lasts until now too."""
    known = past.known
    stamps = sorted(stamp for piece in past.fresh for stamp in piece.source.column(TIME) or ())
    usual = gaps.pace(stamps, known.pace)
    longest = round(1000 * longest_gap((usual or 0) / 1000))
    old = [gap for gap in past.shelf.sided_gaps(known, start, end) if gap.end - gap.start > longest]
    said: dict[int, Side] = {gap.start: gap.before for gap in old} | {gap.end: gap.after for gap in old}
    found = gaps.refine([(gap.start, gap.end) for gap in old], stamps, longest) if old else []
    fresh = gaps.find(stamps, longest, after=known.newest) if stamps else []
    newest = max([*stamps[-1:], known.newest or 0])
    if fresh or len(found) != len(old):
        if known.newest is not None:
            said.setdefault(known.newest, known.tail)
        wanted = [stamp for gap in (*found, *fresh) for stamp in gap if stamp not in said]
        for piece in past.fresh:
            said |= sides(piece.source, piece.source.column(TIME) or (), wanted)
    lasting = [(newest, past.now)] if newest and past.now - newest > longest else []
    return [
        Gap(start=begin, end=until, before=said.get(begin, UNKNOWN), after=said.get(until, UNKNOWN))
        for begin, until in (*found, *fresh, *lasting)
        if until > start and begin < end
    ]


def with_gaps(day: EnergyDay, unread: Iterable[Gap], widest: Extremes) -> EnergyDay:
    """Return a day with its part of the gaps that touch it, and what may have flowed in them."""
    begin, end = milliseconds(day.start), milliseconds(day.end)
    seconds, known = 0.0, "current" in widest
    largest = max(map(abs, widest.get("current", (0.0,))))
    least_in = least_out = most_in = most_out = 0.0
    for gap in unread:
        mine = min(end, gap.end) - max(begin, gap.start)
        if mine <= 0:
            continue
        seconds += mine / 1000
        change = gap.change or 0.0
        elsewhere = largest * (gap.end - gap.start - mine) / HOUR  # what can have flowed on the days beside it
        must = max(0.0, abs(change) - elsewhere)
        can = largest * mine / HOUR
        least_in += must if change > 0 else 0.0
        least_out += must if change < 0 else 0.0
        most_in += max(can, must) if change > 0 else can
        most_out += max(can, must) if change < 0 else can
    if not seconds:
        return day
    charge = [
        Bounds(least=least, most=most if known else None)
        for least, most in ((least_in, most_in), (least_out, most_out))
    ]
    energy = [_energy(one, widest.get("pack_voltage")) for one in charge]
    missing = Missing(charge_in=charge[0], charge_out=charge[1], energy_in=energy[0], energy_out=energy[1])
    return replace(day, gaps=round(seconds, 3), missing=missing)


def _energy(charge: Bounds, volts: tuple[float, float] | None) -> Bounds:
    if volts is None:
        return Bounds(most=None)
    return Bounds(least=charge.least * volts[0], most=None if charge.most is None else charge.most * volts[1])


# ---- today


def nobody(battery: str) -> Known:
    """Return what is known of a battery that was never written."""
    return Known(number=0, id=battery, info=None, totals=None, sealed=0, newest=None, pace=None, longest=0, pruned=None)


def with_totals(day: EnergyDay, before: Totals, now: Totals) -> EnergyDay:
    """Return a day on which more was counted meanwhile."""
    return replace(
        day,
        energy_in=day.energy_in + now.energy_in - before.energy_in,
        energy_out=day.energy_out + now.energy_out - before.energy_out,
        charge_in=day.charge_in + now.charge_in - before.charge_in,
        charge_out=day.charge_out + now.charge_out - before.charge_out,
    )
