"""Batteries as metrics."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bmsreader.model import BatteryState, Snapshot
from bmsreader.publishers.metrics import battery_metrics, is_live
from tests.clock import START
from tests.gateway.remembered import BOAT, HOUSE, reading
from tests.publishers.snapshots import snapshot

Samples = dict[tuple[str, ...], float]


def samples(*snapshots: Snapshot, now: datetime = START) -> Samples:
    """Return each sample by its name and the values of its labels, the battery first."""
    return {
        (
            one.name,
            one.labels["battery"],
            *(value for name, value in one.labels.items() if name != "battery"),
        ): one.value
        for metric in battery_metrics(snapshots, now)
        for one in metric.samples
    }


def names(found: Samples, slug: str) -> set[str]:
    return {key[0] for key in found if key[1] == slug}


MEASURED = {
    "bms_voltage_volts",
    "bms_current_amperes",
    "bms_power_watts",
    "bms_state_of_charge_ratio",
    "bms_state_of_health_ratio",
    "bms_remaining_charge_coulombs",
    "bms_full_charge_coulombs",
    "bms_design_charge_coulombs",
    "bms_cell_voltage_spread_volts",
    "bms_time_to_empty_seconds",
    "bms_charge_cycles_total",
    "bms_cell_voltage_volts",
    "bms_temperature_celsius",
    "bms_switch_on",
    "bms_alarms",
}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("bms_up", "house"), 1),
        (("bms_voltage_volts", "house"), 13.2),
        (("bms_current_amperes", "house"), -5.5),
        (("bms_power_watts", "house"), -72.6),
        (("bms_state_of_charge_ratio", "house"), 0.87),
        (("bms_state_of_health_ratio", "house"), 1.0),
        (("bms_remaining_charge_coulombs", "house"), 315_000),
        (("bms_cell_voltage_volts", "house", "1"), 3.301),
        (("bms_cell_voltage_spread_volts", "house"), 0.002),
        (("bms_temperature_celsius", "house", "2"), 22),
        (("bms_charge_cycles_total", "house"), 12),
        (("bms_time_to_empty_seconds", "house"), 57272),
        (("bms_switch_on", "house", "charge"), 1),
        (("bms_charged_energy_joules_total", "house"), 5_400_000),
        (("bms_discharged_energy_joules_total", "house"), 1_800_000),
        (("bms_charged_charge_coulombs_total", "house"), 360_000),
        (("bms_unmeasured_seconds_total", "house"), 60),
        (("bms_signal_strength_dbm", "house"), -61),
        (("bms_link_up", "house"), 1),
        (("bms_polls_total", "house"), 7),
        (("bms_rejected_frames_total", "house"), 2),
        (("bms_last_poll_duration_seconds", "house"), 0.25),
        (("bms_interval_seconds", "house"), 10),
        (("bms_last_reading_timestamp_seconds", "house"), 1772366400),
    ],
)
def test_a_live_battery_shows_its_values_in_base_units(key: tuple[str, ...], expected: float) -> None:
    assert samples(snapshot())[key] == expected


@pytest.mark.parametrize("state", [state for state in BatteryState if state is not BatteryState.LIVE])
def test_a_battery_that_is_not_live_has_no_values(state: BatteryState) -> None:
    found = samples(snapshot(state=state), snapshot(BOAT))

    assert found["bms_up", "house"] == 0
    assert MEASURED & names(found, "house") == set()
    assert names(found, "boat") >= MEASURED


def test_a_battery_that_is_not_live_keeps_its_counters_and_the_age_of_its_last_reading() -> None:
    found = samples(snapshot(state=BatteryState.ASLEEP), now=START + timedelta(seconds=90))

    assert found["bms_charged_energy_joules_total", "house"] == 5_400_000
    assert found["bms_reading_age_seconds", "house"] == 90


def test_a_battery_is_in_one_of_its_states() -> None:
    found = samples(snapshot(state=BatteryState.BUSY))

    states = {key[2]: value for key, value in found.items() if key[0] == "bms_state"}
    assert states == {"live": 0, "stale": 0, "asleep": 0, "busy": 1, "unreachable": 0}


def test_what_a_battery_does_not_report_is_absent_and_never_zero() -> None:
    found = samples(snapshot(reading=reading(soc=None, heater=None, cell_voltages=(), temperatures=())))

    assert not {"bms_state_of_charge_ratio", "bms_cell_voltage_volts", "bms_temperature_celsius"} & names(
        found, "house"
    )
    assert ("bms_switch_on", "house", "heater") not in found


def test_a_dead_cell_is_zero() -> None:
    found = samples(snapshot(reading=reading(cell_voltages=(3.3, 0.0, 3.3))))

    assert found["bms_cell_voltage_volts", "house", "2"] == 0


def test_alarms_that_a_battery_knows_are_there_before_they_rise() -> None:
    info = replace(HOUSE, alarms=("over_voltage", "under_voltage"))

    found = samples(snapshot(info, reading=reading(alarms=("under_voltage", "dead_cell"))))

    alarms = {key[1:]: value for key, value in found.items() if key[0] == "bms_alarm_active"}
    assert alarms == {("house", "over_voltage"): 0, ("house", "under_voltage"): 1, ("house", "dead_cell"): 1}
    assert found["bms_alarms", "house"] == 2


def test_facts_are_in_an_info_metric_and_not_in_the_labels_of_values() -> None:
    families = {metric.name: metric for metric in battery_metrics([snapshot(replace(HOUSE, maker="E&J"))], START)}

    labels = families["bms"].samples[0].labels
    assert (labels["name"], labels["manufacturer"], labels["cells"]) == ("House", "E&J", "4")
    assert set(families["bms_voltage_volts"].samples[0].labels) == {"battery"}


def test_a_battery_that_was_never_read_is_down() -> None:
    found = samples(snapshot(state=BatteryState.UNREACHABLE, reading=None, totals=None, signal=None))

    assert found["bms_up", "house"] == 0
    assert "bms_reading_age_seconds" not in names(found, "house")


@pytest.mark.parametrize(
    ("seconds", "interval", "live"), [(59, 1, True), (61, 1, False), (299, 60, True), (301, 60, False)]
)
def test_a_snapshot_that_nobody_renewed_does_not_look_live_for_ever(
    seconds: float, interval: float, live: bool
) -> None:
    assert is_live(snapshot(interval=interval), START + timedelta(seconds=seconds)) is live


def test_a_clock_that_was_put_back_makes_no_negative_age() -> None:
    assert samples(snapshot(), now=START - timedelta(hours=1))["bms_reading_age_seconds", "house"] == 0
