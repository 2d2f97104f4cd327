"""Questions that the gateway and other programs ask of the history alike."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from operator import attrgetter

from bmsreader.model.battery import BatteryInfo
from bmsreader.model.energy import EnergyDay
from bmsreader.model.reading import FIELDS, Reading
from bmsreader.store import asking
from bmsreader.store import energy as daily
from bmsreader.store.asking import Question
from bmsreader.store.content import milliseconds, moment
from bmsreader.store.history import History
from bmsreader.store.memory import readings_between
from bmsreader.store.pool import Pool
from bmsreader.store.shelf import FOREVER, Piece

_everything = attrgetter(*FIELDS)


def history(
    pool: Pool,
    memory: Sequence[Piece],
    battery: str,
    fields: Iterable[str],
    start: datetime,
    end: datetime,
    points: int | None,
) -> History:
    """Answer a question; the memory was looked at before the disk, so nothing is missed in between."""
    question = Question.of(battery, fields, start, end, points)
    with pool.shelf() as shelf:
        known = shelf.battery(battery)
        on_disk = 0 if known is None else shelf.committed(known)
        fresh = [piece for piece in memory if piece.first > on_disk]
        return asking.answer(question, shelf, known, fresh)


def energy(
    pool: Pool,
    memory: Sequence[Piece],
    battery: str,
    start: datetime,
    end: datetime,
    zone: tzinfo,
    now: datetime,
) -> list[EnergyDay]:
    """Return what was counted on each day; the memory was looked at before the disk."""
    with pool.shelf() as shelf:
        known = shelf.battery(battery)
        if known is None:
            known, on_disk, unsealed = daily.nobody(battery), 0, []
        else:
            on_disk, unsealed = shelf.committed(known), list(shelf.unsealed(known, 0, FOREVER))
        fresh = [*unsealed, *(piece for piece in memory if piece.first > on_disk)]
        past = daily.Past(shelf=shelf, known=known, fresh=fresh, now=milliseconds(now))
        return daily.per_day(past, start, end, zone)


def readings(
    pool: Pool, memory: Callable[[], Sequence[Piece]], battery: str, start: datetime, end: datetime
) -> Iterator[Reading]:
    """Yield single readings. Between two segments the file is let go: an export of years holds nothing up."""
    begin, until = milliseconds(start), milliseconds(end)
    with pool.shelf() as shelf:
        known = shelf.battery(battery)
        keys = [] if known is None else shelf.segments_between(known, begin, until - 1)
    for key in keys:
        with pool.shelf() as shelf:
            pieces = list(shelf.segment(key))
        for piece in pieces:
            yield from readings_between(piece, battery, begin, until)
    fresh = memory()
    sealed = 0 if known is None else known.sealed
    with pool.shelf() as shelf:
        known = shelf.battery(battery)
        rest = [] if known is None else list(shelf.after(known, sealed))
        on_disk = 0 if known is None else shelf.committed(known)
    for piece in [*rest, *(piece for piece in fresh if piece.first > on_disk)]:
        yield from readings_between(piece, battery, begin, until)


def stored(reading: Reading, stamp: int) -> Reading:
    """Return a reading as it is stored: at a whole ms, without frames."""
    values = dict(zip(FIELDS, _everything(reading), strict=True))
    values["taken_at"] = moment(stamp)
    values["frames"] = ()
    return Reading(**values)


def unnamed(identity: str) -> BatteryInfo:
    """Return what can be said of a battery that nobody named."""
    slug = re.sub(r"[^a-z0-9_-]+", "_", identity.lower()).strip("_") or "battery"
    return BatteryInfo(id=identity, name=identity, slug=slug)
