"""Judge how a battery is doing from what is known of it."""

from dataclasses import dataclass

from bmsreader.model.battery import BatteryState
from bmsreader.model.errors import BatteryBusy, BmsReaderError, NotHeard, NoValidAnswer, Unreachable
from bmsreader.model.reading import Reading

MISSED = 3
"""So many readings may be missed before a battery stops to be live."""
AT_LEAST = 15.0
"""s for which a reading counts as live at least, however short the interval: one reconnection takes so long."""
REST = 0.5
"""A; below this a pack counts as at rest. This family measures in steps of up to 0.2 A."""
RELEASED = "released for the phone app"
"""How the reason begins while the owner has let a battery go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a judgement needs, at one moment."""

    age: float | None
    """s since the last accepted reading, by a monotonic clock; None = never."""
    interval: float
    reading: Reading | None = None
    """The last accepted one."""
    frozen: str | None = None
    """Why the values count as frozen; None = they do not."""
    error: BmsReaderError | None = None
    """What went wrong since the last accepted reading; None = nothing."""
    released: str | None = None
    """Until when the owner let it go, in words; None = not."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A state, and why."""

    state: BatteryState
    reason: str = ""


def fresh_for(interval: float) -> float:
    """Return for how many seconds a reading counts as live."""
    return max(AT_LEAST, MISSED * interval)


def judge(facts: Facts) -> Judgement:
    """Return the state of a battery; the reason is for its owner."""
    if facts.released is not None:
        return Judgement(BatteryState.BUSY, f"{RELEASED} until {facts.released}")
    if facts.age is not None and facts.age <= fresh_for(facts.interval):
        if facts.frozen is not None:
            return Judgement(BatteryState.STALE, facts.frozen)
        return Judgement(BatteryState.LIVE)
    error = facts.error
    if error is None:
        return Judgement(BatteryState.UNREACHABLE, "not read yet" if facts.age is None else "no reading in time")
    if isinstance(error, BatteryBusy):
        return Judgement(BatteryState.BUSY, str(error))
    if isinstance(error, Unreachable):
        return _out_of_the_air(facts, error)
    if isinstance(error, NoValidAnswer) and facts.age is not None:
        return Judgement(BatteryState.STALE, str(error))
    return Judgement(BatteryState.UNREACHABLE, str(error))


def _out_of_the_air(facts: Facts, error: BmsReaderError) -> Judgement:
    """Tell a battery that sleeps from one that is away: only a resting one switches its radio off."""
    current = facts.reading.current if facts.reading is not None else None
    if current is None:
        return Judgement(BatteryState.UNREACHABLE, str(error))
    if abs(current) < REST and isinstance(error, NotHeard):
        return Judgement(
            BatteryState.ASLEEP, f"not on the air, and it was at rest when last read ({current:+.1f} A): it sleeps"
        )
    if isinstance(error, NotHeard):
        return Judgement(
            BatteryState.UNREACHABLE,
            f"{error}; it was in use when last read ({current:+.1f} A), so it is out of range or held by a phone",
        )
    return Judgement(BatteryState.UNREACHABLE, str(error))
