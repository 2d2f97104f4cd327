"""Runs the scenarios inside the virtual machine, one after the other, and notes what each command said.

    python -m tests.bluez.runner FOLDER [SCENARIO ...]

writes ``FOLDER/results.jsonl``, one line per scenario, for the tests outside to judge.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bluez.scenarios import NAMED, SCENARIOS, Scenario

SETTLE = 1.0
"""Seconds that a fault, or its end, gets to be in force."""
FAULTS = Path("/run/vm/faults")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command said, and how long it took."""

    scenario: str
    status: int | None
    """Exit status; None = it did not end in time, and was killed."""
    seconds: float
    stdout: str
    stderr: str


def switch(fault: str) -> None:
    """Let the first battery have this fault from now on, and no other."""
    FAULTS.mkdir(parents=True, exist_ok=True)
    fresh = FAULTS / "new"  # renamed, so that the battery never reads half a word
    fresh.write_text(fault)
    fresh.rename(FAULTS / NAMED)


@contextmanager
def with_faults(scenario: Scenario) -> Iterator[None]:
    """Let the faults come and go while the command runs."""
    if scenario.fault:
        switch(scenario.fault)
        time.sleep(SETTLE)
    timers = [threading.Timer(seconds, switch, [fault]) for seconds, fault in scenario.later]
    for timer in timers:
        timer.start()
    yield
    for timer in timers:
        timer.cancel()
    if scenario.fault or scenario.later:
        switch("")
        time.sleep(SETTLE)


def run(scenario: Scenario, folder: Path) -> Result:
    """Run the command of a scenario and return what it said."""
    # Into files: a program that the command leaves in the background would keep a pipe open.
    out, err = folder / "stdout.txt", folder / "stderr.txt"
    with with_faults(scenario), out.open("w") as stdout, err.open("w") as stderr:
        begin = time.monotonic()
        command = subprocess.Popen(
            ["bash", "-c", scenario.command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            status: int | None = command.wait(scenario.limit)
        except subprocess.TimeoutExpired:
            os.killpg(command.pid, signal.SIGKILL)
            status = None
        seconds = round(time.monotonic() - begin, 2)
    return Result(
        scenario=scenario.name, status=status, seconds=seconds, stdout=out.read_text(), stderr=err.read_text()
    )


def main(share: Path, names: list[str]) -> None:
    """Run the scenarios of these names, or all."""
    with (share / "results.jsonl").open("w") as results:
        for scenario in SCENARIOS:
            if names and scenario.name not in names:
                continue
            result = run(scenario, Path("/run/vm"))
            results.write(json.dumps(asdict(result)) + "\n")
            results.flush()
            sys.stdout.write(f"bluez-vm {result.scenario}: status {result.status} after {result.seconds} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
