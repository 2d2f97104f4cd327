"""Alarms on MQTT: what is open, retained, and what happens, once: from snapshots to messages, without a network."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bmsreader.model.alarm import Alarm, EdgeKind
from bmsreader.model.battery import Snapshot

FRESH = timedelta(seconds=60)
"""An alarm that is older when a battery is first seen is no news: an earlier run has told it."""

Event = tuple[EdgeKind, Alarm]


class AlarmNews:
    """Remembers over all connections what was told of alarms, so that each thing is told once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, Alarm]] = {}

    def take(self, snapshot: Snapshot) -> list[Event]:
        """Return what happened to the alarms of a battery since its last snapshot, in order."""
        identity = snapshot.info.id
        before = self._known.get(identity)
        now = {alarm.id: alarm for alarm in snapshot.alarms}
        if before is None:
            before = {one.id: one for one in snapshot.alarms if snapshot.at - one.raised_at > FRESH}
        elif before == now:
            return []
        self._known[identity] = now
        gone = [one for key, one in before.items() if key not in now]
        return [
            *(event for alarm in gone for event in _ended(alarm, snapshot)),
            *(event for alarm in now.values() for event in _happened(before.get(alarm.id), alarm)),
        ]

    def forget(self, battery: str) -> None:
        """Forget a battery that is removed."""
        self._known.pop(battery, None)


def _happened(before: Alarm | None, alarm: Alarm) -> Iterator[Event]:
    if before is None:
        yield EdgeKind.RAISED, replace(alarm, cleared_at=None, acknowledged_at=None, note="")
    if alarm.cleared_at is not None and (before is None or before.is_active):
        yield EdgeKind.CLEARED, alarm
    if alarm.acknowledged_at is not None and (before is None or before.acknowledged_at is None):
        yield EdgeKind.ACKNOWLEDGED, alarm


def _ended(alarm: Alarm, snapshot: Snapshot) -> Iterator[Event]:
    """Yield what must have happened to an alarm that is not open any more: it is over, and acknowledged."""
    over = alarm if alarm.cleared_at is not None else replace(alarm, cleared_at=snapshot.at)
    if alarm.is_active:
        yield EdgeKind.CLEARED, over
    if alarm.acknowledged_at is None:
        yield EdgeKind.ACKNOWLEDGED, replace(over, acknowledged_at=snapshot.at)


def event_text(event: Event, slug: str) -> str:
    """Return what happened as JSON; ``event_type`` is how Home Assistant calls it."""
    kind, alarm = event
    return _text({"event_type": str(kind), **alarm.as_dict(), "battery": slug})


def list_text(snapshot: Snapshot) -> str:
    """Return the open alarms of a battery as JSON."""
    return _text([{**alarm.as_dict(), "battery": snapshot.info.slug} for alarm in snapshot.alarms])


def _text(content: object) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)
