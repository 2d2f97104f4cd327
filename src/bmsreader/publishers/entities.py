"""What Home Assistant shows of a battery: one table, from a key of its state to name, unit and kind."""

from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from bmsreader.model.alarm import EdgeKind
from bmsreader.model.battery import BatteryInfo, BatteryState
from bmsreader.publishers.values import alarm_names, layout

Platform = Literal["sensor", "binary_sensor", "button", "event"]

DIAGNOSTIC = "diagnostic"
MEASUREMENT = "measurement"
INCREASING = "total_increasing"

RELEASE_MINUTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One line on Home Assistant's page of a battery."""

    key: str
    """Key of the value in the state, and end of the entity's identity."""
    name: str
    """Without the name of the battery: Home Assistant puts that before it."""
    platform: Platform = "sensor"
    device_class: str | None = None
    state_class: str | None = None
    unit: str | None = None
    precision: int | None = None
    category: str | None = None
    icon: str | None = None
    options: tuple[str, ...] = ()
    enabled: bool = True
    """Whether it is shown before the owner asks for it."""
    always: bool = False
    """It says how the battery is doing, so it is available even when the battery is not."""
    press: tuple[str, str] | None = None
    """Command and payload of a button."""
    happens: tuple[str, ...] = ()
    """What can happen, of an event."""


class _Look(TypedDict, total=False):
    category: str
    icon: str
    enabled: bool
    always: bool


def _sensor(
    key: str,
    name: str,
    unit: str | None = None,
    precision: int | None = None,
    *,
    kind: str | None = None,
    state_class: str | None = None,
    options: tuple[str, ...] = (),
    **look: Unpack[_Look],
) -> Entity:
    return Entity(
        key=key,
        name=name,
        unit=unit,
        precision=precision,
        device_class=kind,
        state_class=state_class,
        options=options,
        **look,
    )


def _gauge(key: str, name: str, unit: str, precision: int, kind: str | None = None, **look: Unpack[_Look]) -> Entity:
    return _sensor(key, name, unit, precision, kind=kind, state_class=MEASUREMENT, **look)


def _counter(key: str, name: str, unit: str, precision: int, kind: str | None = None, **look: Unpack[_Look]) -> Entity:
    return _sensor(key, name, unit, precision, kind=kind, state_class=INCREASING, **look)


def _flag(key: str, name: str, kind: str | None = None, **look: Unpack[_Look]) -> Entity:
    return Entity(key=key, name=name, platform="binary_sensor", device_class=kind, **look)


TABLE: tuple[Entity, ...] = (
    _gauge("soc", "State of charge", "%", 0, "battery"),
    _gauge("pack_voltage", "Voltage", "V", 2, "voltage"),
    _gauge("current", "Current", "A", 2, "current"),
    _gauge("power", "Power", "W", 0, "power"),
    _gauge("charge_power", "Charge power", "W", 0, "power"),
    _gauge("discharge_power", "Discharge power", "W", 0, "power"),
    _sensor("activity", "Activity", kind="enum", options=("idle", "charging", "discharging")),
    _flag("charging", "Charging", "battery_charging"),
    _gauge("remaining_capacity", "Remaining capacity", "Ah", 1, icon="mdi:battery-heart"),
    _gauge("remaining_energy", "Stored energy", "Wh", 0, "energy_storage"),
    _counter("energy_in_kwh", "Energy in", "kWh", 2, "energy"),
    _counter("energy_out_kwh", "Energy out", "kWh", 2, "energy"),
    _counter("charge_in", "Charge in", "Ah", 1, icon="mdi:battery-plus", category=DIAGNOSTIC, enabled=False),
    _counter("charge_out", "Charge out", "Ah", 1, icon="mdi:battery-minus", category=DIAGNOSTIC, enabled=False),
    _gauge("hours_to_empty", "Time to empty", "h", 1, "duration"),
    _gauge("hours_to_full", "Time to full", "h", 1, "duration"),
    _gauge("full_charge_capacity", "Full charge capacity", "Ah", 1, category=DIAGNOSTIC, icon="mdi:battery-high"),
    _gauge("design_capacity", "Design capacity", "Ah", 1, category=DIAGNOSTIC, icon="mdi:battery-outline"),
    _gauge("soh", "State of health", "%", 0, category=DIAGNOSTIC, icon="mdi:battery-heart-variant"),
    _gauge(
        "health", "Health by the battery", "%", 0, icon="mdi:battery-heart-variant", category=DIAGNOSTIC, enabled=False
    ),
    _gauge(
        "max_error", "State of charge error", "%", 0, icon="mdi:plus-minus-variant", category=DIAGNOSTIC, enabled=False
    ),
    _counter("cycle_count", "Cycles", "cycles", 0, category=DIAGNOSTIC, icon="mdi:battery-sync"),
    _gauge("cell_min", "Lowest cell", "V", 3, "voltage", category=DIAGNOSTIC),
    _gauge("cell_max", "Highest cell", "V", 3, "voltage", category=DIAGNOSTIC),
    _gauge("cell_spread", "Cell difference", "V", 3, "voltage", category=DIAGNOSTIC),
    _flag("problem", "Problem", "problem"),
    _flag("alarm", "Alarm", "problem", always=True),
    _sensor("what_is_wrong", "What is wrong", icon="mdi:message-alert", always=True),
    _sensor("alarms", "Alarms", category=DIAGNOSTIC, icon="mdi:alert"),
    _flag("charge_switch", "Charge switch", category=DIAGNOSTIC),
    _flag("discharge_switch", "Discharge switch", category=DIAGNOSTIC),
    _flag("charge_enabled", "Charging allowed", category=DIAGNOSTIC, enabled=False),
    _flag("discharge_enabled", "Discharging allowed", category=DIAGNOSTIC, enabled=False),
    _flag("heater", "Heater", "running", category=DIAGNOSTIC),
    _flag("link", "Link", "connectivity", category=DIAGNOSTIC, always=True),
    _sensor(
        "state",
        "State",
        kind="enum",
        options=tuple(state.value for state in BatteryState),
        category=DIAGNOSTIC,
        always=True,
    ),
    _sensor("reason", "Reason", category=DIAGNOSTIC, icon="mdi:comment-question-outline", enabled=False, always=True),
    _gauge("signal", "Signal", "dBm", 0, "signal_strength", always=True, category=DIAGNOSTIC, enabled=False),
    _sensor("last_seen", "Last reading", kind="timestamp", always=True, category=DIAGNOSTIC, enabled=False),
)
"""Every entity that does not depend on the number of cells, sensors and alarms."""

OF_BANK: tuple[Entity, ...] = (
    _sensor("packs_seen", "Packs seen", icon="mdi:battery-check", state_class=MEASUREMENT, always=True),
    _sensor("packs", "Packs", icon="mdi:battery-unknown", category=DIAGNOSTIC, always=True),
    _gauge("capacity_seen", "Capacity seen", "%", 0, icon="mdi:battery-sync", category=DIAGNOSTIC, always=True),
    _gauge("imbalance", "Imbalance of the packs", "%", 1, icon="mdi:scale-unbalanced"),
    _gauge("midpoint_drift", "Midpoint drift", "V", 3, "voltage"),
    _sensor("limiting_pack", "Limiting pack", icon="mdi:battery-alert-variant-outline"),
)
"""What only a bank has."""

OF_RADIO = frozenset({"signal"})
"""What a bank has not: there is no radio to it."""

BUTTONS = (
    Entity(
        key="refresh",
        name="Read now",
        platform="button",
        category=DIAGNOSTIC,
        icon="mdi:refresh",
        always=True,
        press=("refresh", "1"),
    ),
    Entity(
        key="release",
        name="Release for the phone app",
        platform="button",
        category=DIAGNOSTIC,
        icon="mdi:cellphone-link",
        always=True,
        press=("release", str(RELEASE_MINUTES)),
    ),
)

EVENTS = (
    Entity(
        key="event",
        name="Alarm event",
        platform="event",
        icon="mdi:bell-alert",
        always=True,
        happens=tuple(str(kind) for kind in EdgeKind),
    ),
)


def entities(info: BatteryInfo) -> tuple[Entity, ...]:
    """Return the entities of a battery: those whose value is in its state, buttons and events."""
    keys = set(layout(info).keys)
    return (
        *(entity for entity in TABLE if entity.key in keys and not (info.kind == "bank" and entity.key in OF_RADIO)),
        *(OF_BANK if info.kind == "bank" else ()),
        *(_cell(n) for n in _numbers(keys, "cell_")),
        *(_temperature(n) for n in _numbers(keys, "temperature_")),
        *(_alarm(name) for name in alarm_names(info) if f"alarm_{name}" in keys),
        *BUTTONS,
        *EVENTS,
    )


def _numbers(keys: set[str], start: str) -> list[int]:
    ends = (key.removeprefix(start) for key in keys if key.startswith(start))
    return sorted(int(end) for end in ends if end.isdecimal())


def _cell(number: int) -> Entity:
    return _gauge(f"cell_{number}", f"Cell {number}", "V", 3, "voltage", category=DIAGNOSTIC)


def _temperature(number: int) -> Entity:
    return _gauge(f"temperature_{number}", f"Temperature {number}", "°C", 1, "temperature")


def _alarm(name: str) -> Entity:
    return _flag(f"alarm_{name}", f"Alarm: {name.replace('_', ' ')}", "problem", category=DIAGNOSTIC)
