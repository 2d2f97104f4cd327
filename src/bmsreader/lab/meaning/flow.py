"""Charge that flows: state of charge and remaining charge rise and fall with what the current brings and takes."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bmsreader.lab.meaning.halves import twin
from bmsreader.lab.meaning.relations import correlation
from bmsreader.lab.meaning.scalars import Match, Place, Table

PAUSE = 120.0
"""s between two answers, from which on nobody knows what flowed in between."""
LITTLE = 0.02
"""Ah that must have flowed, at least, to say anything."""
FOLLOWS, STRANGER, WORTH, LOOKED_AT = 0.7, 0.3, 3.0, 60
"""How alike a value and the charge move that follows it; that has nothing to do with it; what it is worth in bits for
each new whole number, of which three count; and of how many places it is asked."""
RESTLESS, JUMP, FEWEST = 0.5, 0.1, 4
"""Share of the steps from one answer to the next that are jumps, over so much of all that a number says: then answers
of two kinds may be mixed. A number of fewer values is not judged."""
TWINS = 3
"""Values that two places take together, and never apart, before they are twins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The charge that flowed, as the answers with the current tell it."""

    times: tuple[float, ...]
    charge: tuple[float, ...]
    """Ah since the first of them."""

    def at(self, times: Sequence[float]) -> list[float]:
        """Return the charge at the times of other answers."""
        return [self.charge[max(0, bisect_right(self.times, at) - 1)] for at in times]


def flowed(times: Sequence[float], amps: Sequence[float]) -> list[float]:
    """Return the charge since the first answer, Ah; empty where hardly any flowed."""
    charge = [0.0]
    for index in range(1, len(times)):
        step = times[index] - times[index - 1]
        mean = (amps[index] + amps[index - 1]) / 2
        charge.append(charge[-1] + (mean * step / 3600 if 0 < step < PAUSE else 0.0))
    return charge if max(charge) - min(charge) >= LITTLE else []


def following(table: Table, place: Place, flow: Sequence[float]) -> float:
    """Return how alike a value and the charge move, -1 to 1; 0 where either stands still."""
    return correlation(table.raws(place), flow) * (-1 if place.scale < 0 else 1) if flow else 0.0


def with_flow(table: Table, found: Sequence[Match], flow: Sequence[float]) -> list[Match]:
    """Return places for a charge, best first, with what it is worth that some follow the current and others do not."""
    weighed = []
    for match in found[:LOOKED_AT] if flow else ():
        values = [raw * match.place.scale for raw in table.raws(match.place)]
        news = min(len(set(map(round, values))) - 1, 3)
        alike = following(table, match.place, flow)
        if alike >= FOLLOWS:
            weighed.append(replace(match, bits=match.bits + WORTH * news * (2 * alike - 1), flows=alike))
        else:
            weighed.append(replace(match, bits=match.bits - (WORTH if alike < STRANGER and news > 1 else 0.0)))
    if not any(match.flows for match in weighed):
        return list(found)
    return sorted([*weighed, *found[len(weighed) :]], key=lambda match: (-match.bits, match.rank))


def twins(table: Table, one: Place, other: Place) -> bool:
    """Return whether two places say the same in every answer while they move: it does not matter which is taken."""
    values = [raw * one.scale + one.offset for raw in table.raws(one)]
    others = [raw * other.scale + other.offset for raw in table.raws(other)]
    slack = 0.51 * max(one.grain, other.grain) + 1e-6
    return len(set(values)) >= TWINS and all(abs(a - b) <= slack for a, b in zip(values, others, strict=True))


def restless(table: Table, place: Place) -> bool:
    """Return whether a number jumps with nearly each answer, as where answers of two kinds are mixed."""
    raws = table.raws(place)
    jump = JUMP * (max(raws) - min(raws))
    jumps = sum(abs(b - a) > jump for a, b in pairwise(raws))
    return len(set(raws)) >= FEWEST and jumps > RESTLESS * len(raws)


def torn(best: Match, found: Sequence[Match]) -> bool:
    """Return whether the float that has its upper half in common with the best one agrees as well."""
    other = twin(best.place.word.at, best.place.word.type)
    return any((match.place.word.at, match.place.word.type) == other for match in found)
