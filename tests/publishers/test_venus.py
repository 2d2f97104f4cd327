from dataclasses import replace
from typing import Any

import pytest

from bmsreader.model.battery import BatteryState
from bmsreader.publishers.venus import venus
from tests.publishers.banks import a_bank
from tests.publishers.mqtt_batteries import a_reading, a_snapshot, an_info, lost


def message(**changes: Any) -> dict[str, Any]:
    said = venus(a_snapshot(reading=a_reading(**changes)))
    assert said is not None
    return said


def test_the_driver_gets_what_it_needs() -> None:
    said = message()

    assert said["Dc"] == {"Voltage": 13.2, "Current": -10.0, "Power": -132.0, "Temperature": 21.5}
    assert said["Soc"] == 80.0
    assert (said["Capacity"], said["InstalledCapacity"], said["Soh"], said["TimeToGo"]) == (80.0, 98.0, 98.0, 28_800)


def test_cells_and_their_extremes_have_numbers_from_one() -> None:
    said = message(cell_voltages=(3.31, 3.29, 3.35, 3.3))

    assert said["Voltages"] == {"Cell1": 3.31, "Cell2": 3.29, "Cell3": 3.35, "Cell4": 3.3}
    assert (said["System"]["MinVoltageCellId"], said["System"]["MaxVoltageCellId"]) == ("C2", "C3")
    assert (said["System"]["MinCellVoltage"], said["System"]["MaxCellVoltage"]) == (3.29, 3.35)
    assert (said["System"]["MinTemperatureCellId"], said["System"]["MaxCellTemperature"]) == ("T1", 22.0)


def test_a_protection_is_an_alarm_and_a_dead_cell_a_warning() -> None:
    said = message(alarms=("charge_over_current", "dead_cell", "something_new"))["Alarms"]

    assert said == {
        "HighCellVoltage": 0,
        "LowCellVoltage": 0,
        "HighChargeCurrent": 2,
        "CellImbalance": 1,
        "InternalFailure": 2,
    }


def test_switches_say_what_is_allowed() -> None:
    said = message(charge_switch=False)

    assert said["Io"] == {"AllowToCharge": 0, "AllowToDischarge": 1}
    assert (said["System"]["NrOfModulesBlockingCharge"], said["System"]["NrOfModulesBlockingDischarge"]) == (1, 0)


def test_no_limit_for_chargers_is_invented() -> None:
    assert "Info" not in message()


def test_counters_are_unknown_before_the_first_commit() -> None:
    said = venus(a_snapshot(totals=None))

    assert said is not None
    assert said["History"] == {
        "ChargeCycles": 12,
        "TotalAhDrawn": None,
        "ChargedEnergy": None,
        "DischargedEnergy": None,
    }


def test_nothing_is_sent_when_the_link_is_lost() -> None:
    assert venus(lost(a_snapshot())) is None
    assert venus(replace(a_snapshot(), state=BatteryState.STALE)) is None


@pytest.mark.parametrize("missing", ["pack_voltage", "current", "soc"])
def test_nothing_is_sent_without_what_the_driver_needs(missing: str) -> None:
    changes: dict[str, Any] = {missing: None}

    assert venus(a_snapshot(reading=a_reading(**changes))) is None


def test_every_message_has_the_same_keys_since_the_driver_keeps_what_it_heard() -> None:
    discharging, charging = message(), message(current=5.0, time_to_empty=None, alarms=("over_discharge",))

    assert [(key, tuple(v) if isinstance(v, dict) else ()) for key, v in discharging.items()] == [
        (key, tuple(v) if isinstance(v, dict) else ()) for key, v in charging.items()
    ]


def test_a_battery_of_many_cells_shows_as_many_as_the_driver_knows() -> None:
    said = venus(a_snapshot(an_info(cells=30), reading=a_reading(cells=30)))

    assert said is not None
    assert len(said["Voltages"]) == 24
    assert said["System"]["NrOfCellsPerBattery"] == 30


def test_a_bank_is_one_battery_of_several_modules() -> None:
    said = venus(a_bank())

    assert said is not None
    assert said["Dc"]["Voltage"] == 26.4
    assert (said["System"]["NrOfModulesOnline"], said["System"]["NrOfModulesOffline"]) == (3, 1)
    assert said["Alarms"] == {"CellImbalance": 1}
