"""Every entity keeps the rules of Home Assistant: its own tables of units and state classes, where they concern us."""

import pytest

from bmsreader.model.battery import BatteryInfo
from bmsreader.publishers.entities import OF_BANK, TABLE, Entity, entities
from bmsreader.publishers.values import layout
from tests.publishers.banks import INFO as BANK
from tests.publishers.mqtt_batteries import an_info

EVERYTHING = an_info(
    cells=16,
    sensors=4,
    fields=(
        *("pack_voltage", "current", "soc", "remaining_capacity", "full_charge_capacity", "design_capacity"),
        *("cell_voltages", "temperatures", "cycle_count", "time_to_empty", "time_to_full", "health", "max_error"),
        *("alarms", "charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater"),
        *("power", "cell_spread", "soh", "protections"),
    ),
)

UNITS: dict[str | None, set[str | None]] = {
    "voltage": {"V"},
    "current": {"A"},
    "power": {"W"},
    "battery": {"%"},
    "energy_storage": {"Wh"},
    "energy": {"kWh"},
    "temperature": {"°C"},
    "duration": {"h"},
    "signal_strength": {"dBm"},
    "enum": {None},
    "timestamp": {None},
    None: {None, "%", "Ah", "cycles"},
}
STATE_CLASSES: dict[str | None, set[str | None]] = {
    "energy": {"total_increasing"},
    "enum": {None},
    "timestamp": {None},
    None: {None, "measurement", "total_increasing"},
}
OF_BINARY_SENSORS = {None, "problem", "battery_charging", "connectivity", "running"}


def by_key(info: BatteryInfo = EVERYTHING) -> dict[str, Entity]:
    return {entity.key: entity for entity in entities(info)}


@pytest.mark.parametrize("entity", entities(EVERYTHING), ids=lambda entity: entity.key)
def test_an_entity_keeps_home_assistants_rules(entity: Entity) -> None:
    if entity.platform == "sensor":
        assert entity.unit in UNITS[entity.device_class]
        assert entity.state_class in STATE_CLASSES.get(entity.device_class, {"measurement"})
        assert (entity.precision is not None) == (entity.state_class is not None)
        assert bool(entity.options) == (entity.device_class == "enum")
    else:
        assert entity.device_class in OF_BINARY_SENSORS
        assert (entity.unit, entity.state_class, entity.precision, entity.options) == (None, None, None, ())
    assert entity.category in (None, "diagnostic")


def test_every_value_is_in_the_state() -> None:
    keys = layout(EVERYTHING).keys

    valued = [entity for entity in entities(EVERYTHING) if entity.press is None and not entity.happens]
    assert [entity.key for entity in valued if entity.key not in keys] == []


def test_every_value_of_the_table_can_be_reported() -> None:
    assert {entity.key for entity in TABLE} <= set(by_key())


def test_keys_and_names_are_unique() -> None:
    found = entities(EVERYTHING)

    assert len({entity.key for entity in found}) == len(found)
    assert len({entity.name for entity in found}) == len(found)


def test_each_cell_and_each_sensor_is_an_entity() -> None:
    found = by_key(an_info(cells=4, sensors=2))

    assert [key for key in found if key.startswith("cell_")] == [
        *("cell_min", "cell_max", "cell_spread", "cell_1", "cell_2", "cell_3", "cell_4"),
    ]
    assert [key for key in found if key.startswith("temperature_")] == ["temperature_1", "temperature_2"]


def test_alarms_have_names() -> None:
    found = by_key()

    assert found["alarm_charge_over_current"].name == "Alarm: charge over current"
    assert found["alarm_dead_cell"].device_class == "problem"
    assert found["problem"].category is None


def test_what_is_rarely_wanted_is_off_at_first() -> None:
    assert {"signal", "last_seen", "reason"} <= {key for key, entity in by_key().items() if not entity.enabled}


def test_how_the_battery_is_doing_is_known_even_when_it_is_not_available() -> None:
    always = {key for key, entity in by_key().items() if entity.always}

    about_alarms = {"alarm", "what_is_wrong", "event"}
    assert always == {"link", "state", "reason", "signal", "last_seen", "refresh", "release"} | about_alarms


def test_a_battery_that_was_never_read_has_a_link_and_a_state() -> None:
    found = by_key(BatteryInfo(id="x", name="Boat", slug="boat"))

    about = ["alarm", "what_is_wrong", "link", "state", "reason", "signal", "last_seen"]
    assert list(found) == [*about, "refresh", "release", "event"]


def test_buttons_ask_for_a_reading_or_free_the_link_and_nothing_else() -> None:
    assert {key: entity.press for key, entity in by_key().items() if entity.platform == "button"} == {
        "refresh": ("refresh", "1"),
        "release": ("release", "10"),
    }


def test_a_bank_shows_its_packs_and_has_no_signal() -> None:
    found = by_key(BANK)

    assert {entity.key for entity in OF_BANK} <= set(found)
    assert found["packs_seen"].always
    assert "signal" not in found
    assert [key for key in found if key.startswith("alarm_")] == []
    assert {key for key, entity in found.items() if entity.press is None} - {"event"} <= set(layout(BANK).keys)
