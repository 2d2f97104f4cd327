from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot
from bmsreader.publishers.values import alarm_names, forgotten, layout, shortened, state
from tests.publishers.banks import a_bank, a_bank_reading
from tests.publishers.mqtt_batteries import START, a_reading, a_snapshot, an_info, lost


def values(snapshot: Snapshot) -> dict[str, Any]:
    return state(layout(snapshot.info), snapshot)


def test_a_state_is_flat_and_says_who_when_and_how() -> None:
    said = values(a_snapshot())

    assert not any(isinstance(value, dict | list | tuple | bool) for value in said.values())
    assert (said["id"], said["name"], said["state"], said["reason"]) == ("AA:BB:CC:DD:EE:01", "Cellar", "live", "")
    assert (said["last_seen"], said["age"]) == ("2026-03-01T12:00:00.000Z", 0.25)
    assert (said["link"], said["connected"], said["signal"], said["interval"]) == ("ON", "ON", -67, 10.0)


def test_every_key_is_there_whatever_happens() -> None:
    live = a_snapshot()

    assert tuple(values(live)) == layout(live.info).keys
    assert tuple(values(lost(live))) == layout(live.info).keys
    assert tuple(values(replace(live, reading=None, totals=None, state=BatteryState.ASLEEP))) == layout(live.info).keys


@pytest.mark.parametrize("state_of", [each for each in BatteryState if each is not BatteryState.LIVE])
def test_an_old_value_is_never_shown(state_of: BatteryState) -> None:
    said = values(replace(a_snapshot(), state=state_of, reason="so it is"))

    assert said["state"] == state_of.value
    assert said["reason"] == "so it is"
    assert [
        key for key in ("pack_voltage", "soc", "cell_1", "temperature_1", "problem", "charge_switch") if said[key]
    ] == []


def test_counters_stay_true_when_the_link_is_lost() -> None:
    said = values(lost(a_snapshot()))

    assert (said["energy_in_kwh"], said["energy_out_kwh"], said["charge_in"]) == (12.345, 2.0, 930.0)


def test_counters_are_not_zero_before_they_are_known() -> None:
    assert values(a_snapshot(totals=None))["energy_in_kwh"] is None


@pytest.mark.parametrize(
    ("current", "activity", "charging", "charge_power", "discharge_power"),
    [
        (-10.0, "discharging", "OFF", 0.0, 132.0),
        (5.0, "charging", "ON", 66.0, 0.0),
        (0.0, "idle", "OFF", 0.0, 0.0),
        (None, None, None, None, None),
    ],
)
def test_power_is_also_split_by_direction(
    current: float | None,
    activity: str | None,
    charging: str | None,
    charge_power: float | None,
    discharge_power: float | None,
) -> None:
    said = values(a_snapshot(reading=a_reading(current=current)))

    assert (said["activity"], said["charging"]) == (activity, charging)
    assert (said["charge_power"], said["discharge_power"]) == (charge_power, discharge_power)


def test_zero_has_no_sign() -> None:
    assert str(values(a_snapshot(reading=a_reading(current=-0.0)))["current"]) == "0.0"


def test_a_dead_cell_keeps_its_place() -> None:
    reading = a_reading(cell_voltages=(3.3, 0.0, 3.3, 3.3), alarms=("dead_cell",))
    said = values(a_snapshot(reading=reading))

    assert [said[f"cell_{n}"] for n in (1, 2, 3, 4)] == [3.3, 0.0, 3.3, 3.3]
    assert (said["cell_min"], said["problem"], said["alarm_dead_cell"], said["alarms"]) == (
        0.0,
        "ON",
        "ON",
        "dead_cell",
    )


def test_a_cell_that_the_answer_does_not_have_is_not_known() -> None:
    said = values(a_snapshot(an_info(cells=6), reading=a_reading(cells=4)))

    assert (said["cell_4"], said["cell_5"], said["cell_6"]) == (3.303, None, None)


def test_times_are_in_hours_and_energy_in_kwh_and_both_say_so() -> None:
    said = values(a_snapshot())

    assert (said["hours_to_empty"], said["energy_out_kwh"]) == (8.0, 2.0)


def test_stored_energy_is_counted_as_on_the_label() -> None:
    assert values(a_snapshot(reading=a_reading(remaining_capacity=100.0)))["remaining_energy"] == 1280.0


def test_only_what_a_battery_reports_has_a_key() -> None:
    keys = layout(an_info()).keys

    assert "hours_to_full" not in keys
    assert "health" not in keys


def test_a_battery_that_was_never_read_has_only_its_own_story() -> None:
    unread = BatteryInfo(id="x", name="Boat", slug="boat")

    assert layout(unread).keys == (
        *("id", "name", "state", "reason", "since", "last_seen", "age", "link", "connected", "signal", "interval"),
        *("alarm", "what_is_wrong"),
    )


def test_keys_of_an_earlier_run_stay_until_the_battery_is_read() -> None:
    unread = a_snapshot(BatteryInfo(id="x", name="Boat", slug="boat"), reading=None, state=BatteryState.UNREACHABLE)
    said = state(layout(unread.info), unread, also=("soc", "name"))

    assert said["soc"] is None
    assert said["name"] == "Boat"


def test_a_dead_cell_can_be_noticed_wherever_cells_are_known() -> None:
    assert alarm_names(an_info(alarms=("over_discharge",))) == ("over_discharge", "dead_cell")
    assert alarm_names(an_info(alarms=(), fields=("soc",))) == ()


def test_a_text_is_never_longer_than_home_assistant_takes() -> None:
    assert len(shortened("x" * 300)) == 250
    assert shortened("short") == "short"


def test_what_an_earlier_run_left_is_taken_back() -> None:
    earlier = values(a_snapshot())
    left = forgotten(earlier)

    assert tuple(left) == tuple(earlier)
    assert (left["state"], left["link"], left["name"], left["soc"]) == ("unreachable", "OFF", "Cellar", None)
    assert left["last_seen"] == "2026-03-01T12:00:00.000Z"


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    assert values(a_snapshot(at=START - timedelta(hours=1)))["age"] == 0.0


def test_a_bank_tells_its_packs_also_when_it_is_not_live() -> None:
    said = values(lost(a_bank()))

    assert (said["packs"], said["packs_seen"], said["capacity_seen"]) == (4, 3, 75.0)
    assert said["pack_voltage"] is None


def test_a_live_bank_tells_how_its_packs_stand_to_each_other() -> None:
    said = values(a_bank())

    assert (said["imbalance"], said["midpoint_drift"], said["limiting_pack"]) == (4.0, 0.123, "c")
    assert tuple(said) == layout(a_bank().info).keys


def test_the_energy_of_a_bank_counts_its_cells_in_series_only() -> None:
    assert values(a_bank())["remaining_energy"] == 80.0 * 8 * 3.2
    two_in_parallel = replace(a_bank(), reading=replace(a_bank_reading(), pack_voltage=13.2))
    assert values(two_in_parallel)["remaining_energy"] == 80.0 * 4 * 3.2


def test_the_energy_of_a_bank_without_its_cells_is_not_guessed() -> None:
    assert values(replace(a_bank(), reading=replace(a_bank_reading(), cell_voltages=())))["remaining_energy"] is None


def test_the_alarms_of_a_bank_are_those_of_its_packs_by_name() -> None:
    said = values(a_bank())

    assert (said["problem"], said["alarms"]) == ("ON", "c: dead_cell")
    assert [key for key in said if key.startswith("alarm_")] == []


def test_a_battery_is_no_bank() -> None:
    assert "packs" not in values(a_snapshot())
