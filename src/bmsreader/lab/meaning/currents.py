"""Find the current: what was typed decides, and the voltage, which rises with it, where the app hides the sign."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bmsreader.lab.meaning import relations
from bmsreader.lab.meaning.directions import ALIKE, STRONG, directed
from bmsreader.lab.meaning.scalars import Match, Place, Table, matches, zeroed

UNUSUAL, ELSEWHERE = 2.0, 3.0
"""Bits that it costs to look for a zero of its own, and for a sign in other bytes."""
MOVES, WORTH, LOOKED_AT = 0.6, 8.0, 60
"""From where on it says something that a current moves as the voltage, what it is worth at most, in bits, and of how
many places it is asked."""
CLEARLY = 0.9
"""A current that moves less than this as the voltage may have its sign elsewhere."""
STATES = 4
"""Values that a current takes, to tenths, before it can move alike with anything."""
AS_GOOD = 6.0
"""Bits within which another way to read the same bytes is to be reckoned with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Currents:
    """The places that a current may stand in."""

    matches: list[Match]
    """Best first."""
    note: str = ""
    """What the app does not show as it is."""


def find_currents(table: Table, taken: frozenset[int], volts: Sequence[float], *, little: bool | None) -> Currents:
    """Return the places that show the typed currents; ``volts`` is the pack voltage of each payload, if known."""
    if not table.seen("current"):
        return Currents(matches=[])
    currents = _shown(table, taken, volts, little=little)
    found = currents.matches
    doubted = [replace(match, doubt=_doubt(table, match, found)) for match in found[:LOOKED_AT]]
    return replace(currents, matches=[*doubted, *found[LOOKED_AT:]])


def _shown(table: Table, taken: frozenset[int], volts: Sequence[float], *, little: bool | None) -> Currents:
    found = matches(table, "current", taken, little=little)
    found += matches(table, "current", taken, little=little, places=zeroed(table), price=UNUSUAL)
    found = _with_voltage(table, found, volts)
    if not found or found[0].missed or (volts and found[0].moves < CLEARLY):
        elsewhere = directed(table, taken, volts)
        found += _with_voltage(
            table, matches(table, "current", taken, little=little, places=elsewhere, price=ELSEWHERE), volts
        )
        found.sort(key=lambda match: (-match.bits, match.rank))
    if not volts:
        return Currents(matches=found)
    both = len({value > 0 for value in _typed(table)}) > 1
    if both and found and not found[0].missed and alike(table, found[0].place, volts) <= -ALIKE:
        note = "current: typed the other way round than the voltage moves: taken so that charging is positive"
        return Currents(matches=[_turned(match) for match in found], note=note)
    if all(seen.value >= 0 for _, seen in table.seen("current")):
        hidden = _signless(table, taken, volts, little=little)
        if hidden and (not found or alike(table, found[0].place, volts) < ALIKE):
            note = "current: the app shows no sign; that the voltage rises with it tells charging from discharging"
            return Currents(matches=hidden, note=note)
    return Currents(matches=found)


def alike(table: Table, place: Place, volts: Sequence[float]) -> float:
    """Return how alike a current and the voltage move, -1 to 1; 0 where the current takes too few values to say."""
    values = [raw * place.scale for raw in table.raws(place)]
    return relations.moves_alike(values, volts) if len({round(value, 1) for value in values}) >= STATES else 0.0


def _with_voltage(table: Table, found: Sequence[Match], volts: Sequence[float]) -> list[Match]:
    """Return the best matches first, with what it is worth that some move as the voltage does."""
    ranked = sorted(found, key=lambda match: (-match.bits, match.rank))
    moving = []
    for match in ranked[:LOOKED_AT] if volts else ():
        moves = alike(table, match.place, volts)
        moving.append(
            replace(match, bits=match.bits + WORTH * (2 * moves - 1), moves=moves) if moves >= MOVES else match
        )
    return sorted([*moving, *ranked[len(moving) :]], key=lambda match: (-match.bits, match.rank))


def _turned(match: Match) -> Match:
    place = match.place
    if place.minus is not None:
        return replace(match, place=replace(place, word=place.minus, minus=place.word))
    return replace(match, place=replace(place, scale=-place.scale, offset=0.0 - place.offset))


def _signless(table: Table, taken: frozenset[int], volts: Sequence[float], *, little: bool | None) -> list[Match]:
    """Return the places whose magnitude was typed, with the sign that moves them as the voltage moves."""
    found: list[Match] = []
    ways = (
        (None, ELSEWHERE),
        (zeroed(table), ELSEWHERE + UNUSUAL),
        (directed(table, taken, volts, signless=True), 2 * ELSEWHERE),
    )
    for places, price in ways:
        for match in matches(table, "current", taken, little=little, places=places, price=price, signless=True):
            moves = 0.0 if match.missed else alike(table, match.place, volts)
            if abs(moves) >= ALIKE and len(_directions(table, match)) > 1:  # else it is the sign that was typed
                found.append(match if moves > 0 else _turned(match))
    return _with_voltage(table, found, volts)


def _typed(table: Table, match: Match | None = None) -> list[float]:
    """Return the typed currents that have a direction, but for those that a match does not show."""
    missed = match.missed if match else ()
    return [one[1].value for one in table.seen("current") if abs(one[1].value) > STRONG and one not in missed]


def _directions(table: Table, match: Match) -> set[bool]:
    """Return in which directions a place shows the typed currents, whatever sign these have: whether it charges."""
    values = match.place.values(table.series)
    shown = set()
    for label, seen in table.seen("current"):
        if abs(seen.value) > STRONG and (label, seen) not in match.missed:
            near = table.near[label.at]
            shown.add(values[min(near, key=lambda index: abs(abs(values[index]) - abs(seen.value)))] > 0)
    return shown


def _doubt(table: Table, match: Match, found: Sequence[Match]) -> str:
    """Return what to do where only one direction was seen: the other one may stand in other bytes, or its sign."""
    if len(_directions(table, match)) > 1:
        return ""
    typed = _typed(table, match)
    values = match.place.values(table.series)
    whole = match.place.minus is None and match.place.sign is None
    if typed and whole and min(values) < 0 < max(values) and not _otherwise(table, match, found):
        return ""
    if not typed:
        return "current: none with a direction was typed: put a load on, then a charger, and type what the app shows"
    seen, other = ("charging", "a load") if typed[0] > 0 else ("discharging", "a charger")
    return f"current: only {seen} was typed; the other direction may be told elsewhere: put {other} on and type it"


def _otherwise(table: Table, match: Match, found: Sequence[Match]) -> bool:
    """Return whether the same bytes can be read in another way that shows what was typed, but not the same else."""
    values, slack = match.place.values(table.series), 2 * match.place.grain + 1e-6
    for other in found[:LOOKED_AT]:
        if other.bits > match.bits - AS_GOOD and other.place.offsets & match.place.offsets:
            others = other.place.values(table.series)
            if any(abs(a - b) > slack for a, b in zip(values, others, strict=True)):
                return True
    return False
