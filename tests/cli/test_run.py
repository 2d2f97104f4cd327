import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.gateway.asking import ask
from bmsreader.model import GatewayAbsent
from bmsreader.store import Reader
from tests.cli.executable import start
from tests.cli.surroundings import invoke

EVER = datetime(2000, 1, 1, tzinfo=UTC)
CONFIGURATION = """
[gateway]
interval = 0.5
discover = false
control = "{folder}/control.sock"

[[battery]]
name = "House"
address = "simulated:2"

[store]
path = "{folder}/history.sqlite3"
commit = 0

[lines]
path = "{folder}/readings.jsonl"
"""


@contextmanager
def gateway(folder: Path, *arguments: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A real gateway with one simulated battery; it is killed at the end, if it still runs."""
    file = folder / "bmsreader.toml"
    if not file.exists():
        file.write_text(CONFIGURATION.format(folder=folder))
    with start("run", "--config", str(file), *arguments) as process:
        try:
            yield process
        finally:
            process.kill()


def status(folder: Path) -> dict[str, str]:
    """State of each battery by name, as soon as the gateway answers."""
    deadline = time.monotonic() + 15
    while True:
        try:
            answer = ask(folder / "control.sock", "status")
        except GatewayAbsent:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return {battery["name"]: battery["state"] for battery in answer["batteries"]}


def wait_until(condition: object, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def history(folder: Path) -> int:
    """How many readings are on disk."""
    with Reader(folder / "history.sqlite3") as reader:
        return sum(len(list(reader.readings(info.id, EVER, datetime.now(UTC)))) for info in reader.infos())


def lines(folder: Path) -> list[str]:
    file = folder / "readings.jsonl"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.slow
def test_a_configured_battery_is_read_kept_and_delivered_until_sigterm(tmp_path: Path) -> None:
    with gateway(tmp_path) as process:
        wait_until(lambda: len(lines(tmp_path)) >= 3)
        assert status(tmp_path) == {"House": "live"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert (tmp_path / "history.sqlite3").exists()
    readings = [json.loads(line) for line in lines(tmp_path)]
    assert len({reading["taken_at"] for reading in readings}) == len(readings) >= 3


@pytest.mark.slow
def test_a_hangup_takes_a_changed_configuration_into_use_and_a_wrong_one_not(tmp_path: Path) -> None:
    with gateway(tmp_path) as process:
        wait_until(lambda: len(lines(tmp_path)) >= 1)
        file = tmp_path / "bmsreader.toml"
        good = file.read_text()
        file.write_text(good.replace("interval", "intervall"))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert status(tmp_path) == {"House": "live"}
        file.write_text(good + '\n[[battery]]\nname = "Bow"\naddress = "simulated:1"\n')
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "Bow" in status(tmp_path))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr is not None
        told = process.stderr.read().decode()
    assert "intervall" in told
    assert "the configuration stays as it was" in told


@pytest.mark.slow
def test_ctrl_c_ends_the_gateway_as_it_ends_every_command(tmp_path: Path) -> None:
    with gateway(tmp_path) as process:
        wait_until(lambda: status(tmp_path) == {"House": "live"})
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


@pytest.mark.slow
def test_a_second_gateway_on_the_same_socket_is_refused_in_words(tmp_path: Path) -> None:
    with gateway(tmp_path):
        wait_until(lambda: bool(status(tmp_path)))
        with gateway(tmp_path) as second:
            assert second.wait(10) == 2
            assert second.stderr is not None
            assert b"another gateway runs here already" in second.stderr.read()
        kept = history(tmp_path)
        wait_until(lambda: history(tmp_path) > kept)


def test_a_wrong_configuration_is_told_with_file_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[gateway]\nintervall = 10\n")
    result = invoke("run", "--config", str(file))

    assert result.exit_code == 2
    assert f"{file}:2" in result.stderr
    assert "did you mean" in result.stderr
