"""A real `bmsreader run`: its signals, its service manager, its commands, and a disk that is full."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bmsreader.store import Store
from tests.cli import executable
from tests.gateway.service import Service, moment
from tests.gateway.test_notify import ServiceManager

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SMALL = 3
"""MB of a disk that is soon full."""
MAY_MOUNT = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path, batteries=3)
    service.start()
    yield service
    if service.runs:
        service.end(signal.SIGKILL)


def test_sigterm_ends_with_0_and_all_readings_are_on_disk(service: Service) -> None:
    status = service.until_live()
    said = {one["id"]: moment(one["reading"]["taken_at"]) for one in status["batteries"]}

    assert service.end() == 0
    assert not service.control.exists()
    stored = service.stored()
    assert [battery for battery, time in said.items() if time not in stored[battery]] == []
    with Store(service.history) as store:
        assert store.health().ok


def test_sighup_takes_a_new_configuration_into_use_and_no_link_is_dropped(service: Service) -> None:
    service.until_live()
    service.configuration.write_text(service.configuration.read_text().replace("interval = 0.1", "interval = 7.0"))
    service.tell(signal.SIGHUP)
    status = service.until(lambda status: {one["interval"] for one in status["batteries"]} == {7.0})

    assert [one["counts"]["connects"] for one in status["batteries"]] == [1, 1, 1]
    assert [one["state"] for one in status["batteries"]] == ["live"] * 3


def test_a_wrong_configuration_changes_nothing(service: Service) -> None:
    service.until_live()
    service.configuration.write_text(service.configuration.read_text().replace("interval = 0.1", 'interval = "soon"'))
    reloaded = executable.run("reload", "--control", str(service.control))
    service.tell(signal.SIGHUP)

    assert reloaded.returncode == 2
    assert "bmsreader.toml" in reloaded.stderr
    assert "interval" in reloaded.stderr
    assert {one["interval"] for one in service.until_live()["batteries"]} == {0.1}


def test_the_commands_reach_it(service: Service) -> None:
    service.until_live()
    control = ("--control", str(service.control))
    released = executable.run("release", "LT-12V", "--minutes", "1", *control)
    service.until(lambda status: status["batteries"][0]["state"] == "busy")
    shown = executable.run("status", *control).stdout
    back = executable.run("release", "LT-12V", "--take-back", *control)
    service.until_live()
    events = executable.run("events", "--battery", "lt-12v-1544", "--kind", "state", *control).stdout

    assert (released.returncode, back.returncode) == (0, 0)
    assert "released for the phone app until" in shown
    assert [line.split("  ")[-1].split(":")[0].strip() for line in events.splitlines()] == [
        "unreachable -> live",
        "live -> busy",
        "busy -> live",
    ]


def test_a_second_gateway_is_refused_and_the_first_goes_on(service: Service) -> None:
    service.until_live()
    second = executable.run("run", "--simulated", "1", "--no-store", "--control", str(service.control))

    assert second.returncode == 2
    assert "another gateway runs here already" in second.stderr
    assert service.until_live()


def test_systemd_hears_that_it_is_ready_alive_reloading_and_stopping(tmp_path: Path) -> None:
    manager = ServiceManager(str(tmp_path / "notify"))
    heard: list[str] = []

    def hear(wanted: str) -> None:
        deadline = time.monotonic() + 20
        while not any(wanted in said for said in heard):
            heard.extend(manager.heard())
            assert time.monotonic() < deadline, heard
            time.sleep(0.02)

    service = Service(tmp_path, batteries=1)
    service.start(NOTIFY_SOCKET=manager.environment["NOTIFY_SOCKET"], WATCHDOG_USEC="200000")
    hear("READY=1")
    hear("WATCHDOG=1")
    heard.clear()
    service.tell(signal.SIGHUP)
    hear("RELOADING=1\nMONOTONIC_USEC=")
    hear("READY=1")
    assert service.end() == 0
    hear("STOPPING=1")
    manager.socket.close()


# ---- a disk that is full


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own with hardly any room."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def history_of(status: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = status["gateway"]["store"]
    return found


@pytest.mark.skipif(not MAY_MOUNT, reason="only root may mount a small disk")
def test_a_full_disk_costs_the_history_but_no_live_value_and_recovers(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        service = Service(tmp_path, batteries=3, history=disk / "history")
        service.start()
        service.until_live()
        filler = disk / "somebody else's film"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(bytes(2 * SMALL * 1_000_000))
        status = service.until(lambda status: not history_of(status)["ok"])
        assert service.all_live(status)
        assert status["gateway"]["ok"] is False
        assert "full" in history_of(status)["problem"]
        count = status["batteries"][0]["counts"]["readings"]
        service.until(lambda status: status["batteries"][0]["counts"]["readings"] > count + 5)

        filler.unlink()
        service.until(lambda status: history_of(status)["ok"] and history_of(status)["pending"] < 30)
        assert history_of(service.until_live())["lost"] == 0
        answer = service.asked("events", kinds=["history failed", "history back"])
        assert answer is not None
        assert [event["kind"] for event in answer["events"]] == ["history failed", "history back"]
        assert service.end() == 0
        gaps = [after - before for times in service.stored().values() for before, after in pairwise(times)]
        assert len(gaps) > 10
        assert max(gaps) < 5.0  # what was read while the disk was full is there, too
