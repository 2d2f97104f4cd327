"""One rule on one battery, or one alarm of its own: when it begins and ends, and never because of a single reading."""

from dataclasses import dataclass
from enum import Enum

from bmsreader.alarms.rule import Rule

AT_LEAST = 2
"""Readings in a row that have to agree before an alarm is raised or cleared."""
CALM = 60.0
"""s for which an alarm has to be over before it is cleared, at least: so that it cannot come and go by the minute."""
ENDED = 600.0
"""The same where the value is as it was, but the battery is no longer charged (or discharged): clouds come and go."""


class Turn(Enum):
    """What a look at a battery came to."""

    NOTHING = "nothing"
    RAISE = "raise"
    CLEAR = "clear"


@dataclass(slots=True, eq=False)
class Watch:
    """Counts for how long the opposite of what is known was the case. Times are s of a clock that only goes forward."""

    active: bool = False
    left: bool = False
    """It was raised by an earlier run, and has not been seen to be the case since."""
    since: float | None = None
    """When the first reading of those in a row came that say the opposite; None: the last one did not."""
    count: int = 0
    """How many they are."""
    wait: float = 0.0
    """For how many s they have to say so."""
    value: float | None = None
    """What the last of them had."""

    def forget(self) -> None:
        """Begin to count anew: nothing is known of the time in between."""
        self.since, self.count = None, 0

    def say(self, contrary: bool, now: float, wait: float) -> Turn:
        """Take in whether a reading says the opposite of what is known; ``wait`` s of that turn it round."""
        if not contrary:
            self.since, self.count = None, 0
            self.left = False
            return Turn.NOTHING
        if self.since is None:
            self.since = now
        self.count += 1
        self.wait = wait
        return self.tick(now)

    def tick(self, now: float) -> Turn:
        """Return what is due now that time has passed, and turn round."""
        if self.since is None or self.count < AT_LEAST or now - self.since < self.wait:
            return Turn.NOTHING
        self.since, self.count = None, 0
        self.active = not self.active
        return Turn.RAISE if self.active else Turn.CLEAR


def judge(watch: Watch, rule: Rule, value: float | None, looks: bool | None, now: float) -> Turn:
    """Return what a value means for a rule; None says nothing, neither way.

    ``looks`` is whether what the rule is limited to is the case, such as charging.
    """
    if looks is None or (looks and value is None):
        watch.forget()
        return Turn.NOTHING
    beyond = looks and value is not None and rule.is_beyond(value)
    if not watch.active:
        watch.value = value
        return watch.say(beyond, now, rule.duration)
    if not looks:
        return watch.say(contrary=True, now=now, wait=max(rule.duration, ENDED))
    back = value is not None and rule.is_back(value)
    if not back and not beyond:
        watch.forget()  # between the limit and the hysteresis: as it was
        return Turn.NOTHING
    return watch.say(back, now, max(rule.duration, CALM))
