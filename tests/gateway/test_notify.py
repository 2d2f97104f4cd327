"""systemd hears how the gateway is doing, and hears nothing any more from one that is dead inside."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bmsreader.gateway.notify import Notifier, Watchdog, watchdog_limit
from tests.clock import elapsed, run


class ServiceManager:
    """What systemd is to a service: a datagram socket."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.setblocking(False)
        self.environment = {"NOTIFY_SOCKET": address}

    def heard(self) -> list[str]:
        said = []
        while True:
            try:
                said.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return said


@pytest.fixture(params=["file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceManager]:
    address = f"@bmsreader-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    manager = ServiceManager(address)
    yield manager
    manager.socket.close()


def test_it_tells_a_whole_life(manager: ServiceManager) -> None:
    notifier = Notifier.of(manager.environment)
    notifier.ready("2 batteries")
    notifier.status("1 of 2 batteries live")
    notifier.stopping()

    assert notifier.is_heard
    assert manager.heard() == ["READY=1\nSTATUS=2 batteries", "STATUS=1 of 2 batteries live", "STOPPING=1"]


def test_a_reload_says_when_it_began(manager: ServiceManager) -> None:
    Notifier.of(manager.environment).reloading()
    (said,) = manager.heard()
    first, second = said.split("\n")

    assert first == "RELOADING=1"
    assert second.startswith("MONOTONIC_USEC=")
    assert int(second.partition("=")[2]) > 0


def test_a_status_stays_one_line(manager: ServiceManager) -> None:
    Notifier.of(manager.environment).status("all is well\nREADY=0")

    assert manager.heard() == ["STATUS=all is well READY=0"]


def test_without_systemd_nothing_is_told() -> None:
    notifier = Notifier.of({})
    notifier.ready()

    assert not notifier.is_heard


def test_a_service_manager_that_went_away_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Notifier(str(tmp_path / "gone")).watchdog()

    assert "systemd was not told WATCHDOG=1" in caplog.text


def test_a_watchdog_pings_at_half_the_limit(manager: ServiceManager) -> None:
    async def main() -> None:
        try:
            async with asyncio.timeout(100):
                await Watchdog(Notifier.of(manager.environment), lambda: True, limit=30.0).run()
        except TimeoutError:
            pass

    run(main())

    assert manager.heard() == ["WATCHDOG=1"] * 7  # at 0, 15, 30, 45, 60, 75, 90 s


def test_a_gateway_that_is_dead_inside_is_not_covered_up(
    manager: ServiceManager, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        try:
            async with asyncio.timeout(100):
                await Watchdog(Notifier.of(manager.environment), lambda: elapsed() < 20, limit=30.0).run()
        except TimeoutError:
            pass

    run(main())

    assert manager.heard() == ["WATCHDOG=1"] * 2
    assert [record.getMessage() for record in caplog.records] == [
        "the gateway does not do its work any more: systemd will restart it within 30 s"
    ]


def test_without_a_limit_there_is_no_watchdog() -> None:
    run(Watchdog(Notifier(None), lambda: True, limit=None).run())


def test_the_limit_is_meant_for_one_process_only() -> None:
    mine, other = {"WATCHDOG_PID": str(os.getpid())}, {"WATCHDOG_PID": "1"}

    assert watchdog_limit({"WATCHDOG_USEC": "30000000", **mine}) == 30.0
    assert watchdog_limit({"WATCHDOG_USEC": "30000000"}) == 30.0
    assert watchdog_limit({"WATCHDOG_USEC": "30000000", **other}) is None
    assert [watchdog_limit({"WATCHDOG_USEC": text}) for text in ("", "0", "soon")] == [None, None, None]
