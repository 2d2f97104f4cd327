"""Readings as a block of columns, and back: `cell_1`, `cell_2` ... for what a reading has several of."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from operator import attrgetter
from typing import Any

from bmsreader.model.reading import FIELDS, Reading
from bmsreader.store.block import Block, encode
from bmsreader.store.varint import differences

TIME = "taken_at"
SIGNAL = "signal"
CELL, TEMPERATURE = "cell_", "temperature_"
SEVERAL = {"cell_voltages": CELL, "temperatures": TEMPERATURE}
"""Values of which a reading has several, and how their columns begin."""
PLAIN = tuple(name for name in FIELDS if name not in {"battery", TIME, "frames", *SEVERAL})
TEXTS = ("alarms", "derived", "notes")
WORDS = ("protocol", "variant")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Columns = dict[str, list[Any]]

_plain = attrgetter(*PLAIN)


def milliseconds(moment: datetime) -> int:
    """Return whole milliseconds since 1970, UTC."""
    return (moment - EPOCH) // MILLISECOND


def moment(stamp: int) -> datetime:
    """Return the time of a number of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=stamp)


def columns_of(stamps: "array[int]", readings: Sequence[Reading], signals: Sequence[int | None]) -> Columns:
    """Return readings as columns: their moments in ms, their values, and the signal that each was heard with."""
    columns: Columns = {TIME: stamps.tolist()}
    for name, values in zip(PLAIN, zip(*map(_plain, readings), strict=True), strict=True):
        columns[name] = list(values)
    for name, prefix in SEVERAL.items():
        for number, column in enumerate(_transposed([getattr(reading, name) for reading in readings]), 1):
            columns[f"{prefix}{number}"] = column
    columns[SIGNAL] = list(signals)
    return columns


def _transposed(rows: list[tuple[float, ...]]) -> Iterator[list[float | None]]:
    """Yield the first of each row, the second of each ...; None where a row is shorter."""
    longest = max(map(len, rows))
    if min(map(len, rows)) == longest:
        return map(list, zip(*rows, strict=True))
    padded = [(*row, *repeat(None, longest - len(row))) for row in rows]
    return map(list, zip(*padded, strict=True))


def pack(columns: Columns) -> bytes:
    """Return columns as a block; the moments of readings lie on a beat."""
    stamps = columns[TIME]
    steps = sorted(differences(stamps))
    return encode(len(stamps), columns, slopes={TIME: steps[len(steps) // 2]} if steps else None)


def columns_in(blocks: Sequence[Block]) -> Columns:
    """Return the columns of several blocks as if they were one; what a block does not have is None there."""
    names = dict.fromkeys(chain.from_iterable(block.names for block in blocks))
    return {name: list(chain.from_iterable(_column(block, name) for block in blocks)) for name in names}


def _column(block: Block, name: str) -> Iterable[Any]:
    values = block.column(name)
    return repeat(None, block.count) if values is None else values


def readings_in(block: Block, battery: str, begin: int = 0, end: int | None = None) -> list[Reading]:
    """Return the readings of a block, or those from one place to another."""
    return readings_of({name: block.column(name) or [] for name in block.names}, battery, begin, end)


def readings_of(
    columns: Mapping[str, Sequence[Any]], battery: str, begin: int = 0, end: int | None = None
) -> list[Reading]:
    """Return columns as readings; what they do not have was not reported."""
    stamps = columns[TIME][begin:end]
    rows: list[Sequence[Any]] = []
    for name in PLAIN:
        absent: Any = () if name in TEXTS else "" if name in WORDS else None
        rows.append(columns[name][begin:end] if name in columns else [absent] * len(stamps))
    several = [_rows(columns, prefix, begin, end, len(stamps)) for prefix in SEVERAL.values()]
    return [
        Reading(
            battery=battery,
            taken_at=moment(stamp),
            cell_voltages=cells,
            temperatures=temperatures,
            frames=(),
            **dict(zip(PLAIN, values, strict=True)),
        )
        for stamp, cells, temperatures, values in zip(stamps, *several, zip(*rows, strict=True), strict=True)
    ]


def _rows(
    columns: Mapping[str, Sequence[Any]], prefix: str, begin: int, end: int | None, count: int
) -> Sequence[tuple[float, ...]]:
    """Return the values of which a reading has several, put together again."""
    parts = [columns[name][begin:end] for name in numbered(columns, prefix)]
    if not parts:
        return [()] * count
    if any(None in part for part in parts):
        return [tuple(value for value in row if value is not None) for row in zip(*parts, strict=True)]
    return list(zip(*parts, strict=True))


def numbered(names: Iterable[str], prefix: str) -> list[str]:
    """Return the columns `cell_1`, `cell_2` ... that there are, in order."""
    found = [name for name in names if name.startswith(prefix) and name[len(prefix) :].isdecimal()]
    return sorted(found, key=lambda name: int(name[len(prefix) :]))


def on_grid(stamp: int, grid: int) -> int:
    """Return a moment rounded to the nearest multiple of so many ms."""
    return (stamp + grid // 2) // grid * grid
