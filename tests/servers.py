"""Real servers for tests, from Debian's packages: each with its own folder, on a free port of this machine only."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

IN_CI = bool(os.environ.get("CI"))
SECONDS_TO_START = 30.0


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip where a program is missing; in CI a missing program is a failure, never a test that nobody misses."""
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing) and not IN_CI, reason=f"needs {', '.join(missing)}: see .ci/run")


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on just now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def get(url: str, headers: dict[str, str] | None = None) -> bytes:
    """Return what is at an address of this machine."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
        body: bytes = answer.read()
        return body


def get_json(url: str, **query: str) -> Any:
    """Ask an address of this machine and return its JSON."""
    return json.loads(get(f"{url}?{urllib.parse.urlencode(query)}"))


def post(url: str, body: bytes = b"") -> bytes:
    """Post to an address of this machine."""
    with urllib.request.urlopen(urllib.request.Request(url, data=body, method="POST"), timeout=10) as answer:
        said: bytes = answer.read()
        return said


@contextmanager
def program(command: Sequence[str | Path], ready: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; the block begins when the address ``ready`` answers."""
    with log.open("ab") as output:
        process = subprocess.Popen([*map(str, command)], stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str) -> bool:
    try:
        get(url)
    except (urllib.error.URLError, OSError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Influx:
    """An InfluxDB 1.x with one database."""

    address: str
    process: subprocess.Popen[bytes]
    database: str = "home"

    @property
    def write_url(self) -> str:
        return f"{self.address}/write?db={self.database}"

    def query(self, question: str) -> list[list[Any]]:
        """Return the rows of an answer; times come as ms."""
        answer = get_json(f"{self.address}/query", db=self.database, q=question, epoch="ms")
        result = answer["results"][0]
        if "error" in result:
            raise AssertionError(result["error"])
        return [row for series in result.get("series", []) for row in series["values"]]

    def count(self, measurement: str = "battery") -> int:
        """Return how many points there are."""
        rows = self.query(f'SELECT COUNT("alarm_count") FROM "{measurement}"')
        return int(rows[0][1]) if rows else 0

    def execute(self, command: str) -> None:
        post(f"{self.address}/query?{urllib.parse.urlencode({'q': command})}")


@contextmanager
def influxdb(folder: Path, *, http_port: int | None = None) -> Iterator[Influx]:
    """Run InfluxDB (Debian package influxdb); the same folder again has the same data."""
    port = http_port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "influxdb.conf"
    configuration.write_text(
        f"""
reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
"""
    )
    address = f"http://127.0.0.1:{port}"
    with program(["influxd", "-config", configuration], f"{address}/ping", folder / "log") as process:
        server = Influx(address, process)
        server.execute(f'CREATE DATABASE "{server.database}"')
        yield server


@dataclass(frozen=True, slots=True)
class Victoria:
    """A VictoriaMetrics."""

    address: str

    def export(self, match: str) -> dict[str, tuple[list[int], list[float]]]:
        """Return times in ms and values of each series, by its name."""
        post(f"{self.address}/internal/force_flush")
        lines = get(f"{self.address}/api/v1/export?{urllib.parse.urlencode({'match[]': match})}").splitlines()
        found = [json.loads(line) for line in lines]
        return {one["metric"]["__name__"]: (one["timestamps"], one["values"]) for one in found}


@contextmanager
def victoriametrics(folder: Path) -> Iterator[Victoria]:
    """Run VictoriaMetrics (Debian package victoria-metrics)."""
    address = f"127.0.0.1:{free_port()}"
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        "victoria-metrics",
        f"-storageDataPath={folder}/data",
        f"-httpListenAddr={address}",
        "-retentionPeriod=100y",
    ]
    with program(command, f"http://{address}/health", folder / "log"):
        yield Victoria(f"http://{address}")


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A Prometheus that scrapes one address."""

    address: str

    def query(self, question: str) -> list[tuple[dict[str, str], float]]:
        """Return labels and value of each series of an instant query."""
        answer = get_json(f"{self.address}/api/v1/query", query=question)
        return [(one["metric"], float(one["value"][1])) for one in answer["data"]["result"]]

    def targets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = get_json(f"{self.address}/api/v1/targets")["data"]["activeTargets"]
        return found


@contextmanager
def prometheus(folder: Path, *, scrapes: str, every: str = "1s") -> Iterator[Prometheus]:
    """Run Prometheus (Debian package prometheus), scraping ``scrapes`` (host:port)."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "prometheus.yml"
    configuration.write_text(
        f"""
global:
  scrape_interval: {every}
scrape_configs:
  - job_name: bmsreader
    static_configs:
      - targets: ["{scrapes}"]
"""
    )
    address = f"127.0.0.1:{free_port()}"
    command = [
        "prometheus",
        f"--config.file={configuration}",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={address}",
    ]
    with program(command, f"http://{address}/-/ready", folder / "log"):
        yield Prometheus(f"http://{address}")
