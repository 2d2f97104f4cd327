"""What an owner should know about the values of a bank: what is missing in them, and what stands out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bmsreader.banks.pack import Pack
from bmsreader.model.bank import BankFacts
from bmsreader.model.reading import OF_PACK

WORTH_TELLING = 0.05
"""Part of the capacity that must be lost because packs in series are not equally full, before it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What limits the truth of a bank's values."""

    facts: BankFacts
    part_of_current: bool
    """Packs are missing whose current nobody else tells."""
    covered: bool
    """Voltage and SOC can be told."""
    disagree: bool
    """Parts in series tell different currents."""
    possible: float | None
    """Ah that the bank would hold if its packs were equally full; None: not known."""
    usable: float | None
    """Ah that it holds as they are."""


def named(packs: Sequence[Pack]) -> tuple[str, ...]:
    """Return the alarms of all packs, each with its pack: ``left: dead_cell``."""
    return tuple(
        [
            f"{pack.slug}{OF_PACK}{alarm}"
            for pack in packs
            if pack.reading is not None and pack.reading.alarms
            for alarm in pack.reading.alarms
        ]
    )


def words(seen: int, packs: int, share: float | None) -> str:
    """Return what is missing; ``share`` in % of the capacity, None where no capacity is known."""
    told = f"{seen} of {packs} packs seen"
    return told if share is None else f"{told}, {share:.0f} % of capacity"


def notes(packs: Sequence[Pack], doubts: Doubts) -> tuple[str, ...]:
    """Return the notes of a bank's reading."""
    facts = doubts.facts
    found: list[str] = []
    if facts.words:
        found += (facts.words, *_missing(packs, doubts))
    if doubts.disagree:
        found.append("packs in series tell different currents: is the arrangement right?")
    if doubts.possible is not None and doubts.usable is not None:
        lost = doubts.possible - doubts.usable
        if lost > WORTH_TELLING * doubts.possible:
            found.append(f"{lost:.0f} Ah cannot be used: the packs in series are not equally full")
    found += _switched_off(packs)
    return tuple(found)


def _missing(packs: Sequence[Pack], doubts: Doubts) -> Iterator[str]:
    away = ", ".join(pack.slug for pack in packs if pack.reading is None)
    if not doubts.covered:
        yield f"without {away} nobody knows the voltage and the charge of packs in series"
        return
    what = "current, power and capacities" if doubts.part_of_current else "capacities"
    yield f"{what} are those of the packs seen, at least: {away} may add to them"


def _switched_off(packs: Sequence[Pack]) -> Iterator[str]:
    for pack in packs:
        one = pack.reading
        if one is not None and one.charge_switch is False and one.discharge_switch is False:
            yield f"{pack.slug} has switched itself off"
