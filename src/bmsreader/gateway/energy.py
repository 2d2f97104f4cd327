"""Count what goes into a battery and out of it: energy and charge from current and power of successive readings."""

from datetime import datetime

from bmsreader.model.battery import Totals
from bmsreader.model.energy import LONGEST_GAP
from bmsreader.model.reading import Reading


class _Flow:
    """One quantity over time, W or A: the area above and below zero in hours, straight lines between the points."""

    __slots__ = ("_at", "_value", "flows_in", "flows_out")

    def __init__(self, flows_in: float, flows_out: float) -> None:
        self.flows_in = flows_in
        self.flows_out = flows_out
        self._at: float | None = None
        self._value = 0.0

    def take(self, at: float, value: float, longest: float) -> float:
        """Add what flowed since the point before; return the seconds that were too many to be joined."""
        before, last, self._at, self._value = self._at, self._value, at, value
        if before is None:
            return 0.0
        seconds = at - before
        if seconds > longest:
            return seconds
        hours = seconds / 3600
        if last * value >= 0:
            self._add((last + value) / 2 * hours)
        else:
            until_zero = last / (last - value)
            self._add(last / 2 * until_zero * hours)
            self._add(value / 2 * (1 - until_zero) * hours)
        return 0.0

    def _add(self, area: float) -> None:
        if area > 0:
            self.flows_in += area
        else:
            self.flows_out -= area


class Meter:
    """Counts Wh and Ah in and out of one battery; what it counted never decreases.

    Between two readings current and power are taken as straight lines, cut where the battery turns from charging to
    discharging. Readings that are further apart than ``longest_gap`` s are not joined: their distance is counted as
    gap, never as energy, since nobody knows what flowed. A reading without current is passed over, one without voltage
    counts charge only; their neighbours are joined across them.

    To go on after a restart, make it with the totals as stored and let it take the last stored reading first.
    """

    def __init__(self, totals: Totals = Totals(), *, longest_gap: float = LONGEST_GAP) -> None:  # noqa: B008 - frozen
        self.longest_gap = longest_gap
        """s; see ``longest_gap()`` for the one that suits an interval. It may change while it counts."""
        self._energy = _Flow(totals.energy_in, totals.energy_out)
        self._charge = _Flow(totals.charge_in, totals.charge_out)
        self._gaps = totals.gaps
        self._elapsed = 0.0
        self._taken_at: datetime | None = None

    @property
    def totals(self) -> Totals:
        """What was counted up to the last reading."""
        return Totals(
            energy_in=self._energy.flows_in,
            energy_out=self._energy.flows_out,
            charge_in=self._charge.flows_in,
            charge_out=self._charge.flows_out,
            gaps=self._gaps,
        )

    def take(self, reading: Reading, *, elapsed: float | None = None) -> Totals:
        """Count up to this reading and return the totals.

        ``elapsed``: seconds since the reading before by a monotonic clock. Give it where it is known: then a clock that
        is set changes nothing. Without it the readings' time stamps say how far apart they are, and one that is not
        later than the one before, since it is a repetition or the clock was set back, begins anew and counts nothing.
        """
        if elapsed is None and self._taken_at is not None:
            elapsed = (reading.taken_at - self._taken_at).total_seconds()
        self._taken_at = reading.taken_at
        self._elapsed += max(elapsed or 0.0, 0.0)
        if reading.current is None:
            return self.totals
        self._gaps += self._charge.take(self._elapsed, reading.current, self.longest_gap)
        if reading.pack_voltage is not None:
            self._energy.take(self._elapsed, reading.pack_voltage * reading.current, self.longest_gap)
        return self.totals
