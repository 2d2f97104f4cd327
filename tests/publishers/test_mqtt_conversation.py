"""The publisher's side of the talk with the broker, in virtual time and without a network."""

import asyncio
import json
from dataclasses import replace

import pytest

from bmsreader.model.errors import PublishError
from bmsreader.model.health import GatewayHealth, PublisherHealth
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.mqtt import MqttPublisher
from bmsreader.publishers.mqtt_conversation import minutes
from tests.clock import elapsed, run
from tests.publishers.mqtt_batteries import START, MqttOptions, Orders, a_feed, a_snapshot, lost
from tests.publishers.mqtt_talk import AVAILABILITY, BRIDGE, DISCOVERY, STATE, state, talk
from tests.publishers.paper_broker import PaperBroker


def test_online_is_the_last_word_of_the_beginning() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot())
    topics = [message.topic for message in broker.log]

    assert topics[:7] == [
        *["bmsreader/bridge/info"] * 2,
        DISCOVERY,
        STATE,
        AVAILABILITY,
        "bmsreader/cellar/alarms",
        BRIDGE,
    ]
    assert broker.sent(BRIDGE) == ["online", "offline"]
    assert broker.will is not None
    assert (broker.will.topic, broker.will.payload, broker.will.retain) == (BRIDGE, "offline", True)


def test_the_bridge_says_who_it_is_and_what_it_serves() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot())

    assert json.loads(broker.retained["bmsreader/bridge/info"]) == {
        "version": "1.2.3",
        "started_at": "2026-03-01T12:00:00Z",
        "mqtt": "5",
        "ok": True,
        "problems": {},
        "batteries": {"cellar": "Cellar"},
    }


def test_the_bridge_tells_what_is_wrong_elsewhere_but_not_that_it_was_silent_before() -> None:
    broker = PaperBroker()
    influx = PublisherHealth(name="influx", ok=False, problem="no answer")
    mqtt = PublisherHealth(name="mqtt", ok=False, problem="not connected so far")
    health = GatewayHealth(version="1.2.3", started_at=START, at=START, publishers=(influx, mqtt))

    async def story() -> None:
        publisher = MqttPublisher(MqttOptions(), version="1.2.3", connect=broker.connect)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(publisher.run(Feed(lambda: health), Orders()))
            await asyncio.sleep(0.01)
            said = json.loads(broker.retained["bmsreader/bridge/info"])
            assert (said["ok"], said["problems"]) == (False, {"influx": "no answer"})
            running.cancel()

    run(story())


def test_a_stopped_gateway_leaves_no_value_behind() -> None:
    broker = PaperBroker()
    talk(broker, a_snapshot(), values=True)

    assert (broker.retained[AVAILABILITY], broker.retained[BRIDGE]) == ("offline", "offline")
    assert (state(broker)["soc"], state(broker)["reason"]) == (None, "the gateway was stopped")
    assert [topic for topic in broker.retained if "/value/" in topic] == []


def test_news_is_published_at_once() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        feed.put(lost(a_snapshot()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert broker.retained[AVAILABILITY] == "offline"

    talk(broker, a_snapshot(), act=act)


def test_home_assistants_start_is_answered_with_everything() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        broker.log.clear()
        broker.publish("homeassistant/status", "online")

    talk(broker, a_snapshot(), act=act)

    assert [message.topic for message in broker.log[:3]] == [DISCOVERY, STATE, AVAILABILITY]


def test_home_assistants_end_and_its_old_birth_are_not_answered() -> None:
    broker = PaperBroker()
    broker.publish("homeassistant/status", "online", retain=True)

    async def act(feed: Feed) -> None:
        broker.log.clear()
        broker.publish("homeassistant/status", "offline")
        await asyncio.sleep(0.1)
        assert broker.log == []

    talk(broker, a_snapshot(), act=act)


def test_a_late_will_of_an_earlier_connection_is_contradicted() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        broker.publish(BRIDGE, "offline", retain=True)
        await asyncio.sleep(0.1)
        assert broker.retained[BRIDGE] == "online"

    talk(broker, a_snapshot(), act=act)


def test_commands_are_obeyed_and_nothing_else_is() -> None:
    broker, orders = PaperBroker(), Orders(slugs=("cellar",))

    async def act(feed: Feed) -> None:
        for topic, payload in (
            ("cellar/refresh", ""),
            ("cellar/release", "25"),
            ("cellar/release", ""),
            ("cellar/release", "soon"),
            ("cellar/release", "-1"),
            ("nobody/refresh", "1"),
            ("bridge/refresh", "1"),
            ("cellar/switch_off", "1"),
        ):
            broker.publish(f"bmsreader/{topic}", payload)

    talk(broker, a_snapshot(), act=act, orders=orders)

    assert orders.asked == [
        ("refresh", "cellar", 0.0),
        ("release", "cellar", 25.0),
        ("release", "cellar", 10.0),
        ("refresh", "nobody", 0.0),
        ("refresh", "cellar", 0.0),
    ]


def test_a_retained_command_is_not_obeyed_again_and_again() -> None:
    broker, orders = PaperBroker(), Orders()
    broker.retained["bmsreader/cellar/release"] = "60"
    talk(broker, a_snapshot(), orders=orders)

    assert orders.asked == []


@pytest.mark.parametrize(
    ("payload", "asked"),
    [
        (b"", 10.0),
        (b" 5 ", 5.0),
        (b"0", 0.0),
        (b"1.5", 1.5),
        (b"nan", None),
        (b"inf", None),
        (b"-3", None),
        (b"10080", 10080.0),
        (b"10081", None),
        (b"1e300", None),
        (b"x", None),
    ],
)
def test_minutes(payload: bytes, asked: float | None) -> None:
    assert minutes(payload) == asked


def test_venus_hears_of_a_resting_battery_every_25_seconds() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        await asyncio.sleep(60)

    talk(broker, replace(a_snapshot(), interval=30.0), act=act, venus=True)

    assert len(broker.sent("bmsreader/cellar/venus")) == 3


def test_a_broker_that_never_acknowledges_is_taken_for_dead() -> None:
    broker = PaperBroker(acknowledges=False)
    publisher = MqttPublisher(MqttOptions(), version="1.2.3", connect=broker.connect)

    async def story() -> float:
        with pytest.raises(PublishError, match="has not acknowledged any for 10 s"):
            await publisher.run(a_feed(a_snapshot()), Orders())
        return elapsed()

    assert 10 < run(story()) < 15
    assert not publisher.health().ok


def test_a_broker_that_never_acknowledges_does_not_hold_up_the_feed() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        broker.acknowledges = False
        for _ in range(1000):
            feed.put(a_snapshot())
            await asyncio.sleep(0.001)
        broker.acknowledges = True

    with pytest.raises(BaseExceptionGroup) as raised:
        talk(broker, a_snapshot(), act=lambda feed: asyncio.gather(act(feed), asyncio.sleep(20)))

    assert isinstance(raised.value.exceptions[0], PublishError)
    assert len(broker.sent(STATE)) < 20


def test_a_lost_connection_ends_the_run() -> None:
    broker = PaperBroker()

    async def act(feed: Feed) -> None:
        broker.hang_up()
        await asyncio.sleep(5)

    with pytest.raises(BaseExceptionGroup) as raised:
        talk(broker, a_snapshot(), act=act)

    assert str(raised.value.exceptions[0]) == "The connection is lost."


def test_what_the_broker_refuses_is_a_problem_but_not_the_end() -> None:
    broker = PaperBroker(refuses=(DISCOVERY,))
    publisher = MqttPublisher(MqttOptions(), version="1.2.3", connect=broker.connect)
    seen = []

    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(publisher.run(a_feed(a_snapshot()), Orders()))
            await asyncio.sleep(5)
            seen.append(publisher.health())
            running.cancel()

    run(story())

    assert not seen[0].ok
    assert seen[0].problem == f"the broker refuses messages on {DISCOVERY}: Not authorized"
    assert STATE in broker.retained


def test_a_broker_that_lets_nobody_look_is_used_all_the_same() -> None:
    broker = PaperBroker(refuses=("bmsreader/bridge/info", "homeassistant/device/bmsreader_aabbccddee01/config"))

    async def act(feed: Feed) -> None:
        await asyncio.sleep(5)
        assert broker.retained[BRIDGE] == "online"

    talk(broker, a_snapshot(), act=act)
