"""The key of a reading is its battery and its moment: no two of a battery share one, whatever the clock does."""

from array import array
from collections.abc import Callable, Collection

REMEMBERED = 2048
"""Moments of the latest readings that are kept in memory, to be compared with when the clock is set back."""

Lookup = Callable[[int], Collection[int]]
"""Returns the moments, from the given one on, of readings that the memory has not."""


class Keys:
    """The moments of one battery's readings, ms."""

    def __init__(self, newest: int | None, lookup: Lookup) -> None:
        self.newest = newest
        """The latest moment of all."""
        self._lookup = lookup
        self._mine = array("q")
        self._taken: set[int] | None = None
        """All moments from where the clock was set back to, until it has passed the latest again."""
        self._taken_from = 0

    def take(self, stamp: int) -> int:
        """Return the moment as it becomes the key: moved on by 1 ms until no other reading has it."""
        if self.newest is None or stamp > self.newest:
            self.newest = stamp
            self._taken = None
        else:
            taken = self._since(stamp)
            while stamp in taken:
                stamp += 1
            taken.add(stamp)
            self.newest = max(self.newest, stamp)
        self._mine.append(stamp)
        if len(self._mine) >= 2 * REMEMBERED:
            del self._mine[:REMEMBERED]
        return stamp

    def _since(self, stamp: int) -> set[int]:
        """Return all moments from one on; looked up once for each time that the clock was set back."""
        if self._taken is None or stamp < self._taken_from:
            self._taken = {*self._lookup(stamp), *self._mine}
            self._taken_from = stamp
        return self._taken
