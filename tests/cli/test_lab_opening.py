"""What all lab commands begin with."""

from pathlib import Path

import pytest

from bmsreader.cli.lab_opening import opened
from bmsreader.model.errors import CaptureError, UsageError
from tests.cli.surroundings import invoke
from tests.lab.simulated import live

LIFE = live(count=12)


def test_labels_beside_the_capture_and_typed_ones_count(tmp_path: Path) -> None:
    path = LIFE.write(tmp_path / "life.jsonl")
    (tmp_path / "life.jsonl.labels").write_text("5: 13.2V\n")

    assert [label.at for label in opened(path, None, ["3: 60%"]).labels] == [3, 5]


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
