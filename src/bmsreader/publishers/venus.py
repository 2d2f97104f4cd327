"""A battery in the shape that Venus OS drivers read: nested keys that become D-Bus paths on a Victron GX.

The shape is that of ``dbus-mqtt-battery``. The driver keeps what it once heard, so every message has every key that the
battery can fill. Limits for the chargers (``Info.Max...``) are never invented: no battery of ours reports them.
"""

from typing import Any

from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import BatteryInfo, Snapshot, Totals
from bmsreader.model.reading import OF_PACK, WARNINGS, Reading
from bmsreader.publishers.values import alarm_names, rounded

REPEAT = 25.0
"""s after which a message is sent again: the driver gives up after 60 s of silence, and may have started since."""

MOST_CELLS = 24
"""Cells that the driver knows."""

ALARM_PATHS = {
    "cell_over_voltage": "HighCellVoltage",
    "over_discharge": "LowCellVoltage",
    "charge_over_current": "HighChargeCurrent",
    "discharge_over_current": "HighDischargeCurrent",
    "discharge_over_current_2": "HighDischargeCurrent",
    "short_circuit": "HighDischargeCurrent",
    "charge_over_temperature": "HighChargeTemperature",
    "charge_under_temperature": "LowChargeTemperature",
    "discharge_over_temperature": "HighTemperature",
    "discharge_under_temperature": "LowTemperature",
    "dead_cell": "CellImbalance",
}
"""Where the alarms of batteries are shown; all others are shown as ``InternalFailure``."""

OTHER_ALARM = "InternalFailure"
WARNING, ALARM = 1, 2


def venus(snapshot: Snapshot) -> dict[str, Any] | None:
    """Return the message of a live battery; None when nothing must be sent, since the driver would show it as true.

    It needs at least voltage, current and state of charge.
    """
    reading = snapshot.current_reading
    if reading is None or reading.pack_voltage is None or reading.power is None or reading.soc is None:
        return None
    info = snapshot.info
    temperatures = reading.temperatures
    message: dict[str, Any] = {
        "Dc": {
            "Voltage": rounded(reading.pack_voltage),
            "Current": rounded(reading.current),
            "Power": rounded(reading.power, 1),
            "Temperature": rounded(sum(temperatures) / len(temperatures), 1) if temperatures else None,
        },
        "Soc": reading.soc,
        "Alarms": _alarms(info, reading),
        "History": _history(reading, snapshot.totals),
        "System": _system(info, reading, snapshot.bank),
        "Io": {"AllowToCharge": _flag(reading.charge_switch), "AllowToDischarge": _flag(reading.discharge_switch)},
        "ConnectionInformation": f"bmsreader: {info.name}",
    }
    if "remaining_capacity" in info.fields:
        message["Capacity"] = rounded(reading.remaining_capacity)
        message["InstalledCapacity"] = rounded(reading.full_charge_capacity or reading.design_capacity)
    if "soh" in info.fields:
        message["Soh"] = reading.soh
    if "time_to_empty" in info.fields:
        message["TimeToGo"] = None if reading.time_to_empty is None else round(reading.time_to_empty)
    if reading.cell_voltages:
        message["Voltages"] = {f"Cell{n}": v for n, v in enumerate(reading.cell_voltages[:MOST_CELLS], start=1)}
    return message


def _flag(on: bool | None) -> int | None:
    return None if on is None else int(on)


def _alarms(info: BatteryInfo, reading: Reading) -> dict[str, int]:
    levels = dict.fromkeys((ALARM_PATHS.get(name, OTHER_ALARM) for name in alarm_names(info)), 0)
    for alarm in reading.alarms:
        name = alarm.rpartition(OF_PACK)[2]
        path = ALARM_PATHS.get(name, OTHER_ALARM)
        levels[path] = max(levels.get(path, 0), WARNING if name in WARNINGS else ALARM)
    return levels


def _history(reading: Reading, totals: Totals | None) -> dict[str, float | None]:
    return {
        "ChargeCycles": reading.cycle_count,
        "TotalAhDrawn": None if totals is None else rounded(totals.charge_out, 1),
        "ChargedEnergy": None if totals is None else rounded(totals.energy_in / 1000),
        "DischargedEnergy": None if totals is None else rounded(totals.energy_out / 1000),
    }


def _system(info: BatteryInfo, reading: Reading, bank: BankFacts | None) -> dict[str, Any]:
    system: dict[str, Any] = {
        "NrOfCellsPerBattery": info.cells or len(reading.cell_voltages),
        "NrOfModulesOnline": 1 if bank is None else len(bank.seen),
        "NrOfModulesOffline": 0 if bank is None else len(bank.packs) - len(bank.seen),
        "NrOfModulesBlockingCharge": int(reading.charge_switch is False),
        "NrOfModulesBlockingDischarge": int(reading.discharge_switch is False),
    }
    if reading.cell_voltages:
        system |= _extremes(reading.cell_voltages, "{}CellVoltage", "{}VoltageCellId", "C")
    if reading.temperatures:
        system |= _extremes(reading.temperatures, "{}CellTemperature", "{}TemperatureCellId", "T")
    return system


def _extremes(values: tuple[float, ...], value_key: str, id_key: str, letter: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word, choose in (("Min", min), ("Max", max)):
        value = choose(values)
        found[value_key.format(word)] = value
        found[id_key.format(word)] = f"{letter}{values.index(value) + 1}"
    return found
