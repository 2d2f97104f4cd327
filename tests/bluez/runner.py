"""Runs the scenarios inside the virtual machine, one after the other, and notes what each command said.

    python -m tests.bluez.runner FOLDER [SCENARIO ...]

writes ``FOLDER/results.jsonl``, one line per scenario, for the tests outside to judge.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
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
    """Exit status; None = it did not end in time and was killed."""
    seconds: float
    stdout: str
    stderr: str
    faults: tuple[tuple[float, str], ...] = ()
    """When which fault began, in seconds since 1970; an empty name is the end of the one before."""


def switch(fault: str) -> None:
    """Let the first battery have this fault from now on, and no other."""
    FAULTS.mkdir(parents=True, exist_ok=True)
    fresh = FAULTS / "new"  # renamed, so that the battery never reads half a word
    fresh.write_text(fault)
    fresh.rename(FAULTS / NAMED)


@dataclass(kw_only=True)
class Trouble:
    """Lets faults come and go while a command prints lines, and presses Ctrl-C when it has recovered from the last."""

    command: subprocess.Popen[bytes]
    stdout: Path
    until: float
    switched: list[tuple[float, str]] = field(default_factory=list)

    def make(self, faults: tuple[tuple[str, float], ...]) -> None:
        """Let all faults happen, one after the other."""
        for fault, seconds in faults:
            self._wait_for_lines()
            self._switch(fault)
            time.sleep(seconds)
            self._switch("")
        self._wait_for_lines()
        if self.command.poll() is None:
            os.killpg(self.command.pid, signal.SIGINT)

    def _switch(self, fault: str) -> None:
        self.switched.append((time.time(), fault))
        switch(fault)

    def _wait_for_lines(self) -> None:
        wanted = self._lines() + 2
        while self._lines() < wanted and time.monotonic() < self.until and self.command.poll() is None:
            time.sleep(0.1)

    def _lines(self) -> int:
        return self.stdout.read_bytes().count(b"\n")


def has_ended(command: subprocess.Popen[bytes], *, until: float) -> bool:
    """Return whether the command ended before this time of the monotonic clock."""
    try:
        command.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def run(scenario: Scenario, folder: Path) -> Result:
    """Run the command of a scenario and return what it said."""
    # Into files: a program that the command leaves in the background would keep a pipe open.
    out, err = folder / "stdout.txt", folder / "stderr.txt"
    if scenario.fault:
        switch(scenario.fault)
        time.sleep(SETTLE)
    begin = time.monotonic()
    until = begin + scenario.limit
    with out.open("w") as stdout, err.open("w") as stderr:
        command = subprocess.Popen(
            ["bash", "-c", scenario.command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    trouble = Trouble(command=command, stdout=out, until=until)
    if scenario.troubles:
        trouble.make(scenario.troubles)
    status = command.returncode if has_ended(command, until=until) else None
    if status is None:
        os.killpg(command.pid, signal.SIGKILL)
    seconds = round(time.monotonic() - begin, 2)
    if scenario.fault:
        switch("")
        time.sleep(SETTLE)
    return Result(
        scenario=scenario.name,
        status=status,
        seconds=seconds,
        stdout=out.read_text(),
        stderr=err.read_text(),
        faults=tuple(trouble.switched),
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
