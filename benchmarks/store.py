"""What the history costs: bytes kept and written for each reading, CPU, and how long an answer takes."""

import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import Verdict, print_table, print_verdicts
from benchmarks.store_disk import counted
from benchmarks.store_readings import START, bank, day
from bmsreader.model import Reading, Totals
from bmsreader.store import Reader, Store

DAY = 86_400
HOURS = 12
"""Of one battery, on a file system of its own."""
BANK, BANK_HOURS = 16, 3
COMMIT = 60
"""s from commit to commit."""
YEAR = 365
TIMES = 7

Seconds = Iterator[list[tuple[Reading, int]]]


def fill(path: Path, seconds: Seconds) -> tuple[int, float]:
    """Take readings in with a commit a minute; return their number and the CPU seconds that it took."""
    count, cpu = 0, 0.0
    with Store(path) as store:
        for second, readings in enumerate(seconds, 1):
            began = time.thread_time()
            for reading, signal in readings:
                count += 1
                store.append(reading, signal=signal, totals=Totals(energy_in=count / 100))
            if second % COMMIT == 0:
                store.commit()
            cpu += time.thread_time() - began
    return count, cpu


def fill_rows(path: Path, seconds: Seconds) -> tuple[int, float]:
    """Do the same the plain way, beside which ours is measured: a row in SQLite for each reading."""
    count, cpu = 0, 0.0
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    insert = ""
    for second, readings in enumerate(seconds, 1):
        began = time.thread_time()
        if second % COMMIT == 1:
            connection.execute("BEGIN")
        for reading, signal in readings:
            count += 1
            values = [signal, *row(reading)]
            if not insert:
                names = ", ".join(f"c{number}" for number in range(len(values)))
                connection.execute(f"CREATE TABLE reading ({names}, PRIMARY KEY (c1, c2)) WITHOUT ROWID")
                insert = f"INSERT INTO reading VALUES ({', '.join('?' * len(values))})"
            connection.execute(insert, values)
        if second % COMMIT == 0:
            connection.execute("COMMIT")
        cpu += time.thread_time() - began
    connection.close()
    return count, cpu


def row(reading: Reading) -> list[object]:
    """Return a reading as plain values."""
    values = reading.as_dict()
    plain = [values["battery"], values["taken_at"], *values["cell_voltages"], *values["temperatures"]]
    rest = list(values.values())[2:]
    return plain + [value for value in rest if value is None or isinstance(value, float | int | str)]


def singly(readings: list[tuple[Reading, int]]) -> Seconds:
    """Yield each reading alone."""
    return ([reading] for reading in readings)


# ---- bytes and CPU


def kept() -> list[Verdict]:
    """Measure what a day of readings takes in the file."""
    rows, verdicts = [], []
    for cells, limit in ((4, 4.0), (16, 8.0)):
        readings = list(day(cells, DAY))
        for name, filler in (("this store", fill), ("a row for each", fill_rows)):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "history"
                count, cpu = filler(path, singly(readings))
                size = path.stat().st_size / count
                sealed = segments(path) if filler is fill else size
            rows.append((f"{cells} cells, {name}", f"{sealed:.2f}", f"{size:.2f}", f"{1e6 * cpu / count:.1f}"))
            if filler is fill:
                verdicts.append(
                    Verdict(promise=f"bytes of the file a reading, {cells} cells", measured=size, limit=limit)
                )
    print_table(
        f"A day at 1 Hz, a commit a minute (Python {platform.python_version()})",
        ("", "B in segments", "B in the file", "us of CPU, commits included"),
        rows,
    )
    return verdicts


def segments(path: Path) -> float:
    """Return the bytes of a sealed reading."""
    with sqlite3.connect(path) as file:
        found = file.execute("SELECT sum(length(data)) * 1.0 / sum(count) FROM segment").fetchone()[0]
    file.close()
    return float(found)


def written() -> list[Verdict]:
    """Measure what reaches the disk."""
    one, many = list(day(4, HOURS * 3600)), list(day(16, BANK_HOURS * 3600))
    cases: list[tuple[str, Callable[[Path, Seconds], tuple[int, float]], Callable[[], Seconds], float]] = [
        (f"1 battery, 4 cells, {HOURS} h", fill, lambda: singly(one), 270.0),
        (f"{BANK} batteries, 16 cells, {BANK_HOURS} h", fill, lambda: bank(many, BANK), 100.0),
        ("1 battery, a row for each reading", fill_rows, lambda: singly(one), 0.0),
    ]
    rows, verdicts, counting = [], [], ""
    for name, filler, seconds, limit in cases:
        with counted() as (folder, total, how):
            before = total()
            count, _ = filler(folder / "history", seconds())
            each = (total() - before) / count
            counting = how
        rows.append((name, f"{each:.0f}"))
        if limit:
            verdicts.append(Verdict(promise=f"bytes written for a reading, {name}", measured=each, limit=limit))
    print_table(f"Written to the disk, a commit a minute ({counting})", ("", "B a reading"), rows)
    return verdicts


# ---- answers


def answered() -> list[Verdict]:
    """Measure how long questions take: the best of several times, each asked of a file that was just opened."""
    with tempfile.TemporaryDirectory() as folder:
        path, long = Path(folder) / "day", Path(folder) / "year"
        fill(path, singly(list(day(16, DAY))))
        raw = {field: best(path, field, days=1) for field in ("soc", "cell_1", "power")}
        fill_year(long)
        year = {field: best(long, field, days=YEAR, points=1000) for field in ("soc", "power")}
    rows = [(f"24 h of single readings, {field}", f"{1e3 * seconds:.1f}") for field, seconds in raw.items()]
    rows += [(f"a year in 1,000 points, {field}", f"{1e3 * seconds:.1f}") for field, seconds in year.items()]
    print_table("Answers", ("", "ms"), rows)
    return [
        Verdict(promise="ms for 24 h raw", measured=1e3 * max(raw.values()), limit=100),
        Verdict(promise="ms for a year's chart", measured=1e3 * max(year.values()), limit=100),
    ]


def best(path: Path, field: str, *, days: int, points: int | None = None) -> float:
    """Return the shortest time of several, s."""
    times = []
    for _ in range(TIMES):
        with Reader(path) as reader:
            began = time.perf_counter()
            reader.history("b1", [field], START, START + timedelta(days=days), points)
            times.append(time.perf_counter() - began)
    return min(times)


def fill_year(path: Path) -> None:
    """Fill a year: three readings in each quarter of an hour, since only the number of quarters matters here."""
    some = list(day(4, 3600))
    with Store(path) as store:
        for number in range(YEAR * 288):
            reading, signal = some[number % 3600]
            values = {name: getattr(reading, name) for name in Reading.__dataclass_fields__}
            values["taken_at"] = START + timedelta(seconds=300 * number)
            store.append(Reading(**values), signal=signal, totals=Totals(energy_in=number / 100))
            if number % 3600 == 3599:
                store.commit()


# ---- readers beside the writer


def undisturbed() -> list[Verdict]:
    """Measure the longest read while another program commits without a pause."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history"
        fill(path, singly(list(day(4, 2 * 3600))))
        quiet = longest(path)
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.store", "write", str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            busy = longest(path)
            writer.kill()
            commits = writer.stdout.read().count("\n")
    rows = [
        (name, f"{1e3 * seconds:.1f}") for name, seconds in (("nobody writes", quiet), ("commits all the time", busy))
    ]
    print_table(f"The longest of many reads of 10 minutes ({commits} commits meanwhile)", ("", "ms"), rows)
    return [Verdict(promise="ms of the longest read beside a writer", measured=1e3 * busy, limit=100)]


def longest(path: Path, *, seconds: float = 4.0) -> float:
    """Return the longest time that a read takes."""
    worst = 0.0
    until = time.perf_counter() + seconds
    with Reader(path) as reader:
        while time.perf_counter() < until:
            began = time.perf_counter()
            reader.history("b1", ["soc"], START, START + timedelta(minutes=10))
            worst = max(worst, time.perf_counter() - began)
    return worst


def write(path: Path) -> None:
    """Commit without a pause until killed."""
    with Store(path) as store:
        for reading, signal in day(4, DAY, battery="b2"):
            store.append(reading, signal=signal)
            if reading.taken_at.second % 20 == 0:
                store.commit()
                print("committed", flush=True)


def main() -> list[Verdict]:
    """Print all figures and return what they say about the promises."""
    verdicts = [*kept(), *written(), *answered(), *undisturbed()]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]))
    else:
        main()
