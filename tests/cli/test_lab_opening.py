"""What all lab commands begin with."""

from pathlib import Path

import pytest

from bmsreader.cli import lab_opening
from bmsreader.cli.lab_opening import opened
from bmsreader.cli.terminal import Terminal
from bmsreader.model.errors import CaptureError, UsageError
from tests.cli.surroundings import invoke
from tests.lab.simulated import live

LIFE = live(count=12)


def test_labels_beside_the_capture_and_typed_ones_count(tmp_path: Path) -> None:
    path = LIFE.write(tmp_path / "life.jsonl")
    (tmp_path / "life.jsonl.labels").write_text("5: 13.2V\n")

    assert [label.at for label in opened(path, None, ["3: 60%"]).labels] == [3, 5]


def test_a_label_beside_the_capture_in_time_is_told(tmp_path: Path) -> None:
    path = LIFE.write(tmp_path / "life.jsonl")
    result = invoke("lab", "label", str(path), "5: 13.2V", "7205: 13.1V")

    assert "7205: pack_voltage=13.1" in result.stderr
    assert "heard from 0 s to 33 s only" in result.stderr
    assert result.stderr.count("is of no use") == 1


@pytest.mark.slow
def test_what_is_wrong_with_a_capture_is_told_once_with_every_command(tmp_path: Path) -> None:
    path = tmp_path / "frames.txt"
    path.write_text(":0102030405060708~\n" * 3)
    results = [invoke("lab", command, str(path)) for command in ("check", "show")]

    assert [(result.stdout + result.stderr).count("frames have no times") for result in results] == [1, 1]


def test_a_large_capture_shows_how_far_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = LIFE.write(tmp_path / "life.jsonl")
    monkeypatch.setattr(lab_opening, "LARGE", 10)

    assert len(lab_opening.read(path, Terminal()).packets) == len(LIFE.packets)


def test_a_battery_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="no battery 'AA:BB'"):
        opened(LIFE.write(tmp_path / "life.jsonl"), "AA:BB")


def test_a_label_that_is_not_understood_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="furlongs"):
        opened(LIFE.write(tmp_path / "life.jsonl"), None, ["3: 60furlongs"])


def test_a_file_that_is_no_capture_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))

    with pytest.raises(CaptureError):
        opened(path, None)


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    assert invoke("lab", "check", "/nonexistent/x.log").exit_code == 2
