"""Run aiobmsble's drivers in a Python that is new enough for them, once, and keep what they say."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.labbench.recorded import VERSION, tests_of_aiobmsble

ROOT = Path(__file__).parents[2]


def stories() -> dict[str, dict[str, Any]]:
    """Return what each recorded battery says at many moments, by test; empty where the peer cannot be run."""
    tests = tests_of_aiobmsble()
    python = _python()
    if tests is None or python is None:
        return {}
    plugin = Path(__file__).with_name("driven.py")
    kept = tests.parents[2] / f"truth-{VERSION}-{int(plugin.stat().st_mtime)}.json"
    if not kept.exists():
        print("  asking aiobmsble's drivers what their recorded frames mean (about a minute) ...", flush=True)
        command = [
            *python,
            "-m",
            "pytest",
            "-p",
            "benchmarks.labbench.driven",
            "-o",
            "addopts=",
            "-q",
            "-k",
            "test_update",
        ]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "BMSREADER_TRUTH": str(kept)}
        run = subprocess.run(
            [*command, "tests/bms"], cwd=tests.parents[1], env=environment, check=False, capture_output=True
        )
        if not kept.exists():
            print(run.stdout.decode()[-800:], file=sys.stderr)
            return {}
    loaded: dict[str, dict[str, Any]] = json.loads(kept.read_text())
    return loaded


def _python() -> list[str] | None:
    """Return how to start a Python that has aiobmsble and pytest: named, our own, or that of scripts/trixie."""
    given = os.environ.get("BMSREADER_PEER_PYTHON")
    for command in ([given] if given else [], [sys.executable]):
        if (
            command
            and not subprocess.run(
                [*command, "-c", "import aiobmsble, pytest, pytest_asyncio"], check=False, capture_output=True
            ).returncode
        ):
            return command
    cache = Path(os.environ.get("BMSREADER_CACHE", "/var/tmp/bmsreader"))
    if os.geteuid() == 0 and (cache / "trixie" / "venv" / "installed").exists():
        return [str(ROOT / "scripts" / "trixie"), "python"]
    return None
