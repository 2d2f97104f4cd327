"""How a question about the past is answered: from single readings, 15 minutes or days, whichever is enough."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter, truediv

from bmsreader.model.errors import UsageError
from bmsreader.store import fields, gaps, summaries
from bmsreader.store.content import TIME, milliseconds, moment
from bmsreader.store.gaps import Interval
from bmsreader.store.history import Gap, History, Kind, Series
from bmsreader.store.levels import Level, choose
from bmsreader.store.shelf import FOREVER, Known, Piece, Shelf
from bmsreader.store.short import ordered, short_values
from bmsreader.store.summaries import DAY, HOUR, QUARTER, Curve, Grid, Parts


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
    fresh = [*shelf.unsealed(known, 0, FOREVER), *memory]
    if question.points is None:
        return _raw(question, shelf, known, fresh)
    level = choose(shelf, known, question.names, question.start, question.end, question.width)
    if level.kind == "readings":
        return _folded(question, shelf, known, fresh, -(-(question.end - question.start) // question.points))
    return _summarised(question, shelf, known, fresh, level)


def _nobody(battery: str) -> Known:
    return Known(number=0, id=battery, info=None, totals=None, sealed=0, newest=None, pace=None, longest=0, pruned=None)


# ---- single readings


def _raw(question: Question, shelf: Shelf, known: Known, fresh: Sequence[Piece]) -> History:
    stamps, columns = _collected(question, [*shelf.sealed(known, question.start, question.end - 1), *fresh])
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
        gaps=_gaps(question, shelf, known, fresh, 0),
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
    if not ordered(stamps):
        order = sorted(range(len(stamps)), key=stamps.__getitem__)
        pick = itemgetter(*order)
        stamps = list(pick(stamps))
        columns = {name: list(pick(column)) for name, column in columns.items()}
    return stamps, columns


def _inside(moments: Sequence[int], question: Question) -> slice | list[int]:
    """Return which readings of a piece lie in the stretch of time."""
    if ordered(moments):
        return slice(bisect_left(moments, question.start), bisect_left(moments, question.end))
    return [at for at, stamp in enumerate(moments) if question.start <= stamp < question.end]


def _folded(question: Question, shelf: Shelf, known: Known, fresh: Sequence[Piece], width: int) -> History:
    """Answer with points that are computed from single readings."""
    stamps, columns = _collected(question, [*shelf.sealed(known, question.start, question.end - 1), *fresh])
    grid = Grid(width, question.start)
    curves = {}
    for name, column in columns.items():
        if name in fields.TOTALS:
            curves[name] = _totals(question, shelf, known, fresh, name, width)
        else:
            moments, values = summaries.finite(*fields.known(stamps, column)) if stamps else ((), ())
            cuts = grid.cuts(moments)
            curves[name] = Curve([start for start, _, _ in cuts], summaries.columns(cuts, values))
    return _history(question, "readings", width, curves, _gaps(question, shelf, known, fresh, width))


# ---- summaries


def _summarised(question: Question, shelf: Shelf, known: Known, fresh: Sequence[Piece], level: Level) -> History:
    """Answer with points that are computed from summaries, and from the readings that are not summarised yet."""
    width = level.width
    step = {"days": DAY, "hours": HOUR, "15 minutes": QUARTER}.get(level.kind, width)
    begin, end = question.start // step * step, -(-question.end // step) * step
    if question.points == 1:
        width = end - begin
    origin = begin if question.points == 1 else 0  # elsewhere UTC's: the points stay when a chart moves on
    begin, end = _on_grid(begin, width, origin), _on_grid(end - 1, width, origin) + width
    grid = Grid(width, origin)
    curves = {
        name: curve.between(begin, end).grouped(width, origin, grid)
        for name, curve in _curves(question, shelf, known, level.kind, begin, end, step)
    }
    for name, more in _fresh(fresh, question.names, width, origin).items():
        curves[name] = curves[name].joined({start: part for start, part in more.items() if begin <= start < end})
    return _history(question, level.kind, width, curves, _gaps(question, shelf, known, fresh, width))


def _curves(
    question: Question, shelf: Shelf, known: Known, kind: Kind, begin: int, end: int, step: int
) -> Iterator[tuple[str, Curve]]:
    """Yield the summaries of each field; those of one are let go before those of the next one come."""
    if kind == "minutes":
        yield from short_values(shelf, known, question.names, begin, end, step).items()
        return
    read = {"days": shelf.curves.days, "hours": shelf.curves.hours}.get(kind, shelf.curves.quarters)
    for name in question.names:
        yield name, read(known.number, name, begin, end - 1)


def _fresh(fresh: Sequence[Piece], names: Iterable[str], width: int, origin: int = 0) -> dict[str, Parts]:
    """Return the summaries of readings that are in none yet."""
    found = {}
    for name in names:
        stamps: list[int] = []
        column: list[float] = []
        for piece in fresh:
            if name in fields.TOTALS:
                place = fields.TOTALS.index(name) + 1
                stamps += [int(entry[0]) for entry in piece.counters]
                column += [entry[place] for entry in piece.counters]
                continue
            values = fields.values(piece.source, name)
            if values is not None:
                moments, some = fields.known(piece.source.column(TIME) or [], values)
                stamps += moments
                column += some
        if not ordered(stamps):
            order = sorted(range(len(stamps)), key=stamps.__getitem__)
            stamps, column = [stamps[at] for at in order], [column[at] for at in order]
        found[name] = summaries.fold(*summaries.finite(stamps, column), width, origin)
    return found


def _totals(question: Question, shelf: Shelf, known: Known, fresh: Sequence[Piece], name: str, width: int) -> Curve:
    """Return a counter on a grid that is finer than it is known: each value where its 15 minutes begin."""
    quarters = shelf.curves.quarters(known.number, name, question.start, question.end - 1)
    curve = quarters.between(question.start, question.end).grouped(width, question.start)
    more = _fresh(fresh, [name], width, question.start)[name]
    return curve.joined({at: part for at, part in more.items() if question.start <= at < question.end})


def _on_grid(stamp: int, width: int, origin: int) -> int:
    return origin + (stamp - origin) // width * width


def _history(question: Question, source: Kind, width: int, curves: dict[str, Curve], gaps: tuple[Gap, ...]) -> History:
    first, *others = curves.values()
    stamps = first.starts
    if any(other.starts != stamps for other in others):
        stamps = sorted(set().union(*(curve.starts for curve in curves.values())))
    return History(
        battery=question.battery,
        start=moment(question.start),
        end=moment(question.end),
        source=source,
        width=timedelta(milliseconds=width),
        stamps=stamps,
        series={name: _series(name, curve, stamps) for name, curve in curves.items()},
        gaps=gaps,
    )


def _series(name: str, curve: Curve, stamps: list[int]) -> Series:
    low, total, high, last, count = curve.columns
    mean = list(map(truediv, total, count))
    columns: list[list[float | None]] = [list(low), list(mean), list(high), list(last)]
    counts = list(map(int, count))
    if curve.starts != stamps:
        places = {start: at for at, start in enumerate(curve.starts)}
        found = [places.get(stamp) for stamp in stamps]
        columns = [[None if at is None else column[at] for at in found] for column in columns]
        counts = [0 if at is None else counts[at] for at in found]
    one, two, three, four = columns
    return Series(field=name, unit=fields.unit(name), min=one, mean=two, max=three, last=four, count=counts)


# ---- gaps


def _gaps(question: Question, shelf: Shelf, known: Known, fresh: Sequence[Piece], shortest: int) -> tuple[Gap, ...]:
    """Return the gaps that touch the stretch of time and are as long as a point is wide."""
    stamps = sorted(stamp for piece in fresh for stamp in piece.source.column(TIME) or ())
    limit = gaps.limit(gaps.pace(stamps, known.pace))
    found: list[Interval] = gaps.refine(shelf.gaps(known, question.start, question.end), stamps, limit)
    if stamps:
        found += gaps.find(stamps, limit, after=known.newest)
    wanted = [gap for gap in found if gap[1] - gap[0] >= shortest and gap[1] > question.start and gap[0] < question.end]
    return tuple(Gap(start=moment(start), end=moment(end)) for start, end in sorted(wanted))
