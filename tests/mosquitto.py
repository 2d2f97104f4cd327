"""A real MQTT broker for tests: Debian's mosquitto on a free port of this machine, started, frozen, killed at will."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
SECONDS_TO_START = 10.0

needs_mosquitto = pytest.mark.skipif(
    PROGRAM is None and not os.environ.get("CI"), reason="needs mosquitto: see .ci/run for the Debian packages"
)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """One broker with a folder of its own; it may be started and stopped many times, always on the same port."""

    def __init__(self, folder: Path, *lines: str, persistent: bool = True, anonymous: bool = True) -> None:
        """``lines`` are added to its configuration: below the listener."""
        self.port = free_port()
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(
            "\n".join(
                (
                    "per_listener_settings false",
                    f"persistence {str(persistent).lower()}",
                    f"persistence_location {folder}/",
                    "autosave_interval 1",
                    f"log_dest file {folder / 'log'}",
                    "user root" if os.geteuid() == 0 else "",
                    f"listener {self.port} 127.0.0.1",
                    f"allow_anonymous {str(anonymous).lower()}",
                    *lines,
                    "",
                )
            )
        )

    def start(self) -> None:
        """Start, and return when it accepts connections."""
        assert PROGRAM is not None
        self._process = subprocess.Popen(
            [PROGRAM, "-c", str(self._configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"mosquitto does not start: {self.log()}") from None
                time.sleep(0.01)
            else:
                return

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """End it: by SIGTERM it keeps what is retained, by SIGKILL as much as it has saved."""
        if self._process is not None:
            self._process.send_signal(sign)
            if sign is not signal.SIGKILL:
                self._process.send_signal(signal.SIGCONT)
            self._process.wait(10)
            self._process = None

    def freeze(self) -> None:
        """Let it hang: connections stay open, and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Forget everything that is retained; only while it is stopped."""
        (self.folder / "mosquitto.db").unlink(missing_ok=True)

    def log(self) -> str:
        """Return what it logged."""
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop(signal.SIGKILL)


@contextmanager
def mosquitto(folder: Path, *lines: str) -> Iterator[Mosquitto]:
    """Run a broker that everybody may use."""
    with Mosquitto(folder, *lines) as broker:
        yield broker
