"""What went into a battery and out of it in a day, and within which bounds lies what nobody saw."""

from dataclasses import dataclass
from datetime import date, datetime

LONGEST_GAP = 300.0
"""s between two readings that are joined at least, however short the interval."""
INTERVALS = 3
"""So many intervals may pass between two readings that are joined."""


def longest_gap(interval: float) -> float:
    """Return up to how many seconds apart two readings of a battery are joined; a longer time is a gap."""
    return max(LONGEST_GAP, INTERVALS * interval)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What may have flowed while nothing was read."""

    least: float = 0.0
    """At least this much: the remaining capacity before and after says so."""
    most: float | None = 0.0
    """At most this much: the largest current ever seen, all the time. None: no current was ever seen."""

    @property
    def pair(self) -> tuple[float, float | None]:
        """Both, the least first."""
        return self.least, self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What may have flowed in the gaps of a day, in addition to what was counted; all 0 without a gap."""

    charge_in: Bounds = Bounds()
    """Ah."""
    charge_out: Bounds = Bounds()
    """Ah."""
    energy_in: Bounds = Bounds()
    """Wh: the charge at the lowest and at the highest voltage ever seen of this battery."""
    energy_out: Bounds = Bounds()
    """Wh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyDay:
    """What was counted on one day of the owner's, from midnight to midnight: 23 or 25 hours where clocks change."""

    date: date
    start: datetime
    """Its first moment, UTC."""
    end: datetime
    """The first moment of the next day, UTC; also today, when it has not come yet."""
    energy_in: float = 0.0
    """Wh."""
    energy_out: float = 0.0
    """Wh."""
    charge_in: float = 0.0
    """Ah."""
    charge_out: float = 0.0
    """Ah."""
    gaps: float = 0.0
    """s of this day in which nothing was counted; a gap over midnight is shared by both days."""
    missing: Missing = Missing()
    """What may have flowed meanwhile."""
