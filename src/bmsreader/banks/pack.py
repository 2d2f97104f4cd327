"""A pack as its bank sees it."""

from dataclasses import dataclass

from bmsreader.model.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One battery of a bank at one moment."""

    slug: str
    reading: Reading | None = None
    """Its values, if they are of the present; None: it is not seen."""
    capacity: float | None = None
    """Ah when full, as last known, however long ago; None: never known."""
    cells: int = 0
    """Cells in series that it is known to have; 0: not known."""


def capacity_of(reading: Reading) -> float | None:
    """Return the Ah that a pack holds when full, as far as its reading tells; None: it does not."""
    return reading.full_charge_capacity or reading.design_capacity or None
