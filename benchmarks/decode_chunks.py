"""Seven notifications to one validated reading, beside aiobmsble's class for the same batteries."""

import os
import platform
import struct
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import peer
from benchmarks.example import ADDRESS, CHUNKS
from benchmarks.measure import Verdict, fastest, print_table, print_verdicts
from bmsreader.descriptions import load
from bmsreader.model import Reading

LIMIT = 1 / 5
REPEATS = 200
CALLS = 200
TRIXIE = Path(__file__).parents[1] / "scripts" / "trixie"


def ours() -> Callable[[], object]:
    """Return what a session does with the notifications: assemble, check, decode."""
    codec = load("ej")
    assembler = codec.assembler()
    now = datetime.now(UTC)

    def decode() -> object:
        for chunk in CHUNKS:
            for frame in assembler.feed(chunk):
                if isinstance(frame, bytes):
                    return codec.decode(frame, battery=ADDRESS, taken_at=now)
        return None

    reading = decode()
    if not isinstance(reading, Reading) or reading.pack_voltage != 13.028:
        raise RuntimeError(f"the example frame gave {reading}")
    return decode


def floor() -> Callable[[], object]:
    """Return the least that any reader must do: join, sum, turn the digits into bytes, unpack."""
    layout = struct.Struct(">12x16HHH4BHBHHBBBHHHx")

    def decode() -> object:
        frame = b"".join(CHUNKS)
        if ~sum(frame[1:-3]) & 0xFF != int(frame[-3:-1], 16):
            return None
        return layout.unpack(bytes.fromhex(frame[1:-1].decode()))

    return decode


def with_newer_python() -> None:
    """Measure beside the peer in the Debian folder whose Python is new enough for it, where there is one."""
    cache = Path(os.environ.get("BMSREADER_CACHE", "/var/tmp/bmsreader"))
    if os.geteuid() == 0 and (cache / "trixie" / "venv" / "installed").exists():
        print("\n  aiobmsble needs a newer Python; both in the folder that scripts/trixie keeps:", flush=True)
        subprocess.run([TRIXIE, "python", "-m", "benchmarks", "decode_chunks"], check=False)
    else:
        print(
            "\n  aiobmsble needs Python 3.12 or newer; both run with: scripts/trixie python -m benchmarks decode_chunks"
        )


def main() -> list[Verdict]:
    """Print the times and return what they say about the promise."""
    cases = {"bmsreader": ours(), "floor: join, sum, fromhex, unpack": floor()}
    other = peer.load(CHUNKS, ADDRESS)
    if other:
        cases[other.name] = other.decode
        cases[f"{other.name}, with derived values"] = other.decode_and_derive
    times = fastest(cases, repeats=REPEATS, calls=CALLS)
    print_table(
        f"Seven 20-byte notifications to one reading (Python {platform.python_version()})",
        ("", "us", "of bmsreader"),
        [(name, f"{seconds * 1e6:.2f}", f"{seconds / times['bmsreader']:.2f}") for name, seconds in times.items()],
    )
    if not other:
        with_newer_python()
        return []
    ratio = times["bmsreader"] / times[other.name]
    verdicts = [Verdict(promise=f"bmsreader / {other.name}", measured=ratio, limit=LIMIT)]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
