"""One figure about a battery's health with its confidence, or the reason why the data does not support it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

Grade = Literal["good", "fair", "poor"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time that a figure was made from, ms since 1970, UTC."""

    start: int
    end: int

    @property
    def days(self) -> float:
        """How long it is, in days."""
        return (self.end - self.start) / 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A value with its interval and grade, or, where ``value`` is None, the ``reason`` why there is none.

    Units: V, Ah, %, ohm (``Ω``), and these per month or year. A cell is named by its number, from 1 on, without unit.
    """

    name: str
    """Such as ``resistance``; the same in every report."""
    unit: str
    value: float | None = None
    low: float | None = None
    """The true value lies between ``low`` and ``high`` in 19 of 20 batteries, under the conditions in ``text``.

    Where there is no value, one of the two may still be known: "at least", "at most".
    """
    high: float | None = None
    grade: Grade | None = None
    """How far the value can be trusted, in a word; None where there is no value."""
    events: int = 0
    """Days, steps, cycles or rests that the value was made from, or that were found but are not enough."""
    span: Span | None = None
    """From the first to the last of these; None without any."""
    reason: str = ""
    """Why there is no value, in words for the owner; empty where there is one."""
    code: str = ""
    """The reason as a word that stays the same in all versions, for translations."""
    text: str = ""
    """What the value means and under which conditions it holds, in words."""
    details: dict[str, float] = field(default_factory=dict)
    """More numbers that ``text`` speaks of, by name: for translations."""

    def as_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON: times as ISO 8601."""
        return {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "low": rounded(self.low),
            "high": rounded(self.high),
            "grade": self.grade,
            "events": self.events,
            "since": None if self.span is None else iso(self.span.start),
            "until": None if self.span is None else iso(self.span.end),
            "reason": self.reason,
            "code": self.code,
            "text": self.text,
            "details": {name: rounded(value) for name, value in self.details.items()},
        }


def missing(name: str, unit: str, code: str, reason: str, **known: Any) -> Finding:
    """Return that a figure cannot be had, and why."""
    return Finding(name=name, unit=unit, code=code, reason=reason, **known)


def iso(stamp: int) -> str:
    """Return a moment, ms since 1970, as ISO 8601."""
    return (EPOCH + timedelta(milliseconds=stamp)).isoformat(timespec="seconds").replace("+00:00", "Z")


def rounded(value: float | None) -> float | None:
    """Return a value with six significant digits: more would only pretend."""
    return None if value is None else float(f"{value:.6g}")
