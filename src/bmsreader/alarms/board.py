"""The alarms that are open: each is raised once and cleared once, and stays until the owner has seen it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bmsreader.model.alarm import Alarm, Category, EdgeKind, Severity, Source

Key = tuple[str, Source, str]
"""Battery, who says it, name: there is never more than one active alarm of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is the case now and was not before."""

    battery: str
    name: str
    category: Category
    severity: Severity
    source: Source
    text: str
    value: float | None = None
    limit: float | None = None
    unit: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same alarm."""
        return self.battery, self.source, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to an alarm."""

    kind: EdgeKind
    at: datetime
    alarm: Alarm


class Board:
    """Holds the open alarms; whoever raises and clears them decides when that is right."""

    def __init__(self, *, new_id: Callable[[], int], opened: Iterable[Alarm] = (), heard: Callable[[Change], None]):
        """``opened`` are those that an earlier run left open; ``heard`` is called with each change, in order."""
        self._new_id = new_id
        self._heard = heard
        self._open: dict[Key, Alarm] = {}
        self._shown: dict[str, tuple[Alarm, ...]] = {}
        for alarm in sorted(opened, key=lambda one: one.id):
            self._put(alarm)

    # ---- looking

    def of(self, battery: str) -> tuple[Alarm, ...]:
        """Return the open alarms of a battery, oldest first."""
        return self._shown.get(battery, ())

    def all(self) -> list[Alarm]:
        """Return all open alarms, oldest first."""
        return sorted(self._open.values(), key=lambda one: one.id)

    def active(self) -> list[Alarm]:
        """Return those that are the case now, oldest first."""
        return [alarm for alarm in self.all() if alarm.is_active]

    # ---- changing

    def raise_(self, found: Finding, at: datetime) -> None:
        """Open an alarm; one of the same kind that was over and still open gives way to it."""
        before = self._open.get(found.key)
        if before is not None and before.is_active:
            return
        if before is not None:
            self._heard(Change(kind=EdgeKind.ACKNOWLEDGED, at=at, alarm=replace(before, acknowledged_at=at)))
        alarm = Alarm(
            id=self._new_id(),
            battery=found.battery,
            name=found.name,
            category=found.category,
            severity=found.severity,
            source=found.source,
            raised_at=at,
            value=found.value,
            limit=found.limit,
            unit=found.unit,
            text=found.text,
        )
        self._changed(EdgeKind.RAISED, at, alarm)

    def clear(self, key: Key, at: datetime, note: str = "") -> None:
        """End an alarm; ``note`` says how, where that is not plain."""
        alarm = self._open.get(key)
        if alarm is not None and alarm.is_active:
            over = replace(alarm, cleared_at=max(at, alarm.raised_at), note=note)  # a clock that was set back or not
            self._changed(EdgeKind.CLEARED, at, over)

    def acknowledge(self, identity: int, at: datetime) -> Alarm | None:
        """Take note that the owner knows; return the alarm, or None where no open one has this id."""
        alarm = next((one for one in self._open.values() if one.id == identity), None)
        if alarm is None or alarm.acknowledged_at is not None:
            return alarm
        seen = replace(alarm, acknowledged_at=at)
        self._changed(EdgeKind.ACKNOWLEDGED, at, seen)
        return seen

    def _changed(self, kind: EdgeKind, at: datetime, alarm: Alarm) -> None:
        self._put(alarm)
        self._heard(Change(kind=kind, at=at, alarm=alarm))

    def _put(self, alarm: Alarm) -> None:
        key = alarm.battery, alarm.source, alarm.name
        self._open.pop(key, None)
        if alarm.is_open:
            self._open[key] = alarm
        of_battery = [one for one in self._open.values() if one.battery == alarm.battery]
        self._shown[alarm.battery] = tuple(sorted(of_battery, key=lambda one: one.id))
