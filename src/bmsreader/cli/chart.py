"""The past drawn with characters: a line for each field, gaps as gaps, and the numbers beside."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bmsreader.cli import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bmsreader.store.history import History, Series

BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN = ".:-=+*#@"
GAP = " "
TALL = 8
"""Rows of a chart that is alone."""
BESIDE = 62
"""Columns that the numbers beside a chart take."""
DIGITS = {"V": 3, "A": 2, "Ah": 1, "Wh": 0, "W": 0, "%": 1, "°C": 1, "s": 0, "dBm": 0}


def room_in(width: int) -> int:
    """Return how many columns a chart has in a terminal of this width."""
    return max(10, width - BESIDE)


def columns(history: "History", width: int) -> list[int | None]:
    """Return for each of so many columns which point of a history is drawn there; None where nothing was read."""
    begin, end = (1000 * moment.timestamp() for moment in (history.start, history.end))
    wide = 1000 * history.width.total_seconds() if history.width else (end - begin) / width
    gaps = [(1000 * gap.start.timestamp(), 1000 * gap.end.timestamp()) for gap in history.gaps]
    found: list[int | None] = []
    for column in range(width):
        middle = begin + (column + 0.5) * (end - begin) / width
        number = bisect_right(history.stamps, middle) - 1
        there = number >= 0 and middle < history.stamps[number] + wide
        found.append(number if there and not any(start < middle < end for start, end in gaps) else None)
    seen = set(found)
    for number, stamp in enumerate(history.stamps):  # a short stay between long gaps would be overlooked
        column = min(width - 1, max(0, int((stamp - begin) / (end - begin) * width)))
        if number not in seen and not any(place is not None for place in found[max(0, column - 1) : column + 2]):
            found[column] = number
    return found


def drawn(series: "Series", places: Sequence[int | None], rows: int, characters: str) -> list[str]:
    """Return the rows of a chart of the means, the highest row first."""
    values = [None if place is None else series.mean[place] for place in places]
    there = [value for value in values if value is not None]
    if not there:
        return [GAP * len(values)] * rows
    low, high = min(there), max(there)
    steps = rows * len(characters) - 1
    heights = [None if v is None else round((v - low) / (high - low) * steps) if high > low else 0 for v in values]
    lines = []
    for row in reversed(range(rows)):
        floor = row * len(characters)
        lines.append("".join(_character(height, floor, characters) for height in heights))
    return lines


def _character(height: int | None, floor: int, characters: str) -> str:
    if height is None or height < floor:
        return GAP
    return characters[min(height - floor, len(characters) - 1)]


def number(value: float | None, unit: str) -> str:
    """Return a value with its unit, with the digits that this unit is read with."""
    return words.number(value, unit, DIGITS.get(unit, 1)).strip()


def chart(history: "History", width: int, *, ascii_only: bool) -> "RenderableType":
    """Return a history as a table with a chart for each field that has values."""
    characters = PLAIN if ascii_only else BLOCKS
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Field", "Lowest", "Mean", "Highest", "Last"):
        table.add_column(heading, justify="left" if heading == "Field" else "right", no_wrap=True)
    table.add_column("", no_wrap=True)
    places = columns(history, room_in(width))
    shown = [series for series in history.series.values() if any(count for count in series.count)]
    for series in shown:
        lines = drawn(series, places, TALL if len(shown) == 1 else 1, characters)
        table.add_row(*_numbers(series), Text("\n".join(lines), style="cyan"))
    return table


def _numbers(series: "Series") -> list[str]:
    lows = [value for value in series.min if value is not None]
    highs = [value for value in series.max if value is not None]
    last = next(value for value in reversed(series.last) if value is not None)
    count = sum(series.count)
    mean = sum(value * part for value, part in zip(series.mean, series.count, strict=True) if value is not None) / count
    return [series.field, *(number(value, series.unit) for value in (min(lows), mean, max(highs), last))]
