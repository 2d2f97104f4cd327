"""What a segment says in short: lowest, mean, highest and last value of each minute and a half, for charts of days.

A battery that is read every second has too many readings for a chart of a day, and too few quarters of an hour. So
each segment has a small companion, made when it is sealed and deleted with it: one row for some ninety readings.
"""

from bmsreader.store import fields, strip, summaries
from bmsreader.store.content import TIME
from bmsreader.store.fields import Source

WIDTHS = ((1_500, 90_000), (3_000, 180_000), (6_000, 270_000))
"""Up to which pace a row is how wide, ms: a thousandth of a day, of two days, of three. Batteries that are read less
often have few readings in a day."""
LEFT_OUT = frozenset({"time_to_empty", "time_to_full"})
"""Fields that leap about, are hardly ever drawn over days, and would take an eighth of the room."""


def width_at(pace: int | None) -> int | None:
    """Return how wide a row is, ms, for readings at a pace; None where rows are not worth it."""
    return next((width for most, width in WIDTHS if pace is not None and pace <= most), None)


def pack(source: Source, width: int) -> bytes | None:
    """Return the rows of a segment whose readings are in the order of time; None where it has none.

    A field that not all readings have is left out: whoever asks for it looks at the readings.
    """
    cuts = summaries.cuts(source.column(TIME) or [], width)
    found = {}
    for name in fields.present(source):
        values = None if name in LEFT_OUT else fields.values(source, name)
        if values is not None and None not in values:
            found[name] = summaries.columns(cuts, values)  # type: ignore[arg-type]
    return strip.pack(width, [start for start, _, _ in cuts], found) if found else None
