"""A history in memory, of the shape that the delivery needs; and readings to put into it."""

from datetime import datetime, timedelta
from typing import Any

from bmsreader.model import BatteryInfo, Reading
from tests.clock import START

HOUSE = BatteryInfo(id="02:00:07:00:00:01", name="House", slug="house", address="02:00:07:00:00:01", cells=4)
BOAT = BatteryInfo(id="02:00:07:00:00:02", name="Boat", slug="boat", address="02:00:07:00:00:02", cells=4)


def reading(battery: BatteryInfo = HOUSE, at: datetime = START, **values: Any) -> Reading:
    """Return a reading as it comes out of the store."""
    known: dict[str, Any] = {
        "battery": battery.id,
        "taken_at": at,
        "protocol": "ej",
        "variant": "status",
        "pack_voltage": 13.2,
        "current": -5.5,
        "soc": 87.0,
        "remaining_capacity": 87.5,
        "full_charge_capacity": 100.5,
        "design_capacity": 100.0,
        "cell_voltages": (3.301, 3.3, 3.299, 3.3),
        "temperatures": (21.0, 22.0),
        "cycle_count": 12,
        "time_to_empty": 57272.0,
        "time_to_full": None,
        "health": None,
        "max_error": None,
        "alarms": (),
        "charge_switch": True,
        "discharge_switch": True,
        "charge_enabled": None,
        "discharge_enabled": None,
        "heater": None,
        "derived": ("pack_voltage",),
        "notes": (),
        "frames": (),
    }
    return Reading(**known | values)


def series(count: int, battery: BatteryInfo = HOUSE, *, begin: datetime = START, every: float = 1.0) -> list[Reading]:
    """Return readings each so many seconds, every one with other values."""
    return [
        reading(
            battery,
            begin + timedelta(seconds=every * number),
            current=round(-5.5 + number % 97 / 100, 2),
            pack_voltage=round(13.2 + number % 13 / 1000, 3),
            cell_voltages=tuple(round(3.3 + (number * cell) % 17 / 1000, 3) for cell in range(1, 5)),
        )
        for number in range(count)
    ]


class Remembered:
    """Readings and positions in memory; ordinals count 1, 2, 3 ... for each battery."""

    def __init__(self, *readings: Reading) -> None:
        self.kept: dict[str, list[Reading]] = {}
        self.positions: dict[tuple[str, str], int] = {}
        for one in readings:
            self.append(one)

    def append(self, one: Reading) -> None:
        self.kept.setdefault(one.battery, []).append(one)

    def after(self, battery_id: str, ordinal: int, limit: int) -> list[tuple[int, Reading]]:
        kept = self.kept.get(battery_id, [])
        return list(enumerate(kept[ordinal : ordinal + limit], ordinal + 1))

    def last(self, battery_id: str) -> tuple[int, Reading] | None:
        kept = self.kept.get(battery_id)
        return (len(kept), kept[-1]) if kept else None

    def position(self, publisher: str, battery_id: str) -> int:
        return self.positions.get((publisher, battery_id), 0)

    def save_position(self, publisher: str, battery_id: str, ordinal: int) -> None:
        self.positions[publisher, battery_id] = ordinal
