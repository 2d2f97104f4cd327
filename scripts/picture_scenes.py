"""What must have happened before a picture is taken: a gateway that runs, or a history of two days."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bmsreader.descriptions import load
from bmsreader.model import BatteryInfo, Reading
from bmsreader.simulator import Battery, Pack
from bmsreader.store import Store

PROGRAM = Path(sys.executable).parent / "bmsreader"
Environment = dict[str, str]
Scene = Callable[[Path, Environment], AbstractContextManager[None]]
"""What is called with a folder of its own and the environment of the programs, and lasts while the picture is taken."""

CONFIGURATION = """\
[store]
commit = 5

[[battery]]
name = "House"
address = "02:00:07:00:15:44"

[[battery]]
name = "Caravan"
address = "09:01:00:00:02:15"
"""
DAYS = timedelta(days=2)
EVERY = timedelta(seconds=30)
OUTAGE = (timedelta(hours=20), timedelta(hours=22.4))
"""When the computer was off, seen from the beginning."""


def nothing(_folder: Path, _environment: Environment) -> AbstractContextManager[None]:
    """Let nothing happen."""
    return nullcontext()


@contextmanager
def a_running_gateway(folder: Path, environment: Environment) -> Iterator[None]:
    """Let a gateway run, and wait until it has read each of its batteries four times."""
    (folder / "a.toml").write_text(CONFIGURATION)
    command = [str(PROGRAM), "run", "--config", "a.toml", "--simulated", "2", "--quiet"]
    with subprocess.Popen(command, cwd=folder, env=environment) as gateway:
        try:
            while min((one["counts"]["readings"] for one in _batteries(environment)), default=0) < 4:
                time.sleep(1)
            yield
        finally:
            gateway.terminate()


def _batteries(environment: Environment) -> list[dict[str, dict[str, int]]]:
    """Return what the gateway tells of its batteries; nothing while it starts."""
    asked = subprocess.run([PROGRAM, "status", "--json"], env=environment, capture_output=True, text=True, check=False)
    return json.loads(asked.stdout)["batteries"] if asked.returncode == 0 else []


@contextmanager
def two_days_of_history(folder: Path, _environment: Environment) -> Iterator[None]:
    """Keep what a simulated battery said in two days, with an outage, where a gateway would have kept it."""
    seconds = 0.0
    began = datetime.now(UTC) - DAYS
    pack = Pack(clock=lambda: seconds, dice=Random(5), design_capacity=200, hour=began.hour + began.minute / 60)
    battery = Battery(pack, codec=load("ej"), dice=Random(5), variant="status", address="02:00:07:00:15:44")
    with Store(folder / "history.sqlite3") as store:
        store.put_info(BatteryInfo(id=battery.address, name="House", slug="house", cells=4))
        while seconds < DAYS.total_seconds():
            passed = timedelta(seconds=seconds)
            reading = battery.codec.decode(battery.frame("status"), battery=battery.address, taken_at=began + passed)
            if isinstance(reading, Reading) and not OUTAGE[0] <= passed < OUTAGE[1]:
                store.append(reading, signal=-61)
            seconds += EVERY.total_seconds()
            if seconds % 3600 == 0:
                store.commit()
    yield
