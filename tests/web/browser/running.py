"""The real program for tests in a browser: `bmsreader run` with simulated batteries, its page on a free port."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers import answers, free_port, get

PROGRAM = Path(sys.executable).with_name("bmsreader")
SECONDS_TO_START = 40.0
SECONDS_TO_END = 20.0

SETTINGS = """\
# My batteries: this remark stays.
[gateway]
interval = 1.0  # quick, to see something

[web]
port = {port}
"""


class Running:
    """One gateway with a folder of its own; it may be killed and started again, always on the same port."""

    def __init__(self, folder: Path, *, simulated: int, more: str, options: tuple[str, ...]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.settings = folder / "bmsreader.toml"
        self.settings.write_text(SETTINGS.format(port=self.port) + more)
        self._options = ("--simulated", str(simulated), *options) if simulated else options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when the page is served."""
        command = [PROGRAM, "run", "--config", self.settings, *self._options]
        command += ["--store", self.folder / "history.sqlite3", "--control", self.folder / "control.sock"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BMSREADER_")}
        log = self.folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*map(str, command)], stdout=output, stderr=subprocess.STDOUT, env=environment
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(f"{self.url}healthz"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the gateway did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def reload(self) -> None:
        """Let it take its changed settings into use."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def wait_for(self, words: str) -> None:
        """Return when its log has these words."""
        deadline = time.monotonic() + SECONDS_TO_START
        while words not in (self.folder / "log").read_text(errors="replace"):
            if time.monotonic() > deadline:
                raise AssertionError(f"the gateway never said {words!r}")
            time.sleep(0.05)

    def end(self) -> None:
        """End it as systemd does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.kill()

    def ask(self, path: str) -> Any:
        """Return the JSON of an answer of the API."""
        return json.loads(get(self.url + path))


@contextmanager
def gateway(folder: Path, *options: str, simulated: int = 3, more: str = "") -> Iterator[Running]:
    """Run the program until the block ends; ``more`` is added to its settings."""
    running = Running(folder, simulated=simulated, more=more, options=options)
    try:
        running.start()
        yield running
    finally:
        running.end()
