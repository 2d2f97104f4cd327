"""Something that the owner should know of a battery: raised once, cleared once, and acknowledged by the owner."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much an alarm matters. They are in order: each is worse than the one before."""

    INFO = "info"
    """Good to know; nothing has to be done."""
    WARNING = "warning"
    """Somebody should look at it soon."""
    CRITICAL = "critical"
    """Something is broken or dangerous, or the battery has switched itself off because of it."""

    @property
    def rank(self) -> int:
        """0 for the mildest, rising."""
        return _SEVERITIES.index(self)


_SEVERITIES = tuple(Severity)


class Category(StrEnum):
    """What an alarm is about."""

    CELL = "cell"
    """Voltage of single cells, or the spread between them."""
    VOLTAGE = "voltage"
    """Voltage of the whole battery."""
    CURRENT = "current"
    """Current, power, or a short circuit."""
    TEMPERATURE = "temperature"
    CHARGE = "charge"
    """How full the battery is."""
    SWITCH = "switch"
    """Charging or discharging is switched off."""
    COMMUNICATION = "communication"
    """No values come."""
    HARDWARE = "hardware"
    """Something of the battery or of its electronics is broken."""


class Source(StrEnum):
    """Who says so."""

    BATTERY = "battery"
    """The battery's own electronics."""
    RULE = "rule"
    """A rule that was applied to its values: the owner's, or one of those that this program brings."""
    GATEWAY = "gateway"
    """The gateway, about its own work with the battery, such as that no values come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm of one battery, from its rise to its end."""

    id: int
    """Unique in this history, rising with time."""
    battery: str
    """``BatteryInfo.id``."""
    name: str
    """What it is, the same word each time: ``cell_overvoltage``, or the name of the rule."""
    category: Category
    severity: Severity
    source: Source
    raised_at: datetime
    """UTC."""
    cleared_at: datetime | None = None
    """UTC; None while it is active."""
    acknowledged_at: datetime | None = None
    """When the owner said "I know", UTC; None before. An alarm that comes back acknowledges the one before it."""
    value: float | None = None
    """What was found when it was raised; None where it has no number."""
    limit: float | None = None
    """What the value went beyond."""
    unit: str = ""
    """Of value and limit."""
    text: str
    """A sentence in English for the owner."""
    note: str = ""
    """How it ended, where that is not plain: its rule was removed, or it ended while the gateway did not run."""

    @property
    def is_active(self) -> bool:
        """Whether it is the case now."""
        return self.cleared_at is None

    @property
    def is_open(self) -> bool:
        """Whether the owner should see it: it is active, or over and not acknowledged."""
        return self.cleared_at is None or self.acknowledged_at is None

    def as_dict(self) -> dict[str, Any]:
        """Return every value under its name, ready for JSON: times as ISO 8601."""
        return {
            "id": self.id,
            "battery": self.battery,
            "name": self.name,
            "category": self.category.value,
            "severity": self.severity.value,
            "source": self.source.value,
            "raised_at": _iso(self.raised_at),
            "cleared_at": _iso(self.cleared_at),
            "acknowledged_at": _iso(self.acknowledged_at),
            "value": self.value,
            "limit": self.limit,
            "unit": self.unit,
            "text": self.text,
            "note": self.note,
        }


class EdgeKind(StrEnum):
    """What happened to an alarm."""

    RAISED = "raised"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One thing that happened to an alarm: each is told once to everybody who wants to know."""

    number: int
    """Place in the order of all edges of this history, from 1 on."""
    kind: EdgeKind
    at: datetime
    """UTC."""
    alarm: Alarm
    """As it was then."""


def as_of(alarm: Alarm, kind: EdgeKind, at: datetime) -> Alarm:
    """Return an alarm as it was when this happened to it, from what became of it later."""
    cleared, acknowledged = alarm.cleared_at, alarm.acknowledged_at
    if kind is EdgeKind.RAISED:
        return replace(alarm, cleared_at=None, acknowledged_at=None, note="")
    if kind is EdgeKind.ACKNOWLEDGED and cleared is not None and cleared > at:
        return replace(alarm, cleared_at=None, note="")
    if kind is EdgeKind.CLEARED and acknowledged is not None and acknowledged > at:
        return replace(alarm, acknowledged_at=None)
    return alarm


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
