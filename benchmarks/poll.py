"""One poll over the real Linux Bluetooth stack, beside a bare bleak loop that does the same by hand.

python -m benchmarks poll             boots the virtual machine of the tests, with a simulated battery in it
python -m benchmarks.poll ADDRESS     uses this machine's Bluetooth and a battery within reach
"""

import asyncio
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bmsreader
from benchmarks.measure import Verdict, print_table, print_verdicts
from bmsreader.descriptions import load, shipped
from bmsreader.links.ble import BleLink
from bmsreader.links.link import Receive
from bmsreader.protocol import BleProfile

LIMIT = 1.1
POLLS = 150
REQUEST = load("ej").description.requests["status"].send

VM = Path(__file__).parents[1] / "tests" / "bluez" / "run-in-bluez-vm"
VM_BATTERY = "02:00:07:00:00:01"
VM_NEEDS = ("qemu-system-x86_64", "busybox", "cpio", "bluetoothctl", "dbus-daemon")

Times = dict[str, list[float]]
"""Seconds of each poll, by who polled."""


class Shared(BleLink):
    """A link whose notifications go to whoever polls just now: the session, or the bare loop."""

    def __init__(self, address: str) -> None:
        super().__init__(address, codecs=shipped())
        self._frame = bytearray()
        self._answered: asyncio.Future[bytes] | None = None
        self._session: Receive | None = None

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Subscribe for both."""
        self._session = receive
        await super().subscribe(profile, self._receive)

    def _receive(self, chunk: bytes) -> None:
        if self._answered is None:
            if self._session is not None:
                self._session(chunk)
            return
        self._frame += chunk
        if chunk.endswith(b"~") and not self._answered.done():
            self._answered.set_result(bytes(self._frame))

    async def bare_poll(self) -> bytes:
        """Poll with bleak alone: write the request, join notifications until the end byte comes."""
        if self._client is None or self._write_to is None:
            raise RuntimeError("not connected")
        self._frame.clear()
        self._answered = asyncio.get_running_loop().create_future()
        try:
            await self._client.write_gatt_char(self._write_to, REQUEST)
            return await asyncio.wait_for(self._answered, 10)
        finally:
            self._answered = None


async def measured(address: str) -> Times:
    """Return the times of both, poll by poll in turns on one connection."""
    link = Shared(address)
    times: Times = {"bmsreader": [], "bare bleak": []}
    async with bmsreader.connect(link) as battery:
        polls = {"bmsreader": battery.read, "bare bleak": link.bare_poll}
        for number in range(POLLS + 2):
            for name, poll in polls.items():
                begin = time.perf_counter()
                await poll()
                took = time.perf_counter() - begin
                if number >= 2:  # the first reading of a session is the answer that identified the battery
                    times[name].append(took)
    return times


def measured_in_vm() -> Times | str:
    """Return the times inside the virtual machine, or why there are none."""
    missing = [
        program for program in VM_NEEDS if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    ]
    if missing:
        return f"the virtual machine needs {', '.join(missing)} (.ci/run installs them)"
    python = shlex.quote(sys.executable)
    with tempfile.TemporaryDirectory() as share:
        environment = {
            **os.environ,
            "BATTERY": f"{python} -m benchmarks.battery {VM_BATTERY}",
            "BLUEZ_VM_SHARE": share,
        }
        command = [str(VM), sys.executable, "-m", "benchmarks.poll", VM_BATTERY, "/run/vm/share/times.json"]
        run = subprocess.run(command, cwd=VM.parents[2], env=environment, capture_output=True, text=True, check=False)
        file = Path(share) / "times.json"
        if run.returncode or not file.exists():
            return "the virtual machine failed:\n" + "\n".join((run.stdout + run.stderr).splitlines()[-20:])
        times: Times = json.loads(file.read_text())
        return times


def report(times: Times, where: str) -> list[Verdict]:
    """Print the times and return what they say about the promise."""
    print_table(
        f"One poll over Bluetooth in ms, {where}: {POLLS} each in turns",
        ("", "min", "median", "max"),
        [(n, *(f"{f(v) * 1e3:.1f}" for f in (min, statistics.median, max))) for n, v in times.items()],
    )
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratio = medians["bmsreader"] / medians["bare bleak"]
    verdicts = [Verdict(promise="one poll, bmsreader / bare bleak loop (medians)", measured=ratio, limit=LIMIT)]
    print_verdicts(verdicts)
    return verdicts


def main() -> list[Verdict]:
    """Measure in the virtual machine; print the times and return what they say about the promise."""
    times = measured_in_vm()
    if isinstance(times, str):
        print(f"\nPoll: not measured, because {times}")
        return []
    return report(times, "virtual machine")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        result = asyncio.run(measured(sys.argv[1]))
        report(result, sys.argv[1])
        if len(sys.argv) > 2:
            Path(sys.argv[2]).write_text(json.dumps(result))
