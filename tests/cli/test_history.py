"""`bmsreader history`: the past, and its file."""

import csv
import io
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bmsreader.cli.history import kind_of
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import UsageError
from bmsreader.store import Store
from tests.cli.surroundings import invoke, lines_of
from tests.store.batteries import HOUSE, fill, readings


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last hour of a battery, with twenty minutes missing."""
    path = tmp_path_factory.mktemp("lived") / "history.sqlite3"
    begin = datetime.now(UTC) - timedelta(hours=1)
    with Store(path) as mine:
        mine.put_info(BatteryInfo(id=HOUSE, name="House", slug="house"))
        fill(mine, [*readings(120, step=10, start=begin), *readings(120, step=10, start=begin + timedelta(minutes=40))])
        mine.put_info(BatteryInfo(id="van", name="Van", slug="van"))
    return path


@pytest.fixture
def path(lived: Path, tmp_path: Path) -> Path:
    """The same for one test alone, which may change it."""
    return Path(shutil.copy(lived, tmp_path))


def test_people_see_a_curve_and_the_gap(path: Path) -> None:
    result = invoke("history", "show", "--store", str(path), "--battery", "house", "--from", "1h")

    assert result.exit_code == 0
    assert "soc" in result.stdout
    assert "▁" in result.stdout
    assert "nothing was read from" in result.stdout
    assert "on for 20 min" in result.stdout


def test_one_field_is_drawn_tall_and_an_empty_time_says_so(path: Path) -> None:
    tall = invoke("history", "show", "--store", str(path), "--battery", "house", "--field", "current")
    empty = invoke("history", "show", "--store", str(path), "--battery", "van")

    assert len(tall.stdout.splitlines()) > 9
    assert "No readings in this time" in empty.stdout


def test_programs_get_points_and_gaps(path: Path) -> None:
    points = lines_of(
        invoke(
            "history", "show", "--store", str(path), "--battery", "house", "--from", "1h", "--points", "12", "--json"
        )
    )

    assert sum(point["soc"]["count"] for point in points if "soc" in point) in (239, 240)
    assert [round(point["gap"]["seconds"]) for point in points if "gap" in point] == [1210]


def test_a_field_that_does_not_exist_is_refused(path: Path) -> None:
    result = invoke("history", "show", "--store", str(path), "--field", "socc")

    assert result.exit_code == 2
    assert "no field called 'socc'" in result.stderr


def test_readings_go_to_standard_output_as_csv(path: Path) -> None:
    result = invoke("history", "export", "--store", str(path))
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    assert len(rows) == 240
    assert {"cell_1", "cell_4", "temperature_1", "power"} <= set(rows[0])
    assert "cell_5" not in rows[0]


@pytest.mark.slow
def test_readings_go_to_standard_output_as_json_lines(path: Path) -> None:
    for arguments in (["--format", "jsonl"], ["--json"]):
        found = lines_of(invoke("history", "export", "--store", str(path), *arguments))
        assert len(found) == 240
        assert len(found[0]["cell_voltages"]) == 4


def test_a_file_is_written_as_a_whole_and_not_twice(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.jsonl"
    arguments = ("history", "export", "--store", str(path), "--output", str(target), "--from", "30min")
    (summary,) = lines_of(invoke(*arguments, "--json"))
    again = invoke(*arguments)

    assert summary == {"file": str(target), "format": "jsonl", "readings": len(target.read_text().splitlines())}
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert invoke(*arguments, "--overwrite").exit_code == 0
    assert sorted(one.name for one in tmp_path.iterdir() if "part" in one.name) == []


@pytest.mark.slow
def test_parquet_is_a_file(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    target = tmp_path / "x.parquet"
    (summary,) = lines_of(invoke("history", "export", "--store", str(path), "--output", str(target), "--json"))

    assert (summary["format"], summary["readings"]) == ("parquet", 240)
    assert target.read_bytes()[:4] == b"PAR1"


def test_the_format_is_the_one_that_the_file_is_called_by() -> None:
    assert kind_of(None, Path("x.parquet"), as_json=False) == "parquet"
    assert kind_of(None, Path("x.txt"), as_json=True) == "csv"
    assert kind_of("jsonl", Path("x.csv"), as_json=False) == "jsonl"
    with pytest.raises(UsageError, match="no text"):
        kind_of("parquet", None, as_json=False)


def test_times_can_be_rounded_to_the_grid(path: Path) -> None:
    result = invoke("history", "export", "--store", str(path), "--round", "10")
    times = [row["taken_at"] for row in csv.DictReader(io.StringIO(result.stdout))]

    assert {time[-2] for time in times} == {"0"}


def test_an_empty_time_has_no_readings_and_says_where_to_look(path: Path) -> None:
    result = invoke("history", "export", "--store", str(path), "--from", "2020-01-01", "--to", "2020-01-02")

    assert len(result.stdout.splitlines()) == 1
    assert "bmsreader history show" in result.stderr


def test_old_readings_are_pruned(path: Path) -> None:
    (pruned,) = lines_of(invoke("history", "prune", "--store", str(path), "--older-than", "365", "--json"))

    assert (pruned["deleted"], pruned["file"]) == (0, str(path))
    assert "0 readings deleted" in invoke("history", "prune", "--store", str(path), "--older-than", "365").stdout
    assert invoke("history", "prune", "--store", str(path)).exit_code == 2


def test_a_sound_history_is_said_to_be_sound(path: Path) -> None:
    (checked,) = lines_of(invoke("history", "check", "--store", str(path), "--json"))

    assert (checked["ok"], checked["readings"], checked["problems"]) == (True, 240, [])
    assert "all sound" in invoke("history", "check", "--store", str(path)).stdout


def test_damage_is_named_and_is_exit_code_6(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("UPDATE journal SET data = x'01' WHERE number = (SELECT min(number) FROM journal)")
    file.close()
    result = invoke("history", "check", "--store", str(path))

    assert result.exit_code == 6
    assert "NOT sound" in result.stdout
    assert "damaged in 1 place." in result.stderr


def test_where_there_is_no_history_it_says_so(tmp_path: Path) -> None:
    for command in (["show"], ["export"], ["check"], ["prune", "--older-than", "9"]):
        result = invoke("history", *command, "--store", str(tmp_path / "absent"))
        assert result.exit_code == 6
        assert "there is no history at" in result.stderr
