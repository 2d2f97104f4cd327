"""What a battery's own alarms mean: whatever their names, each has a category, a severity and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bmsreader.model.alarm import Category, Severity
from bmsreader.model.reading import DEAD_CELL


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an alarm of a battery says."""

    category: Category
    severity: Severity
    text: str
    """A sentence in English."""


def _says(category: Category, severity: Severity, text: str) -> Meaning:
    return Meaning(category=category, severity=severity, text=f"The battery reports {text}.")


MEANINGS: Mapping[str, Meaning] = {
    DEAD_CELL: Meaning(
        category=Category.CELL, severity=Severity.CRITICAL, text="A cell reports 0 V: it is dead, or its wire is off."
    ),
    "cell_over_voltage": _says(Category.CELL, Severity.CRITICAL, "too high a voltage of a cell"),
    "cell_under_voltage": _says(Category.CELL, Severity.CRITICAL, "too low a voltage of a cell"),
    "over_discharge": _says(Category.VOLTAGE, Severity.CRITICAL, "that it was discharged too far"),
    "over_charge": _says(Category.VOLTAGE, Severity.CRITICAL, "that it was charged too far"),
    "pack_over_voltage": _says(Category.VOLTAGE, Severity.CRITICAL, "too high a voltage"),
    "pack_under_voltage": _says(Category.VOLTAGE, Severity.CRITICAL, "too low a voltage"),
    "short_circuit": _says(Category.CURRENT, Severity.CRITICAL, "a short circuit"),
    "charge_over_current": _says(Category.CURRENT, Severity.WARNING, "too much current while charging"),
    "discharge_over_current": _says(Category.CURRENT, Severity.WARNING, "too much current while discharging"),
    "discharge_over_current_2": _says(
        Category.CURRENT, Severity.CRITICAL, "far too much current while discharging (its second limit)"
    ),
    "charge_over_temperature": _says(Category.TEMPERATURE, Severity.CRITICAL, "that it is too hot to be charged"),
    "charge_under_temperature": _says(Category.TEMPERATURE, Severity.CRITICAL, "that it is too cold to be charged"),
    "discharge_over_temperature": _says(Category.TEMPERATURE, Severity.CRITICAL, "that it is too hot to be used"),
    "discharge_under_temperature": _says(Category.TEMPERATURE, Severity.WARNING, "that it is too cold to be used"),
}
"""Every alarm of the shipped descriptions (a test holds the two together), and names that other families use."""

_BY_WORD: tuple[tuple[frozenset[str], Category], ...] = (
    (frozenset({"temperature", "temp", "hot", "cold", "heat", "heater", "thermal", "ot", "ut"}), Category.TEMPERATURE),
    (frozenset({"communication", "comm", "timeout", "offline", "link"}), Category.COMMUNICATION),
    (frozenset({"hardware", "sensor", "afe", "eeprom", "memory", "internal"}), Category.HARDWARE),
    (frozenset({"cell", "cells", "spread", "imbalance", "unbalance", "difference", "balance"}), Category.CELL),
    (frozenset({"current", "circuit", "overcurrent", "overload", "oc", "sc"}), Category.CURRENT),
    (frozenset({"switch", "mos", "mosfet", "fet", "relay", "contactor", "precharge", "lock"}), Category.SWITCH),
    (frozenset({"soc", "capacity", "empty", "full", "reserve"}), Category.CHARGE),
    (
        frozenset({"voltage", "overvoltage", "undervoltage", "ov", "uv", "overcharge", "overdischarge"}),
        Category.VOLTAGE,
    ),
)
"""The first row with one of an alarm's words is its category: a cell's temperature is about temperature, and the
failure of a sensor of current is about the sensor."""

_CRITICAL = frozenset({"short", "fault", "failure", "failed", "fail", "broken", "dead", "fire", "protection", "locked"})
_INFO = frozenset({"info", "notice", "status", "balancing"})


@cache
def meaning(name: str) -> Meaning:
    """Return what an alarm means; one that nobody knows is judged by the words in its name, as a warning in doubt."""
    known = MEANINGS.get(name)
    if known is not None:
        return known
    words = frozenset(name.lower().split("_"))
    category = next((category for some, category in _BY_WORD if words & some), Category.HARDWARE)
    severity = Severity.CRITICAL if words & _CRITICAL else Severity.INFO if words & _INFO else Severity.WARNING
    return Meaning(category=category, severity=severity, text=f"The battery reports: {name.replace('_', ' ')}.")
