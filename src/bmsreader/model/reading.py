"""What a battery said at one moment, in fixed units."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

DEAD_CELL = "dead_cell"
"""Alarm: a cell reports 0 V between living neighbours, or where the pack is known to have one."""

WARNINGS = frozenset({DEAD_CELL})
"""Alarms that warn the owner; every other alarm is a protection: the battery has switched something off."""

OF_PACK = ": "
"""Stands between the slug of a pack and the name of its alarm in the reading of a bank: ``left: dead_cell``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One checked answer of a battery: framed, length-checked, checksum-checked and plausible.

    Units are fixed: V, A, W, Ah, %, s, degrees Celsius, UTC. Positive current charges the battery. ``None`` means
    that this battery did not report the value; it is never replaced by 0.
    """

    battery: str
    """The battery's identity: its Bluetooth address (a UUID on macOS), its serial port, or a name of the owner's."""
    taken_at: datetime
    """When the last byte of the answer arrived, UTC."""
    protocol: str
    """Id of the description that decoded it, such as ``ej``."""
    variant: str
    """Which message, or messages joined by ``+``, of the description the battery answered with."""

    pack_voltage: float | None
    """V. Sum of the cells where the battery does not send it (then listed in ``derived``)."""
    current: float | None
    """A, positive = charging."""
    soc: float | None
    """State of charge, % of the full-charge capacity."""
    remaining_capacity: float | None
    """Ah in the battery now."""
    full_charge_capacity: float | None
    """Ah when full, today."""
    design_capacity: float | None
    """Ah on the label."""
    cell_voltages: tuple[float, ...]
    """V, in order. A dead cell is 0.0 and keeps its place. Empty when the message carries no cells."""
    temperatures: tuple[float, ...]
    """Degrees Celsius of the sensors that are present, in order; see the description for the absent-sensor rule."""
    cycle_count: int | None
    """Full charge-discharge cycles."""
    time_to_empty: float | None
    """s, as the battery estimates it; only while it discharges."""
    time_to_full: float | None
    """s, as the battery estimates it; only while it charges."""
    health: float | None
    """%, as the battery itself claims it. Compare ``soh``, which is derived."""
    max_error: float | None
    """%, the battery's own estimate of the error of its state of charge."""
    alarms: tuple[str, ...]
    """Names of all active alarms, warnings and protections alike."""
    charge_switch: bool | None
    """The charge FET conducts."""
    discharge_switch: bool | None
    """The discharge FET conducts."""
    charge_enabled: bool | None
    """The owner's or the app's setting that allows charging."""
    discharge_enabled: bool | None
    """The owner's or the app's setting that allows discharging."""
    heater: bool | None
    """The cell heater is on."""

    derived: tuple[str, ...]
    """Names of values that the battery did not send and that were computed from what it sent."""
    notes: tuple[str, ...]
    """What the owner should know about this reading, such as a tolerance that was needed to accept it."""
    frames: tuple[bytes, ...]
    """The frames exactly as received: the raw values stay reachable (see ``Codec.explain``)."""

    @property
    def power(self) -> float | None:
        """W, positive = charging: pack voltage times current."""
        if self.pack_voltage is None or self.current is None:
            return None
        return round(self.pack_voltage * self.current, 3)

    @property
    def cell_spread(self) -> float | None:
        """V between the highest and the lowest cell; a dead cell counts."""
        if not self.cell_voltages:
            return None
        return round(max(self.cell_voltages) - min(self.cell_voltages), 3)

    @property
    def soh(self) -> float | None:
        """State of health in %: full-charge capacity over design capacity, at most 100."""
        if not self.full_charge_capacity or not self.design_capacity:
            return None
        return min(100.0, round(100 * self.full_charge_capacity / self.design_capacity, 1))

    @property
    def protections(self) -> tuple[str, ...]:
        """The alarms that are trips: the battery has switched charge or discharge off, or says so."""
        return tuple(alarm for alarm in self.alarms if alarm.rpartition(OF_PACK)[2] not in WARNINGS)

    def as_dict(self) -> dict[str, Any]:
        """Return every value under its name, ready for JSON: times as ISO 8601, frames as text or hex."""
        values: dict[str, Any] = {name: getattr(self, name) for name in FIELDS}
        values |= {name: getattr(self, name) for name in DERIVED}
        values["taken_at"] = self.taken_at.isoformat().replace("+00:00", "Z")
        values["derived"] = [*self.derived, *(name for name in DERIVED if values[name] is not None)]
        values["frames"] = [frame_text(frame) for frame in self.frames]
        return values


FIELDS = tuple(field.name for field in fields(Reading))
"""Names of all values that a reading stores, in order."""

DERIVED = ("power", "cell_spread", "soh", "protections")
"""Names of the values that every reading derives from the stored ones."""


def frame_text(frame: bytes) -> str:
    """Return a frame as the text it is, or as hex where it is not printable ASCII."""
    return frame.decode("ascii") if frame.isascii() and frame.decode("ascii").isprintable() else frame.hex()
