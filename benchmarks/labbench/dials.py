"""Numbers in frames that values follow, and how a battery at work turns them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

SINGLE = ("voltage", "current", "battery_level", "cycle_charge")


@dataclass(frozen=True, slots=True)
class Dial:
    """A number in a frame that one value follows."""

    name: str
    index: int
    frame: int
    offsets: tuple[int, ...]
    """The lowest byte first."""
    step: float
    """By which the value moves when the number does by one."""
    floating: bool = False
    """Whether the four bytes are a float; its number then counts steps."""
    minus: tuple[int, ...] = ()
    """Of the number that is subtracted: one of the two is 0."""


def values_of(sample: Any, *, packs: bool = False) -> dict[str, Any]:
    """Return the values of a sample as plain numbers; with ``packs`` those of the first of them."""
    if packs:
        sample = {**sample, **sample["packs"][0]}
    values: dict[str, Any] = {}
    for name in (*SINGLE, "design_capacity", "cycles"):
        if isinstance(sample.get(name), (int, float)):
            values[name] = sample[name]
    values["cell_voltages"] = [float(cell) for cell in sample.get("cell_voltages", ())]
    values["temp_values"] = [float(sensor) for sensor in sample.get("temp_values", ())]
    if not values["temp_values"] and "temperature" in sample:
        values["temp_values"] = [float(sample["temperature"])]
    return values


def differences(one: dict[str, Any], other: dict[str, Any]) -> Iterator[tuple[tuple[str, int], float]]:
    """Yield ((value, index), by how much it moved)."""
    for name in SINGLE:
        if name in one and name in other and one[name] != other[name]:
            yield (name, 0), other[name] - one[name]
    for name in ("cell_voltages", "temp_values"):
        if len(one[name]) == len(other[name]):
            for index, (a, b) in enumerate(zip(one[name], other[name], strict=True)):
                if a != b:
                    yield (name, index), b - a


def dial_of(key: tuple[str, int], places: Sequence[tuple[int, int, float]]) -> Dial | None:
    """Return the number whose bytes moved a value: neighbours whose steps differ by 256 each; or two numbers."""
    frames = {frame for frame, _, _ in places}
    for frame in sorted(frames):
        inside = sorted((abs(step), at, step) for number, at, step in places if number == frame)
        low, at, step = inside[0]
        if low <= 1e-7:
            continue
        opposite = next((one for one in inside if abs(one[0] / low - 1) < 0.01 and one[2] * step < 0), None)
        if opposite is None or key[0] != "current":
            return Dial(key[0], key[1], frame, _upwards(at, low, inside), step)
        plus, minus = (at, opposite[1]) if step > 0 else (opposite[1], at)
        return Dial(key[0], key[1], frame, _upwards(plus, low, inside), abs(step), minus=_upwards(minus, low, inside))
    return None


def _upwards(at: int, low: float, inside: Sequence[tuple[float, int, float]]) -> tuple[int, ...]:
    """Return the offsets of a number, from its lowest byte on."""
    offsets = [at]
    while len(offsets) < 4:
        wanted = low * 256 ** len(offsets)
        near = [other for size, other, _ in inside if abs(size / wanted - 1) < 0.3 and abs(other - at) <= 4]
        if not near:
            break
        offsets.append(min(near, key=lambda other: abs(other - offsets[-1])))
    return tuple(offsets)


def at_work(base: dict[str, Any], share: float, dice: Random, *, mirrored: bool) -> dict[tuple[str, int], float]:
    """Return by how much each value of a battery at work is away from what it was: rest, load, more load, charge.

    ``mirrored``: the current keeps its direction, because its sign stands elsewhere.
    """
    steps = (0.0, -6.4, -21.7, -9.1, 0.0, 7.8, 16.3, -3.2, 0.0, 11.9)
    wanted_current = steps[int(share * len(steps))]
    wanted_current += dice.uniform(-0.3, 0.3) if wanted_current else 0.0
    if mirrored:
        wanted_current = (abs(wanted_current) + 0.6) * (-1 if base.get("current", 0.0) < 0 else 1)
    sag = wanted_current * 0.0011
    change: dict[tuple[str, int], float] = {}
    cells = [sag + dice.uniform(-0.002, 0.002) for _ in base["cell_voltages"]]
    for index, cell in enumerate(cells):
        change["cell_voltages", index] = cell
    change["voltage", 0] = sum(cells) if cells else sag * 4
    change["current", 0] = wanted_current - base.get("current", 0.0)
    fall = 9.0 * (share if base.get("battery_level", 50) > 12 else -share)
    change["battery_level", 0] = -fall
    if base.get("battery_level") and "cycle_charge" in base:
        change["cycle_charge", 0] = -fall * base["cycle_charge"] / base["battery_level"]
    for index in range(len(base["temp_values"])):
        change["temp_values", index] = 3.0 * share + 0.4 * index * share
    return change
