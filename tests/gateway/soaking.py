"""The soak as a program beside the tests."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "tests.gateway.soak", "--days", "30", "--batteries", "8", "--interval", "60")

_running: "list[subprocess.Popen[str]]" = []


def begin() -> None:
    """Start the soak, behind everything else that wants the processor."""
    if not _running:
        process = subprocess.Popen(
            COMMAND,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: os.nice(10),  # noqa: PLW1509 - no thread runs before the tests
        )
        _running.append(process)


def outcome() -> tuple[int, str]:
    """Wait for the end; return its exit status and what it printed: a line for each day, then one of JSON."""
    begin()
    told, _ = _running[0].communicate()
    return _running[0].returncode, told


def end() -> None:
    """Stop it, if nobody waited for it."""
    for process in _running:
        if process.poll() is None:
            process.kill()
            process.communicate()
