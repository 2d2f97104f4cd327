"""The machine in which everything goes wrong once. It takes ten minutes, alone: what is judged are times."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 1750
"""Limit of the whole machine."""

_running: "list[tuple[subprocess.Popen[bytes], tempfile.TemporaryDirectory[str]]]" = []


def begin() -> None:
    """Boot the machine."""
    if _running:
        return
    share = tempfile.TemporaryDirectory(prefix="months-")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BATTERY": "python -m tests.bluez.battery /run/vm/faults",
        "BLUEZ_VM_SHARE": share.name,
        "BLUEZ_VM_SECONDS": str(SECONDS),
    }
    with (Path(share.name) / "console").open("w") as console:
        process = subprocess.Popen(
            [ROOT / "tests/bluez/run-in-bluez-vm", "python", "-m", "tests.bluez.months", "/run/vm/share"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _running.append((process, share))


def outcome() -> tuple[Path, str]:
    """Wait for the end; return the file with what happened in it (absent if it ended early), and the console."""
    begin()
    process, share = _running[0]
    process.wait()
    return Path(share.name) / "months.json", (Path(share.name) / "console").read_text(errors="replace")


def end() -> None:
    """Stop the machine, if nobody waited for it."""
    for process, share in _running:
        if process.poll() is None:
            os.killpg(process.pid, 9)
            process.wait()
        share.cleanup()
    _running.clear()
