"""Plausibility rules: what a battery cannot be, though the checksum is right.

Each check turns its parameters into lines of the generated decoder (see ``generate.py``), which return a reason when
the rule is broken. A rule about a value that a message does not carry, or that is not reported, does not apply.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bmsreader.model.reading import DEAD_CELL
from bmsreader.protocol.vocabulary import SEVERAL


class Table(Protocol):
    """What a rule may ask of the decoder that is being generated."""

    def has(self, name: str) -> bool:
        """Return whether the message carries the value."""

    def maybe_none(self, name: str) -> bool:
        """Return whether the value can be "not reported"."""

    def span(self, name: str) -> tuple[float, float]:
        """Return the lowest and highest value that the message can say."""

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
    yield "if not cell_voltages: return 'no cell voltages'"
    yield "_lowest = min(cell_voltages)"
    yield "_highest = max(cell_voltages)"
    yield f"if not ({low} <= _lowest and _highest <= {high} and _highest - _lowest < {spread}):"
    yield f"    _reason = {judge}(cell_voltages)"
    yield "    if _reason: return _reason"
    yield f"    alarms += ({DEAD_CELL!r},)"


def _reported(table: Table, *names: str) -> str:
    """Return the condition that all these values are reported, to be followed by another; often it is empty."""
    return "".join(f"{name} is not None and " for name in names if table.maybe_none(name))


def _one_direction(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    words = table.words(parameters["field"])
    if words:
        yield f"if {words[0]} and {words[1]}: return 'charge and discharge current at once'"


def _range(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, low, high = parameters["field"], parameters["min"], parameters["max"]
    if not table.has(name):
        return
    several = name in SEVERAL
    least, most = table.span(name)
    broken = [f"{f'min({name})' if several else name} < {low}"] if least < low else []
    broken += [f"{f'max({name})' if several else name} > {high}"] if most > high else []
    if broken:  # else the bytes cannot say anything that is out of range
        sent = f"{name} and " if several else _reported(table, name)
        yield f"if {sent}({' or '.join(broken)}): return f'{name} {{{name}}}, outside {low} to {high}'"


def _ratio(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, most = parameters["field"], parameters["max"]
    of = [other for other in parameters["of"] if table.has(other)]
    if not table.has(name) or not of:
        return
    limit = of[0] if len(of) == 1 else f"max({', '.join(of)})"
    spoken = " and ".join(other.replace("_", " ") for other in of)
    reason = f"return f'{name} {{{name}}} Ah, over {most} x {spoken}'"
    yield f"if {_reported(table, name, *of)}{name} > {most} * {limit}: {reason}"


def _soc(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    names = ("soc", "remaining_capacity", "full_charge_capacity")
    if not all(map(table.has, names)):
        return
    within = parameters["within"]
    yield f"if {_reported(table, *names)}full_charge_capacity:"
    yield "    _expected = 100 * remaining_capacity / full_charge_capacity"
    yield f"    if not -{within} <= soc - _expected <= {within}:"
    yield "        return f'soc {soc} %, but remaining / full charge is {_expected:.0f} %'"


def _sum_of_cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, within = parameters["field"], parameters["within"]
    if table.has(name) and table.has("cell_voltages"):
        yield f"if {_reported(table, name)}abs({name} - sum(cell_voltages)) > {within}:"
        yield f"    return f'{name} {{{name}}} V, but the cells add up to {{sum(cell_voltages):.3f}} V'"


def _spread_of_cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, within = parameters["field"], parameters["within"]
    if table.has(name) and table.has("cell_voltages"):
        sent = f"{_reported(table, name)}cell_voltages"
        yield f"if {sent} and abs({name} - (max(cell_voltages) - min(cell_voltages))) > {within}:"
        yield f"    return f'cell spread sent as {{{name}}} V, but the cells say otherwise'"


def _count_of_cells(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name = parameters["field"]
    if table.has(name) and table.has("cell_voltages"):
        yield f"if {_reported(table, name)}{name} != len(cell_voltages):"
        yield f"    return f'{{{name}}} cells announced, {{len(cell_voltages)}} sent'"


def _equal(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, value = parameters["field"], parameters["value"]
    if table.has(name):
        yield f"if {_reported(table, name)}{name} != {value!r}: return f'{name} {{{name}}}, expected {value!r}'"


def _both_or_neither(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    one, other = parameters["field"], parameters["other"]
    if table.has(one) and table.has(other):
        reason = f"return f'{one} {{int({one}):X}} but {other} {{int({other}):X}}'"
        yield f"if {_reported(table, one, other)}({one} == 0) != ({other} == 0): {reason}"


def _note_excess(table: Table, parameters: dict[str, Any]) -> Iterable[str]:
    name, of = parameters["field"], parameters["of"]
    if table.has(name) and table.has(of):
        spoken, limit = name.replace("_", " "), of.replace("_", " ")
        note = f"notes += ('the battery reports more {spoken} than {limit}; rely on soc',)"
        yield f"if {_reported(table, name, of)}{name} > {of}: {note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A kind of plausibility rule: the parameters it takes and the lines it becomes."""

    emit: Callable[[Table, dict[str, Any]], Iterable[str]]
    numbers: tuple[str, ...] = ()
    one: tuple[str, ...] = ()
    """Parameters that name one value each."""
    several: tuple[str, ...] = ()
    """Parameters that name one or two values."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every parameter that the rule takes; it needs them all."""
        return self.one + self.several + self.numbers

    def problem(self, key: str, value: object) -> str | None:
        """Return what is wrong with a parameter; only numbers and plain names may reach the decoder."""
        if key in self.numbers:
            number = isinstance(value, (int, float)) and not isinstance(value, bool) and -1e12 <= value <= 1e12
            return None if number else "must be a number"
        if key in self.one:
            return None if _is_name(value) else "must name a value"
        pair = isinstance(value, list) and len(value) in (1, 2) and all(map(_is_name, value))
        return None if pair else "must be a list of one or two names of values"

    def names(self, parameters: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Yield (key, name of a value) for every value that the rule is about."""
        yield from ((key, parameters[key]) for key in self.one)
        yield from ((key, name) for key in self.several for name in parameters[key])


def _is_name(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*", value) is not None


CHECKS: dict[str, Check] = {
    "cells": Check(emit=_cells, numbers=("min", "max", "spread", "dead")),
    "one-direction": Check(emit=_one_direction, one=("field",)),
    "range": Check(emit=_range, numbers=("min", "max"), one=("field",)),
    "ratio": Check(emit=_ratio, numbers=("max",), one=("field",), several=("of",)),
    "soc": Check(emit=_soc, numbers=("within",)),
    "sum-of-cells": Check(emit=_sum_of_cells, numbers=("within",), one=("field",)),
    "spread-of-cells": Check(emit=_spread_of_cells, numbers=("within",), one=("field",)),
    "count-of-cells": Check(emit=_count_of_cells, one=("field",)),
    "equal": Check(emit=_equal, numbers=("value",), one=("field",)),
    "both-or-neither": Check(emit=_both_or_neither, one=("field", "other")),
    "note-excess": Check(emit=_note_excess, one=("field", "of")),
}
"""Every check that a description may name under [[plausible]]."""
