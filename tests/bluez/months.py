"""Months of trouble in ten minutes, inside the virtual machine, for the gateway as its owner starts it.

    python -m tests.bluez.months FOLDER

writes ``FOLDER/months.json`` for the tests outside to judge. Nothing is imported but the standard library: the machine
is slow, and the program is what is tried.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bluez.runner import FAULTS, switch
from tests.bluez.scenarios import NAMED, RENAMED

INTERVAL = 2.0
"""s between two readings of a battery."""
CALM = 30.0
"""s of normal life after each trouble."""
WHOLE = 600.0
"""s that all of it lasts at least."""
PATIENCE = 120.0
"""s after which a battery counts as never coming back."""
BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd"
BATTERIES = [sys.executable, "-m", "tests.bluez.battery", str(FAULTS)]

STATE = Path("/run/vm/state")
"""What the gateway writes: like a service it is no administrator, and may use Bluetooth through D-Bus only."""
NOBODY = 65534
SERVICE = [
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=-all",
    "--bounding-set=-all",
]

RIGHTS = "+net_admin,+net_raw"
TRUSTED = [
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *(f"--inh-caps={RIGHTS}", f"--ambient-caps={RIGHTS}"),
]
"""A service that was installed with --adapter-reset."""

CONFIGURATION = f"""
[gateway]
interval = {INTERVAL}
[[battery]]
name = "Named"
address = "{NAMED}"
[[battery]]
name = "Renamed"
address = "{RENAMED}"
[lines]
path = "{STATE}/readings.jsonl"
[store]
path = "{STATE}/history.db"
commit = 5
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that goes wrong, and when; all times in s since 1970."""

    name: str
    begin: float
    end: float
    """When its cause was gone: from here on recovery is measured."""
    recovered: dict[str, float | None]
    """Address of each battery: when its next reading was taken, None = never."""


@dataclass(kw_only=True)
class Story:
    """What happened."""

    started: float = 0.0
    first: dict[str, float | None] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    readings: dict[str, list[float]] = field(default_factory=dict)
    """Address of each battery: when its readings were taken."""
    restarted: bool = False
    """Whether the gateway had to be started anew, other than by us."""
    status: int | None = None
    """Exit status of the gateway at SIGTERM."""
    events: list[dict[str, object]] = field(default_factory=list)
    log: str = ""
    doctor: str = ""
    """What `bmsreader doctor` said afterwards."""
    resets: list[dict[str, object]] = field(default_factory=list)
    """How the radio resets an adapter, without rights and with them."""


class Machine:
    """The programs inside the virtual machine."""

    def __init__(self, share: Path) -> None:
        self.readings = STATE / "readings.jsonl"
        self.log = share / "gateway.log"
        self._configuration = Path("/run/vm/gateway.toml")
        self._configuration.write_text(CONFIGURATION)
        STATE.mkdir()
        os.chown(STATE, NOBODY, NOBODY)
        self.batteries_pid = int(Path("/run/vm/battery.pid").read_text())
        self.gateway = self.start_gateway()

    def start_gateway(self, how: Sequence[str] = SERVICE) -> subprocess.Popen[bytes]:
        command = ["bmsreader", "run", "--config", str(self._configuration), "--control", str(STATE / "control.sock")]
        self.gateway = self._start([*how, *command], self.log)
        return self.gateway

    def start_batteries(self) -> None:
        self.batteries_pid = self._start(BATTERIES, Path("/run/vm/batteries.log")).pid

    def start_bluetoothd(self) -> None:
        self._start([BLUETOOTHD, "-n"], Path("/run/vm/bluetoothd.log"))

    def stop_bluetoothd(self, number: int) -> None:
        pids = subprocess.run(["pidof", "bluetoothd"], capture_output=True, text=True, check=False).stdout.split()
        for pid in map(int, pids):
            os.kill(pid, number)
            wait_until(lambda pid=pid: not Path(f"/proc/{pid}/exe").exists(), 20)  # type: ignore[misc]

    @staticmethod
    def _start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)

    def taken(self) -> dict[str, list[float]]:
        """Return when the readings of each battery were taken."""
        found: dict[str, list[float]] = {NAMED: [], RENAMED: []}
        text = self.readings.read_text() if self.readings.exists() else ""
        for line in text.splitlines():
            said = json.loads(line)
            if "taken_at" in said:  # else it is a state
                found[said["battery"]].append(seconds(said["taken_at"]))
        return found


def seconds(when: str) -> float:
    """Return a time in s since 1970."""
    from datetime import datetime

    return datetime.fromisoformat(when).timestamp()


def wait_until(true: Callable[[], bool], limit: float) -> bool:
    """Wait until something is true; return whether it was in time."""
    until = time.monotonic() + limit
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


# ---- what goes wrong: each returns when the cause is gone


def fault(name: str, length: float) -> Callable[[Machine], None]:
    """Return what lets the first battery have a fault for so many seconds."""

    def happen(machine: Machine) -> None:
        switch(name)
        time.sleep(length)
        switch("")

    return happen


def restart_bluetoothd(machine: Machine) -> None:
    machine.stop_bluetoothd(signal.SIGTERM)
    time.sleep(2)
    machine.start_bluetoothd()


def crash_bluetoothd(machine: Machine) -> None:
    machine.stop_bluetoothd(signal.SIGKILL)
    time.sleep(2)
    machine.start_bluetoothd()


def unplug(machine: Machine) -> None:
    """Take the controller away for ten seconds; the batteries live behind it, so they come back with it."""
    os.kill(machine.batteries_pid, signal.SIGTERM)
    wait_until(lambda: not Path("/sys/class/bluetooth/hci0").exists(), 20)
    time.sleep(10)
    machine.start_batteries()
    wait_until(lambda: Path("/sys/class/bluetooth/hci0").exists(), 60)


def switch_off(machine: Machine) -> None:
    """Switch the adapter off and leave it to the gateway to switch it on again."""
    subprocess.run(["bluetoothctl", "power", "off"], capture_output=True, timeout=20, check=False)


def kill_gateway(machine: Machine) -> None:
    """Kill the gateway while it holds both links, which BlueZ then keeps; start it again, now with more rights."""
    machine.gateway.kill()
    machine.gateway.wait()
    time.sleep(1)
    machine.start_gateway(TRUSTED)


TROUBLES: tuple[tuple[str, Callable[[Machine], None]], ...] = (
    ("drops", fault("drop:3", 30)),
    ("silence", fault("silent", 40)),
    ("busy link", fault("busy", 40)),
    ("bluetoothd restarted", restart_bluetoothd),
    ("bluetoothd crashed", crash_bluetoothd),
    ("controller removed and put back", unplug),
    ("adapter switched off", switch_off),
    ("gateway killed", kill_gateway),
    ("bluetoothd crashed, with rights", crash_bluetoothd),
    ("controller removed, with rights", unplug),
)


def live(machine: Machine) -> Story:
    """Let everything go wrong once, with normal life in between."""
    story = Story(started=time.time())
    story.first = recovered(machine, story.started)
    time.sleep(CALM)
    for name, happen in TROUBLES:
        begin = time.time()
        happen(machine)
        end = time.time()
        trouble = Trouble(name=name, begin=begin, end=end, recovered=recovered(machine, end))
        story.troubles.append(trouble)
        took = {address: when and round(when - end, 1) for address, when in trouble.recovered.items()}
        sys.stdout.write(f"bluez-vm {name}: {end - begin:.0f} s, then recovered in {took}\n")
        sys.stdout.flush()
        story.restarted |= machine.gateway.poll() is not None
        time.sleep(CALM)
    time.sleep(max(0.0, story.started + WHOLE - time.time()))
    story.readings = machine.taken()
    return story


def recovered(machine: Machine, since: float) -> dict[str, float | None]:
    """Wait until both batteries are read again, and return when they were."""

    def after() -> dict[str, float | None]:
        return {
            address: next((one for one in taken if one > since), None) for address, taken in machine.taken().items()
        }

    wait_until(lambda: None not in after().values(), PATIENCE)
    return after()


def end(machine: Machine, story: Story) -> None:
    """End the gateway as a service manager does, and keep what it told."""
    machine.gateway.terminate()
    try:
        story.status = machine.gateway.wait(30)
    except subprocess.TimeoutExpired:
        machine.gateway.kill()
    told = said("bmsreader", "events", "--json", "--limit", "10000", "--store", str(STATE / "history.db"))
    story.events = [json.loads(line) for line in told.splitlines()]
    story.doctor = said("bmsreader", "doctor", "--store", str(STATE / "history.db"))
    resetting = [sys.executable, "-m", "tests.bluez.resetting"]
    story.resets = [json.loads(said(*how, *resetting)) for how in (SERVICE, TRUSTED)]
    story.log = machine.log.read_text(errors="replace")[-20_000:]


def said(*command: str) -> str:
    """Return what a command prints."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    sys.stdout.write(done.stderr)
    return done.stdout


def main(share: Path) -> None:
    """Tell the whole story."""
    FAULTS.mkdir(parents=True, exist_ok=True)
    machine = Machine(share)
    story = live(machine)
    end(machine, story)
    (share / "months.json").write_text(json.dumps(asdict(story)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
