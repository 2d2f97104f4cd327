"""How long any chart takes: five years of a reading each 10 s, a year of one each second, from an hour to everything.

    python -m benchmarks.history [FOLDER]

The two histories are made in a minute or two; in a FOLDER they stay, for the next time.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from benchmarks.history_filling import BATTERY, fill, unsealed
from benchmarks.measure import Verdict, print_table, print_verdicts
from bmsreader.store import Store

Answer = TypeVar("Answer")

CELLS = 16
POINTS = 1000
TIMES = 5
LIMIT = 150.0
"""ms. CPU, so that it can be told on a machine that does other things too; nothing else takes time here."""
HISTORIES = (("five years at 10 s", 10, 15, 122), ("a year at 1 s", 1, 2, 183))
"""Name, s from reading to reading, days that are simulated, and how often they come again."""
GROUPS = {
    "soc": ("soc",),
    "U, I, P": ("pack_voltage", "current", "power"),
    "4 cells": tuple(f"cell_{number}" for number in range(1, 5)),
    "16 cells": tuple(f"cell_{number}" for number in range(1, CELLS + 1)),
    "temperatures": ("temperature_1", "temperature_2"),
}
"""What a page asks for together."""
RANGES = {
    "1 hour": 1 / 24,
    "6 hours": 0.25,
    "1 day": 1,
    "36 hours": 1.5,
    "3 days": 3,
    "1 week": 7,
    "17 days": 17,
    "1 month": 31,
    "1 quarter": 91,
    "1 year": 365,
    "2 years": 730,
    "all": 1830,
}


def timed(ask: Callable[[], Answer]) -> tuple[float, float, Answer]:
    """Ask some times; return the median ms of CPU and ms that went by, and the last answer."""
    cpu, wall = [], []
    answer = ask()  # what is read for the first time comes from the disk
    for _ in range(TIMES):
        busy, began = time.thread_time(), time.perf_counter()
        answer = ask()
        cpu.append(1000 * (time.thread_time() - busy))
        wall.append(1000 * (time.perf_counter() - began))
    return statistics.median(cpu), statistics.median(wall), answer


def opened(path: Path) -> tuple[float, Store]:
    """Open a history as the gateway does; return the ms that it took, and the history."""
    began = time.perf_counter()
    store = Store(path, now=lambda: datetime(2040, 1, 1, tzinfo=UTC))
    return 1000 * (time.perf_counter() - began), store


def charts(store: Store, end: datetime, days: float) -> tuple[list[tuple[str, ...]], float, float]:
    """Return the rows of a table, and the slowest medians: of CPU and of the time that went by, ms."""
    rows, slowest = [], (0.0, 0.0)
    for name, length in RANGES.items():
        if length > days and name != "all":
            continue
        start, cells = end - timedelta(days=min(length, days)), []
        for fields in GROUPS.values():
            cpu, wall, found = timed(partial(store.history, BATTERY, fields, start, end, POINTS))
            slowest = max(slowest[0], cpu), max(slowest[1], wall)
            cells.append(f"{cpu:.0f}/{wall:.0f} ({len(found.stamps)} of {found.source})")
        rows.append((name, *cells))
    return rows, *slowest


def measured(path: Path, name: str, step: int, days: int, repeats: int) -> list[Verdict]:
    """Fill a history unless it is there, and measure it."""
    if not path.exists():
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        fill(part, cells=CELLS, step=step, days=days, repeats=repeats)
        part.replace(path)
    opening, store = opened(path)
    with store:
        end = unsealed(store, step)
        rows, cpu, wall = charts(store, end, days * repeats)
        zone = ZoneInfo("Europe/Berlin")
        year, year_wall, _ = timed(partial(store.energy, BATTERY, end - timedelta(days=364), end, zone))
        store.commit()
        readings = store.committed(BATTERY)
    size = path.stat().st_size
    print_table(
        f"{name}: {readings / 1e6:.1f} million readings of {CELLS} cells, {size / readings:.2f} B each, "
        f"at most {POINTS} points: ms of CPU/ms that went by (points of which source)",
        ("", *GROUPS),
        rows,
    )
    print(f"\n  The slowest chart: {cpu:.0f}/{wall:.0f} ms. Energy of 365 days: {year:.0f}/{year_wall:.0f} ms.")
    print(f"  Opening: {opening:.0f} ms. The machine's load was {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs.")
    return [
        Verdict(promise=f"ms of CPU for the slowest chart, {name}", measured=cpu, limit=LIMIT),
        Verdict(promise=f"ms of CPU for the energy of 365 days, {name}", measured=year, limit=LIMIT),
        Verdict(promise=f"ms to open {name}", measured=opening, limit=LIMIT),
    ]


def main(folder: Path | None = None) -> list[Verdict]:
    """Print all figures and return what they say about the promises."""
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as temporary:
        for name, step, days, repeats in HISTORIES:
            path = (folder or Path(temporary)) / f"history-{step}s-{CELLS}.sqlite3"
            verdicts += measured(path, name, step, days, repeats)
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
