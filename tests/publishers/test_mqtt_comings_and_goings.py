"""Batteries that come, go, are renamed, lose cells, or were there in an earlier run; in virtual time."""

import asyncio
import json

import pytest

from bmsreader.model.battery import BatteryInfo, BatteryState
from bmsreader.publishers.feed import Feed
from tests.publishers.mqtt_batteries import a_snapshot, an_info
from tests.publishers.mqtt_talk import AVAILABILITY, BOAT, BRIDGE, DISCOVERY, STATE, state, talk
from tests.publishers.paper_broker import PaperBroker


def test_a_removed_battery_leaves_nothing_on_the_broker() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.remove(an_info())

    talk(broker, a_snapshot(), act=act, values=True)

    assert set(broker.retained) == {BRIDGE, "bmsreader/bridge/info"}


def test_a_renamed_battery_keeps_its_announcement_and_leaves_its_old_topics() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.put(a_snapshot(an_info(name="Attic", slug="attic")))

    talk(broker, a_snapshot(), act=act)

    assert STATE not in broker.retained
    assert state(broker, "attic")["name"] == "Attic"
    assert json.loads(broker.retained[DISCOVERY])["state_topic"] == "bmsreader/attic/state"


def test_a_removed_battery_first_loses_its_values_and_then_its_topics() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.remove(an_info())
        await asyncio.sleep(1)
        assert broker.retained[AVAILABILITY] == "offline"
        assert state(broker)["soc"] is None
        await asyncio.sleep(6)
        assert STATE not in broker.retained

    talk(broker, a_snapshot(), act=act)


def test_the_name_of_a_removed_battery_may_be_given_to_another() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.remove(an_info())
        await asyncio.sleep(1)
        feed.put(a_snapshot(an_info(id="AA:BB:CC:DD:EE:02")))
        await asyncio.sleep(10)
        assert state(broker)["id"] == "AA:BB:CC:DD:EE:02"
        assert broker.retained[AVAILABILITY] == "online"

    talk(broker, a_snapshot(), act=act)


def test_a_battery_renamed_by_a_reload_is_never_taken_from_home_assistant() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.remove(an_info())
        feed.put(a_snapshot(an_info(name="Attic", slug="attic")))

    talk(broker, a_snapshot(), act=act)

    assert "" not in broker.sent(DISCOVERY)
    assert STATE not in broker.retained
    assert state(broker, "attic")["name"] == "Attic"


def test_a_battery_that_was_removed_and_comes_back_is_announced_when_home_assistant_is_done_with_removing() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.remove(an_info())
        await asyncio.sleep(0.1)
        feed.put(a_snapshot())
        await asyncio.sleep(0.5)
        broker.publish(DISCOVERY, "", retain=True)  # Home Assistant does so when it has removed the device
        assert broker.sent(DISCOVERY)[-1] == ""
        await asyncio.sleep(4)
        assert DISCOVERY in broker.retained

    talk(broker, a_snapshot(), act=act)


def test_a_battery_renamed_while_the_gateway_was_off_leaves_its_old_topics_at_once() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot())
    talk(broker, a_snapshot(an_info(name="Attic", slug="attic")))

    assert STATE not in broker.retained
    assert AVAILABILITY not in broker.retained


def test_a_slow_broker_is_read_back_to_the_end() -> None:
    broker = PaperBroker()
    others = [a_snapshot(an_info(id=f"AA:BB:CC:DD:EE:{n:02X}", name=f"B{n}", slug=f"b{n}")) for n in range(16, 22)]
    talk(broker, *others, a_snapshot())
    broker.pace = 0.5

    async def act(feed: Feed) -> None:
        await asyncio.sleep(45)

    talk(broker, *others, a_snapshot(an_info(name="Attic", slug="attic")), act=act)

    assert STATE not in broker.retained
    assert AVAILABILITY not in broker.retained


def test_a_battery_that_is_gone_since_the_last_run_goes_after_a_minute() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot(), BOAT)

    async def act(feed: Feed) -> None:
        assert state(broker, "boat")["state"] == "unreachable"
        await asyncio.sleep(30)
        assert "bmsreader/boat/state" in broker.retained
        await asyncio.sleep(60)

    talk(broker, a_snapshot(), act=act)

    assert [topic for topic in broker.retained if "boat" in topic or "ee02" in topic] == []


def test_a_battery_that_comes_late_keeps_its_place() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot(), BOAT)
    before = broker.retained["homeassistant/device/bmsreader_aabbccddee02/config"]

    async def act(feed: Feed) -> None:
        await asyncio.sleep(30)
        feed.put(BOAT)
        await asyncio.sleep(60)
        assert broker.retained["homeassistant/device/bmsreader_aabbccddee02/config"] == before
        assert broker.retained["bmsreader/boat/availability"] == "online"

    talk(broker, a_snapshot(), act=act)


def test_after_a_kill_nobody_sees_an_old_value_while_the_battery_is_looked_for() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot(), values=True)
    broker.retained |= {AVAILABILITY: "online", "bmsreader/cellar/value/link": "ON", "bmsreader/cellar/value/soc": "80"}

    async def act(feed: Feed) -> None:
        assert broker.retained[AVAILABILITY] == "offline"
        assert "bmsreader/cellar/value/soc" not in broker.retained

    talk(broker, act=act)


def test_what_another_gateway_announced_is_left_alone() -> None:
    broker = PaperBroker()
    talk(broker, BOAT, topic="garage")

    async def act(feed: Feed) -> None:
        await asyncio.sleep(90)

    talk(broker, a_snapshot(), act=act)

    assert "garage/boat/state" in broker.retained
    assert "homeassistant/device/bmsreader_aabbccddee02/config" in broker.retained


def test_what_was_known_of_a_battery_stays_until_it_is_read_again() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot())
    before = broker.retained[DISCOVERY]
    unread = BatteryInfo(id=an_info().id, name="Cellar", slug="cellar")

    talk(broker, a_snapshot(unread, reading=None, totals=None, state=BatteryState.ASLEEP))

    assert broker.retained[DISCOVERY] == before
    assert state(broker)["cell_4"] is None


def test_a_battery_that_was_never_read_is_announced_with_its_link() -> None:
    broker = PaperBroker()
    unread = BatteryInfo(id=an_info().id, name="Cellar", slug="cellar")
    talk(broker, a_snapshot(unread, reading=None, totals=None, state=BatteryState.UNREACHABLE))

    assert list(json.loads(broker.retained[DISCOVERY])["components"]) == [
        *(key for key in ("alarm", "what_is_wrong", "link", "state", "reason", "signal", "last_seen")),
        *("refresh", "release", "event"),
    ]


def test_a_cell_lost_since_the_last_run_is_removed_from_home_assistant() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot(an_info(cells=5)))
    talk(broker, a_snapshot())

    assert json.loads(broker.retained[DISCOVERY])["components"]["cell_5"] == {"platform": "sensor"}


@pytest.mark.parametrize(("before", "after"), [("device", "component"), ("component", "device")])
def test_another_mode_of_announcement_moves_the_entities(before: str, after: str) -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        await asyncio.sleep(5)

    talk(broker, a_snapshot(), discovery=before)
    old = [topic for topic in broker.retained if topic.endswith("/config")]
    begin = len(broker.log)
    talk(broker, a_snapshot(), discovery=after, act=act)
    told = [(m.topic, m.payload) for m in broker.log[begin:] if m.topic.endswith("/config")]

    assert told[: len(old)] == [(topic, '{"migrate_discovery":true}') for topic in old]
    assert told[-len(old) :] == [(topic, "") for topic in old]
    assert [topic for topic in old if topic in broker.retained] == []
    assert any(topic.endswith("/config") for topic in broker.retained)


def test_without_discovery_the_announcements_of_before_go() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot())
    talk(broker, a_snapshot(), discovery="off")

    assert [topic for topic in broker.retained if topic.endswith("/config")] == []
