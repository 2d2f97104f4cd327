"""Alarms at work in the gateway: every snapshot passes here, what comes of it is kept, and who tells it is woken."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING

from bmsreader.alarms import Change, Engine, Rule
from bmsreader.gateway.keeping import Keeping
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.states import RELEASED
from bmsreader.model.alarm import Alarm, Edge, EdgeKind, Severity
from bmsreader.model.battery import BatteryState, Snapshot

if TYPE_CHECKING:
    from bmsreader.store import Store
    from bmsreader.store.alarmbook import AlarmBook
    from bmsreader.store.alarms import State

log = logging.getLogger(__name__)

EXPECTED = 600.0
"""s after the start in which a battery with open alarms is waited for; then it is no longer one of this gateway's."""


class Alarming:
    """Raises and clears alarms, keeps them in the history, and gives them to every snapshot that leaves."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        store: "Store | None",
        logbook: Logbook,
        now: Callable[[], datetime],
        keeping: Keeping | None = None,
        on_change: Callable[[Collection[str]], None] = lambda _: None,
    ) -> None:
        """``keeping`` writes the history, at once when something happens to an alarm.

        ``on_change`` is called with the ids of batteries whose alarms changed although no snapshot of theirs passed.
        """
        self.book = _book(store)
        self._logbook = logbook
        self._now = now
        self._clock = asyncio.get_running_loop().time
        self._keeping = keeping
        self._on_change = on_change
        self._names: dict[str, str] = {}
        self._changed: set[str] = set()
        self._wakes: list[asyncio.Event] = []
        self._began = self._clock()
        self._engine = Engine(rules, new_id=self.book.new_id, opened=self.book.opened(), heard=self._heard)

    # ---- snapshots pass

    def take(self, snapshot: Snapshot) -> Snapshot:
        """Look at a battery, and return the snapshot with its open alarms."""
        info = snapshot.info
        self._names[info.id] = info.name
        excused = snapshot.state is BatteryState.BUSY and snapshot.reason.startswith(RELEASED)
        self._engine.take(snapshot, now=self._clock(), at=self._at(), excused=excused)
        self._changed.discard(info.id)
        return self.shown(snapshot)

    def shown(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot with the open alarms of its battery."""
        alarms = self._engine.board.of(snapshot.info.id)
        return replace(snapshot, alarms=alarms) if alarms else snapshot

    def gone(self, battery: str) -> None:
        """Take note that a battery is no longer read; its alarms end."""
        self._engine.gone(battery, self._at())
        self._changed.discard(battery)

    def tick(self) -> None:
        """Take note that time has passed."""
        now = self._clock()
        self._engine.tick(now=now, at=self._at())
        if now - self._began > EXPECTED:
            for battery in self._engine.strangers():
                self._engine.gone(battery, self._at())
        self._tell_changed()

    def reload(self, rules: Sequence[Rule]) -> list[str]:
        """Go over to other rules; return in words what changed."""
        before = {rule.name: rule for rule in self._engine.rules}
        after = {rule.name: rule for rule in rules}
        told = [f"alarm rule {name} removed" for name in before if name not in after]
        told += [f"alarm rule {name} added" for name in after if name not in before]
        told += [f"alarm rule {name} changed" for name, rule in after.items() if before.get(name, rule) != rule]
        if told:
            self._engine.change(rules, self._at())
            self._tell_changed()
        return told

    # ---- what others ask

    def alarms(
        self,
        *,
        battery: str | None = None,
        state: "State" = "open",
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Alarm]:
        """Return alarms, the newest last; ``battery`` is an id. Any thread may ask. Raise StoreError."""
        if state == "all":
            return self.book.alarms(battery=battery, state=state, since=since, limit=limit)
        found = [
            one
            for one in self.book.opened()
            if (battery is None or one.battery == battery)
            and (state == "open" or one.is_active)
            and (since is None or one.cleared_at is None or one.cleared_at >= since)
        ]
        return found[max(0, len(found) - limit) :]

    def acknowledge(self, identity: int) -> bool:
        """Take note that the owner knows of an alarm; return whether there is, or was, one with this id."""
        known = self._engine.board.acknowledge(identity, self._at()) is not None
        self._tell_changed()
        return known or 1 <= identity <= self.book.last_alarm

    def acknowledge_all(self) -> int:
        """Acknowledge everything that is open; return how many the owner had not seen."""
        unseen = [one.id for one in self._engine.board.all() if one.acknowledged_at is None]
        for identity in unseen:
            self._engine.board.acknowledge(identity, self._at())
        self._tell_changed()
        return len(unseen)

    def active(self) -> list[Alarm]:
        """Return what is the case now, oldest first."""
        return self._engine.board.active()

    # ---- whoever tells alarms

    def listen(self) -> asyncio.Event:
        """Return an event that is set whenever something happens to an alarm; end it with ``leave``."""
        wake = asyncio.Event()
        self._wakes.append(wake)
        return wake

    def leave(self, wake: asyncio.Event) -> None:
        """Wake nobody by this event any more."""
        self._wakes.remove(wake)

    def edges(self, after: int, limit: int = 100) -> list[Edge]:
        """Return what happened after the edge of this number, in order. Any thread may ask. Raise StoreError."""
        return self.book.edges(after, limit)

    def save_told(self, receiver: str, number: int) -> None:
        """Remember, on disk as soon as possible, up to which edge a receiver was told everything."""
        self.book.save_told(receiver, number)
        if self._keeping is not None:
            self._keeping.hurry()

    # ---- inside

    def _heard(self, change: Change) -> None:
        alarm = change.alarm
        self.book.put(change.kind, change.at, alarm)
        self._changed.add(alarm.battery)
        words = f"{alarm.name}: {alarm.note or alarm.text}" if change.kind is EdgeKind.CLEARED else alarm.text
        self._logbook.note(f"alarm {change.kind}", battery=alarm.battery, detail=words)
        level = logging.WARNING if change.kind is EdgeKind.RAISED else logging.INFO
        if alarm.severity is not Severity.INFO:
            log.log(level, "%s: alarm %s: %s", self._names.get(alarm.battery, alarm.battery), change.kind, words)
        if self._keeping is not None:
            self._keeping.hurry()
        for wake in self._wakes:
            wake.set()

    def _tell_changed(self) -> None:
        changed, self._changed = self._changed, set()
        if changed:
            self._on_change(changed)

    def _at(self) -> datetime:
        """Return the time, as the history writes it: in whole ms."""
        now = self._now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Alarmed:
    """What a gateway answers about alarms."""

    alarming: Alarming

    def alarms(
        self,
        *,
        battery: str | None = None,
        state: "State" = "open",
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Alarm]:
        """Return alarms, the newest last: those ``active``, ``open`` (active or not acknowledged) or ``all``.

        ``battery`` is an id; ``since`` leaves out what ended before. Any thread may ask. Raise StoreError.
        """
        return self.alarming.alarms(battery=battery, state=state, since=since, limit=limit)

    def acknowledge(self, alarm_id: int) -> bool:
        """Take note that the owner knows of an alarm; return whether there is one with this id."""
        return self.alarming.acknowledge(alarm_id)

    def acknowledge_all(self) -> int:
        """Acknowledge every open alarm; return how many the owner had not seen."""
        return self.alarming.acknowledge_all()


def _book(store: "Store | None") -> "AlarmBook":
    """Return the history's book, or one that is forgotten in the end."""
    if store is not None:
        return store.alarm_book
    from bmsreader.store.alarmbook import AlarmBook

    return AlarmBook(RLock(), None)
