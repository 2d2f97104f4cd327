"""How long the health of a battery takes, over a year and over five, and how much memory it needs."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.history_filling import fill
from benchmarks.measure import Verdict, print_table, print_verdicts

SECONDS = 3.0
"""For a year of readings every 10 s."""
MEGABYTES = 60.0
DAYS = 5
"""Days that are really lived; they are repeated."""
REPEATS = 3
HISTORIES = {
    "1 year, 4 cells": (4, 73),
    "1 year, 16 cells": (16, 73),
    "5 years, 4 cells": (4, 365),
}
"""Cells, and how often the days are repeated."""

LOOK = """
import resource, sys, time
from bmsreader.health import examine
from bmsreader.store import Reader
with Reader(sys.argv[1]) as past:
    battery = past.infos()[0].id
    begin = resource.getrusage(resource.RUSAGE_SELF)
    report = examine(past, battery)
    end = resource.getrusage(resource.RUSAGE_SELF)
cpu = end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime
print(cpu, (end.ru_maxrss - begin.ru_maxrss) / 1024, report.days, sum(one.value is not None for one in report.findings))
"""
"""A program of its own: what others left in memory does not count."""


def main() -> list[Verdict]:
    """Measure reports over long histories: seconds of computing, the least of some runs, and memory."""
    rows, verdicts = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, (cells, repeats) in HISTORIES.items():
            path = Path(folder) / f"{cells}-{repeats}.sqlite3"
            fill(path, cells=cells, step=10, days=DAYS, repeats=repeats)
            runs = [look(path) for _ in range(REPEATS)]
            seconds, megabytes = min(run[0] for run in runs), min(run[1] for run in runs)
            rows.append((name, f"{seconds:.2f} s", f"{megabytes:.0f} MB", f"{runs[0][2]:.0f}", f"{runs[0][3]:.0f}"))
            if repeats * DAYS <= 366:
                verdicts += [
                    Verdict(promise=f"health over {name}, s", measured=seconds, limit=SECONDS),
                    Verdict(promise=f"memory of health over {name}, MB", measured=megabytes, limit=MEGABYTES),
                ]
    print_table("Health of a battery", ("history", "computing", "memory", "days", "figures"), rows)
    print_verdicts(verdicts)
    return verdicts


def look(path: Path) -> tuple[float, float, float, float]:
    """Return seconds of computing, MB more than before, days with readings and figures found."""
    command = [sys.executable, "-c", LOOK, str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    seconds, megabytes, days, figures = map(float, found)
    return seconds, megabytes, days, figures


if __name__ == "__main__":
    main()
