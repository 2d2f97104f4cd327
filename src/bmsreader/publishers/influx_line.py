"""A reading as one line of InfluxDB's line protocol; pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import isfinite

from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot
from bmsreader.model.reading import Reading

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NANOSECONDS_PER_MICROSECOND = 1000
MICROSECOND = timedelta(microseconds=1)

PRECISIONS = {
    "ns": 1,
    "n": 1,
    "nanosecond": 1,
    "us": 10**3,
    "u": 10**3,
    "microsecond": 10**3,
    "ms": 10**6,
    "millisecond": 10**6,
    "s": 10**9,
    "second": 10**9,
}
"""Nanoseconds in one step of a time stamp, by the words that servers have for it."""

NUMBERS = (
    "pack_voltage",
    "current",
    "power",
    "soc",
    "soh",
    "remaining_capacity",
    "full_charge_capacity",
    "design_capacity",
    "cell_spread",
    "time_to_empty",
    "time_to_full",
    "health",
    "max_error",
)
COUNTS = ("cycle_count",)
SWITCHES = ("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater")

# A value that a battery does not report has no field: line protocol knows no null, and 0 would be a lie.
# Numbers are always sent as floats: a server that saw an integer first would refuse floats from then on.


def prefix(measurement: str, battery: BatteryInfo) -> str:
    """Return the beginning of all lines of a battery: what is measured, and the tags that say whose it is."""
    name = _safe(measurement).replace(",", r"\,").replace(" ", r"\ ")
    return f"{name},battery={_tag(battery.slug)},id={_tag(battery.id)} "


def line(beginning: str, reading: Reading, *, step: int) -> str:
    """Return one line; its time stamp is rounded to ``step`` ns (see ``PRECISIONS``)."""
    return f"{beginning}{','.join(_fields(reading))} {stamp(reading.taken_at, step)}"


def state_line(measurement: str, snapshot: Snapshot, *, step: int) -> str:
    """Return the line that says which state a battery came into: a point of another measurement, ``..._state``.

    ``live`` is the state as a number, for servers that keep no text.
    """
    live = int(snapshot.state is BatteryState.LIVE)
    fields = [f'state="{snapshot.state}"', f"live={live}i", f'reason="{_text(snapshot.reason)}"']
    if snapshot.age is not None:
        fields.append(f"age={snapshot.age:.3f}")
    return f"{prefix(f'{measurement}_state', snapshot.info)}{','.join(fields)} {stamp(snapshot.at, step)}"


def stamp(at: datetime, step: int) -> int:
    """Return a time in steps of so many ns since 1970, rounded to the nearest, in whole numbers throughout."""
    nanoseconds = (at - EPOCH) // MICROSECOND * NANOSECONDS_PER_MICROSECOND
    return (nanoseconds + step // 2) // step


def _fields(reading: Reading) -> Iterator[str]:
    for name in NUMBERS:
        value = getattr(reading, name)
        if value is not None and isfinite(value):
            yield f"{name}={value}"
    for name in COUNTS:
        value = getattr(reading, name)
        if value is not None:
            yield f"{name}={value}i"
    for name in SWITCHES:
        value = getattr(reading, name)
        if value is not None:
            yield f"{name}={'true' if value else 'false'}"
    for number, value in enumerate(reading.cell_voltages, 1):
        yield f"cell_{number}={value}"
    for number, value in enumerate(reading.temperatures, 1):
        yield f"temperature_{number}={value}"
    yield f"alarm_count={len(reading.alarms)}i"
    yield f'alarms="{_text(",".join(reading.alarms))}"'


def _tag(value: str) -> str:
    return _safe(value).replace(",", r"\,").replace("=", r"\=").replace(" ", r"\ ") or "unknown"


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', r"\"").replace("\n", " ")


def _safe(value: str) -> str:
    """Return a name without what cannot be escaped in tags: line breaks, and a backslash before what is escaped."""
    return "".join(character if character.isprintable() else "_" for character in value).replace("\\", "/")
