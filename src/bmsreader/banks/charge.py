"""How full a bank is, how much can be taken from it, and which pack ends that; docs/banks.md derives the rules."""

from collections.abc import Callable, Sequence

from bmsreader.banks.folding import fold, least_of_all, totals
from bmsreader.banks.pack import Pack, capacity_of
from bmsreader.model.arrangement import Joint

ALIKE = 1e-6
"""Two parts that differ by less, in Ah or as part of the capacity, are full to the same degree."""


def levels(packs: Sequence[Pack]) -> list[float | None]:
    """Return the SOC of each pack, %, as it says itself or as its capacities tell; None where nobody knows."""
    return [None if pack.reading is None else _level(pack) for pack in packs]


def _level(pack: Pack) -> float | None:
    reading = pack.reading
    if reading is None or reading.soc is not None:
        return None if reading is None else reading.soc
    if reading.remaining_capacity is None or not reading.full_charge_capacity:
        return None
    return min(100.0, 100 * reading.remaining_capacity / reading.full_charge_capacity)


def capacities(packs: Sequence[Pack]) -> tuple[list[float], bool]:
    """Return the Ah of each pack when full, seen or not, and whether these are Ah at all.

    What was never known is taken as the mean of the others; where none is known each pack counts as one.
    """
    found = [(capacity_of(pack.reading) if pack.reading is not None else None) or pack.capacity for pack in packs]
    if None not in found:
        return found, True  # type: ignore[return-value]
    known = [capacity for capacity in found if capacity is not None]
    usual = sum(known) / len(known) if known else 1.0
    return [capacity or usual for capacity in found], bool(known)


class Charge:
    """What can be taken from the packs and joints of a bank and charged into them, Ah; see ``charge``."""

    __slots__ = ("headroom", "remaining")

    def __init__(self, remaining: list[float | None], headroom: list[float | None]) -> None:
        self.remaining = remaining
        self.headroom = headroom

    @property
    def soc(self) -> float | None:
        """State of charge of the bank, %; None: not known, or nothing can be taken and nothing charged."""
        remaining, headroom = self.remaining[-1], self.headroom[-1]
        if remaining is None or headroom is None or remaining + headroom <= 0:
            return None
        return 100 * remaining / (remaining + headroom)

    def level(self, part: int) -> float:
        """Return how full a part is, from 0 to 1; 0 where nothing can be taken and nothing charged."""
        remaining, headroom = self.remaining[part] or 0.0, self.headroom[part] or 0.0
        return remaining / (remaining + headroom) if remaining + headroom > 0 else 0.0


def charge(joints: Sequence[Joint], socs: Sequence[float | None], full: Sequence[float]) -> Charge:
    """Return how full a bank is. A pack that is not seen counts as full as those in parallel with it.

    Through parts in series flows the same charge: they are empty with the lowest, and full with the one that takes
    least. Parallel parts hold the same voltage and share it. Where no pack of a part in series is seen nobody knows.
    """
    if None in socs:
        return _in_part(joints, socs, full)
    remaining = [capacity * soc / 100 for capacity, soc in zip(full, socs, strict=True)]  # type: ignore[operator]
    headroom = [capacity - left for capacity, left in zip(full, remaining, strict=True)]
    return Charge(totals(joints, remaining), totals(joints, headroom))


def _in_part(joints: Sequence[Joint], socs: Sequence[float | None], full: Sequence[float]) -> Charge:
    """Return how full a bank is of which not every pack is seen."""
    remaining = [None if soc is None else capacity * soc / 100 for capacity, soc in zip(full, socs, strict=True)]
    headroom = [None if left is None else capacity - left for capacity, left in zip(full, remaining, strict=True)]
    whole = fold(joints, full, min, sum)
    for joint in joints:
        if joint.series:
            remaining.append(least_of_all([remaining[part] for part in joint.parts]))
            headroom.append(least_of_all([headroom[part] for part in joint.parts]))
            continue
        seen = [part for part in joint.parts if remaining[part] is not None]
        scale = sum(whole[part] for part in joint.parts) / sum(whole[part] for part in seen) if seen else 0.0
        for values in (remaining, headroom):
            values.append(scale * sum(values[part] or 0.0 for part in seen) if seen else None)
    return Charge(remaining, headroom)


def limits(joints: Sequence[Joint], packs: int, found: Charge) -> tuple[int, int] | None:
    """Return the number of the pack that is empty first, and of the one that is full first; None: all are alike.

    Of parts in series the one with the least charge, or room, ends it for all; of parallel ones the lowest drops out
    first, and the highest is full first.
    """
    if found.remaining[-1] is None or _alike(joints, packs, found):
        return None
    return (
        _down(joints, packs, found.remaining, found.level),
        _down(joints, packs, found.headroom, lambda part: -found.level(part)),
    )


def _down(joints: Sequence[Joint], packs: int, amounts: Sequence[float | None], order: Callable[[int], float]) -> int:
    """Go from the bank down to one pack: to the least amount in series, to the first in order in parallel."""
    part = packs + len(joints) - 1
    while part >= packs:
        joint = joints[part - packs]
        seen = [one for one in joint.parts if amounts[one] is not None]
        part = min(seen, key=lambda one: amounts[one] or 0.0) if joint.series else min(seen, key=order)
    return part


def _alike(joints: Sequence[Joint], packs: int, found: Charge) -> bool:
    """Return whether no pack ends charge or discharge alone, since all are full to the same degree."""
    first: float | None = None
    for part in range(packs):
        if found.remaining[part] is None:
            continue
        level = found.level(part)
        if first is None:
            first = level
        elif abs(level - first) > ALIKE:
            return False
    return all(
        abs((found.remaining[part] or 0.0) - (found.remaining[joint.parts[0]] or 0.0)) < ALIKE
        for joint in joints
        if joint.series
        for part in joint.parts
    )
