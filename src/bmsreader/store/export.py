"""Single readings for other programs: CSV and JSON Lines by the standard library, Parquet by pyarrow."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TextIO

from bmsreader.model.errors import UsageError
from bmsreader.model.reading import DERIVED, FIELDS, Reading
from bmsreader.store.content import SEVERAL, milliseconds, moment, on_grid

FORMATS = ("csv", "jsonl", "parquet")
BATCH = 10_000
"""Readings that are in memory at once."""
JOINED = "; "
"""Between several alarms or notes in one cell of a CSV file."""

WORDS = ("battery", "protocol", "variant")
LISTS = ("alarms", "derived", "notes", "protections")
SWITCHES = ("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater")
PLAIN = tuple(name for name in (*FIELDS, *DERIVED) if name != "frames" and name not in SEVERAL)

_dumps = json.JSONEncoder(separators=(", ", ": "), ensure_ascii=False).encode


class Rows(Protocol):
    """Where readings go."""

    def write(self, readings: Sequence[Reading]) -> None:
        """Append readings."""

    def close(self) -> None:
        """Finish the file."""


def rounded(readings: Iterable[Reading], seconds: float | None) -> Iterator[Reading]:
    """Yield the readings with their times on a grid; of several that fall onto the same point, only the first."""
    if not seconds:
        yield from readings
        return
    grid = max(1, round(1000 * seconds))
    before: dict[str, int] = {}
    for reading in readings:
        stamp = on_grid(milliseconds(reading.taken_at), grid)
        if before.get(reading.battery) != stamp:
            before[reading.battery] = stamp
            yield replace(reading, taken_at=moment(stamp))


def write_all(readings: Iterable[Reading], rows: Rows, progress: Callable[[int], object] = int) -> int:
    """Write readings, and return how many there were."""
    count = 0
    rest = iter(readings)
    try:
        while batch := list(islice(rest, BATCH)):
            rows.write(batch)
            count += len(batch)
            progress(count)
    finally:
        rows.close()
    return count


class Lines:
    """JSON Lines: each reading as ``Reading.as_dict`` gives it, without frames."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, readings: Sequence[Reading]) -> None:
        """Append readings."""
        for reading in readings:
            values = reading.as_dict()
            del values["frames"]
            self._file.write(_dumps(values) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.flush()


class Table:
    """Names of the columns, and readings as rows: `cell_1`, `temperature_1` ... for what a reading has several of."""

    def __init__(self, *, cells: int, sensors: int) -> None:
        self._several = {"cell_voltages": cells, "temperatures": sensors}
        self.numbered = [f"{prefix}{n}" for name, prefix in SEVERAL.items() for n in range(1, self._several[name] + 1)]
        self.names = [*PLAIN, *self.numbered]

    def row(self, reading: Reading) -> list[Any]:
        """Return the values of a reading in the order of the names."""
        values = reading.as_dict()
        row = [values[name] for name in PLAIN]
        for name, count in self._several.items():
            some = values[name][:count]
            row += [*some, *[None] * (count - len(some))]
        return row


class Csv:
    """CSV with a header; what was not reported is an empty cell, a switch is true or false."""

    def __init__(self, file: TextIO, table: Table) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        self._file = file
        self._table = table
        self._writer.writerow(table.names)

    def write(self, readings: Sequence[Reading]) -> None:
        """Append readings."""
        self._writer.writerows(map(_cell, self._table.row(reading)) for reading in readings)

    def close(self) -> None:
        """Finish the file."""
        self._file.flush()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return JOINED.join(value) if isinstance(value, list | tuple) else value


class Parquet:
    """Parquet with typed columns: times in UTC with ms, numbers as doubles, alarms and notes as lists of text."""

    def __init__(self, path: Path, table: Table) -> None:
        """Begin a file; raise UsageError where pyarrow is not installed."""
        try:
            arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        except ImportError as error:
            raise UsageError(
                "Parquet files are written by pyarrow, which is not installed",
                advice="`pip install bmsreader[parquet]` installs it; --format csv and jsonl need nothing.",
            ) from error
        self._arrow = arrow
        self._table = table
        self._schema = arrow.schema([(name, _type(arrow, name)) for name in table.names])
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, readings: Sequence[Reading]) -> None:
        """Append readings."""
        columns = dict(zip(self._table.names, zip(*map(self._table.row, readings), strict=True), strict=True))
        columns["taken_at"] = tuple(reading.taken_at for reading in readings)
        for name, values in columns.items():
            if name not in (*WORDS, *LISTS, *SWITCHES, "taken_at"):
                columns[name] = tuple(None if value is None else float(value) for value in values)
        arrays = [self._arrow.array(columns[name], type=self._schema.field(name).type) for name in self._table.names]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def _type(arrow: Any, name: str) -> Any:
    if name == "taken_at":
        return arrow.timestamp("ms", tz="UTC")
    if name in WORDS:
        return arrow.dictionary(arrow.int32(), arrow.string())
    if name in LISTS:
        return arrow.list_(arrow.string())
    return arrow.bool_() if name in SWITCHES else arrow.float64()
