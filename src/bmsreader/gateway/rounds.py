"""When a bank is read: once each of its packs has been, so that its values belong together."""

from collections.abc import Collection

PATIENCE = 1.5
"""Intervals that a round waits for a pack that does not come."""
CLOSER = 0.5
"""A round waits for the oldest value to be read again if that makes its values at most so many times as far apart."""
EARLY = 0.05
"""Part of an interval by which a beat may come early."""


class Rounds:
    """Says when a round is complete. Times are seconds of a monotonic clock."""

    def __init__(self, *, at_least: float | None = None) -> None:
        """``at_least``: s between two rounds as the owner wants it."""
        self._at_least = at_least or 0.0
        self._read_at: dict[str, float] = {}
        self._fresh: set[str] = set()
        self._began: float | None = None
        self._done: float | None = None
        self._awaited: str | None = None

    def took(self, pack: str, at: float) -> None:
        """Take note of a reading of a pack."""
        self._read_at[pack] = at
        self._fresh.add(pack)
        if self._began is None:
            self._began = at
        if self._awaited == pack:
            self._awaited = ""

    def forget(self, pack: str) -> None:
        """Expect nothing of a pack any more."""
        self._read_at.pop(pack, None)
        self._fresh.discard(pack)

    def deadline(self, interval: float) -> float | None:
        """Return when the round ends, complete or not; None: nothing was read since the last one.

        ``interval`` is that of the pack that is read least often.
        """
        if self._began is None:
            return None
        due = self._began + PATIENCE * interval
        return due if self._done is None else max(due, self._done + self._at_least)

    def is_due(self, expected: Collection[str], now: float, interval: float) -> bool:
        """Return whether it is time for a reading of the bank; ``expected`` are the packs that are read or will be."""
        deadline = self.deadline(interval)
        if deadline is None or not self._fresh:
            return False
        if now >= deadline:
            return True
        if self._done is not None and now < self._done + self._at_least * (1 - EARLY):
            return False
        return self._fresh.issuperset(expected) and not self._waits(expected, interval)

    def done(self, now: float) -> None:
        """Begin the next round."""
        self._fresh.clear()
        self._began, self._done, self._awaited = None, now, None

    def _waits(self, expected: Collection[str], interval: float) -> bool:
        """Return whether the values would lie closer together with the next reading of the oldest."""
        if self._awaited is not None:
            return self._awaited != ""
        times = sorted((self._read_at[pack], pack) for pack in expected if pack in self._read_at)
        if len(times) < 2:
            return False
        apart = times[-1][0] - times[0][0]
        then = times[0][0] + interval - times[1][0]
        if then < CLOSER * apart:
            self._awaited = times[0][1]
            return True
        return False
