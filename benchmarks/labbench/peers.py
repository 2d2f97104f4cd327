"""Run aiobmsble's drivers in a Python that is new enough for them, once, and keep what they say."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.labbench.recorded import VERSION, tests_of_aiobmsble
from benchmarks.labbench.truths import TRUTHS

ROOT = Path(__file__).parents[2]
MADE_BY = ("driven", "dials", "listening", "recorded", "spelling", "truths")


def stories() -> dict[str, dict[str, Any]]:
    """Return what each recorded battery says at many moments, by test; empty where the peer cannot be run."""
    tests = tests_of_aiobmsble()
    if tests is None:
        return {}
    kept = tests.parents[2] / f"truth-{VERSION}-{_made_by()}.json"
    if not kept.exists():
        python = _python()
        if python is None:
            return {}
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
            "update",
        ]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "BMSREADER_TRUTH": str(kept)}
        run = subprocess.run(
            [*command, "tests/bms"], cwd=tests.parents[1], env=environment, check=False, capture_output=True
        )
        if not kept.exists():
            print(run.stdout.decode()[-800:], file=sys.stderr)
            return {}
    loaded: dict[str, dict[str, Any]] = json.loads(kept.read_text())
    missing = {truth.module for truth in TRUTHS} - {story["module"] for story in loaded.values()}
    if missing:  # as on a busy machine, on which a driver waits for an answer in vain: its figures would be others
        kept.unlink()
        print(f"  no answer from {', '.join(sorted(missing))}: run it again on a quiet machine", file=sys.stderr)
    return loaded


def _made_by() -> str:
    """Return what tells apart the states of the programs that make the truth."""
    sources = (Path(__file__).with_name(f"{name}.py").read_bytes() for name in MADE_BY)
    return sha256(b"".join(sources)).hexdigest()[:12]


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
