"""A pack at work: what its BMS holds at each moment, while it rests, is loaded and is charged.

The state of charge is counted from the current, so that it moves by a few percent; the pack voltage is measured apart
from the cells, unless the BMS adds these up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Literal

Course = Literal["both", "charge", "load"]
"""Which directions of the current the lab sees; the last third, which it does not see, always has both."""

AT_REST = {
    "lfp": (
        (0, 2.90),
        (5, 3.10),
        (10, 3.20),
        (20, 3.25),
        (40, 3.295),
        (60, 3.305),
        (80, 3.333),
        (97, 3.365),
        (100, 3.43),
    ),
    "nmc": ((0, 3.20), (5, 3.42), (20, 3.58), (40, 3.66), (60, 3.80), (80, 3.98), (100, 4.17)),
}
"""(% of charge, V of a cell) without load, by chemistry."""
FEWEST = 60
"""Moments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A battery, and in which steps its BMS measures."""

    cells: int = 4
    capacity: float = 100.0
    """Ah."""
    sensors: int = 2
    chemistry: str = "lfp"
    minutes: float = 12.0
    every: float = 4.0
    """s between two moments."""
    apart: float | None = 0.012
    """V by which the measured pack voltage is off at most; None: it is the sum of the cells."""
    idle: float = 0.0
    """A that flow at rest."""
    volts: float = 0.01
    amps: float = 0.1
    percent: float = 1.0
    cell_volts: float = 0.001
    degrees: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the BMS holds, in its steps."""

    at: float
    voltage: float
    current: float
    soc: float
    cells: tuple[float, ...]
    temperatures: tuple[float, ...]
    remaining: float
    full: float
    pack: Pack


def stepped(value: float, step: float) -> float:
    """Return a value as it is measured in steps."""
    return round(round(value / step) * step, 6)


def resting_volts(soc: float, chemistry: str) -> float:
    """Return the voltage of a cell without load."""
    points = AT_REST[chemistry]
    for (low, low_volts), (high, high_volts) in pairwise(points):
        if soc <= high:
            return low_volts + (high_volts - low_volts) * max(0.0, soc - low) / (high - low)
    return points[-1][1]


def plan(course: Course, dice: Random) -> list[tuple[float, float]]:
    """Return (share of the time, part of the capacity that flows in an hour) in the order in which it happens."""
    light, heavy, last = -dice.uniform(0.1, 0.2), -dice.uniform(0.3, 0.5), -dice.uniform(0.2, 0.6)
    fast, slow = dice.uniform(0.15, 0.3), dice.uniform(0.08, 0.35)
    if course == "charge":
        return [(0.34, fast), (0.33, slow), (0.15, heavy), (0.18, fast)]
    if course == "load":
        return [(0.67, heavy), (0.15, fast), (0.18, light)]
    working = [(0.10, 0.0), (0.15, light), (0.14, heavy), (0.06, 0.0), (0.21, fast), (0.10, slow)]
    return [*working, (0.13, last), (0.06, 0.0), (0.05, slow)]


def story(pack: Pack, name: str, course: Course = "both") -> list[Moment]:
    """Return a pack's moments; the same name and course make the same ones."""
    return list(_moments(pack, Random(f"{name} {course}"), course))


def _moments(pack: Pack, dice: Random, course: Course) -> Iterator[Moment]:
    number = max(FEWEST, int(pack.minutes * 60 / pack.every))
    parts = plan(course, dice)
    full = pack.capacity * dice.choice((1.0, 1.0, 0.987, 1.021))
    remaining = dice.uniform(0.45, 0.88) * full
    unlike = [dice.uniform(-0.006, 0.006) for _ in range(pack.cells)]
    softer = 1.0 if pack.chemistry == "lfp" else 6.0
    ohms = [softer * dice.uniform(0.035, 0.06) / pack.capacity for _ in range(pack.cells)]
    ambient = dice.uniform(9, 27)
    warmth = [(ambient + dice.uniform(-1.5, 2.0), dice.uniform(0.4, 1.6)) for _ in range(pack.sensors)]
    off = dice.uniform(-1, 1) * (pack.apart or 0)
    drift = [0.0] * pack.sensors
    heat = polar = steady = 0.0
    for index in range(number):
        wanted = _wanted(parts, index / number) * pack.capacity
        steady += (wanted - steady) * (0.75 if abs(wanted - steady) > 0.02 * pack.capacity else 1.0)
        current = steady + (pack.idle if abs(steady) < 0.3 else 0.0)
        current = current * (1 + dice.gauss(0, 0.004)) if abs(current) > 0.05 or pack.idle else 0.0
        remaining = min(full, max(0.01 * full, remaining + current * pack.every / 3600))
        soc = 100 * remaining / full
        polar += (current - polar) * pack.every / 40
        heat += ((abs(current) / pack.capacity) ** 1.5 * 14 - heat) * pack.every / 240
        drift = [one + dice.gauss(0, 0.03) + 0.00012 * pack.every for one in drift]
        rest = resting_volts(soc, pack.chemistry)
        cells = _cells(rest, unlike, [ohm * (current + 0.6 * polar) for ohm in ohms], pack.cell_volts, dice)
        measured = sum(cells) if pack.apart is None else sum(cells) + off + dice.gauss(0, 0.15 * pack.volts)
        sensors = [base + follows * heat + one for (base, follows), one in zip(warmth, drift, strict=True)]
        yield Moment(
            at=index * pack.every,
            voltage=stepped(measured, pack.volts),
            current=stepped(current, pack.amps),
            soc=min(100.0, stepped(soc, pack.percent)),
            cells=cells,
            temperatures=tuple(stepped(one, pack.degrees) for one in sensors),
            remaining=remaining,
            full=full,
            pack=pack,
        )


def _wanted(parts: Sequence[tuple[float, float]], share: float) -> float:
    """Return what flows after this share of the time."""
    end = 0.0
    for part, amps in parts:
        end += part
        if share < end - 1e-9:
            return amps
    return parts[-1][1]


def _cells(
    rest: float, unlike: Sequence[float], drops: Sequence[float], step: float, dice: Random
) -> tuple[float, ...]:
    return tuple(
        stepped(rest + one + drop + dice.gauss(0, 0.0006), step) for one, drop in zip(unlike, drops, strict=True)
    )
