import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot
from bmsreader.publishers.mqtt_messages import Battery, Extras, Message, history_message
from tests.publishers.mqtt_batteries import START, TOPICS, a_reading, a_snapshot, an_info, lost

STATE, AVAILABILITY, VENUS = (f"bmsreader/cellar/{last}" for last in ("state", "availability", "venus"))


def a_battery(snapshot: Snapshot | None = None, **extras: Any) -> Battery:
    left = {key: extras.pop(key, ()) for key in ("also", "single")}
    return Battery(TOPICS, snapshot or a_snapshot(), extras=Extras(**extras), **left)


def topics(messages: Any) -> list[str]:
    return [message.topic for message in messages]


def values(messages: Any) -> dict[str, str]:
    start = "bmsreader/cellar/value/"
    return {m.topic.removeprefix(start): m.payload for m in messages if m.topic.startswith(start)}


def test_a_live_battery_is_called_online_after_its_values() -> None:
    messages = list(a_battery().update(a_snapshot(), 0.0))

    assert topics(messages) == [STATE, AVAILABILITY, "bmsreader/cellar/alarms"]
    assert (messages[1].payload, messages[1].retain, messages[0].retain) == ("online", True, True)


def test_a_lost_battery_is_called_offline_before_its_values_go() -> None:
    battery = a_battery()
    list(battery.update(a_snapshot(), 0.0))
    messages = list(battery.update(lost(a_snapshot()), 60.0))

    assert topics(messages) == [AVAILABILITY, STATE]
    assert messages[0].payload == "offline"
    assert json.loads(messages[1].payload)["soc"] is None


def test_availability_is_said_once() -> None:
    battery = a_battery()
    list(battery.update(a_snapshot(), 0.0))

    assert topics(battery.update(a_snapshot(), 1.0)) == [STATE]


def test_after_home_assistants_start_everything_is_said_again() -> None:
    battery = a_battery(values=True)
    first = list(battery.update(a_snapshot(), 0.0))
    battery.again()

    assert list(battery.update(a_snapshot(), 1.0)) == first


def test_a_battery_without_any_reading_is_offline() -> None:
    never = a_snapshot(reading=None, state=BatteryState.UNREACHABLE)

    assert next(a_battery(never).update(never, 0.0)) == Message(AVAILABILITY, "offline")


def test_each_value_has_a_topic_if_the_owner_wants_so() -> None:
    said = values(a_battery(values=True).update(a_snapshot(), 0.0))

    assert (said["soc"], said["cell_1"], said["problem"], said["reason"]) == ("80.0", "3.3", "OFF", "")


def test_a_value_that_did_not_change_is_sent_again_after_ten_seconds() -> None:
    battery = a_battery(values=True)
    list(battery.update(a_snapshot(), 0.0))
    changed = a_snapshot(reading=a_reading(soc=79.0))

    assert values(battery.update(changed, 1.0)) == {"soc": "79.0"}
    assert len(values(battery.update(changed, 10.5))) > 30


def test_a_single_value_is_emptied_when_the_link_is_lost() -> None:
    battery = a_battery(values=True)
    list(battery.update(a_snapshot(), 0.0))
    said = values(battery.update(lost(a_snapshot()), 1.0))

    assert (said["soc"], said["state"], said["link"]) == ("", "unreachable", "OFF")
    assert "energy_in_kwh" not in said


def test_a_lost_cell_loses_its_topic() -> None:
    battery = a_battery(values=True)
    list(battery.update(a_snapshot(), 0.0))

    assert values(battery.update(a_snapshot(an_info(cells=3)), 1.0))["cell_4"] == ""


def test_single_values_of_an_earlier_run_go_when_they_are_wanted_no_longer() -> None:
    assert values(a_battery(single=("soc", "cell_9")).update(a_snapshot(), 0.0)) == {"soc": "", "cell_9": ""}


def test_keys_of_an_earlier_run_go_once_the_battery_was_read() -> None:
    unread = a_snapshot(BatteryInfo(id="x", name="Cellar", slug="cellar"), reading=None, state=BatteryState.ASLEEP)
    battery = a_battery(unread, also=("cell_7",))
    before = json.loads(list(battery.update(unread, 0.0))[1].payload)
    after = json.loads(next(battery.update(a_snapshot(), 1.0)).payload)

    assert before["cell_7"] is None
    assert "cell_7" not in after


def test_venus_gets_each_reading_and_repeats_but_not_for_ever() -> None:
    battery = a_battery(venus=True)
    first = [message for message in battery.update(a_snapshot(), 0.0) if message.topic == VENUS]

    assert [message.retain for message in first] == [False]
    assert [len(list(battery.due(at))) for at in (10.0, 25.0, 26.0, 50.0, 69.0, 75.0)] == [0, 1, 0, 1, 0, 0]


def test_venus_hears_nothing_of_a_lost_battery() -> None:
    battery = a_battery(venus=True)
    list(battery.update(a_snapshot(), 0.0))

    assert VENUS not in topics(battery.update(lost(a_snapshot()), 1.0))
    assert list(battery.due(40.0)) == []


def test_goodbye_leaves_no_value_that_could_be_taken_for_the_present() -> None:
    battery = a_battery(values=True)
    list(battery.update(a_snapshot(), 0.0))
    messages = list(battery.goodbye("stopped"))
    state = json.loads(messages[1].payload)

    assert messages[0] == Message(AVAILABILITY, "offline")
    assert (state["state"], state["reason"], state["soc"], state["energy_in_kwh"]) == (
        *("unreachable", "stopped", None, 12.345),
    )
    assert set(values(messages).values()) == {""}


def test_a_removed_battery_leaves_nothing() -> None:
    battery = a_battery(values=True)
    told = {message.topic for message in battery.update(a_snapshot(), 0.0)}

    assert {message.topic for message in battery.removal() if not message.payload} == told


def test_the_history_has_the_time_and_the_key_of_the_reading() -> None:
    message = history_message(TOPICS, an_info(), a_reading(taken_at=START + timedelta(milliseconds=1500)))
    said = json.loads(message.payload)

    assert (message.topic, message.retain) == ("bmsreader/cellar/history", False)
    assert (said["battery"], said["taken_at"], said["name"]) == (
        *("AA:BB:CC:DD:EE:01", "2026-03-01T12:00:01.500000Z", "Cellar"),
    )
    assert (said["soc"], said["cell_voltages"], said["power"]) == (80.0, [3.3, 3.301, 3.302, 3.303], -132.0)
    assert "frames" not in said


@pytest.mark.parametrize("state", [each for each in BatteryState if each is not BatteryState.LIVE])
def test_only_a_live_battery_is_available(state: BatteryState) -> None:
    snapshot = replace(a_snapshot(), state=state)

    assert next(a_battery().update(snapshot, 0.0)).payload == "offline"
