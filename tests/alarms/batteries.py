"""A battery under watch, by the second, and what became of it: a transcript without any clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bmsreader.alarms import DEFAULTS, Change, Engine, Rule
from bmsreader.model import Alarm, BankFacts, BatteryInfo, BatteryState, EdgeKind, Snapshot
from tests.clock import START
from tests.gateway.made import PLAIN, reading

HOUSE = BatteryInfo(id=PLAIN.battery, name="House", slug="house")


def moment(seconds: float) -> datetime:
    """Return the time of day so many seconds after the start."""
    return START + timedelta(seconds=seconds)


@dataclass(eq=False)
class Watched:
    """An engine with one battery, or several, that tells what happened as ``(second, what, name)``."""

    rules: Sequence[Rule] = DEFAULTS
    opened: Iterable[Alarm] = ()
    now: float = 0.0
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        opened = list(self.opened)
        numbers = count(1 + max((one.id for one in opened), default=0))
        self.engine = Engine(self.rules, new_id=lambda: next(numbers), opened=opened, heard=self.changes.append)

    def says(self, info: BatteryInfo = HOUSE, *, facts: BankFacts | None = None, **values: Any) -> "Watched":
        """The battery gives a reading now."""
        said = reading(self.now, battery=info.id, **values)
        return self._take(info, BatteryState.LIVE, said, facts=facts)

    def is_(
        self,
        state: BatteryState,
        info: BatteryInfo = HOUSE,
        *,
        excused: bool = False,
        facts: BankFacts | None = None,
    ) -> "Watched":
        """The battery comes into a state other than live."""
        return self._take(info, state, None, excused=excused, facts=facts)

    def _take(
        self,
        info: BatteryInfo,
        state: BatteryState,
        said: Any,
        *,
        excused: bool = False,
        facts: BankFacts | None = None,
    ) -> "Watched":
        at = moment(self.now)
        snapshot = Snapshot(info=info, at=at, state=state, since=at, reading=said, bank=facts)
        self.engine.take(snapshot, now=self.now, at=at, excused=excused)
        return self

    def wait(self, seconds: float) -> "Watched":
        """Time passes, with the gateway's tick each 5 s."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(self.now + 5.0, until)
            self.engine.tick(now=self.now, at=moment(self.now))
        return self

    def for_(self, seconds: float, *, every: float = 10.0, **values: Any) -> "Watched":
        """The battery says the same at regular times, from now on and for so long."""
        until = self.now + seconds
        self.says(**values)
        while self.now + every <= until:
            self.wait(every)
            self.says(**values)
        return self

    @property
    def story(self) -> list[tuple[float, str, str]]:
        """What happened: second, what, name."""
        return [((one.at - START).total_seconds(), str(one.kind), one.alarm.name) for one in self.changes]

    @property
    def active(self) -> list[str]:
        """Names of the alarms that are the case."""
        return [one.name for one in self.engine.board.active()]

    def raised(self) -> list[Alarm]:
        """Return every alarm as it was raised."""
        return [one.alarm for one in self.changes if one.kind is EdgeKind.RAISED]

    def cleared(self) -> list[Alarm]:
        """Return every alarm as it was cleared."""
        return [one.alarm for one in self.changes if one.kind is EdgeKind.CLEARED]
