"""The numbers of a reading that can be drawn and summarised, each under one name, the derived ones too."""

from collections.abc import Callable, Collection, Sequence
from itertools import compress, repeat
from typing import Any, Protocol

from bmsreader.model.battery import Totals
from bmsreader.store.content import CELL, SIGNAL, TEMPERATURE, numbered

NUMBERS = (
    "pack_voltage",
    "current",
    "soc",
    "remaining_capacity",
    "full_charge_capacity",
    "design_capacity",
    "cycle_count",
    "time_to_empty",
    "time_to_full",
    "health",
    "max_error",
    "charge_switch",
    "discharge_switch",
    "charge_enabled",
    "discharge_enabled",
    "heater",
    SIGNAL,
)
"""Fields that are a column of their own; a switch counts as 1 when on, so that its mean is the part of the time."""
TOTALS = tuple(Totals.__dataclass_fields__)
"""Counters, known once per commit; they have no single readings."""

Values = Sequence[float | None]


class Source(Protocol):
    """Where columns come from: a block, or columns in memory."""

    @property
    def count(self) -> int:
        """Readings in it."""

    @property
    def names(self) -> Collection[str]:
        """Columns that it has."""

    def column(self, name: str) -> list[Any] | None:
        """Return the values of a column, None where there is no such column."""


class InMemory:
    """Columns that are in memory anyway, as a source."""

    def __init__(self, columns: dict[str, list[Any]], count: int) -> None:
        self.columns = columns
        self.count = count

    @property
    def names(self) -> Collection[str]:
        """Columns that it has."""
        return self.columns.keys()

    def column(self, name: str) -> list[Any] | None:
        """Return the values of a column, None where there is no such column."""
        return self.columns.get(name)


def values(source: Source, field: str) -> Values | None:
    """Return the values of a field, None for each reading that lacks it; None where no reading has it."""
    derive = DERIVED.get(field)
    found = derive(source) if derive else source.column(field)
    if found is None or found.count(None) == len(found):
        return None
    return found


def present(source: Source) -> list[str]:
    """Return the names of all fields that a source may have values of."""
    names = [name for name in NUMBERS if name in source.names]
    names += [*DERIVED, *numbered(source.names, CELL), *numbered(source.names, TEMPERATURE)]
    return names


def unit(field: str) -> str:
    """Return the unit of a field; empty where it has none."""
    for prefix, name in ((CELL, "V"), (TEMPERATURE, "°C")):
        if field.startswith(prefix) and field[len(prefix) :].isdecimal():
            return name
    return UNITS.get(field, "")


def is_field(name: str) -> bool:
    """Whether there is a field of this name."""
    return name in NUMBERS or name in DERIVED or name in TOTALS or bool(unit(name))


def _both(source: Source, one: str, other: str, derive: Callable[[float, float], float | None]) -> list[Any] | None:
    first, second = source.column(one), source.column(other)
    if first is None or second is None:
        return None
    return [None if a is None or b is None else derive(a, b) for a, b in zip(first, second, strict=True)]


def _power(source: Source) -> list[Any] | None:
    return _both(source, "pack_voltage", "current", lambda voltage, current: round(voltage * current, 3))


def _soh(source: Source) -> list[Any] | None:
    return _both(source, "full_charge_capacity", "design_capacity", _health)


def _health(full: float, design: float) -> float | None:
    return min(100.0, round(100 * full / design, 1)) if full and design else None


def _cell_spread(source: Source) -> list[Any] | None:
    cells = [source.column(name) or [] for name in numbered(source.names, CELL)]
    if not cells:
        return None
    if not any(None in cell for cell in cells):
        if len(cells) == 1:
            return [0.0] * source.count
        return [round(high - low, 3) for high, low in zip(map(max, *cells), map(min, *cells), strict=True)]
    return [_spread([value for value in row if value is not None]) for row in zip(*cells, strict=True)]


def _spread(cells: list[float]) -> float | None:
    return round(max(cells) - min(cells), 3) if cells else None


DERIVED: dict[str, Callable[[Source], list[Any] | None]] = {
    "power": _power,
    "cell_spread": _cell_spread,
    "soh": _soh,
}
"""Fields that are computed from others, as ``Reading`` does it."""

MADE_OF = {"power": ("pack_voltage", "current"), "soh": ("full_charge_capacity", "design_capacity")}
"""What they are computed from; the spread from all cells."""

UNITS = {
    "pack_voltage": "V",
    "current": "A",
    "power": "W",
    "soc": "%",
    "soh": "%",
    "health": "%",
    "max_error": "%",
    "remaining_capacity": "Ah",
    "full_charge_capacity": "Ah",
    "design_capacity": "Ah",
    "cell_spread": "V",
    "time_to_empty": "s",
    "time_to_full": "s",
    SIGNAL: "dBm",
    "energy_in": "Wh",
    "energy_out": "Wh",
    "charge_in": "Ah",
    "charge_out": "Ah",
    "gaps": "s",
}


def known(stamps: Sequence[int], found: Values) -> tuple[Sequence[int], Sequence[float]]:
    """Return moments and values of those readings that have the value."""
    if None not in found:
        return stamps, found  # type: ignore[return-value]
    there = [value is not None for value in found]
    return list(compress(stamps, there)), list(compress(found, there))  # type: ignore[arg-type]


def nothing(count: int) -> list[None]:
    """Return a column without a single value."""
    return list(repeat(None, count))
