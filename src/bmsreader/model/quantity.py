"""The numbers in a reading, each under the name by which rules ask for it, with its unit and its words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from bmsreader.model.bank import BankFacts
from bmsreader.model.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One number of a reading."""

    name: str
    words: str
    """As it begins a sentence: ``State of charge``."""
    unit: str
    digits: int
    """After the point, when it is told to people."""
    get: Callable[[Reading], float | None]
    """Returns the number; None where this battery does not report it."""
    of_bank: Callable[[BankFacts], float | None] | None = None
    """Of what only a bank has: returns the number instead of ``get``."""

    def told(self, value: float) -> str:
        """Return a value with its unit, without zeros that say nothing."""
        text = f"{value:.{self.digits}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        text = "0" if text == "-0" else text
        return f"{text} {self.unit}" if self.unit else text


def _plain(name: str, words: str, unit: str, digits: int) -> Quantity:
    def get(reading: Reading) -> float | None:
        value: float | None = getattr(reading, name)
        return value

    return Quantity(name=name, words=words, unit=unit, digits=digits, get=get)


def _of_bank(name: str, words: str, unit: str, digits: int) -> Quantity:
    def get(facts: BankFacts) -> float | None:
        value: float | None = getattr(facts, name)
        return value

    return Quantity(name=name, words=words, unit=unit, digits=digits, get=lambda _: None, of_bank=get)


def _lowest_cell(reading: Reading) -> float | None:
    return min(reading.cell_voltages) if reading.cell_voltages else None


def _highest_cell(reading: Reading) -> float | None:
    return max(reading.cell_voltages) if reading.cell_voltages else None


def _coldest(reading: Reading) -> float | None:
    return min(reading.temperatures) if reading.temperatures else None


def _hottest(reading: Reading) -> float | None:
    return max(reading.temperatures) if reading.temperatures else None


_QUANTITIES = (
    _plain("soc", "State of charge", "%", 1),
    _plain("remaining_capacity", "Remaining capacity", "Ah", 1),
    _plain("pack_voltage", "Voltage", "V", 2),
    _plain("current", "Current", "A", 2),
    _plain("power", "Power", "W", 0),
    Quantity(name="cell_min", words="Lowest cell", unit="V", digits=3, get=_lowest_cell),
    Quantity(name="cell_max", words="Highest cell", unit="V", digits=3, get=_highest_cell),
    _plain("cell_spread", "Difference between the cells", "V", 3),
    Quantity(name="temperature_min", words="Lowest temperature", unit="°C", digits=1, get=_coldest),
    Quantity(name="temperature_max", words="Highest temperature", unit="°C", digits=1, get=_hottest),
    _plain("full_charge_capacity", "Capacity when full", "Ah", 1),
    _plain("design_capacity", "Capacity on the label", "Ah", 1),
    _plain("soh", "State of health", "%", 1),
    _plain("health", "Health as the battery says", "%", 1),
    _plain("max_error", "Error of the state of charge", "%", 1),
    _plain("cycle_count", "Cycles", "", 0),
    _plain("time_to_empty", "Time to empty as the battery says", "s", 0),
    _plain("time_to_full", "Time to full as the battery says", "s", 0),
    _of_bank("capacity_share", "Part of the bank that is seen", "%", 0),
    _of_bank("imbalance", "Difference in charge between the packs", "%", 1),
    _of_bank("midpoint_drift", "Drift of the mid-point", "V", 3),
)

QUANTITIES: Mapping[str, Quantity] = {one.name: one for one in _QUANTITIES}
"""Every number that any battery can have."""

AGE = "age"
"""Seconds since the last reading: no number of a reading, but rules ask for it in the same way."""

_PLACE = re.compile(r"(cell|temperature)_([1-9][0-9]?)")
_SEVERAL = {"cell": ("cell_voltages", "Cell", "V", 3), "temperature": ("temperatures", "Temperature", "°C", 1)}


@cache
def quantity(name: str) -> Quantity | None:
    """Return what a name means: one of ``QUANTITIES``, or ``cell_1``, ``temperature_1`` and so on; None: nothing."""
    if name in QUANTITIES:
        return QUANTITIES[name]
    place = _PLACE.fullmatch(name)
    if place is None:
        return None
    field, words, unit, digits = _SEVERAL[place[1]]
    index = int(place[2]) - 1

    def get(reading: Reading) -> float | None:
        values: tuple[float, ...] = getattr(reading, field)
        return values[index] if index < len(values) else None

    return Quantity(name=name, words=f"{words} {place[2]}", unit=unit, digits=digits, get=get)
