"""Plausibility rules: what a battery cannot be, though the checksum is right.

Each check turns its parameters into lines of the generated decoder (see ``generate.py``), which return a reason when
the rule is broken. A rule about a value that a message does not carry, or that is not reported, does not apply.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bmsreader.model.reading import DEAD_CELL


class Table(Protocol):
    """What a rule may ask of the decoder that is being generated."""

    def has(self, name: str) -> bool:
        """Return whether the message carries the value."""

    def maybe_none(self, name: str) -> bool:
        """Return whether the value can be "not reported"."""

    def constant(self, value: object) -> str:
        """Return the name under which the generated code finds an object."""

    def words(self, name: str) -> tuple[str, str] | None:
        """Return the two raw words of a value that is sent as a difference."""


def check_cells(low: float, high: float, spread: float, dead: int) -> Callable[[Sequence[float]], str | None]:
    """Return the judge of a pack's cells (V): reason, or None when they can be real."""

    def judge(cells: Sequence[float]) -> str | None:
        alive = [cell for cell in cells if cell]
        if not alive:
            return "no cell voltages"
        if len(cells) - len(alive) > dead:
            return f"{len(cells) - len(alive)} of {len(cells)} cells at 0 V"
        for number, cell in enumerate(cells, 1):
            if cell and not low <= cell <= high:
                return f"cell {number} at {cell:.3f} V, outside {low} to {high} V"
        if max(alive) - min(alive) >= spread:
            return f"cells {max(alive) - min(alive):.3f} V apart, {spread} V or more"
        return None

    return judge


def _cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    if not table.has("cell_voltages"):
        return
    low, high, spread = parameters["min"], parameters["max"], parameters["spread"]
    judge = table.constant(check_cells(low, high, spread, int(parameters["dead"])))
    yield "_lowest = min(cell_voltages, default=0)"
    yield "_highest = max(cell_voltages, default=0)"
    yield f"if not ({low} <= _lowest and _highest <= {high} and _highest - _lowest < {spread}):"
    yield f"    _reason = {judge}(cell_voltages)"
    yield "    if _reason: return _reason"
    yield f"    alarms += ({DEAD_CELL!r},)"


def _one_direction(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    words = table.words(parameters["field"])
    if words:
        yield f"if {words[0]} and {words[1]}: return 'charge and discharge current at once'"


def _range(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, low, high = parameters["field"], parameters["min"], parameters["max"]
    if not table.has(name):
        return
    reason = f"return f'{name} {{{name}}}, outside {low} to {high}'"
    if name == "temperatures":
        yield f"if {name} and not (min({name}) >= {low} and max({name}) <= {high}): {reason}"
    elif table.maybe_none(name):
        yield f"if {name} is not None and not {low} <= {name} <= {high}: {reason}"
    else:
        yield f"if not {low} <= {name} <= {high}: {reason}"


def _ratio(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, most = parameters["field"], parameters["max"]
    of = [other for other in parameters["of"] if table.has(other)]
    if not table.has(name) or not of:
        return
    limit = of[0] if len(of) == 1 else f"max({', '.join(of)})"
    spoken = " and ".join(other.replace("_", " ") for other in of)
    yield f"if {name} > {most} * {limit}: return f'{name} {{{name}}} Ah, over {most} x {spoken}'"


def _soc(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    if not all(map(table.has, ("soc", "remaining_capacity", "full_charge_capacity"))):
        return
    within = parameters["within"]
    yield "if full_charge_capacity:"
    yield "    _expected = 100 * remaining_capacity / full_charge_capacity"
    yield f"    if not -{within} <= soc - _expected <= {within}:"
    yield "        return f'soc {soc} %, but remaining / full charge is {_expected:.0f} %'"


def _sum_of_cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, within = parameters["field"], parameters["within"]
    if table.has(name) and table.has("cell_voltages"):
        yield f"if abs({name} - sum(cell_voltages)) > {within}:"
        yield f"    return f'{name} {{{name}}} V, but the cells add up to {{sum(cell_voltages):.3f}} V'"


def _spread_of_cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, within = parameters["field"], parameters["within"]
    if table.has(name) and table.has("cell_voltages"):
        yield f"if abs({name} - (max(cell_voltages) - min(cell_voltages))) > {within}:"
        yield f"    return f'cell spread sent as {{{name}}} V, but the cells say otherwise'"


def _count_of_cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name = parameters["field"]
    if table.has(name) and table.has("cell_voltages"):
        yield f"if {name} != len(cell_voltages):"
        yield f"    return f'{{{name}}} cells announced, {{len(cell_voltages)}} sent'"


def _equal(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, value = parameters["field"], parameters["value"]
    if table.has(name):
        yield f"if {name} != {value!r}: return f'{name} {{{name}}}, expected {value!r}'"


def _both_or_neither(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    one, other = parameters["fields"]
    if table.has(one) and table.has(other):
        yield f"if ({one} == 0) != ({other} == 0): return f'{one} {{{one}:X}} but {other} {{{other}:X}}'"


def _note_excess(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, of = parameters["field"], parameters["of"]
    if table.has(name) and table.has(of):
        spoken, limit = name.replace("_", " "), of.replace("_", " ")
        yield f"if {name} > {of}: notes += ('the battery reports more {spoken} than {limit}; rely on soc',)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A kind of plausibility rule: the parameters it takes and the lines it becomes."""

    emit: Callable[[Table, dict[str, Any]], Iterable[str]]
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def problem(self, parameters: Mapping[str, object]) -> str | None:
        """Return what is wrong with a rule's parameters; only numbers and plain names may reach the decoder."""
        for key, value in parameters.items():
            if key in self.numbers:
                if not isinstance(value, (int, float)) or isinstance(value, bool):
                    return f"{key} must be a number"
            elif key in self.names:
                words = value if isinstance(value, (list, tuple)) else [value]
                if not all(isinstance(word, str) and re.fullmatch(r"[a-z][a-z0-9_]*", word) for word in words):
                    return f"{key} must name a field"
            else:
                return f"unknown key {key!r}; known: {', '.join(self.numbers + self.names)}"
        missing = [key for key in self.numbers + self.names if key not in parameters]
        return f"misses {', '.join(missing)}" if missing else None


CHECKS: dict[str, Check] = {
    "cells": Check(emit=_cells, numbers=("min", "max", "spread", "dead")),
    "one-direction": Check(emit=_one_direction, names=("field",)),
    "range": Check(emit=_range, numbers=("min", "max"), names=("field",)),
    "ratio": Check(emit=_ratio, numbers=("max",), names=("field", "of")),
    "soc": Check(emit=_soc, numbers=("within",)),
    "sum-of-cells": Check(emit=_sum_of_cells, numbers=("within",), names=("field",)),
    "spread-of-cells": Check(emit=_spread_of_cells, numbers=("within",), names=("field",)),
    "count-of-cells": Check(emit=_count_of_cells, names=("field",)),
    "equal": Check(emit=_equal, numbers=("value",), names=("field",)),
    "both-or-neither": Check(emit=_both_or_neither, names=("fields",)),
    "note-excess": Check(emit=_note_excess, names=("field", "of")),
}
"""Every check that a description may name under [[plausible]]."""
