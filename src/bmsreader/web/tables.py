"""A history as it is sent: JSON, CSV or Arrow."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bmsreader.store import History
from bmsreader.web.asked import EARLIEST
from bmsreader.web.shapes import HistoryShape
from bmsreader.web.text import iso

MS = timedelta(milliseconds=1)
AGGREGATES = ("min", "mean", "max", "last", "count")


def milliseconds(moment: datetime) -> int:
    """Return a time as ms since 1970."""
    return (moment - EARLIEST) // MS


def shown(found: History, slug: str) -> HistoryShape:
    """Return a history as the API shows it."""
    return {
        "battery": slug,
        "start": iso(found.start),
        "end": iso(found.end),
        "source": found.source,
        "width": None if found.width is None else found.width.total_seconds(),
        "stamps": [*found.stamps],
        "series": {
            name: {
                "unit": one.unit,
                "min": [*one.min],
                "mean": [*one.mean],
                "max": [*one.max],
                "last": [*one.last],
                "count": [*one.count],
            }
            for name, one in found.series.items()
        },
        "gaps": [{"start": milliseconds(gap.start), "end": milliseconds(gap.end)} for gap in found.gaps],
    }


def _columns(found: History) -> Iterator[tuple[str, Sequence[float | None]]]:
    """Yield the columns of a table: one for each field where each point is a reading, else five."""
    for name, one in found.series.items():
        if found.width is None:
            yield name, one.last
        else:
            for aggregate in AGGREGATES:
                yield f"{name}_{aggregate}", getattr(one, aggregate)


def rows(found: History) -> Iterator[str]:
    """Yield the lines of a CSV file: times in UTC, empty where a value was not reported."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    columns = dict(_columns(found))
    writer.writerow(["taken_at" if found.width is None else "start", *columns])
    times = [moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") for moment in found.times]
    writer.writerows(zip(times, *columns.values(), strict=True))
    yield written.getvalue()


def has_arrow() -> bool:
    """Return whether pyarrow is installed."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def arrow(found: History) -> bytes:
    """Return the history as an Arrow stream."""
    from importlib import import_module

    pa: Any = import_module("pyarrow")
    arrays = {"start": pa.array(found.stamps, pa.timestamp("ms", tz="UTC"))}
    for name, values in _columns(found):
        arrays[name] = pa.array(values, pa.int64() if name.endswith("_count") else pa.float64())
    table = pa.table(arrays)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
