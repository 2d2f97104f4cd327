"""The examples run as they stand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.slow  # each example is a program of its own

NEEDS_AN_ADAPTER = "find_batteries.py"


def run(name: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(EXAMPLES / name)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)


def test_there_are_examples() -> None:
    assert len(list(EXAMPLES.glob("*.py"))) >= 4


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("decode_bytes.py", "not believed: checksum B6, expected BD"),
        ("read_once.py", "02:00:07:00:00:01: "),
        ("follow.py", "rejected"),
    ],
)
def test_an_example_runs_without_a_battery(name: str, words: str) -> None:
    done = run(name)

    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout


def test_the_example_that_needs_an_adapter_says_so_without_one() -> None:
    done = run(NEEDS_AN_ADAPTER)

    assert done.returncode == 1
    assert "Bluetooth cannot be used on this machine" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_example_is_tried() -> None:
    tried = {"decode_bytes.py", "read_once.py", "follow.py", NEEDS_AN_ADAPTER}

    assert {path.name for path in EXAMPLES.glob("*.py")} == tried
