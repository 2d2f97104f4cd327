"""A rule: when a number of a battery becomes an alarm, and when that is over."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bmsreader.model.alarm import Category, Severity, Source
from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot
from bmsreader.model.errors import UsageError
from bmsreader.model.quantity import AGE, Quantity, quantity
from bmsreader.model.reading import Reading

Only = Literal["always", "charging", "discharging", "rest"]

REST_PART, REST = 0.02, 0.5
"""At rest flows at most this part of the capacity in A (4 A at 200 Ah), or so many A where that is more. The voltage of
a cell moves by less than 1 mV then."""

ALL, BATTERIES, BANKS = "all", "batteries", "banks"
"""Words that stand for several batteries where names are expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Exactly one of ``below`` and ``above`` is set."""

    name: str
    """What its alarms are called; each rule has its own."""
    field: str
    """Name of a quantity (``model.quantity``), or ``age``: s since the last reading."""
    below: float | None = None
    above: float | None = None
    hysteresis: float = 0.0
    """How far back across the limit the value has to come before the alarm is over."""
    duration: float = 0.0
    """s for which the value has to be beyond the limit, and for which it has to be back."""
    only: Only = "always"
    """When the rule looks: what charging or discharging means ends with it, and a value that is judged at rest is not
    judged at all while current flows."""
    batteries: tuple[str, ...] = ()
    """Names of the batteries and banks that it is for, or the words above; empty: all batteries, but no banks."""
    severity: Severity = Severity.WARNING
    category: Category = Category.CHARGE
    asleep: bool = True
    """Of ``age``: whether a battery counts that rests with its radio off."""
    text: str = ""
    """A sentence of the owner's own; empty: made of the values."""

    def __post_init__(self) -> None:
        """Raise UsageError for a rule that makes no sense."""
        if (self.below is None) == (self.above is None):
            raise UsageError(f"the rule {self.name!r} needs one limit: either `below` or `above`")
        if self.field != AGE and quantity(self.field) is None:
            raise UsageError(f"the rule {self.name!r} asks for {self.field!r}, which no battery has")

    @property
    def source(self) -> Source:
        """Who says so: that nothing comes is the gateway's own finding."""
        return Source.GATEWAY if self.field == AGE else Source.RULE

    @property
    def limit(self) -> float:
        """The one that is set."""
        return self.below if self.below is not None else self.above or 0.0

    @property
    def quantity(self) -> Quantity | None:
        """What it looks at; None: the age of the last reading."""
        return quantity(self.field)

    @property
    def unit(self) -> str:
        """Of its values and its limit."""
        return "s" if self.quantity is None else self.quantity.unit

    @property
    def is_of_bank(self) -> bool:
        """Whether it looks at how the packs of a bank stand to each other."""
        found = self.quantity
        return found is not None and found.of_bank is not None

    def concerns(self, info: BatteryInfo) -> bool:
        """Return whether it is for this battery."""
        return concerns(self.batteries, info) if self.batteries else info.kind == "battery"

    def counts(self, state: BatteryState) -> bool:
        """Return whether the age of a battery counts while it is in this state."""
        return self.asleep or state is not BatteryState.ASLEEP

    def is_beyond(self, value: float) -> bool:
        """Return whether a value is on the wrong side of the limit."""
        return value < self.limit if self.below is not None else value > self.limit

    def is_back(self, value: float) -> bool:
        """Return whether a value is back on the right side, by the hysteresis."""
        if self.below is not None:
            return value >= self.limit + self.hysteresis
        return value <= self.limit - self.hysteresis

    def words(self, value: float) -> str:
        """Return a sentence for this value."""
        if self.text:
            return self.text
        side = "below" if self.below is not None else "above"
        if self.quantity is None:
            return f"No fresh values for {span(value)}."
        while_ = {"charging": " while it is charged", "discharging": " while it is discharged", "rest": " at rest"}
        told, limit = self.quantity.told(value), self.quantity.told(self.limit)
        return f"{self.quantity.words}: {told}, {side} {limit}{while_.get(self.only, '')}."


_CATEGORIES: tuple[tuple[str, Category], ...] = (
    (AGE, Category.COMMUNICATION),
    ("capacity_share", Category.COMMUNICATION),
    ("cell_", Category.CELL),
    ("temperature_", Category.TEMPERATURE),
    ("pack_voltage", Category.VOLTAGE),
    ("midpoint_drift", Category.VOLTAGE),
    ("current", Category.CURRENT),
    ("power", Category.CURRENT),
    ("soh", Category.HARDWARE),
    ("health", Category.HARDWARE),
    ("cycle_count", Category.HARDWARE),
    ("full_charge_capacity", Category.HARDWARE),
)
"""What a field, or those that begin like this, are about; all others are about charge."""


def category_of(field: str) -> Category:
    """Return what an alarm about this field is about."""
    return next((category for start, category in _CATEGORIES if field.startswith(start)), Category.CHARGE)


def concerns(names: Collection[str], info: BatteryInfo) -> bool:
    """Return whether one of these means this battery or bank: slug, name, id, address, or one of the words above."""
    called = {info.slug, info.name.casefold(), info.id.casefold(), ALL, BANKS if info.kind == "bank" else BATTERIES}
    if info.address is not None:
        called.add(info.address.casefold())  # another than the id where a battery took the place of an older one
    return not called.isdisjoint(name.casefold() for name in names)


def looks(only: Only, reading: Reading | None) -> bool | None:
    """Return whether what a rule is limited to is the case; None where that leaves nothing to be said.

    A current that is not reported says nothing; neither does a current that flows, to a rule that looks at rest.
    """
    if only == "always":
        return True
    if reading is None or reading.current is None:
        return None
    if only == "charging":
        return reading.current > 0
    if only == "discharging":
        return reading.current < 0
    capacity = reading.full_charge_capacity or reading.design_capacity or 0.0
    return True if abs(reading.current) <= max(REST, REST_PART * capacity) else None


def value_of(rule: Rule, snapshot: Snapshot) -> float | None:
    """Return the number that a rule looks at; None where there is none."""
    found = rule.quantity
    if found is None or found.of_bank is not None:
        return fact_of(rule, snapshot.bank)
    return None if snapshot.reading is None else found.get(snapshot.reading)


def fact_of(rule: Rule, facts: BankFacts | None) -> float | None:
    """Return the number of a bank that a rule looks at; None where there is none."""
    found = rule.quantity
    return None if facts is None or found is None or found.of_bank is None else found.of_bank(facts)


def span(seconds: float) -> str:
    """Return a time span in words: 45 s, 12 min, 3 h, 2 days."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86_400:.0f} days"
