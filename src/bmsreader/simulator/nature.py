"""What is true of a simulated pack and what its BMS cannot see: what an analysis of its history is held against."""

from dataclasses import dataclass

from bmsreader.model.errors import UsageError

YEAR = 365.25 * 86_400
"""s."""
MONTH = YEAR / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """How a pack differs from an ideal one; the defaults are the pack that everybody else simulates."""

    resistances: tuple[float, ...] | None = None
    """Ohm of each cell at 25 degrees Celsius, with its polarisation; None: thrown with the pack's dice."""
    charges_missing: tuple[float, ...] | None = None
    """Part of its capacity that each cell lacks when the pack is full; None: thrown."""
    capacities: tuple[float, ...] | None = None
    """Ah of each cell; None: thrown, a little above what the BMS believes."""
    curve: float = 1.0
    """How the cells' voltage differs from the typical one: below 1 it is higher when nearly empty, above 1 lower."""
    self_discharge: tuple[float, ...] | float = 0.0
    """% of its capacity that each cell loses within itself in a month, unseen."""
    parasite: float = 0.0
    """A that flow past the BMS's shunt: it never sees them."""
    fade: float = 0.0
    """% of the capacity that goes in a year."""
    growth: float = 0.0
    """% by which the resistance grows in a year."""
    polarisation: float = 0.0
    """Part of the resistance, 0 to 1, that builds up over minutes instead of at once."""
    polarisation_time: float = 120.0
    """s in which two thirds of it have built up."""
    current_step: float | None = None
    """A: smallest step in which the BMS tells its current; None: a thousandth of the design capacity."""
    current_offset: float = 0.0
    """A that the BMS adds to every current that it measures."""
    current_gain: float = 1.0
    """What the BMS multiplies every current by that it measures."""

    def leaks(self, cells: int) -> tuple[float, ...]:
        """Return which part of its capacity each cell loses in a second."""
        each = self.self_discharge if isinstance(self.self_discharge, tuple) else (self.self_discharge,) * cells
        return tuple(percent / 100 / MONTH for percent in each)

    def check(self, cells: int) -> None:
        """Raise UsageError where something does not fit a pack of so many cells."""
        for name in ("resistances", "charges_missing", "capacities", "self_discharge"):
            given = getattr(self, name)
            if isinstance(given, tuple) and len(given) != cells:
                raise UsageError(f"{name} are given for {len(given)} cells of {cells}")
        if not 0 <= self.polarisation <= 1:
            raise UsageError(f"a part of the resistance is 0 to 1, not {self.polarisation}")
        if not 0.5 <= self.curve <= 2:
            raise UsageError(f"a curve that differs from the typical one by a power of {self.curve} is no LiFePO4 cell")
        if self.current_step is not None and self.current_step <= 0:
            raise UsageError(f"a current has steps above 0 A, not {self.current_step}")
