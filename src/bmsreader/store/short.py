"""The short values of segments one after the other; where a segment has none, its readings are used."""

from collections.abc import Iterable, Sequence

from bmsreader.store import fields, summaries
from bmsreader.store.content import TIME
from bmsreader.store.shelf import Known, Piece, Shelf
from bmsreader.store.summaries import Curve

Extent = tuple[int, int, int]
"""Key, first and last moment of a segment."""


def short_values(
    shelf: Shelf, known: Known, names: Sequence[str], begin: int, end: int, width: int
) -> dict[str, Curve]:
    """Return the rows of all segments that may hold readings from one moment to before another, by time.

    They are at most ``width`` ms wide, and never reach over a multiple of it.
    """
    curves = {name: Curve() for name in names}
    for group in clusters(shelf.extents(known, begin, end - 1)):
        short = shelf.curves.fine(group[0]) if len(group) == 1 else None
        pieces: list[Piece] | None = None
        for name, curve in curves.items():
            rows = None if short is None else short.columns(name)
            if short is not None and rows is not None:
                curve.add(short.starts, rows)
                continue
            if pieces is None:
                pieces = [piece for key in group for piece in shelf.segment(key)]
            _add_readings(curve, pieces, name, width)
    return curves


def clusters(extents: Iterable[Extent]) -> list[list[int]]:
    """Return the keys of segments, those together that overlap in time: somebody had set the clock back."""
    found: list[list[int]] = []
    until = -1
    for key, start, end in extents:
        if start <= until:
            found[-1].append(key)
        else:
            found.append([key])
        until = max(until, end)
    return found


def _add_readings(curve: Curve, pieces: Iterable[Piece], name: str, width: int) -> None:
    """Add the rows that single readings make."""
    stamps: list[int] = []
    column: list[float] = []
    for piece in pieces:
        values = fields.values(piece.source, name)
        if values is not None:
            moments, some = summaries.finite(*fields.known(piece.source.column(TIME) or [], values))
            stamps += moments
            column += some
    if not ordered(stamps):
        order = sorted(range(len(stamps)), key=stamps.__getitem__)
        stamps, column = [stamps[at] for at in order], [column[at] for at in order]
    cuts = summaries.cuts(stamps, width)
    curve.add([start for start, _, _ in cuts], summaries.columns(cuts, column))


def ordered(stamps: Sequence[int]) -> bool:
    """Return whether moments are in the order of time."""
    return all(map(int.__le__, stamps, stamps[1:]))
