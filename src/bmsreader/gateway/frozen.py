"""Notice values that stand still although current flows: a battery that answers with what it measured long ago."""

from bmsreader.model.energy import LONGEST_GAP
from bmsreader.model.reading import Reading

FLOWS = 1.0
"""A; below this nothing needs to change, and a pack at rest repeats the same frame for days."""
FLOWS_PART = 0.005
"""The same in A per Ah of capacity: large packs measure in large steps."""
STEP = 0.01
"""Part of the capacity in which the coarsest counters go: the state of charge in whole %, and in this family the
remaining capacity too (design capacity / 100: 2 Ah at 200 Ah, over 540 genuine frames)."""
MARGIN = 1.1
"""Steps; rounding of the capacities themselves."""
BIAS, QUANTUM = 0.3, 0.001
"""A and A per Ah: what a current reading may be wrong by. Two packs in series differed by 0.2 to 0.4 A, and this
family measures in steps of design capacity / 1000."""
HELD = 4.0
"""Times as much must flow where no counter helps: at 1 % and 99 % many hold it until a voltage is reached."""
LARGEST_UNKNOWN = 400.0
"""Ah that a battery may have which does not say how many."""
READINGS, SECONDS = 5, 60.0
"""Never frozen before so many equal readings and so many seconds, whatever flows."""

MEASURED = (
    "pack_voltage",
    "current",
    "soc",
    "remaining_capacity",
    "cell_voltages",
    "temperatures",
    "cycle_count",
    "time_to_empty",
    "time_to_full",
    "full_charge_capacity",
)


class Frozen:
    """Watches the readings of one battery for values that do not change when they must.

    Equal readings alone prove nothing. A pack at rest, or with a steady current on the flat part of its voltage, sends
    the very same frame for minutes: 20 A move the counters of a 200 Ah pack once in six minutes, 1 A once in two hours.
    So the charge decides. While all values are equal, what must have flowed is added up: the current, less what it may
    be wrong by, times the time. Once that is more than one step of the coarsest counter, a battery that measures cannot
    be sending what it sends. With 200 Ah that is after 7 min at 20 A, after 29 min at 5 A, after 4 h at 1 A; below 1 A
    never. Any value that moves begins anew.
    """

    def __init__(self, *, longest_gap: float = LONGEST_GAP) -> None:
        """Readings further apart than ``longest_gap`` s tell nothing about the time between them."""
        self.longest_gap = longest_gap
        self._last: Reading | None = None
        self._equal = 0
        self._seconds = 0.0
        self._moved = 0.0

    def take(self, reading: Reading, *, elapsed: float | None = None) -> str | None:
        """Return why the values count as frozen, in words for the owner; None when they do not.

        ``elapsed``: seconds since the reading before by a monotonic clock, if known; else the time stamps tell.
        """
        last, self._last = self._last, reading
        if last is None or not _same(last, reading):
            self._equal, self._seconds, self._moved = 1, 0.0, 0.0
            return None
        if elapsed is None:
            elapsed = (reading.taken_at - last.taken_at).total_seconds()
        if not 0 < elapsed <= self.longest_gap:
            return self._judged(reading)  # the clock was set, it was away, or this is the same reading once more
        self._equal += 1
        self._seconds += elapsed
        self._moved += _certain(reading) * elapsed / 3600
        return self._judged(reading)

    def _judged(self, reading: Reading) -> str | None:
        if self._equal < READINGS or self._seconds < SECONDS or self._moved <= _must_show(reading):
            return None
        flows = "into" if (reading.current or 0.0) > 0 else "out of"
        return (
            f"the values have not changed for {self._seconds / 60:.0f} min, while {abs(reading.current or 0.0):.1f} A "
            f"flow {flows} the battery: it repeats old values"
        )


def _same(one: Reading, other: Reading) -> bool:
    """Return whether nothing that is measured differs; what only counts frames does not hide it."""
    if one.frames and one.frames == other.frames:
        return True
    return all(getattr(one, name) == getattr(other, name) for name in MEASURED)


def _capacity(reading: Reading) -> float:
    return max(reading.design_capacity or 0.0, reading.full_charge_capacity or 0.0) or LARGEST_UNKNOWN


def _certain(reading: Reading) -> float:
    """Return the current that flows at least, A without sign; 0 when it may be none."""
    current, capacity = abs(reading.current or 0.0), _capacity(reading)
    if current < max(FLOWS, FLOWS_PART * capacity):
        return 0.0
    return current - BIAS - QUANTUM * capacity / 2


def _must_show(reading: Reading) -> float:
    """Return the charge in Ah that cannot flow without a value changing."""
    step = MARGIN * STEP * _capacity(reading)
    if reading.soc is None and reading.remaining_capacity is None:
        return HELD * step
    return HELD * step if reading.soc is not None and not 1 < reading.soc < 99 else step
