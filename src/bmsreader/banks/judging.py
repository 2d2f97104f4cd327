"""Judge how a bank is doing from how its packs are doing."""

from collections.abc import Sequence
from dataclasses import dataclass

from bmsreader.model.battery import BatteryState

ENOUGH = 50.0
"""% of the capacity that has to be seen for a bank to be live."""
IN_DETAIL = 3
"""Of so many packs that are not live the reason is told; of more, the state only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """How one pack is doing."""

    name: str
    """As the owner calls it."""
    state: BatteryState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state of a bank, and why."""

    state: BatteryState
    reason: str = ""


def judge(members: Sequence[Member], *, is_covered: bool, share: float, words: str) -> Judgement:
    """Return how a bank is doing.

    It is live while each of its parts in series is seen and at least half of its capacity (``share``, %) is; ``words``
    say how much. With fewer packs its values are not those of the bank: it is stale. Without any it is what its packs
    are, if they are all alike, and the worst of it otherwise.
    """
    away = [member for member in members if member.state is not BatteryState.LIVE]
    if len(away) < len(members):
        if is_covered and share >= ENOUGH:
            return Judgement(BatteryState.LIVE)
        why = "the voltage needs every part in series" if not is_covered else "that is too little to speak for the bank"
        return Judgement(BatteryState.STALE, f"{words}: {why}; {_told(away)}")
    states = {member.state for member in members}
    for state in (BatteryState.UNREACHABLE, BatteryState.BUSY, BatteryState.STALE, BatteryState.ASLEEP):
        if state in states:
            return Judgement(state, f"no pack is seen; {_told(away)}")
    return Judgement(BatteryState.UNREACHABLE, "it has no packs")


def _told(away: Sequence[Member]) -> str:
    detailed = len(away) <= IN_DETAIL
    return ", ".join(
        f"{one.name} is {one.state}{f' ({one.reason})' if detailed and one.reason else ''}" for one in away
    )
