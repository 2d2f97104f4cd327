"""`bmsreader run` as a real program, with a history, a broker and a file of lines."""

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bmsreader.gateway.asking import ask
from bmsreader.model.errors import GatewayAbsent
from bmsreader.store import Reader
from tests.cli import executable
from tests.clock import START

COMMIT = 1.0
"""s between two commits of the history."""

CONFIGURATION = """\
[gateway]
interval = {interval}
control = "{folder}/s"
[store]
path = "{history}"
commit = {commit}
[lines]
path = "{folder}/lines"
"""
MQTT = """\
[mqtt]
host = "127.0.0.1"
port = {port}
history = true
"""


class Service:
    """One gateway with simulated batteries; it can be started, killed and started again."""

    def __init__(
        self,
        folder: Path,
        *,
        batteries: int,
        interval: float = 0.1,
        broker: int | None = None,
        history: Path | None = None,
    ) -> None:
        self.folder = folder
        self.control = folder / "s"
        self.history = history or folder / "history"
        self.lines = folder / "lines"
        self.log = folder / "log.txt"
        self._batteries = batteries
        self.configuration = folder / "bmsreader.toml"
        text = CONFIGURATION.format(folder=folder, history=self.history, interval=interval, commit=COMMIT)
        self.configuration.write_text(text + (MQTT.format(port=broker) if broker else ""))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started and not ended."""
        return self._process is not None

    def start(self, **environment: str) -> None:
        """Start it; it is not ready yet."""
        arguments = ("run", "--config", str(self.configuration), "--simulated", str(self._batteries))
        with self.log.open("ab") as log:
            self._process = executable.start(*arguments, environment=environment, stdout=log, stderr=log)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        assert self._process is not None
        self._process.send_signal(sign)
        status = self._process.wait(30)
        self._process = None
        return status

    def tell(self, sign: signal.Signals) -> None:
        """Send a signal that is no end."""
        assert self._process is not None
        self._process.send_signal(sign)

    def asked(self, command: str, **arguments: Any) -> dict[str, Any] | None:
        """Return an answer, or None while it is not ready."""
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        try:
            return ask(self.control, command, **arguments)
        except GatewayAbsent:
            return None

    def until(self, holds: Callable[[dict[str, Any]], object], seconds: float = 30.0) -> dict[str, Any]:
        """Return the first status of which something holds."""
        deadline = time.monotonic() + seconds
        while True:
            status = self.asked("status")
            if status is not None and holds(status):
                return status
            assert time.monotonic() < deadline, f"it did not happen in time: {status and status['gateway']}"
            time.sleep(0.05)

    def all_live(self, status: dict[str, Any]) -> bool:
        """Return whether all batteries are there, and live."""
        return [one["state"] for one in status["batteries"]] == ["live"] * self._batteries

    def until_live(self) -> dict[str, Any]:
        """Return the first status of which all batteries are live."""
        return self.until(self.all_live)

    def stored(self) -> dict[str, list[float]]:
        """Return the times of all readings on disk, s to the ms, by battery, in order."""
        with Reader(self.history) as reader:
            return {
                info.id: [
                    round(one.taken_at.timestamp(), 3)
                    for one in reader.readings(info.id, START.replace(year=2000), START.replace(year=2100))
                ]
                for info in reader.infos()
            }


def moment(text: str) -> float:
    """Return a time as it stands in JSON, in s to the ms."""
    return round(datetime.fromisoformat(text).timestamp(), 3)
