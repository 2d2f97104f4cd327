"""How a question about the past is answered: from single readings, 15 minutes or days, whichever is enough."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from bmsreader.model.errors import UsageError
from bmsreader.store import fields, gaps, summaries
from bmsreader.store.content import TIME, milliseconds, moment
from bmsreader.store.gaps import Interval
from bmsreader.store.history import Gap, History, Kind, Series
from bmsreader.store.shelf import FOREVER, Known, Piece, Shelf
from bmsreader.store.summaries import DAY, QUARTER, Parts

MANY = 250_000
"""Single readings that a chart looks at; beyond, the 15-minute summaries are enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in ms."""

    battery: str
    names: tuple[str, ...]
    start: int
    end: int
    """Not included."""
    points: int | None

    @classmethod
    def of(cls, battery: str, names: Iterable[str], start: datetime, end: datetime, points: int | None) -> "Question":
        """Return a question; raise UsageError when it does not make sense."""
        wanted = tuple(dict.fromkeys(names))
        strange = [name for name in wanted if not fields.is_field(name)]
        if strange or not wanted:
            raise UsageError(
                f"there is no field called {strange[0]!r}" if strange else "no field was asked for",
                advice=f"There are: {', '.join((*fields.NUMBERS, *fields.DERIVED, *fields.TOTALS))}, cell_1, "
                "temperature_1 and so on.",
            )
        if start.tzinfo is None or end.tzinfo is None:
            raise UsageError("a time without its time zone could mean anything")
        if points is not None and points < 1:
            raise UsageError(f"a chart has at least one point, not {points}")
        question = cls(battery=battery, names=wanted, start=milliseconds(start), end=milliseconds(end), points=points)
        if question.end <= question.start:
            raise UsageError("the history ends before it begins")
        return question

    @property
    def width(self) -> int:
        """The least time from one point to the next, ms; a grid that begins before it leaves one point fewer."""
        return -(-(self.end - self.start) // max((self.points or 1) - 1, 1))


def answer(question: Question, shelf: Shelf, known: Known | None, memory: Sequence[Piece]) -> History:
    """Return the answer from what is on disk and, for readings that are not there yet, in memory."""
    if known is None:
        known = _nobody(question.battery)
    if question.points is None:
        return _raw(question, shelf, known, memory)
    width, source = _resolution(question, shelf, known)
    if source == "readings":
        return _folded(question, shelf, known, memory, -(-(question.end - question.start) // question.points))
    return _summarised(question, shelf, known, memory, width, source)


def _nobody(battery: str) -> Known:
    return Known(number=0, id=battery, info=None, totals=None, sealed=0, newest=None, pace=None, longest=0, pruned=None)


def _resolution(question: Question, shelf: Shelf, known: Known) -> tuple[int, Kind]:
    """Return the width of a point, and from what it is computed."""
    width = question.width
    if width >= DAY:
        return -(-width // DAY) * DAY, "days"
    if width >= QUARTER or not _has_readings(question, shelf, known):
        return max(1, -(-width // QUARTER)) * QUARTER, "15 minutes"
    return width, "readings"


def _has_readings(question: Question, shelf: Shelf, known: Known) -> bool:
    """Whether single readings are still there, and few enough to look at each."""
    if known.pruned is not None and question.start < known.pruned:
        return False
    return shelf.sealed_between(known, question.start, question.end) <= MANY


# ---- single readings


def _raw(question: Question, shelf: Shelf, known: Known, memory: Sequence[Piece]) -> History:
    pieces = [*shelf.between(known, question.start, question.end - 1), *memory]
    stamps, columns = _collected(question, pieces)
    series = {}
    for name in question.names:
        values = columns[name]
        some = None in values
        count = [int(value is not None) for value in values] if some else [1] * len(values)
        series[name] = Series(
            field=name, unit=fields.unit(name), min=values, mean=values, max=values, last=values, count=count
        )
    return History(
        battery=question.battery,
        start=moment(question.start),
        end=moment(question.end),
        source="readings",
        width=None,
        stamps=stamps,
        series=series,
        gaps=_gaps(question, shelf, known, memory, 0),
    )


def _collected(question: Question, pieces: Iterable[Piece]) -> tuple[list[int], dict[str, list[float | None]]]:
    """Return moments and values of all readings in the stretch of time, in the order of time."""
    stamps: list[int] = []
    columns: dict[str, list[float | None]] = {name: [] for name in question.names}
    for piece in pieces:
        moments = piece.source.column(TIME) or []
        inside = _inside(moments, question)
        before = len(stamps)
        stamps += moments[inside] if isinstance(inside, slice) else [moments[at] for at in inside]
        for name, column in columns.items():
            found = fields.values(piece.source, name)
            if found is None:
                column += fields.nothing(len(stamps) - before)
            else:
                column += found[inside] if isinstance(inside, slice) else [found[at] for at in inside]
    if not _ordered(stamps):
        order = sorted(range(len(stamps)), key=stamps.__getitem__)
        pick = itemgetter(*order)
        stamps = list(pick(stamps))
        columns = {name: list(pick(column)) for name, column in columns.items()}
    return stamps, columns


def _inside(moments: Sequence[int], question: Question) -> slice | list[int]:
    """Return which readings of a piece lie in the stretch of time."""
    if _ordered(moments):
        return slice(bisect_left(moments, question.start), bisect_left(moments, question.end))
    return [at for at, stamp in enumerate(moments) if question.start <= stamp < question.end]


def _ordered(stamps: Sequence[int]) -> bool:
    return all(map(int.__le__, stamps, stamps[1:]))


def _folded(question: Question, shelf: Shelf, known: Known, memory: Sequence[Piece], width: int) -> History:
    """Answer with points that are computed from single readings."""
    stamps, columns = _collected(question, [*shelf.between(known, question.start, question.end - 1), *memory])
    parts = {}
    for name, column in columns.items():
        if name in fields.TOTALS:
            parts[name] = _totals(question, shelf, known, memory, width)[name]
        else:
            found = summaries.finite(*fields.known(stamps, column)) if stamps else ((), ())
            parts[name] = summaries.fold(*found, width, question.start)
    return _history(question, "readings", width, parts, _gaps(question, shelf, known, memory, width))


# ---- summaries


def _summarised(
    question: Question, shelf: Shelf, known: Known, memory: Sequence[Piece], width: int, source: Kind
) -> History:
    """Answer with points that are computed from summaries, and from the readings that are not summarised yet."""
    step = DAY if source == "days" else QUARTER
    begin, end = question.start // step * step, -(-question.end // step) * step
    if question.points == 1:
        width = end - begin
    origin = begin if question.points == 1 else 0  # elsewhere UTC's: the points stay when a chart moves on
    begin, end = _on_grid(begin, width, origin), _on_grid(end - 1, width, origin) + width
    parts: dict[str, Parts] = {}
    for name in question.names:
        if source == "days":
            found = _regrouped(shelf.days(known, name, begin, end - 1), width, origin)
        else:
            found = shelf.quarters(known, name, begin, end - 1).grouped(width, origin)
        parts[name] = {start: part for start, part in found.items() if begin <= start < end}
    for piece in [*shelf.unsealed(known, begin, end - 1), *memory]:
        for name, more in _fresh(piece, question.names, width, origin).items():
            summaries.merge(parts[name], {start: part for start, part in more.items() if begin <= start < end})
    return _history(question, source, width, parts, _gaps(question, shelf, known, memory, width))


def _fresh(piece: Piece, names: Iterable[str], width: int, origin: int = 0) -> dict[str, Parts]:
    """Return the summaries of readings that are in none yet."""
    stamps = piece.source.column(TIME) or []
    order = None if _ordered(stamps) else sorted(range(len(stamps)), key=stamps.__getitem__)
    found = {}
    for name in names:
        if name in fields.TOTALS:
            place = fields.TOTALS.index(name) + 1
            entries = sorted(piece.counters, key=itemgetter(0))
            moments, values = [int(entry[0]) for entry in entries], [entry[place] for entry in entries]
            found[name] = summaries.fold(moments, values, width, origin)
            continue
        column = fields.values(piece.source, name)
        if column is None:
            continue
        if order is not None:
            column, ordered = [column[at] for at in order], [stamps[at] for at in order]
        else:
            ordered = stamps
        found[name] = summaries.fold(*summaries.finite(*fields.known(ordered, column)), width, origin)
    return found


def _totals(question: Question, shelf: Shelf, known: Known, memory: Sequence[Piece], width: int) -> dict[str, Parts]:
    """Return the counters on a grid that is finer than they are known: each where its 15 minutes begin."""
    names = [name for name in question.names if name in fields.TOTALS]
    pieces = [*shelf.unsealed(known, question.start, question.end - 1), *memory]
    parts: dict[str, Parts] = {}
    for name in names:
        parts[name] = {}
        for start, part in shelf.quarters(known, name, question.start, question.end - 1).grouped(QUARTER).items():
            if question.start <= start < question.end:
                at = question.start + (start - question.start) // width * width
                summaries.merge(parts[name], {at: part})
        for piece in pieces:
            fresh = _fresh(piece, [name], width, question.start).get(name, {})
            inside = {start: part for start, part in fresh.items() if question.start <= start < question.end}
            summaries.merge(parts[name], inside)
    return parts


def _on_grid(stamp: int, width: int, origin: int) -> int:
    return origin + (stamp - origin) // width * width


def _regrouped(parts: Parts, width: int, origin: int) -> Parts:
    """Return the summaries of longer stretches."""
    wider: Parts = {}
    for start, part in parts.items():
        summaries.merge(wider, {_on_grid(start, width, origin): part})
    return wider


def _history(question: Question, source: Kind, width: int, parts: dict[str, Parts], gaps: tuple[Gap, ...]) -> History:
    stamps = sorted(set().union(*parts.values()))
    series = {}
    for name, found in parts.items():
        rows = [found.get(stamp) for stamp in stamps]
        series[name] = Series(
            field=name,
            unit=fields.unit(name),
            min=[None if row is None else row[0] for row in rows],
            mean=[None if row is None else row[1] / row[5] for row in rows],
            max=[None if row is None else row[2] for row in rows],
            last=[None if row is None else row[3] for row in rows],
            count=[0 if row is None else row[5] for row in rows],
        )
    return History(
        battery=question.battery,
        start=moment(question.start),
        end=moment(question.end),
        source=source,
        width=timedelta(milliseconds=width),
        stamps=stamps,
        series=series,
        gaps=gaps,
    )


# ---- gaps


def _gaps(question: Question, shelf: Shelf, known: Known, memory: Sequence[Piece], shortest: int) -> tuple[Gap, ...]:
    """Return the gaps that touch the stretch of time and are as long as a point is wide."""
    fresh: list[int] = []
    for piece in [*shelf.unsealed(known, 0, FOREVER), *memory]:
        fresh += piece.source.column(TIME) or []
    fresh.sort()
    limit = gaps.limit(gaps.pace(fresh, known.pace))
    found: list[Interval] = gaps.refine(shelf.gaps(known, question.start, question.end), fresh, limit)
    if fresh:
        found += gaps.find(fresh, limit, after=known.newest)
    wanted = [gap for gap in found if gap[1] - gap[0] >= shortest and gap[1] > question.start and gap[0] < question.end]
    return tuple(Gap(start=moment(start), end=moment(end)) for start, end in sorted(wanted))
