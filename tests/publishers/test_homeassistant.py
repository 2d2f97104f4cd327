"""What is announced keeps the rules of Home Assistant's own schemas, as they were measured."""

import json
from typing import Any

import pytest

from bmsreader.model.battery import BatteryInfo
from bmsreader.publishers.homeassistant import (
    MIGRATE,
    Payload,
    announcement,
    expiry,
    is_ours,
    steps,
    text,
    unique_id,
    with_removals,
)
from bmsreader.publishers.values import layout
from tests.publishers.banks import INFO as BANK
from tests.publishers.mqtt_batteries import a_house, an_info

DEVICE_TOPIC = "homeassistant/device/bmsreader_aabbccddee01/config"
DEVICE_KEYS = {"identifiers", "connections", "name", "manufacturer", "model", "model_id"}
INHERITED = {"state_topic", "availability", "availability_mode"}


def device(info: BatteryInfo | None = None) -> Payload:
    ((_, payload),) = announcement(a_house(), info or an_info(), 10.0).items()
    return payload


def components(info: BatteryInfo | None = None) -> dict[str, Any]:
    found: dict[str, Any] = device(info)["components"]
    return found


def test_a_battery_is_one_device_on_one_topic() -> None:
    assert list(announcement(a_house(), an_info(), 10.0)) == [DEVICE_TOPIC]


def test_a_device_has_only_keys_that_every_version_knows() -> None:
    assert set(device()) == {"device", "origin", "components", *INHERITED}
    assert set(device()["device"]) == DEVICE_KEYS
    assert device()["origin"] == {"name": "bmsreader", "sw_version": "1.2.3"}


def test_only_a_real_bluetooth_address_joins_devices() -> None:
    assert device()["device"]["connections"] == [["bluetooth", "AA:BB:CC:DD:EE:01"]]
    assert "connections" not in device(an_info(address=None))["device"]
    assert "connections" not in device(an_info(simulated=True))["device"]


def test_values_are_there_while_the_gateway_and_the_battery_are() -> None:
    assert device()["availability"] == [{"topic": "bmsreader/bridge/state"}, {"topic": "bmsreader/cellar/availability"}]
    assert device()["availability_mode"] == "all"


def test_the_link_can_say_off_since_only_the_gateway_takes_it_away() -> None:
    assert components()["link"]["availability"] == [{"topic": "bmsreader/bridge/state"}]


@pytest.mark.parametrize("name", components())
def test_a_component_is_complete(name: str) -> None:
    component = components()[name]

    assert component["platform"] in ("sensor", "binary_sensor", "button", "event")
    assert component["unique_id"] == f"bmsreader_aabbccddee01_{name}"
    assert "Cellar" not in component["name"]
    assert component["qos"] == 1
    assert not {"object_id", "default_entity_id", "payload_on"} & set(component)
    assert ("state_topic" in component) == (component["platform"] == "event")
    if component["platform"] not in ("button", "event"):
        assert component["value_template"].removeprefix("{{ value_json.").removesuffix(" }}") in layout(an_info()).keys


def test_what_happens_to_alarms_is_an_event() -> None:
    event = components()["event"]

    assert (event["state_topic"], event["event_types"]) == (
        "bmsreader/cellar/alarm",
        ["raised", "cleared", "acknowledged"],
    )


def test_an_old_value_expires_only_where_availability_says_more() -> None:
    for component in components().values():
        bound_to_battery = "availability" not in component and component["platform"] != "button"
        assert ("expire_after" in component) == bound_to_battery


def test_a_value_outlives_a_few_missed_readings() -> None:
    assert (expiry(1.0), expiry(10.0), expiry(300.0)) == (60, 70, 1230)


def test_a_state_of_a_battery_has_all_its_words() -> None:
    assert components()["state"]["options"] == ["live", "stale", "asleep", "busy", "unreachable"]
    assert components()["activity"]["options"] == ["idle", "charging", "discharging"]


def test_in_component_mode_every_entity_stands_alone() -> None:
    found = announcement(a_house("component"), an_info(), 10.0)
    voltage = found["homeassistant/sensor/bmsreader_aabbccddee01/pack_voltage/config"]

    assert len(found) == len(components())
    assert voltage["device"] == device()["device"]
    assert voltage["state_topic"] == "bmsreader/cellar/state"
    assert voltage["value_template"] == "{{ value_json.pack_voltage }}"
    assert "platform" not in voltage
    assert voltage["unique_id"] == components()["pack_voltage"]["unique_id"]


def test_nothing_is_announced_to_those_who_do_not_want_it() -> None:
    assert announcement(a_house("off"), an_info(), 10.0) == {}


@pytest.mark.parametrize(
    ("battery", "identity"),
    [
        ("AA:BB:CC:DD:EE:01", "aabbccddee01"),
        ("cellar-2", "cellar-2"),
        ("/dev/ttyUSB0", "dev_ttyusb0_c0ee77d8"),
        ("simulated:1", "simulated_1_eeae3b7b"),
    ],
)
def test_an_identity_is_stable_and_fits_into_a_topic(battery: str, identity: str) -> None:
    assert unique_id(battery) == identity


def test_two_batteries_never_become_one() -> None:
    assert len({unique_id(each) for each in ("a b", "a_b", "a:b", "A B")}) == 4


def test_what_we_announced_is_known_again_and_what_others_announced_is_not() -> None:
    other = text({"availability": [{"topic": "garage/bridge/state"}]}).encode()

    assert is_ours(a_house(), text(device()).encode()) == device()
    assert [is_ours(a_house(), noise) for noise in (other, b"{}", b"[]", b"7", b"\xff", b"")] == [None] * 6


@pytest.mark.parametrize(
    ("topic", "identity"),
    [
        (DEVICE_TOPIC, "aabbccddee01"),
        ("homeassistant/sensor/bmsreader_aabbccddee01/soc/config", "aabbccddee01"),
        ("homeassistant/device/zigbee2mqtt_1/config", None),
        ("homeassistant/sensor/other/soc/config", None),
        ("bmsreader/cellar/state", None),
    ],
)
def test_a_topic_tells_which_battery_it_announces(topic: str, identity: str | None) -> None:
    assert a_house().announced(topic) == identity


def test_a_lost_cell_is_removed_by_name() -> None:
    now = with_removals(device(an_info(cells=3)), device(an_info(cells=4)))

    assert now["components"]["cell_4"] == {"platform": "sensor"}
    assert len(now["components"]) == len(components())


def test_what_was_removed_before_is_not_removed_again() -> None:
    before = with_removals(device(an_info(cells=3)), device(an_info(cells=4)))

    assert with_removals(device(an_info(cells=3)), before) == device(an_info(cells=3))


def test_nothing_is_removed_when_nothing_is_gone() -> None:
    assert with_removals(device(), None) == device()
    assert with_removals(device(), device()) == device()


def test_a_lost_cell_loses_its_topic_in_component_mode() -> None:
    house = a_house("component")
    plan = steps(announcement(house, an_info(cells=3), 10.0), announcement(house, an_info(cells=4), 10.0))

    assert plan.clear == ("homeassistant/sensor/bmsreader_aabbccddee01/cell_4/config",)
    assert plan.migrate == ()


@pytest.mark.parametrize(("before", "after"), [("device", "component"), ("component", "device")])
def test_entities_move_from_one_mode_to_the_other(before: Any, after: Any) -> None:
    earlier, wanted = announcement(a_house(before), an_info(), 10.0), announcement(a_house(after), an_info(), 10.0)
    plan = steps(wanted, earlier)

    assert plan.migrate == tuple(earlier)
    assert plan.announce == wanted
    assert plan.clear == tuple(earlier)
    assert json.loads(MIGRATE) == {"migrate_discovery": True}


def test_everything_is_taken_back_when_it_is_wanted_no_longer() -> None:
    plan = steps({}, announcement(a_house(), an_info(), 10.0))

    assert (plan.migrate, plan.announce, plan.clear) == ((), {}, (DEVICE_TOPIC,))


def test_the_same_announcement_again_changes_nothing() -> None:
    wanted = announcement(a_house(), an_info(), 10.0)
    plan = steps(wanted, wanted)

    assert (plan.migrate, plan.announce, plan.clear) == ((), wanted, ())


def test_a_bank_is_a_device_that_says_how_it_is_wired() -> None:
    said = device(BANK)["device"]

    assert said == {
        "identifiers": [f"bmsreader_{unique_id('bank:house')}"],
        "name": "House",
        "manufacturer": "bmsreader",
        "model": "Bank: series(parallel(a, b), parallel(c, d))",
    }
    assert {"packs_seen", "packs", "imbalance", "midpoint_drift", "limiting_pack"} <= set(components(BANK))
