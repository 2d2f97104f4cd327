"""How many readings a second come out of a long recording, on one core."""

import io
import math
import platform
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.example import ADDRESS
from benchmarks.measure import Verdict, fastest, print_table, print_verdicts
from bmsreader.captures import Header, Record, RecordingWriter
from bmsreader.descriptions import shipped
from bmsreader.model import Reading
from bmsreader.session.bulk import decode_recording

LIMIT = 200_000
READINGS = 20_000
REPEATS = 7
STARTED = datetime(2024, 1, 1, tzinfo=UTC)
KINDS = {"seven notifications of 20 bytes per frame": 20, "one notification of 140 bytes per frame": 140}


def frames() -> list[bytes]:
    """Return the frames of a pack in slow motion: every one differs from the one before."""
    codec = shipped()[0]
    found = []
    for number in range(READINGS):
        phase = math.sin(number / 500)
        values = {
            "cell_voltages": tuple(round(3.3 + 0.05 * phase + 0.001 * ((number + cell) % 5), 3) for cell in range(4)),
            "current": round(20 * phase + 0.01 * (number % 7), 2),
            "temperatures": (20 + round(5 * phase),),
            "cycle_count": number // 200,
            "soc": 50 + round(40 * phase),
            "remaining_capacity": round(100 + 80 * phase, 1),
            "full_charge_capacity": 200.0,
            "design_capacity": 200.0,
        }
        found.append(codec.encode("status", values))
    return found


def recording(notification_bytes: int) -> bytes:
    """Return a recording as the program itself writes it: a request and its answer every 10 s."""
    text = io.StringIO()
    writer = RecordingWriter(text, Header(started=STARTED, battery=ADDRESS))
    request = shipped()[0].description.requests["status"].send
    for number, frame in enumerate(frames()):
        at = 10.0 * number
        writer.write(Record(at=at, kind="tx", data=request))
        for part in range(0, len(frame), notification_bytes):
            at += 0.0075
            writer.write(Record(at=at, kind="rx", data=frame[part : part + notification_bytes]))
    return text.getvalue().encode()


def decode(capture: bytes) -> int:
    """Decode a recording the way that the program does, and return how many readings it holds."""
    found = 0
    last = STARTED
    for result in decode_recording(io.BytesIO(capture), shipped()):
        if not isinstance(result, Reading) or result.taken_at < last:
            raise RuntimeError(f"the recording gave {result}")
        last = result.taken_at
        found += 1
    if found != READINGS or last < STARTED + timedelta(seconds=10 * (READINGS - 1)):
        raise RuntimeError(f"{found} readings up to {last} in a recording of {READINGS}")
    return found


def main() -> list[Verdict]:
    """Print the rates and return what they say about the promise."""
    captures = {kind: recording(size) for kind, size in KINDS.items()}
    times = fastest({kind: partial(decode, capture) for kind, capture in captures.items()}, repeats=REPEATS, calls=1)
    rates = {kind: READINGS / seconds for kind, seconds in times.items()}
    print_table(
        f"A recording to readings, one core (Python {platform.python_version()})",
        ("", "readings/s", "us each", "MB/s"),
        [
            (kind, f"{rate:,.0f}", f"{1e6 / rate:.2f}", f"{len(captures[kind]) / times[kind] / 1e6:.0f}")
            for kind, rate in rates.items()
        ],
    )
    verdicts = [
        Verdict(promise=f"readings a second, {kind}", measured=rate, limit=LIMIT, at_least=True)
        for kind, rate in rates.items()
    ]
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
