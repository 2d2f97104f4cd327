"""The state of a battery as one flat JSON object: the same keys in each message, ``None`` for what is not known now.

A key that is also a name of ``Reading`` or ``Totals`` has their unit and sign; every other unit is part of the key.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot, Totals
from bmsreader.model.reading import DEAD_CELL, Reading

Value = str | int | float | None
Getter = Callable[[Reading], Value]

NOMINAL_CELL_VOLTAGE = 3.2
"""V of a lithium iron phosphate cell; the labels of batteries are computed with it (100 Ah, 4 cells: 1,280 Wh)."""

ANSWERING = frozenset({BatteryState.LIVE, BatteryState.STALE})
"""States in which the link to the battery works."""

ON, OFF = "ON", "OFF"
NO_ALARM = "none"

LONGEST_TEXT = 250
"""Characters; Home Assistant refuses a state of more than 255."""


def switched(on: bool | None) -> str | None:
    """Return a switch as house automations expect it."""
    return None if on is None else ON if on else OFF


def rounded(number: float | None, digits: int = 3) -> float | None:
    """Return a number without the noise of binary fractions, and without the sign of a negative zero."""
    return None if number is None else round(number, digits) + 0.0


def shortened(text: str) -> str:
    """Return a text that Home Assistant takes as a state."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def activity(reading: Reading) -> str | None:
    """Return what the battery does, by its current."""
    if reading.current is None:
        return None
    return "charging" if reading.current > 0 else "discharging" if reading.current < 0 else "idle"


def _number(name: str) -> dict[str, Getter]:
    return {name: lambda reading: rounded(getattr(reading, name))}


def _switch(name: str) -> dict[str, Getter]:
    return {name: lambda reading: switched(getattr(reading, name))}


def _hours(name: str) -> Getter:
    def hours(reading: Reading) -> float | None:
        seconds: float | None = getattr(reading, name)
        return None if seconds is None else rounded(seconds / 3600, 2)

    return hours


_OF_FIELD: Mapping[str, Mapping[str, Getter]] = {
    "pack_voltage": _number("pack_voltage"),
    "current": {
        **_number("current"),
        "activity": activity,
        "charging": lambda reading: None if reading.current is None else switched(reading.current > 0),
    },
    "power": {
        **_number("power"),
        "charge_power": lambda reading: None if reading.power is None else rounded(max(reading.power, 0.0)),
        "discharge_power": lambda reading: None if reading.power is None else rounded(max(-reading.power, 0.0)),
    },
    "soc": _number("soc"),
    "remaining_capacity": _number("remaining_capacity"),
    "full_charge_capacity": _number("full_charge_capacity"),
    "design_capacity": _number("design_capacity"),
    "cycle_count": {"cycle_count": lambda reading: reading.cycle_count},
    "time_to_empty": {"hours_to_empty": _hours("time_to_empty")},
    "time_to_full": {"hours_to_full": _hours("time_to_full")},
    "health": _number("health"),
    "soh": _number("soh"),
    "max_error": _number("max_error"),
    "charge_switch": _switch("charge_switch"),
    "discharge_switch": _switch("discharge_switch"),
    "charge_enabled": _switch("charge_enabled"),
    "discharge_enabled": _switch("discharge_enabled"),
    "heater": _switch("heater"),
}
"""Keys that a battery has when it reports a field."""

_OF_TOTALS: Mapping[str, Callable[[Totals], Value]] = {
    "energy_in_kwh": lambda totals: rounded(totals.energy_in / 1000, 4),
    "energy_out_kwh": lambda totals: rounded(totals.energy_out / 1000, 4),
    "charge_in": lambda totals: rounded(totals.charge_in),
    "charge_out": lambda totals: rounded(totals.charge_out),
}


_OF_BANK: Mapping[str, Callable[[BankFacts], Value]] = {
    "packs": lambda facts: len(facts.packs),
    "packs_seen": lambda facts: len(facts.seen),
    "capacity_seen": lambda facts: rounded(facts.capacity_share, 1),
    "imbalance": lambda facts: rounded(facts.imbalance, 1),
    "midpoint_drift": lambda facts: rounded(facts.midpoint_drift),
    "limiting_pack": lambda facts: facts.limiting,
}
"""Keys that only a bank has; what its packs say now, also while these are too few for values of the bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which keys the state of one battery has, and where each comes from; made once, as long as the battery is one."""

    info: BatteryInfo
    measured: tuple[tuple[str, Getter], ...]
    """Keys of the reading: null unless it is the present."""
    counted: tuple[tuple[str, Callable[[Totals], Value]], ...]
    """Keys of the counters: they stay true when the link is lost."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of the state, in order."""
        always = tuple(_about(Snapshot(info=self.info, at=_NEVER, state=BatteryState.UNREACHABLE, since=_NEVER)))
        of_bank = tuple(_OF_BANK) if self.info.kind == "bank" else ()
        return always + of_bank + tuple(key for key, _ in self.measured) + tuple(key for key, _ in self.counted)


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def alarm_names(info: BatteryInfo) -> tuple[str, ...]:
    """Return every alarm that this battery can have; a dead cell is noticed wherever cells are known.

    Those of a bank are named by its packs, and each pack tells its own.
    """
    if info.kind == "bank":
        return ()
    notices_dead_cells = "cell_voltages" in info.fields and DEAD_CELL not in info.alarms
    return (*info.alarms, DEAD_CELL) if notices_dead_cells else info.alarms


def layout(info: BatteryInfo) -> Layout:
    """Return the keys of a battery that is known so far as ``info`` says."""
    measured: dict[str, Getter] = {}
    for field, getters in _OF_FIELD.items():
        if field in info.fields:
            measured |= getters
    if "remaining_capacity" in info.fields and info.cells:
        measured["remaining_energy"] = _stored_in_bank if info.kind == "bank" else _stored_energy(info.cells)
    if "cell_voltages" in info.fields:
        measured |= _cells(info.cells)
    if "temperatures" in info.fields:
        measured |= {f"temperature_{n + 1}": _place("temperatures", n) for n in range(info.sensors)}
    if info.fields:
        measured |= _alarms(info)
    counts = bool(info.fields) and "power" in info.fields
    return Layout(info=info, measured=tuple(measured.items()), counted=tuple(_OF_TOTALS.items()) if counts else ())


def _stored_energy(cells: int) -> Getter:
    def energy(reading: Reading) -> float | None:
        capacity = reading.remaining_capacity
        return None if capacity is None else rounded(capacity * cells * NOMINAL_CELL_VOLTAGE, 1)

    return energy


def _stored_in_bank(reading: Reading) -> float | None:
    """Return what a bank stores, Wh: how many of its cells are in series is what its voltage says."""
    cells = [volts for volts in reading.cell_voltages if volts]
    if reading.remaining_capacity is None or reading.pack_voltage is None or not cells:
        return None
    in_series = round(reading.pack_voltage * len(cells) / sum(cells))
    return rounded(reading.remaining_capacity * in_series * NOMINAL_CELL_VOLTAGE, 1)


def _cells(count: int) -> dict[str, Getter]:
    return {
        "cell_min": lambda reading: min(reading.cell_voltages, default=None),
        "cell_max": lambda reading: max(reading.cell_voltages, default=None),
        "cell_spread": lambda reading: reading.cell_spread,
        **{f"cell_{n + 1}": _place("cell_voltages", n) for n in range(count)},
    }


def _place(name: str, index: int) -> Getter:
    def value(reading: Reading) -> float | None:
        values: tuple[float, ...] = getattr(reading, name)
        return rounded(values[index]) if index < len(values) else None

    return value


def _alarms(info: BatteryInfo) -> dict[str, Getter]:
    def active(name: str) -> Getter:
        return lambda reading: ON if name in reading.alarms else OFF

    return {
        "problem": lambda reading: ON if reading.alarms else OFF,
        "alarms": lambda reading: shortened(", ".join(reading.alarms)) or NO_ALARM,
        **{f"alarm_{name}": active(name) for name in alarm_names(info)},
    }


def iso(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601 with milliseconds, UTC."""
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _about(snapshot: Snapshot) -> dict[str, Value]:
    """Return what is known of a battery whatever its state."""
    reading = snapshot.reading
    return {
        "id": snapshot.info.id,
        "name": snapshot.info.name,
        "state": snapshot.state.value,
        "reason": shortened(snapshot.reason),
        "since": iso(snapshot.since),
        "last_seen": iso(reading.taken_at if reading else None),
        "age": rounded(snapshot.age),
        "link": ON if snapshot.state in ANSWERING else OFF,
        "connected": switched(snapshot.connected),
        "signal": snapshot.signal,
        "interval": snapshot.interval,
        "alarm": ON if any(alarm.is_active for alarm in snapshot.alarms) else OFF,
        "what_is_wrong": shortened("; ".join(one.text for one in snapshot.alarms if one.is_active)) or NO_ALARM,
    }


def state(keys: Layout, snapshot: Snapshot, *, also: Collection[str] = ()) -> dict[str, Value]:
    """Return the state of a battery: values of the reading only while it is the present, else null.

    ``also`` are keys that an earlier run announced and that this run has not seen yet: they are there, and null.
    """
    reading = snapshot.current_reading
    totals = snapshot.totals
    values: dict[str, Value] = _about(snapshot)
    values |= dict.fromkeys(also) | values
    if keys.info.kind == "bank":
        facts = snapshot.bank
        values |= {key: None if facts is None else get(facts) for key, get in _OF_BANK.items()}
    if reading is None:
        values |= dict.fromkeys(key for key, _ in keys.measured)
    else:
        values |= {key: get(reading) for key, get in keys.measured}
    values |= {key: None if totals is None else count(totals) for key, count in keys.counted}
    return values


def forgotten(earlier: Mapping[str, object]) -> dict[str, object]:
    """Return the state that an earlier run left, with no old value in it: nobody has heard of the battery yet."""
    kept = {key: earlier[key] for key in ("id", "name", "last_seen") if key in earlier}
    unknown = {"state": BatteryState.UNREACHABLE.value, "reason": "not heard of since the gateway started", "link": OFF}
    return {**dict.fromkeys(earlier), **kept, **unknown}
