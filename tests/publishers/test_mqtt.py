"""The publisher as the gateway sees it; the talk is in test_mqtt_conversation, a real broker in test_mqtt_real."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bmsreader.model.errors import ConfigurationError, PublishError
from bmsreader.publishers.mqtt import MqttPublisher
from bmsreader.publishers.publisher import DurablePublisher, LivePublisher
from tests.clock import run
from tests.publishers.mqtt_batteries import START, MqttOptions, Orders, a_feed, a_reading, a_snapshot, an_info
from tests.publishers.paper_broker import PaperBroker

READINGS = [a_reading(taken_at=START + timedelta(seconds=n), soc=50.0 + n) for n in range(30)]


def a_publisher(broker: PaperBroker, **settings: Any) -> MqttPublisher:
    return MqttPublisher(MqttOptions(**settings), version="1.2.3", connect=broker.connect)


def connected(publisher: MqttPublisher, act: Callable[[], Awaitable[object]]) -> None:
    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(publisher.run(a_feed(a_snapshot()), Orders()))
            await asyncio.sleep(1.5)  # not at a full second: that is when the publisher looks round
            await act()
            running.cancel()

    run(story())


def test_it_is_both_kinds_of_publisher() -> None:
    publisher = a_publisher(PaperBroker(), history=True)
    live: LivePublisher = publisher
    durable: DurablePublisher = publisher

    assert (live.name, durable.name, durable.batch, publisher.history) == ("mqtt", "mqtt", 200, True)


def test_a_topic_that_is_none_is_the_owners_mistake() -> None:
    with pytest.raises(ConfigurationError):
        a_publisher(PaperBroker(), topic="bms/#")


def test_it_says_how_it_is_doing() -> None:
    publisher = a_publisher(PaperBroker())

    async def act() -> None:
        health = publisher.health()
        assert (health.ok, health.problem) == (True, "")
        assert health.delivered == 7

    assert not publisher.health().ok
    connected(publisher, act)
    assert publisher.health().delivered == 11


def test_every_reading_of_the_history_arrives_in_order_with_its_own_time() -> None:
    broker = PaperBroker()
    publisher = a_publisher(broker, history=True)

    connected(publisher, lambda: publisher.deliver(an_info(), READINGS))

    said = [json.loads(payload) for payload in broker.sent("bmsreader/cellar/history")]
    assert [each["soc"] for each in said] == [reading.soc for reading in READINGS]
    assert said[1]["taken_at"] == "2026-03-01T12:00:01Z"
    assert "bmsreader/cellar/history" not in broker.retained


def test_the_history_waits_while_there_is_no_broker() -> None:
    broker = PaperBroker()
    publisher = a_publisher(broker, history=True)

    async def act() -> None:
        async with asyncio.TaskGroup() as tasks:
            delivery = tasks.create_task(publisher.deliver(an_info(), READINGS))
            await asyncio.sleep(3600)
            assert not delivery.done()
            talk = tasks.create_task(publisher.run(a_feed(a_snapshot()), Orders()))
            await delivery
            talk.cancel()

    run(act())

    assert len(broker.sent("bmsreader/cellar/history")) == len(READINGS)


def test_readings_that_are_not_acknowledged_have_not_arrived() -> None:
    broker = PaperBroker()
    publisher = a_publisher(broker, history=True)

    async def act() -> None:
        broker.acknowledges = False
        with pytest.raises(PublishError, match="has not acknowledged any"):
            await publisher.deliver(an_info(), READINGS)
        broker.acknowledges = True

    connected(publisher, act)

    assert len(broker.sent("bmsreader/cellar/history")) == 8


def test_readings_that_the_broker_refuses_have_not_arrived() -> None:
    broker = PaperBroker(refuses=("bmsreader/cellar/history",))
    publisher = a_publisher(broker, history=True)

    async def act() -> None:
        with pytest.raises(PublishError, match="refuses messages on bmsreader/cellar/history: Not authorized"):
            await publisher.deliver(an_info(), READINGS[:1])

    connected(publisher, act)


def test_it_can_be_run_again_and_again() -> None:
    broker = PaperBroker()
    publisher = a_publisher(broker)

    async def act() -> None:
        assert broker.retained["bmsreader/bridge/state"] == "online"

    connected(publisher, act)
    connected(publisher, act)

    assert broker.connections == 2
