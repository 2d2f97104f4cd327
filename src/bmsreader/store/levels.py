"""From what a chart is computed: as fine as is wanted, as long as it is quick; beyond, a coarser view that is.

What it takes to read is estimated in values, each of which takes about as long as unpacking one value of one reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import lcm

from bmsreader.store import fields
from bmsreader.store.content import CELL
from bmsreader.store.fine import LEFT_OUT
from bmsreader.store.history import Kind
from bmsreader.store.shelf import Known, Shelf
from bmsreader.store.summaries import DAY, HOUR, QUARTER, STRETCH

BUDGET = 270_000
"""Values that a chart may cost."""
SEGMENT = 800
"""What a segment's short values cost to open, in values; their rows as follows."""
ROW = 4
"""A row of a summary: four values; its count costs hardly anything."""
DAY_BLOCK = 800
"""The 15-minute summaries of one day and field."""
STRETCH_BLOCK = 1_600
"""The hours of 32 days of one field."""
DERIVING = 3
"""What it takes to compute a derived value, in values."""
FEW = 200
"""Quarters of an hour that make a poor chart: before that, single readings may take half as long again."""
CELLS = 16
"""Cells that a battery has where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A source, and the width of a point, ms."""

    kind: Kind
    width: int


def choose(shelf: Shelf, known: Known, names: Iterable[str], start: int, end: int, width: int) -> Level:
    """Return from what a chart is computed whose points should be so wide, ms, or a little wider."""
    names = list(names)
    if width >= DAY:
        return Level(kind="days", width=_on(DAY, width))
    if width >= QUARTER:
        cost = len(names) * DAY_BLOCK * ((end - start) // DAY + 1)
        if cost <= BUDGET or _on(HOUR, width) > 2 * width:
            return Level(kind="15 minutes", width=_on(QUARTER, width))
        cost = len(names) * STRETCH_BLOCK * ((end - start) // STRETCH + 1)
        if cost <= BUDGET or 4 * width < DAY:
            return Level(kind="hours", width=_on(HOUR, width))
        return Level(kind="days", width=DAY)
    single, minutes = _short(shelf, known, names, start, end, width)
    if single <= BUDGET:
        return Level(kind="readings", width=width)
    if minutes is not None:
        return minutes
    if end - start < FEW * QUARTER and single <= 3 * BUDGET // 2:
        return Level(kind="readings", width=width)
    return Level(kind="15 minutes", width=QUARTER)


def _short(shelf: Shelf, known: Known, names: list[str], start: int, end: int, width: int) -> tuple[int, Level | None]:
    """Return what single readings would cost, and how short values would do; None where they are not there or slow."""
    if known.pruned is not None and start < known.pruned:
        return 2 * BUDGET, None
    single = shelf.sealed_between(known, start, end) * _columns(names, known)
    keys = [key for key, _, _ in shelf.extents(known, start, end)]
    if not keys or any(name in LEFT_OUT or name in fields.TOTALS for name in names):
        return single, None
    widths = shelf.curves.fine_widths(min(keys), max(keys))
    if sum(widths.values()) < len(keys):
        return single, None
    step = lcm(*widths)
    rows = (end - start) // min(widths) + len(keys)
    if step > QUARTER or len(keys) * SEGMENT + rows * len(names) * ROW > BUDGET:
        return single, None
    return single, Level(kind="minutes", width=_on(step, width))


def _columns(names: list[str], known: Known) -> int:
    """Return how many columns have to be unpacked or computed; a derived field needs those that it is made of."""
    cells = known.info.cells if known.info is not None and known.info.cells else CELLS
    found = {"taken_at"}
    for name in names:
        if name == "cell_spread":
            found.update(f"{CELL}{number}" for number in range(1, cells + 1))
        else:
            found.update(fields.MADE_OF.get(name, (name,)))
    return len(found) + DERIVING * sum(name in fields.DERIVED for name in names)


def _on(step: int, width: int) -> int:
    return -(-width // step) * step
