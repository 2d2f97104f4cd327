"""Lives of simulated packs, whose truth is known, in the form in which a history answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from statistics import fmean

from bmsreader.health.finding import EPOCH
from bmsreader.health.past import DAY, QUARTER
from bmsreader.simulator.nature import Nature
from bmsreader.simulator.pack import Pack
from tests.clock import Clock

START = 1_767_225_600_000
"""1 January 2026, UTC."""
Column = list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One field over time."""

    min: Sequence[float | None]
    mean: Sequence[float | None]
    max: Sequence[float | None]
    last: Sequence[float | None]
    count: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer of a history."""

    stamps: Sequence[int]
    series: dict[str, Points]


class Remembered:
    """A history in memory: single readings, quarters of an hour and days, as the store answers them."""

    def __init__(self, stamps: Sequence[int], columns: dict[str, Column]) -> None:
        self.stamps = list(stamps)
        self.columns = columns
        self.asked = 0
        """Single readings that were handed out."""
        self._folded: dict[tuple[str, int], dict[int, tuple[float, float, float, float, int]]] = {}

    def span(self, battery_id: str) -> tuple[datetime, datetime] | None:
        if not self.stamps:
            return None
        return moment(self.stamps[0] // DAY * DAY), moment(self.stamps[-1])

    def fields(self, battery_id: str) -> list[str]:
        return list(self.columns)

    def history(
        self, battery_id: str, fields: Iterable[str], start: datetime, end: datetime, points: int | None = None
    ) -> Told:
        begin, until = stamp(start), stamp(end)
        if points is None:
            return self._raw(list(fields), begin, until)
        width = -(-(until - begin) // max(points - 1, 1))
        grid = DAY if width >= DAY else QUARTER
        assert width == grid, "health asks for quarters and days"
        parts = {name: self._fold(name, grid) for name in fields}
        stamps = sorted({at for found in parts.values() for at in found if begin <= at < until})
        return Told(stamps=stamps, series={name: points_of(stamps, found) for name, found in parts.items()})

    def _raw(self, names: Sequence[str], begin: int, until: int) -> Told:
        inside = [at for at, one in enumerate(self.stamps) if begin <= one < until]
        self.asked += len(inside)
        series = {}
        for name in names:
            values = [self.columns[name][at] for at in inside]
            count = [int(value is not None) for value in values]
            series[name] = Points(min=values, mean=values, max=values, last=values, count=count)
        return Told(stamps=[self.stamps[at] for at in inside], series=series)

    def _fold(self, name: str, grid: int) -> dict[int, tuple[float, float, float, float, int]]:
        if (name, grid) not in self._folded:
            groups: dict[int, list[float]] = {}
            for at, value in zip(self.stamps, self.columns[name], strict=True):
                if value is not None:
                    groups.setdefault(at // grid * grid, []).append(value)
            self._folded[name, grid] = {
                at: (min(some), fmean(some), max(some), some[-1], len(some)) for at, some in sorted(groups.items())
            }
        return self._folded[name, grid]

    def without(self, begin: int, end: int) -> "Remembered":
        """Return the same history with a gap, ms."""
        keep = [at for at, one in enumerate(self.stamps) if not begin <= one < end]
        return self.picked(keep)

    def picked(self, keep: Sequence[int]) -> "Remembered":
        """Return the same history with some of its readings only."""
        columns = {name: [column[at] for at in keep] for name, column in self.columns.items()}
        return Remembered([self.stamps[at] for at in keep], columns)


def points_of(stamps: Sequence[int], found: dict[int, tuple[float, float, float, float, int]]) -> Points:
    rows = [found.get(at) for at in stamps]
    low, mean, high, last = ([None if row is None else row[place] for row in rows] for place in range(4))
    return Points(min=low, mean=mean, max=high, last=last, count=[0 if row is None else row[4] for row in rows])


def moment(at: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at)


def stamp(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


# ---- what a pack goes through


Phase = tuple[float, float, float]
"""Hours; A per Ah of design capacity; minutes after which a load changes (0: it never does)."""


class Plan:
    """A demand of phases, one after the other, over and over."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        self._phases = self._forever(phases)
        self._left = 0.0
        self._phase = phases[0]
        self._factor = 1.0

    def _forever(self, phases: Sequence[Phase]) -> Iterator[Phase]:
        while True:
            yield from phases

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        if self._left <= 0:
            self._phase = next(self._phases)
            self._left += 3600 * self._phase[0]
        self._left -= seconds
        minutes = self._phase[2]
        if minutes and dice.random() < seconds / 60 / minutes:
            self._factor = dice.choice((0.2, 0.5, 1.0, 1.5))
        return self._phase[1] * (self._factor if minutes else 1.0)


CYCLES: tuple[Phase, ...] = ((9, 0.2, 0), (5, 0, 0), (8, -0.06, 20), (5, 0, 0), (21, -0.1, 30))
"""Full, rest, half-way, rest, and down to where the battery switches off: in two days."""
STORED: tuple[Phase, ...] = ((10, 0.2, 0), (340, 0, 0), (2, -0.05, 0))
"""Filled every fortnight, at rest in between, and used for two hours before."""
LOADS: tuple[Phase, ...] = ((3, -0.08, 3), (3, 0.08, 3))
"""A load and a charger that change every few minutes."""


@dataclass(slots=True, kw_only=True)
class Life:
    """A pack's life, with what its BMS said and what was true."""

    past: Remembered
    pack: Pack
    usable: float = 0.0
    """Ah that the weakest cell held at most: what came out until it was empty."""
    lost: float = 0.0
    """A that the BMS told on average, and the cells never got."""
    true_cells: list[tuple[float, ...]] = field(default_factory=list)
    """V of the cells, without rounding and noise, for each reading."""


def live(
    days: float,
    phases: Sequence[Phase],
    *,
    seed: int = 1,
    pace: float = 60.0,
    nature: Nature | None = None,
    capacity: float = 200.0,
    cells: int = 4,
    ambient: float = 30.0,
    soc: float = 60.0,
    start: int = START,
) -> Life:
    """Let a pack live for some days, and remember a reading every ``pace`` seconds."""
    clock = Clock()
    pack = Pack(
        clock=clock,
        dice=Random(seed),
        cells=cells,
        design_capacity=capacity,
        soc=soc,
        demand=Plan(phases),
        ambient=ambient,
        step=pace,
        nature=nature,
        hour=0.0,
    )
    names = [f"cell_{number + 1}" for number in range(cells)]
    stamps: list[int] = []
    columns: dict[str, Column] = {name: [] for name in (*PLAIN, *names, "temperature_1")}
    life = Life(past=Remembered([], {}), pack=pack)
    misread = 0.0
    for number in range(int(days * 86_400 / pace)):
        clock.now = number * pace
        said = pack.measure()
        stamps.append(start + round(1000 * clock.now))
        for name in PLAIN:
            columns[name].append(getattr(said, name))
        for name, volts in zip(names, said.cell_voltages, strict=True):
            columns[name].append(volts)
        columns["temperature_1"].append(said.temperatures[0])
        misread += said.current - pack.true_current
        life.usable = max(life.usable, min(cell.charge for cell in pack.cells))
        life.true_cells.append(pack.true_voltages)
    leaks = pack.nature.leaks(cells)
    leaking = 3600 * fmean(leak * cell.capacity for leak, cell in zip(leaks, pack.cells, strict=True))
    life.lost = leaking + pack.nature.parasite + misread / len(stamps)
    life.past = Remembered(stamps, columns)
    return life


PLAIN = ("current", "soc", "remaining_capacity", "full_charge_capacity", "design_capacity", "pack_voltage")


def random_nature(dice: Random, *, cells: int = 4, capacity: float = 200.0, **more: object) -> Nature:
    """Return a pack as they come: cells that differ, a meter that is a little wrong, losses that nobody sees."""
    step = capacity / 1000
    each = tuple(capacity * dice.uniform(0.85, 1.03) for _ in range(cells))
    loses = dice.uniform(0.0, 4.0)
    values: dict[str, object] = {
        "resistances": tuple(0.12 / capacity * dice.uniform(0.8, 1.6) for _ in range(cells)),
        "charges_missing": tuple(dice.uniform(0.0, 0.004) for _ in range(cells)),
        "capacities": each,
        "curve": dice.uniform(0.87, 1.15),
        "self_discharge": tuple(loses * capacity / one for one in each),  # the same Ah: they stay level
        "parasite": dice.uniform(0.0, 0.2) * step,
        "polarisation": dice.uniform(0.0, 0.5),
        "current_offset": dice.uniform(-0.4, 0.4) * step,
        "current_gain": dice.uniform(0.992, 1.008),
    }
    return Nature(**{**values, **more})  # type: ignore[arg-type]
