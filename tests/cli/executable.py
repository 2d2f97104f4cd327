"""The installed program, as its owner starts it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).parent / "bmsreader"


def start(*arguments: str, environment: dict[str, str] | None = None, **options: Any) -> "subprocess.Popen[bytes]":
    """Start the program; both outputs are pipes unless the options say otherwise."""
    variables = {**os.environ, **(environment or {})}
    return subprocess.Popen(
        [PROGRAM, *arguments],
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        env=variables,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 - no thread runs here
    )


def heed_ctrl_c() -> None:
    """Undo what a shell does to background jobs, such as a test run in a script: it lets them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*arguments: str, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the program to its end."""
    with start(*arguments, environment=environment) as process:
        out, err = process.communicate(timeout=15)
    return subprocess.CompletedProcess(arguments, process.returncode, out.decode(), err.decode())
