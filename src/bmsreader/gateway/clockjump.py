"""Notice that the wall clock was set: time stamps before and after do not belong together."""

from collections.abc import Callable
from datetime import datetime

TOLERANCE = 2.0
"""s between two looks that the wall clock may differ: a clock that is being corrected slowly drifts by less."""


class ClockJump:
    """Compares the wall clock with the monotonic clock each time it is asked to."""

    def __init__(
        self,
        wall: Callable[[], datetime],
        monotonic: Callable[[], float],
        *,
        tolerance: float = TOLERANCE,
    ) -> None:
        """Begin to compare now; ``wall`` returns UTC, ``monotonic`` seconds."""
        self._wall = wall
        self._monotonic = monotonic
        self._tolerance = tolerance
        self._offset = self._now()

    def look(self) -> float:
        """Return by how many seconds the clock was set since the last look: positive = forward, 0 = it was not."""
        before, self._offset = self._offset, self._now()
        jump = self._offset - before
        return jump if abs(jump) > self._tolerance else 0.0

    def _now(self) -> float:
        return self._wall().timestamp() - self._monotonic()


def in_words(jump: float) -> str:
    """Return a jump as a sentence for the event record."""
    if jump < 0:
        return f"the clock was set back by {-jump:.0f} s: new readings may carry the times of older ones"
    return f"the clock was set forward by {jump:.0f} s, or the machine slept: this time has no readings"
