"""`bmsreader record`: nothing that was heard is lost."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.cli.executable import start
from tests.cli.surroundings import invoke, lines_of


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_request_and_notification_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    result = invoke("record", "simulated", str(path), "--count", "3", "--every", "60")

    header, *rest = records(path)
    assert (header["bmsreader"], header["battery"]) == ("recording", "02:00:07:00:15:44")
    assert sum("rx" in record for record in rest) == 21
    assert f"{path}: 3 readings, 21 notifications." in result.stderr
    assert result.stdout == ""


def test_json_says_what_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    result = invoke("record", "simulated", str(path), "--count", "1", "--json")

    assert lines_of(result) == [{"file": str(path), "readings": 1, "notifications": 7}]


def test_a_recording_is_not_overwritten_unless_told_to(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    path.write_text("precious")

    assert invoke("record", "simulated", str(path), "--count", "1").exit_code == 2
    assert path.read_text() == "precious"
    assert invoke("record", "simulated", str(path), "--count", "1", "--overwrite").exit_code == 0


def test_a_battery_that_is_not_there_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    result = invoke("record", "simulated:9", str(path))

    assert result.exit_code == 2
    assert not path.exists()


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    with start("record", "simulated", str(path), "--every", "0.1") as process:
        deadline = time.monotonic() + 10
        while not (path.exists() and path.read_text().count('"rx"') > 7) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)

    assert process.returncode == 130
    assert b" reading" in err
    assert b"Traceback" not in err
    assert all(record for record in records(path))
