"""Readings for other programs."""

import csv
import io
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bmsreader.model.errors import UsageError
from bmsreader.store.export import Csv, Lines, Parquet, Table, rounded, write_all
from tests.clock import START
from tests.store.batteries import bare, reading, readings

TABLE = Table(cells=4, sensors=2)


def test_json_lines_are_readings_without_frames() -> None:
    text = io.StringIO()
    assert write_all(readings(3), Lines(text)) == 3
    lines = [json.loads(line) for line in text.getvalue().splitlines()]

    assert [line["soc"] for line in lines] == [one.soc for one in readings(3)]
    assert "frames" not in lines[0]


def test_csv_has_a_column_for_each_cell_and_empty_cells_for_what_is_not_known() -> None:
    text = io.StringIO()
    write_all([reading(alarms=("over_discharge", "dead_cell"), heater=True)], Csv(text, TABLE))
    (row,) = csv.DictReader(io.StringIO(text.getvalue()))

    assert row["taken_at"] == "2026-03-01T12:00:00Z"
    assert [row[f"cell_{n}"] for n in range(1, 5)] == ["3.32", "3.32", "3.321", "3.319"]
    assert (row["temperature_1"], row["temperature_2"], row["health"]) == ("21", "", "")
    assert (row["heater"], row["alarms"], row["power"]) == ("true", "over_discharge; dead_cell", "-55.776")
    assert "frames" not in row


@pytest.mark.slow
def test_parquet_has_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "x.parquet"
    some = [bare(one) for one in readings(50)]
    assert write_all(some, Parquet(path, TABLE)) == 50
    table = parquet.read_table(path)

    assert str(table.schema.field("taken_at").type) == "timestamp[ms, tz=UTC]"
    assert table.column("soc").to_pylist() == [one.soc for one in some]
    assert table.column("cell_2").to_pylist() == [one.cell_voltages[1] for one in some]
    assert table.column("temperature_2").null_count == 50
    assert table.column("alarms").to_pylist() == [list(one.alarms) for one in some]
    assert table.column("charge_switch").to_pylist() == [True] * 50


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(UsageError) as caught:
        Parquet(tmp_path / "x.parquet", TABLE)
    assert "pip install bmsreader[parquet]" in caught.value.advice


def test_times_on_a_grid_are_unique_and_round() -> None:
    some = [reading(START + timedelta(seconds=10 * n, milliseconds=137 * n)) for n in range(5)]
    some.append(reading(some[-1].taken_at + timedelta(milliseconds=3)))

    assert [one.taken_at for one in rounded(some, 10)] == [START + timedelta(seconds=10 * n) for n in range(5)]
    assert list(rounded(some, None)) == some
