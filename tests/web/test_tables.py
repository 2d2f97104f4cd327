"""A history as JSON, CSV and Arrow."""

from datetime import timedelta

import pytest

from bmsreader.store.history import Gap, History, Series
from bmsreader.web.tables import arrow, milliseconds, rows, shown
from tests.clock import START

STAMPS = [1_772_366_400_000, 1_772_366_460_000]
SOC = Series(field="soc", unit="%", min=[60, None], mean=[61.5, None], max=[63, None], last=[62, None], count=[3, 0])
HISTORY = History(
    battery="a",
    start=START,
    end=START + timedelta(hours=1),
    source="15 minutes",
    width=timedelta(minutes=1),
    stamps=STAMPS,
    series={"soc": SOC},
    gaps=(Gap(start=START, end=START + timedelta(seconds=90)),),
)


def test_in_json_each_field_has_columns_and_gaps_are_gaps() -> None:
    found = shown(HISTORY, "house")

    assert found["stamps"] == STAMPS
    assert found["width"] == 60
    assert found["series"]["soc"]["mean"] == [61.5, None]
    assert found["gaps"] == [{"start": STAMPS[0], "end": STAMPS[0] + 90_000}]


def test_in_csv_each_field_has_five_columns_and_what_is_missing_is_empty() -> None:
    lines = "".join(rows(HISTORY)).splitlines()

    assert lines == [
        "start,soc_min,soc_mean,soc_max,soc_last,soc_count",
        "2026-03-01T12:00:00.000Z,60,61.5,63,62,3",
        "2026-03-01T12:01:00.000Z,,,,,0",
    ]


@pytest.mark.slow
def test_arrow_has_the_same_columns_with_types() -> None:
    pyarrow = pytest.importorskip("pyarrow")

    table = pyarrow.ipc.open_stream(arrow(HISTORY)).read_all()

    assert table.column("soc_mean").to_pylist() == [61.5, None]
    assert table.schema.field("soc_count").type == pyarrow.int64()


def test_milliseconds_are_whole() -> None:
    assert milliseconds(START + timedelta(microseconds=1999)) == STAMPS[0] + 1
