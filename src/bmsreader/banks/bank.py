"""The reading of a bank from the readings of its packs, and how these stand to each other; pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from bmsreader.banks.charge import capacities, charge, levels, limits
from bmsreader.banks.flow import currents, disagree, midpoint_drift, voltages
from bmsreader.banks.folding import all_on, any_on, fold, totals
from bmsreader.banks.notes import WORTH_TELLING, Doubts, named, notes, words
from bmsreader.banks.pack import Pack
from bmsreader.model.arrangement import Arrangement, Joint
from bmsreader.model.bank import BankFacts
from bmsreader.model.reading import Reading

PROTOCOL = "bank"
"""Stands in a bank's readings where a battery's have the id of their description."""
VARIANT = "computed"
SWITCHES = ("charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled")
_UNKNOWN = (None,) * len(SWITCHES)
_states_of = attrgetter(*SWITCHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the packs of a bank say about it at one moment."""

    reading: Reading
    facts: BankFacts
    is_covered: bool
    """Each part in series is seen, at least one pack of it: voltage and SOC of the bank can be told."""
    counts: bool
    """The current is that of the whole bank, so it may go into the counters."""


class Bank:
    """Packs and how they are wired."""

    def __init__(self, arrangement: Arrangement, *, battery: str) -> None:
        """``battery`` is the id that the bank's readings carry."""
        self.arrangement = arrangement
        self._battery = battery
        self._text = str(arrangement)
        self._cells: tuple[Sequence[int], Sequence[int]] = ((), ())

    def evaluate(self, packs: Sequence[Pack], *, taken_at: datetime) -> Outcome:
        """Return what these packs, in the order of the arrangement, say about the bank.

        Nothing is guessed: what the packs that are seen do not tell is None, and what they tell in part is noted.
        """
        view = _View(self.arrangement.joints, packs)
        values = _values(view)
        facts = self._facts(view)
        reading = Reading(
            battery=self._battery,
            taken_at=taken_at,
            protocol=PROTOCOL,
            variant=VARIANT,
            cycle_count=None,
            time_to_empty=None,
            time_to_full=None,
            health=None,
            max_error=None,
            derived=tuple([name for name, value in values.items() if value is not None and value != ()]),
            notes=notes(packs, _doubts(view, facts, values["full_charge_capacity"])),
            frames=(),
            **values,
        )
        flow = view.currents[-1]
        covered = view.whole or fold(view.joints, [one is not None for one in view.readings], all, any)[-1]
        return Outcome(
            reading=reading, facts=facts, is_covered=covered, counts=flow.is_whole and flow.amperes is not None
        )

    def _facts(self, view: "_View") -> BankFacts:
        """Return how the packs stand to each other."""
        packs, slugs = view.packs, self.arrangement.packs
        seen = slugs if view.whole else tuple([pack.slug for pack in packs if pack.reading is not None])
        share = 100.0 if view.whole else _share(packs, view.full)
        limited = limits(view.joints, len(packs), view.charge)
        empties, fills = (None, None) if limited is None else (slugs[limited[0]], slugs[limited[1]])
        return BankFacts(
            arrangement=self._text,
            packs=slugs,
            seen=seen,
            capacity_share=share,
            limiting=fills if (view.currents[-1].amperes or 0.0) > 0 else empties,
            limits_charge=fills,
            limits_discharge=empties,
            imbalance=_imbalance(view.socs),
            midpoint_drift=_rounded(midpoint_drift(view.joints, view.volts, self._in_series(packs))),
            words="" if view.whole else words(len(seen), len(packs), share if view.in_ah else None),
        )

    def _in_series(self, packs: Sequence[Pack]) -> Sequence[int]:
        """Return how many cells each pack and joint has in series; where one is not known, how many packs."""
        cells = [pack.cells for pack in packs]
        if cells != self._cells[0]:
            known = cells if 0 not in cells else [1] * len(cells)
            self._cells = cells, fold(self.arrangement.joints, known, sum, max)
        return self._cells[1]


class _View:
    """The packs side by side, quantity by quantity, and what is worked out of each."""

    __slots__ = ("charge", "currents", "full", "in_ah", "joints", "packs", "readings", "socs", "volts", "whole")

    def __init__(self, joints: Sequence[Joint], packs: Sequence[Pack]) -> None:
        self.joints = joints
        self.packs = packs
        self.readings = readings = [pack.reading for pack in packs]
        self.whole = None not in readings
        self.full, self.in_ah = capacities(packs)
        self.socs = levels(packs)
        self.charge = charge(joints, self.socs, self.full)
        self.currents = currents(joints, [None if one is None else one.current for one in readings])
        volts = [None if one is None else one.pack_voltage for one in readings]
        self.volts = voltages(joints, volts, _conducting(readings))


def _values(view: _View) -> dict[str, Any]:
    """Return the values of the reading.

    Cells and temperatures keep their places only as long as no pack is missing, so they are told only then.
    """
    seen = [one for one in view.readings if one is not None] if view.whole else []
    return {
        "pack_voltage": _rounded(view.volts[-1]),
        "current": _rounded(view.currents[-1].amperes),
        "soc": _rounded(view.charge.soc, 2),
        **_capacities(view.joints, view.readings),
        "cell_voltages": tuple([volts for one in seen for volts in one.cell_voltages]),
        "temperatures": tuple([degrees for one in seen for degrees in one.temperatures]),
        "alarms": named(view.packs),
        **_switches(view.joints, view.readings),
    }


def _doubts(view: _View, facts: BankFacts, usable: float | None) -> Doubts:
    apart = facts.imbalance is not None and facts.imbalance > 100 * WORTH_TELLING  # it cannot cost more than that
    return Doubts(
        facts=facts,
        part_of_current=not view.currents[-1].is_whole,
        covered=view.charge.remaining[-1] is not None,
        disagree=disagree(view.joints, view.currents),
        possible=fold(view.joints, view.full, min, sum)[-1] if apart and view.in_ah and view.whole else None,
        usable=usable,
    )


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _conducting(readings: Sequence[Reading | None]) -> list[bool]:
    """Return for each pack whether it lets current flow in at least one direction, as far as it says."""
    return [one is None or one.charge_switch is not False or one.discharge_switch is not False for one in readings]


def _capacities(joints: Sequence[Joint], readings: Sequence[Reading | None]) -> dict[str, float | None]:
    """Return what can be taken and what the bank holds when charging ends, Ah, of the packs that are seen."""
    remaining: list[float | None] = []
    headroom: list[float | None] = []
    for one in readings:
        left = None if one is None else one.remaining_capacity
        full = None if one is None else one.full_charge_capacity
        if left is None and one is not None and full is not None and one.soc is not None:
            left = full * one.soc / 100
        remaining.append(left)
        headroom.append(None if left is None or full is None else max(0.0, full - left))
    can_be_taken, can_be_charged = totals(joints, remaining)[-1], totals(joints, headroom)[-1]
    holds = None if can_be_taken is None or can_be_charged is None else can_be_taken + can_be_charged
    return {
        "remaining_capacity": _rounded(can_be_taken),
        "full_charge_capacity": _rounded(holds),
        "design_capacity": _rounded(
            totals(joints, [None if one is None else one.design_capacity for one in readings])[-1]
        ),
    }


def _switches(joints: Sequence[Joint], readings: Sequence[Reading | None]) -> dict[str, bool | None]:
    """Return the switches of the bank: a way through parts in series needs all of them, through parallel ones any."""
    found: dict[str, bool | None] = {}
    said = [_UNKNOWN if one is None else _states_of(one) for one in readings]
    for name, states in zip(SWITCHES, zip(*said, strict=True), strict=True):
        same = states.count(states[0]) == len(states)
        found[name] = states[0] if same else fold(joints, states, all_on, any_on)[-1]
    found["heater"] = any_on([None if one is None else one.heater for one in readings])
    return found


def _share(packs: Sequence[Pack], full: Sequence[float]) -> float:
    """Return how many % of the packs' capacity are seen."""
    seen = sum(capacity for pack, capacity in zip(packs, full, strict=True) if pack.reading is not None)
    return round(100 * seen / sum(full), 1)


def _imbalance(socs: Sequence[float | None]) -> float | None:
    """Return how many points of SOC the packs that are seen are apart."""
    known = [soc for soc in socs if soc is not None]
    return round(float(max(known) - min(known)), 2) if len(known) > 1 else None
