"""How fast the notifications come out of a long capture, and in how much memory, beside tshark."""

import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Verdict, print_table, print_verdicts

NOTIFICATIONS = 1_000_000
EPOCH = 0x00DCDDB30F2F8000
STARTED = 1_700_000_000_000_000
"""us since 1970."""
SIZES = (20, 20, 20, 20, 20, 20, 20, 14)
"""Bytes of the notifications, in turns: frames in pieces."""
ROUNDS = 3
LEAST_RATE, MOST_MEMORY = 8, 2

READ = """
import sys, pathlib
from bmsreader.captures.reading import read_capture
print(len(read_capture(pathlib.Path(sys.argv[1])).packets))
"""
TSHARK = ("tshark", "--disable-protocol", "btgatt", "-T", "fields", "-e", "btatt.value", "-r")


def write_capture(path: Path) -> None:
    """Write a btsnoop file with a million notifications, each of them different."""
    with path.open("wb") as file:
        file.write(b"btsnoop\0" + struct.pack(">II", 1, 1002))
        for number in range(NOTIFICATIONS):
            size = SIZES[number % len(SIZES)]
            value = struct.pack("<I", number).ljust(size, b"8")
            packet = b"\x02" + struct.pack("<HHHHBH", 0x2040, size + 7, size + 3, 4, 0x1B, 0x0E) + value
            at = EPOCH + STARTED + number * 30_000
            file.write(struct.pack(">IIIIQ", len(packet), len(packet), 1, 0, at) + packet)


def seconds_and_memory(command: list[str], expected: int) -> tuple[float, int]:
    """Return CPU seconds and peak bytes of a program that prints a line per notification, or their number."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.DEVNULL, env=dict(os.environ))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    found = int(text) if text.strip().isdigit() and text.count(b"\n") == 1 else text.count(b"\n")
    if process.returncode != 0 or found != expected:
        raise RuntimeError(f"{command[0]} ended with {process.returncode} and found {found} of {expected}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main() -> list[Verdict]:
    """Print rates and memory and return what they say about the promises."""
    if shutil.which("tshark") is None:
        print("\nSkipped: tshark is not installed (Debian package tshark).")
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.btsnoop")
        write_capture(path)
        size = path.stat().st_size
        commands = {"bmsreader": [sys.executable, "-c", READ, str(path)], "tshark": [*TSHARK, str(path)]}
        best = {name: (float("inf"), 0) for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                best[name] = min(best[name], seconds_and_memory(command, NOTIFICATIONS))
    print_table(
        f"A btsnoop file of a million notifications ({size / 1e6:.0f} MB), CPU (Python {platform.python_version()})",
        ("", "s", "notifications/s", "peak MB"),
        [
            (name, f"{seconds:.2f}", f"{NOTIFICATIONS / seconds:,.0f}", f"{memory / 1e6:.0f}")
            for name, (seconds, memory) in best.items()
        ],
    )
    (ours, memory), (theirs, _) = best["bmsreader"], best["tshark"]
    verdicts = [
        Verdict(
            promise="notifications a second, in tshark's rate", measured=theirs / ours, limit=LEAST_RATE, at_least=True
        ),
        Verdict(promise="peak memory, in the size of the file", measured=memory / size, limit=MOST_MEMORY),
    ]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
