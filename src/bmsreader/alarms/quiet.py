"""Hours in which nobody wants to be woken for what can wait."""

import re
from dataclasses import dataclass
from datetime import time

from bmsreader.model.errors import UsageError

FORM = r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)"
"""Such as ``22:00-07:00``."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of day to another, over midnight where the second is earlier; local time."""

    start: time
    end: time
    """Not included."""

    @classmethod
    def parse(cls, text: str) -> "Quiet | None":
        """Return the hours that a text names; None for an empty one. Raise UsageError for anything else."""
        if not text.strip():
            return None
        found = re.fullmatch(FORM, text.strip())
        if found is None:
            raise UsageError(f"quiet hours are two times of day, such as 22:00-07:00, not {text!r}")
        first, minute, last, until = map(int, found.groups())
        return cls(time(first, minute), time(last, until))

    def covers(self, now: time) -> bool:
        """Return whether it is quiet at this time of day."""
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end
