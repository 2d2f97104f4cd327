"""What is known of a bank beside its reading: which packs it is made of, which are seen, and which one ends it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFacts:
    """How the packs of a bank stand to each other at one moment."""

    arrangement: str
    """How the packs are wired, such as ``series(parallel(a, b), parallel(c, d))``; the words are slugs."""
    packs: tuple[str, ...]
    """Slugs of all packs, in the order of the arrangement."""
    seen: tuple[str, ...]
    """Slugs of those whose values are of the present."""
    capacity_share: float
    """%, the part of the packs' capacity that is seen; of the number of packs as long as a capacity is not known."""
    limiting: str | None = None
    """Slug of the pack that ends what happens now: of ``limits_charge`` and ``limits_discharge``; None: not known."""
    limits_charge: str | None = None
    """Slug of the pack that is full first."""
    limits_discharge: str | None = None
    """Slug of the pack that is empty first."""
    imbalance: float | None = None
    """Points of SOC (%) between the highest and the lowest pack that is seen; None with fewer than two."""
    midpoint_drift: float | None = None
    """V, the largest deviation of a part in series from its equal share of the voltage; None without parts in series
    and while one of them is not seen."""
    words: str = ""
    """What is missing, such as ``3 of 4 packs seen, 75 % of capacity``; empty when all packs are seen."""

    def as_dict(self) -> dict[str, Any]:
        """Return every value under its name, ready for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "packs": [*self.packs],
            "seen": [*self.seen],
        }
