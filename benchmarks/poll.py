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
from collections.abc import Awaitable, Callable
from pathlib import Path

import bmsreader
from benchmarks.measure import Verdict, print_table, print_verdicts
from bmsreader.descriptions import load

LIMIT = 1.1
ROUNDS = 6
POLLS = 5
"""Polls per connection. The two take turns by connection, because the battery serves one central at a time."""

VM = Path(__file__).parents[1] / "tests" / "bluez" / "run-in-bluez-vm"
VM_BATTERY = "02:00:07:00:00:01"
VM_NEEDS = ("qemu-system-x86_64", "busybox", "cpio", "bluetoothctl", "dbus-daemon")

Times = dict[str, list[float]]
"""Seconds of each poll, by who polled."""


async def bare(address: str) -> list[float]:
    """Poll with bleak alone: write the request, join notifications until the end byte comes."""
    from bleak import BleakClient, BleakScanner

    battery = load("ej").description
    profile, request = battery.profiles[0], battery.requests["status"].send
    device = await BleakScanner.find_device_by_address(address, timeout=30)
    if device is None:
        raise SystemExit(f"no battery at {address}")
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    frame = bytearray()

    def receive(_: object, chunk: bytearray) -> None:
        frame.extend(chunk)
        if frame.endswith(b"~"):
            answers.put_nowait(bytes(frame))
            frame.clear()

    async with BleakClient(device) as client:
        await client.start_notify(profile.notify, receive)

        async def poll() -> bytes:
            await client.write_gatt_char(profile.write, request)
            return await asyncio.wait_for(answers.get(), 10)

        return await timed(poll)


async def session(address: str) -> list[float]:
    """Poll the way that the library does it for everybody."""
    async with bmsreader.connect(address) as battery:
        return await timed(battery.read)


async def timed(poll: Callable[[], Awaitable[object]]) -> list[float]:
    """Return the seconds of each poll on a connection that has answered once already."""
    for _ in range(2):  # the first reading of a session is the answer that identified the battery
        await poll()
    times = []
    for _ in range(POLLS):
        begin = time.perf_counter()
        await poll()
        times.append(time.perf_counter() - begin)
    return times


async def measured(address: str) -> Times:
    """Return the times of both, connections taking turns."""
    times: Times = {"bmsreader": [], "bare bleak": []}
    for _ in range(ROUNDS):
        times["bare bleak"] += await bare(address)
        times["bmsreader"] += await session(address)
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
            "BATTERY": f"{python} -m tests.bluez.battery /run/vm/faults",
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
        f"One poll over Bluetooth in ms, {where}: {ROUNDS * POLLS} each, {POLLS} per connection in turns",
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
