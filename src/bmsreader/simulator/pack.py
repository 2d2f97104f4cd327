"""A simulated LiFePO4 pack: cells that age and differ, a charger, loads, and a BMS that measures and protects."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from random import Random
from typing import Literal

from bmsreader.model.errors import UsageError
from bmsreader.simulator.cell import COLD, RESISTANCE, Cell
from bmsreader.simulator.demand import Day, Demand
from bmsreader.simulator.nature import YEAR, Nature

STEP = 5.0
"""Simulated seconds between two steps: everything that is measured changes on this grid, however often it is read."""

HEAT_CAPACITY = 25.0
"""J per degree, Ah and cell."""
COOLING_TIME = 4 * 3600.0
"""Seconds in which a warm pack has come two thirds of the way to the temperature around it."""
AVERAGE = 600.0
"""Seconds over which the BMS averages the current for its time to go."""
LONGEST_TIME_TO_GO = 0xFFFE
"""Minutes."""
MOSFET_RISE = 15.0
"""Degrees by which the MOSFETs are warmer than the cells at a current of 1 A per Ah."""
DAY_AND_NIGHT = 4.0
"""Degrees by which the air is warmer at 3 p.m., and colder at 3 a.m., than on average."""
RELUCTANCE, RELUCTANT = 5.0, (3.36, 3.42)
"""By how many times its resistance a cell resists a charger more when nearly full, between these voltages at rest."""
FINISHED, AGAIN = 0.01, 0.97
"""A charger stops at this current (A per Ah of design capacity), and begins again below this part of a full charge."""
LARGEST_CURRENT = 500.0
"""A, whatever chargers and loads want."""
FASTEST = 10_000
"""Times as fast as real time: a week in a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One limit at which the BMS switches charge or discharge off, and where it switches on again."""

    alarm: str
    quantity: Literal["highest", "lowest", "temperature"]
    trips: float
    clears: float
    stops: Literal["charge", "discharge"]

    def holds(self, value: float, *, tripped: bool) -> bool:
        """Return whether charge or discharge must be off at this value."""
        limit = self.clears if tripped else self.trips
        return value > limit if self.trips > self.clears else value < limit


PROTECTIONS = (
    Protection(alarm="cell_over_voltage", quantity="highest", trips=3.65, clears=3.45, stops="charge"),
    Protection(alarm="over_discharge", quantity="lowest", trips=2.5, clears=2.9, stops="discharge"),
    Protection(alarm="charge_over_temperature", quantity="temperature", trips=55, clears=50, stops="charge"),
    Protection(alarm="charge_under_temperature", quantity="temperature", trips=0, clears=3, stops="charge"),
    Protection(alarm="discharge_over_temperature", quantity="temperature", trips=65, clears=60, stops="discharge"),
    Protection(alarm="discharge_under_temperature", quantity="temperature", trips=-20, clears=-15, stops="discharge"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the BMS of a simulated pack reports, rounded as real ones round; names and units are those of a reading."""

    pack_voltage: float
    current: float
    """A, positive = charging, in steps of a thousandth of the design capacity."""
    soc: float
    remaining_capacity: float
    """Ah, in steps of a hundredth of the design capacity."""
    full_charge_capacity: float
    design_capacity: float
    cell_voltages: tuple[float, ...]
    temperatures: tuple[float, ...]
    """Whole degrees Celsius: cell, MOSFET, another cell, air; as many as the pack has sensors."""
    cycle_count: int
    time_to_empty: float | None
    time_to_full: float | None
    health: float | None
    max_error: float | None
    alarms: tuple[str, ...]
    charge_switch: bool
    discharge_switch: bool
    charge_enabled: bool
    discharge_enabled: bool
    heater: bool


class Pack:
    """A believable pack of 1 to 32 cells in series.

    It lives on the clock that it is given (monotonic seconds), ``speed`` times as fast. What it does depends on the
    dice and on the time alone, never on how often it is looked at: same seed, same life.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        dice: Random,
        cells: int = 4,
        design_capacity: float = 100.0,
        soc: float = 60.0,
        soh: float = 97.0,
        cycle_count: int = 49,
        demand: Demand | None = None,
        ambient: float = 18.0,
        speed: float = 1.0,
        hour: float = 10.0,
        sensors: int = 1,
        charger_voltage: float = 3.55,
        health: int | None = None,
        step: float = STEP,
        nature: Nature | None = None,
    ) -> None:
        """Make a pack; without a ``demand`` it lives through sunny days and silent nights, beginning at ``hour``.

        ``design_capacity`` in Ah, whole tens as on labels; ``soc``, ``soh`` and ``health`` (what the BMS claims) in %;
        ``ambient`` in degrees Celsius, averaged over the day; ``charger_voltage`` in V per cell; 1 to 4 ``sensors``.
        ``step`` in simulated s: months go by faster in longer ones. ``nature`` is what is true of the pack, unseen.
        """
        _check(cells, design_capacity, soc=soc, soh=soh, health=health, speed=speed, sensors=sensors)
        self.nature = nature = nature or Nature()
        nature.check(cells)
        self.clock = clock
        """Real seconds."""
        self._dice = dice
        self._noise = dice.getrandbits(32)
        self._began = clock()
        self._speed = speed
        self._steps = 0
        self._step_length = step
        self._hour = hour
        self._demand = demand or Day()
        self._ambient = ambient
        self._sensors = sensors
        self._charger_voltage = charger_voltage * cells
        self._health = health
        self._design = float(design_capacity)
        self._full = self._new_full = _in_steps(design_capacity * soh / 100, design_capacity / 100)
        self._counted = self._full * soc / 100
        self._cycles = float(cycle_count)
        self._builds_up = 1 - math.exp(-step / nature.polarisation_time)
        self._assemble(cells)
        self._rest()

    def _assemble(self, cells: int) -> None:
        self._cells = tuple(self._new_cell(number) for number in range(cells))
        self._new_resistance = self._resistance = sum(cell.resistance for cell in self._cells)
        self._capacities = tuple(cell.capacity for cell in self._cells)
        self._resistances = tuple(cell.resistance for cell in self._cells)
        self._leaks = self.nature.leaks(cells)
        self._loses = self.nature.parasite > 0 or any(self._leaks)

    def _rest(self) -> None:
        """Begin at rest, as warm as the room."""
        self._when_full = 0.0
        self._current = self._slow_current = self._average = 0.0
        self._temperature = self._mosfet = self._ambient
        self._charged = False
        self._tripped: frozenset[Protection] = frozenset()

    def _new_cell(self, number: int) -> Cell:
        """Cells of a used pack are level when full, and differ when empty."""
        given = self.nature
        capacity = self._full * self._dice.uniform(1.0, 1.015)
        lacks = self._full * self._dice.uniform(0.0, 0.0015)
        resistance = RESISTANCE / self._design * self._dice.uniform(0.9, 1.2)
        capacity = capacity if given.capacities is None else given.capacities[number]
        lacks = lacks if given.charges_missing is None else capacity * given.charges_missing[number]
        resistance = resistance if given.resistances is None else given.resistances[number]
        missing = self._full - self._counted + lacks
        return Cell(capacity=capacity, charge=capacity - missing, resistance=resistance, curve=given.curve)

    # ---- what can be seen

    @property
    def elapsed(self) -> float:
        """Simulated seconds since the pack was made."""
        return (self.clock() - self._began) * self._speed

    @property
    def at_rest(self) -> bool:
        """Whether no current flows that the BMS could measure."""
        self._catch_up()
        return self._measured_current() == 0

    def values(self) -> dict[str, object]:
        """Return what the BMS reports now, by the names of a reading: what ``Codec.encode`` takes."""
        measured = self.measure()
        return {field.name: getattr(measured, field.name) for field in fields(measured)}

    def measure(self) -> Measured:
        """Return what the BMS reports now."""
        self._catch_up()
        cells = self._measured_cells()
        current = self._measured_current()
        to_full, to_empty = self._times_to_go(current)
        stopped = {protection.stops for protection in self._tripped}
        return Measured(
            pack_voltage=round(sum(cells), 3),
            current=current,
            soc=round(100 * self._counted / self._full),
            remaining_capacity=_in_steps(self._counted, self._design / 100),
            full_charge_capacity=self._full,
            design_capacity=self._design,
            cell_voltages=cells,
            temperatures=self._measured_temperatures(),
            cycle_count=int(self._cycles),
            time_to_empty=to_empty,
            time_to_full=to_full,
            health=self._health,
            max_error=None,
            alarms=tuple(protection.alarm for protection in PROTECTIONS if protection in self._tripped),
            charge_switch="charge" not in stopped,
            discharge_switch="discharge" not in stopped,
            charge_enabled=True,
            discharge_enabled=True,
            heater=False,
        )

    def _measured_cells(self) -> tuple[float, ...]:
        noise = Random(self._noise + self._steps)
        return tuple(round(volts + noise.uniform(-0.0007, 0.0007), 3) for volts in self._cell_voltages())

    def _measured_current(self) -> float:
        nature = self.nature
        seen = nature.current_gain * self._current + nature.current_offset
        return _in_steps(seen, nature.current_step or self._design / 1000)

    def _measured_temperatures(self) -> tuple[float, ...]:
        air = self._air()
        places = (self._temperature, self._mosfet, self._temperature + (air - self._temperature) / 8, air)
        return tuple(float(round(place)) for place in places[: self._sensors])

    def _times_to_go(self, current: float) -> tuple[float | None, float | None]:
        """Return seconds to full and to empty; only what goes with the direction of the current, as of the average."""
        if current == 0 or current * self._average <= 0:
            return None, None
        ampere_hours = self._full - self._counted if current > 0 else self._counted
        minutes = round(60 * ampere_hours / abs(self._average))
        if not 0 < minutes <= LONGEST_TIME_TO_GO:
            return None, None
        return (60.0 * minutes, None) if current > 0 else (None, 60.0 * minutes)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells as they really are now: what no BMS knows."""
        self._catch_up()
        return self._cells

    @property
    def true_voltages(self) -> tuple[float, ...]:
        """V of the cells, without the rounding and the noise of the BMS."""
        self._catch_up()
        return self._cell_voltages()

    @property
    def true_current(self) -> float:
        """A that flow through the shunt, as no BMS measures them."""
        self._catch_up()
        return self._current

    @property
    def coldness(self) -> float:
        """How many times its resistance at 25 degrees Celsius each cell has now."""
        self._catch_up()
        return self._cold()

    # ---- what happens

    def _catch_up(self) -> None:
        due = int(self.elapsed / self._step_length) + 1
        while self._steps < due:
            self._step()
            self._steps += 1

    def _step(self) -> None:
        seconds = self._step_length
        wanted = self._design * self._demand.current(self._time_of_day(), seconds, self._dice)
        self._current = current = self._allowed(min(max(wanted, -LARGEST_CURRENT), LARGEST_CURRENT))
        self._slow_current += (current - self._slow_current) * self._builds_up
        moved = current * seconds / 3600
        unseen = self.nature.parasite * seconds / 3600
        for cell, leak in zip(self._cells, self._leaks, strict=True):
            cell.charge += moved - unseen - leak * seconds * cell.capacity
        self._counted = min(max(self._counted + moved, 0.0), self._full)
        self._cycles += max(-moved, 0.0) / self._full
        self._average = current if self._steps == 0 else self._average + (current - self._average) * seconds / AVERAGE
        self._warm(current, seconds)
        self._protect()
        if self._steps * seconds % 86_400 < seconds:
            self._age()

    def _age(self) -> None:
        """Let capacity fade and resistance grow, once a day."""
        years = self._steps * self._step_length / YEAR
        left, grown = 1 - self.nature.fade / 100 * years, 1 + self.nature.growth / 100 * years
        for cell, capacity, resistance in zip(self._cells, self._capacities, self._resistances, strict=True):
            cell.capacity, cell.resistance = capacity * left, resistance * grown
        self._resistance = self._new_resistance * grown
        self._full = _in_steps(self._new_full * left, self._design / 100)
        self._counted = min(self._counted, self._full)

    def _time_of_day(self) -> float:
        return (self._hour + self._steps * self._step_length / 3600) % 24

    def _allowed(self, wanted: float) -> float:
        """Return the current that flows: what is wanted, as far as charger and BMS let it."""
        if wanted > 0:
            wanted = self._charger(wanted)
        for protection in self._tripped:
            wanted = min(wanted, 0.0) if protection.stops == "charge" else max(wanted, 0.0)
        return wanted

    def _charger(self, wanted: float) -> float:
        """Constant current, then constant voltage: the fuller, the less; then nothing until some was used."""
        if self._charged and self._still_full():
            return 0.0
        at_rest = sum([cell.at_rest for cell in self._cells])
        begins, full = RELUCTANT
        reluctance = 1 + RELUCTANCE * min(max((at_rest / len(self._cells) - begins) / (full - begins), 0.0), 1.0)
        resistance = reluctance * self._cold() * self._resistance
        taper = max(self._charger_voltage - at_rest, 0.0) / resistance
        self._charged = taper < FINISHED * self._design
        if self._charged and self._loses:
            self._when_full = sum([cell.charge for cell in self._cells]) / len(self._cells)
        return min(wanted, taper)

    def _still_full(self) -> bool:
        """Whether too little went since the last full charge to begin another; a charger sees unseen losses, too."""
        lost = self._when_full - sum([cell.charge for cell in self._cells]) / len(self._cells) if self._loses else 0.0
        return min(self._counted, self._full - lost) > AGAIN * self._full

    def _cold(self) -> float:
        return 1 + COLD * max(25 - self._temperature, 0.0)

    def _cell_voltages(self) -> tuple[float, ...]:
        slow = self.nature.polarisation
        drop = ((1 - slow) * self._current + slow * self._slow_current) * self._cold()
        return tuple([cell.at_rest + drop * cell.resistance for cell in self._cells])

    def _air(self) -> float:
        return self._ambient + DAY_AND_NIGHT * math.cos(math.pi * (self._time_of_day() - 15) / 12)

    def _warm(self, current: float, seconds: float) -> None:
        heat = current**2 * self._cold() * self._resistance
        warming = heat / (HEAT_CAPACITY * self._design * len(self._cells))
        self._temperature += seconds * (warming + (self._air() - self._temperature) / COOLING_TIME)
        risen = self._temperature + MOSFET_RISE * (current / self._design) ** 2
        self._mosfet += (risen - self._mosfet) * min(seconds / 120, 1.0)

    def _protect(self) -> None:
        voltages = self._cell_voltages()
        now = {"highest": max(voltages), "lowest": min(voltages), "temperature": self._temperature}
        tripped = self._tripped
        self._tripped = frozenset([one for one in PROTECTIONS if one.holds(now[one.quantity], tripped=one in tripped)])


def _in_steps(value: float, step: float) -> float:
    """Round to a multiple of a step that has at most two decimals; never -0."""
    return round(round(value / step) * step, 2) + 0.0


def _check(
    cells: int, design_capacity: float, *, soc: float, soh: float, health: int | None, speed: float, sensors: int
) -> None:
    wrong = {
        f"a pack has 1 to 32 cells in series, not {cells}": not 1 <= cells <= 32,
        f"a design capacity is whole tens of Ah up to 2000, not {design_capacity}": (
            design_capacity % 10 != 0 or not 10 <= design_capacity <= 2000
        ),
        f"a state of charge is 0 to 100 %, not {soc}": not 0 <= soc <= 100,
        f"a state of health is 50 to 120 %, not {soh}": not 50 <= soh <= 120,
        f"a battery claims a health of 1 to 100 %, or none, not {health}": health is not None
        and not 1 <= health <= 100,
        f"time runs at a speed above 0 and up to {FASTEST}, not {speed}": not 0 < speed <= FASTEST,
        f"a pack has 1 to 4 temperature sensors, not {sensors}": not 1 <= sensors <= 4,
    }
    for message, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError(message)
