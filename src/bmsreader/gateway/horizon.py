"""Time to empty and to full: from the charge and a current that is smoothed, but follows when a load comes or goes."""

from math import exp

from bmsreader.model.energy import LONGEST_GAP
from bmsreader.model.horizon import Horizon
from bmsreader.model.reading import Reading

STEADY = 300.0
"""s, time constant of the smoothed current: a kettle that goes on and off does not show."""
QUICK = 12.0
"""s, time constant of the current that tells whether the load has changed."""
CHANGED, CHANGED_BY = 0.5, 0.1
"""A, and part of the smoothed current: a quick current further away than both is another load. Batteries that count in
steps of 0.2 A come nowhere near it at rest."""
BEGINS, ENDS = 0.3, 0.15
"""A, from which on a battery is used, and below which it rests again."""


class Outlook:
    """Knows how one battery goes on; it answers with the first reading."""

    def __init__(self, *, longest_gap: float = LONGEST_GAP) -> None:
        self.longest_gap = longest_gap
        """s without a reading after which the past says nothing about the present."""
        self._steady: float | None = None
        self._quick = 0.0
        self._direction = 0

    def take(self, reading: Reading, *, elapsed: float | None) -> Horizon:
        """Return the horizon with this reading; ``elapsed``: s since the reading before, None where not known."""
        if reading.current is None:
            self._steady, self._direction = None, 0
            return Horizon()
        current = self._smoothed(reading.current, elapsed)
        if min(self._direction * current, abs(self._quick)) <= ENDS:
            self._direction = (current > BEGINS) - (current < -BEGINS) if abs(self._quick) > ENDS else 0
        charge, full = _charge(reading)
        if charge is None or not self._direction:
            return Horizon()
        if current < 0:
            return Horizon(time_to_empty=float(round(3600 * max(0.0, charge) / -current)))
        if full is None:
            return Horizon()
        return Horizon(time_to_full=float(round(3600 * max(0.0, full - charge) / current)))

    def _smoothed(self, current: float, elapsed: float | None) -> float:
        steady = self._steady
        if steady is None or elapsed is None or not 0 <= elapsed <= self.longest_gap:
            self._quick = self._steady = current
            return current
        self._quick += (current - self._quick) * (1 - exp(-elapsed / QUICK))
        steady += (current - steady) * (1 - exp(-elapsed / STEADY))
        if abs(self._quick - steady) > max(CHANGED, CHANGED_BY * abs(steady)):
            steady = self._quick
        self._steady = steady
        return steady


def _charge(reading: Reading) -> tuple[float | None, float | None]:
    """Return the charge and the full charge in Ah."""
    full = reading.full_charge_capacity or reading.design_capacity
    charge = reading.remaining_capacity
    if charge is None and reading.soc is not None and full is not None:
        charge = reading.soc / 100 * full
    return charge, full
