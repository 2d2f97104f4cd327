"""What one receiver is told, and when: each alarm once, its end once, again if wanted, at night only what matters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bmsreader.alarms.quiet import Quiet
from bmsreader.alarms.rule import concerns
from bmsreader.model.alarm import Alarm, Edge, EdgeKind, Severity
from bmsreader.model.battery import BatteryInfo

NEWS = timedelta(minutes=5)
"""Of what is older than this, the message says since when."""
MOST_LINES = 12
"""Alarms that one message lists; of more it says how many."""

InfoOf = Callable[[str], BatteryInfo]
"""Returns who a battery is, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What one receiver wants to hear."""

    least: Severity = Severity.WARNING
    """What is milder is not told."""
    batteries: tuple[str, ...] = ()
    """As in a rule; empty: all batteries and banks."""
    quiet: Quiet | None = None
    urgent: Severity = Severity.CRITICAL
    """What is at least so severe is told in quiet hours, too."""
    repeat: float = 0.0
    """s after which an alarm is told again while it lasts and nobody has acknowledged it; 0: never."""
    cleared: bool = True
    """Whether the end of an alarm is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to say now."""

    title: str
    body: str
    severity: Severity
    """Of the worst in it."""
    over: bool
    """It tells of nothing but ends."""
    alarms: tuple[Alarm, ...]


@dataclass(slots=True, eq=False)
class _Pending:
    """What has to be told of one alarm."""

    edge: int
    """Number of the first edge that was not told."""
    alarm: Alarm


class Herald:
    """Collects what happens to alarms and says what is due; whoever sends it says when it arrived."""

    def __init__(self, wishes: Wishes, *, info: InfoOf, position: int = 0) -> None:
        """``position`` is the number of the last edge that was told."""
        self.wishes = wishes
        self._info = info
        self._seen = position
        self._pending: dict[int, _Pending] = {}
        self._told: dict[int, tuple[Alarm, datetime]] = {}

    @property
    def seen(self) -> int:
        """Number of the last edge that was taken in."""
        return self._seen

    @property
    def position(self) -> int:
        """Everything up to this edge is told, or need not be."""
        return min((one.edge - 1 for one in self._pending.values()), default=self._seen)

    @property
    def waiting(self) -> int:
        """How many alarms have something to be told."""
        return len(self._pending)

    def resume(self, active: Iterable[Alarm], now: datetime) -> None:
        """Go on with alarms that an earlier run told: they are repeated from now on."""
        for alarm in active:
            if self._wants(alarm) and alarm.id not in self._pending and alarm.acknowledged_at is None:
                self._told.setdefault(alarm.id, (alarm, now))

    def take(self, edge: Edge) -> None:
        """Take in what happened."""
        self._seen = max(self._seen, edge.number)
        alarm = edge.alarm
        if not self._wants(alarm):
            return
        pending = self._pending.get(alarm.id)
        if edge.kind is EdgeKind.ACKNOWLEDGED:
            self._told.pop(alarm.id, None)
            self._pending.pop(alarm.id, None)
        elif edge.kind is EdgeKind.RAISED:
            self._pending[alarm.id] = _Pending(edge=edge.number, alarm=alarm)
        elif pending is not None:
            pending.alarm = alarm
        else:
            self._told.pop(alarm.id, None)
            if self.wishes.cleared:
                self._pending[alarm.id] = _Pending(edge=edge.number, alarm=alarm)

    def due(self, now: datetime) -> Message | None:
        """Return what is to be said now, in one message; None: nothing. ``now`` is in the receiver's time zone."""
        hushed = self.wishes.quiet is not None and self.wishes.quiet.covers(now.time())
        wait = timedelta(seconds=self.wishes.repeat)
        news = [one.alarm for one in self._pending.values()]
        again = [alarm for alarm, at in self._told.values() if wait and now - at >= wait]
        alarms = [one for one in (*news, *again) if not hushed or one.severity.rank >= self.wishes.urgent.rank]
        if not alarms:
            return None
        worst = max((alarm.severity for alarm in alarms), key=lambda one: one.rank)
        over = all(not alarm.is_active for alarm in alarms)
        lines = [self._line(alarm, now) for alarm in alarms[:MOST_LINES]]
        if len(alarms) > MOST_LINES:
            lines.append(f"... and {len(alarms) - MOST_LINES} more")
        return Message(
            title=self._title(alarms, over=over),
            body="\n".join(lines),
            severity=worst,
            over=over,
            alarms=tuple(alarms),
        )

    def said(self, message: Message, now: datetime) -> None:
        """Take note that a message arrived."""
        for alarm in message.alarms:
            pending = self._pending.get(alarm.id)
            if pending is None and alarm.id not in self._told:
                continue  # it was acknowledged while the message was on its way
            if pending is not None and pending.alarm is not alarm and self.wishes.cleared:
                continue  # it ended while the message was on its way: that is to be told as well
            self._pending.pop(alarm.id, None)
            if pending is None or pending.alarm is alarm:
                self._remember(alarm, now)

    def _remember(self, alarm: Alarm, now: datetime) -> None:
        if alarm.is_active:
            self._told[alarm.id] = (alarm, now)

    # ---- words

    def _wants(self, alarm: Alarm) -> bool:
        wishes = self.wishes
        enough = alarm.severity.rank >= wishes.least.rank
        return enough and (not wishes.batteries or concerns(wishes.batteries, self._info(alarm.battery)))

    def _title(self, alarms: Sequence[Alarm], *, over: bool) -> str:
        if len(alarms) > 1:
            return f"{len(alarms)} alarms are over" if over else f"{len(alarms)} alarms"
        (alarm,) = alarms
        name = alarm.name.replace("_", " ")
        return f"{self._info(alarm.battery).name}: {name}{' is over' if over else ''}"

    def _line(self, alarm: Alarm, now: datetime) -> str:
        begin = f"{self._info(alarm.battery).name}: {alarm.text}"
        if alarm.cleared_at is None:
            return begin if now - alarm.raised_at < NEWS else f"{begin} (since {_clock(alarm.raised_at, now)})"
        lasted = f"{_clock(alarm.raised_at, now)} to {_clock(alarm.cleared_at, now)}"
        return f"{begin} It is over ({lasted}{'; ' if alarm.note else ''}{alarm.note})."


def _clock(at: datetime, now: datetime) -> str:
    """Return a time of day, with the date where it is another one."""
    local = at.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M}"
