"""The dashboard: what it costs the gateway, and how soon it answers. Linux only: it reads /proc.

The gateway is the real program with simulated batteries; the browsers are sockets of this program, whose own work is
not counted.
"""

import contextlib
import gzip
import http.client
import json
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.history_filling import fill
from benchmarks.measure import Verdict, print_table, print_verdicts

BROWSERS, BATTERIES, MANY = 50, 16, 64
SECONDS, WARM_UP = 20.0, 8.0
ROUNDS = 31
CORE_LIMIT, OVERVIEW_LIMIT, CHART_LIMIT = 10.0, 30.0, 150.0
POINTS = 1000
HISTORIES = {"5 years, each 10 s": (10, 5, 365), "1 year, each 1 s": (1, 1, 365)}
"""s between two readings, days that are made, how often they are repeated."""
FIELDS = ("soc", "pack_voltage,current,power", "cells")
RANGES = {"1 h": 1 / 24, "1 day": 1.0, "1 week": 7.0, "1 month": 30.0, "1 year": 365.0, "all": 10_000.0}
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A gateway in a program of its own."""

    process: subprocess.Popen[bytes]
    port: int
    started: float
    """s until it was ready."""

    @property
    def seconds(self) -> float:
        """Processor time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> float:
        """MB resident."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def gateway(
    folder: Path, *, batteries: int, interval: float, page: bool = True, store: Path | None = None
) -> Iterator[Running]:
    """Run a gateway until the block ends."""
    port = free_port()
    file = folder / f"{port}.toml"
    file.write_text(f"[gateway]\ninterval = {interval}\n[web]\nport = {port}\nenabled = {str(page).lower()}\n")
    command = [
        *(sys.executable, "-c", "from bmsreader.cli import main; main()", "run"),
        *("--config", str(file), "--simulated", str(batteries)),
        *("--store", str(store or folder / f"{port}.sqlite3"), "--control", str(folder / f"{port}.sock")),
    ]
    began = time.monotonic()
    log = (folder / f"{port}.log").open("wb")
    with subprocess.Popen(command, stdout=log, stderr=log) as process:
        wait(process, folder / f"{port}.log", b"bmsreader runs")
        started = time.monotonic() - began
        if page:
            wait(process, folder / f"{port}.log", b"the dashboard is at")
        try:
            yield Running(process=process, port=port, started=started)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            log.close()


def wait(process: subprocess.Popen[bytes], log: Path, words: bytes) -> None:
    """Return once the log says so."""
    began = time.monotonic()
    while words not in log.read_bytes():
        if process.poll() is not None or time.monotonic() - began > 60:
            raise SystemExit(log.read_text())
        time.sleep(0.005)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, bytes]:
    """Return how long an answer takes, ms, and the answer."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
    return took, gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body


# ---- the live stream


def watch(running: Running, browsers: int, seconds: float) -> tuple[float, int]:
    """Return the gateway's processor time while so many browsers look, % of a core, and the bytes that they got."""
    chooser = selectors.DefaultSelector()
    for _ in range(browsers):
        connection = socket.create_connection(("127.0.0.1", running.port))
        connection.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.setblocking(False)
        chooser.register(connection, selectors.EVENT_READ)
    got = drain(chooser, 3.0)  # all begin with everything: that is not what is measured
    before, got = running.seconds, 0
    got = drain(chooser, seconds)
    core = 100 * (running.seconds - before) / seconds
    for key in [*chooser.get_map().values()]:
        key.fileobj.close()  # type: ignore[union-attr]
    chooser.close()
    return core, got


def drain(chooser: selectors.BaseSelector, seconds: float) -> int:
    """Read what comes for so long."""
    end, got = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        if not chooser.get_map():
            time.sleep(left)
            continue
        for key, _ in chooser.select(left):
            got += len(key.fileobj.recv(1 << 18))  # type: ignore[union-attr]
    return got


def measure_stream(folder: Path) -> list[Verdict]:
    """Measure what browsers at the stream cost."""
    rows = []
    with gateway(folder, batteries=BATTERIES, interval=1.0) as running:
        time.sleep(WARM_UP)
        alone, _ = watch(running, 0, SECONDS)
        crowd, got = watch(running, BROWSERS, SECONDS)
        again, _ = watch(running, 0, SECONDS)
    rows.append(("nobody", f"{alone:.1f} %", "-"))
    rows.append((f"{BROWSERS} browsers", f"{crowd:.1f} %", f"{got / SECONDS / BROWSERS / 1000:.0f} kB/s"))
    rows.append(("nobody again", f"{again:.1f} %", "-"))
    print_table(f"{BATTERIES} batteries at 1 Hz: the gateway's share of a core", ("who looks", "core", "each"), rows)
    cost = crowd - (alone + again) / 2
    return [Verdict(promise=f"{BROWSERS} browsers at the stream, % of a core", measured=cost, limit=CORE_LIMIT)]


# ---- answers


def measure_overview(folder: Path) -> list[Verdict]:
    """Measure the overview with many batteries."""
    with gateway(folder, batteries=MANY, interval=10.0) as running:
        connection = http.client.HTTPConnection("127.0.0.1", running.port)
        while len(json.loads(ask(connection, "/api/v1/batteries")[1])["batteries"]) < MANY:
            time.sleep(0.5)
        first = ask(connection, "/api/v1/batteries?tz=Asia/Tokyo")[0]
        times = []
        for _ in range(ROUNDS):
            times.append(ask(connection, "/api/v1/batteries")[0])
            time.sleep(0.1)
        size = len(ask(connection, "/api/v1/batteries")[1])
        connection.close()
    rows = [
        ("first from a time zone", f"{first:.1f} ms", ""),
        ("median", f"{statistics.median(times):.1f} ms", f"{size / 1000:.0f} kB"),
        ("slowest", f"{max(times):.1f} ms", ""),
    ]
    print_table(f"Overview of {MANY} batteries", ("answer", "time", "JSON"), rows)
    return [
        Verdict(promise=f"overview of {MANY} batteries, ms", measured=statistics.median(times), limit=OVERVIEW_LIMIT)
    ]


def measure_charts(folder: Path) -> list[Verdict]:
    """Measure charts of long histories."""
    verdicts = []
    for name, (step, days, repeats) in HISTORIES.items():
        store = folder / f"{step}.sqlite3"
        end = fill(store, cells=4, step=step, days=days, repeats=repeats)
        rows, worst = [], 0.0
        with gateway(folder, batteries=1, interval=10.0, store=store) as running:
            connection = http.client.HTTPConnection("127.0.0.1", running.port)
            for fields in FIELDS:
                medians = [median_chart(connection, fields, end, back) for back in RANGES.values()]
                worst = max(worst, *medians)
                rows.append((fields, *(f"{one:.0f}" for one in medians)))
            connection.close()
            memory = running.memory
        print_table(f"{name}: {POINTS} points, median ms", ("fields", *RANGES), rows)
        print(f"\n  The gateway has {memory:.0f} MB then; the file has {store.stat().st_size / 1e6:.0f} MB.")
        verdicts.append(Verdict(promise=f"{name}: slowest chart, ms", measured=worst, limit=CHART_LIMIT))
    return verdicts


def median_chart(connection: http.client.HTTPConnection, fields: str, end: datetime, days: float) -> float:
    """Return the median time of one chart, ms; each time of another stretch, as when somebody pans."""
    times = []
    for number in range(ROUNDS // 3):
        until = end - timedelta(days=days * 0.01 * number)
        start = max(until - timedelta(days=days), datetime(2000, 1, 1, tzinfo=end.tzinfo))
        query = f"fields={fields}&points={POINTS}&start={start:%Y-%m-%dT%H:%M:%SZ}&end={until:%Y-%m-%dT%H:%M:%SZ}"
        times.append(ask(connection, f"/api/v1/batteries/big/history?{query}")[0])
    return statistics.median(times)


# ---- the program itself


def measure_weight(folder: Path) -> None:
    """Measure what the page adds to start and memory."""
    rows = []
    for page in (False, True):
        starts, works, memories = [], [], []
        for _ in range(3):
            with gateway(folder, batteries=2, interval=1.0, page=page) as running:
                time.sleep(6)
                starts.append(running.started)
                works.append(running.seconds)
                memories.append(running.memory)
        rows.append(
            ("with" if page else "without", f"{min(starts):.2f} s", f"{min(works):.2f} s", f"{min(memories):.1f} MB")
        )
    columns = ("page", "ready", "processor time", "resident")
    print_table("The gateway with two batteries, in its first seconds", columns, rows)


def main() -> list[Verdict]:
    """Run all of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure_weight(folder)
        verdicts = [*measure_overview(folder), *measure_stream(folder), *measure_charts(folder)]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
