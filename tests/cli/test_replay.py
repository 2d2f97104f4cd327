"""`bmsreader replay`: a recording is read as its battery was."""

from pathlib import Path

import pytest

from bmsreader.captures.recording import Header, Record, RecordingWriter
from bmsreader.cli.replay import timing
from tests.cli.surroundings import Air, invoke, lines_of
from tests.clock import START


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "night.jsonl"
    invoke("record", "simulated:2", str(path), "--count", "4", "--every", "60")
    return path


def test_the_readings_are_those_of_the_recording(recording: Path) -> None:
    replayed = lines_of(invoke("replay", str(recording), "--json"))
    decoded = lines_of(invoke("decode", str(recording), "--json"))

    assert len(replayed) == 4
    assert {reading["battery"] for reading in replayed} == {"09:01:00:00:02:15"}
    status = [reading["cell_voltages"] for reading in decoded if reading["variant"] == "short_status"]
    assert [reading["cell_voltages"] for reading in replayed] == status[-4:]


def test_people_get_a_line_for_each_reading(recording: Path) -> None:
    assert len(invoke("replay", str(recording), "--count", "2").stdout.splitlines()) == 2


def test_at_speed_1_it_takes_as_long_as_it_took(recording: Path) -> None:
    air = Air()
    invoke("replay", str(recording), "--speed", "1", machine=air)

    assert air.elapsed == pytest.approx(180, abs=5)


def test_deadlines_shrink_with_time() -> None:
    assert timing(1.0).answer > timing(10.0).answer > timing(0.0).answer > 0


def test_a_recording_without_a_reading_is_no_valid_answer(tmp_path: Path) -> None:
    path = tmp_path / "silence.jsonl"
    with path.open("w") as file:
        RecordingWriter(file, Header(started=START)).write(Record(at=1.0, kind="tx", data=b":000250000E03~"))
    result = invoke("replay", str(path))

    assert result.exit_code == 4
    assert "the recording holds no reading" in result.stderr


def test_a_file_that_is_no_recording_is_a_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear battery\n")
    result = invoke("replay", str(path))

    assert result.exit_code == 2
    assert "not the header of a recording" in result.stderr
