import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from bmsreader.model.errors import PublishError
from bmsreader.publishers.mqtt_messages import Message
from bmsreader.publishers.mqtt_outbox import Outbox, history_room, live_room
from tests.clock import elapsed, run
from tests.publishers.paper_broker import PaperBroker

HELLO = Message("bms/hello", "1")


def tried(broker: PaperBroker, act: Callable[[Outbox], Awaitable[object]], size: int = 3) -> Outbox:
    async def story() -> Outbox:
        outbox = Outbox(broker, size=size)
        await act(outbox)
        return outbox

    return run(story())


def test_messages_go_out_in_order_without_waiting_for_each() -> None:
    broker = PaperBroker(acknowledges=False)
    messages = [Message("bms/hello", str(n)) for n in range(3)]
    tried(broker, lambda outbox: outbox.put_all(messages))

    assert broker.log == messages


def test_what_arrived_is_counted() -> None:
    async def act(outbox: Outbox) -> None:
        await outbox.put_all([HELLO] * 5)
        await outbox.drained()

    assert tried(PaperBroker(), act).delivered == 5


def test_only_a_few_messages_wait_for_a_dead_broker() -> None:
    broker = PaperBroker(acknowledges=False)

    async def act(outbox: Outbox) -> None:
        with pytest.raises(PublishError, match="has not acknowledged any for 10 s"):
            await outbox.put_all([HELLO] * 5)
        assert elapsed() == 10

    tried(broker, act)

    assert len(broker.log) == 3


def test_a_dead_broker_is_noticed_even_when_nothing_more_is_said() -> None:
    async def act(outbox: Outbox) -> None:
        await outbox.put(HELLO)
        await asyncio.sleep(9)
        outbox.check()
        await asyncio.sleep(2)
        with pytest.raises(PublishError):
            outbox.check()
        with pytest.raises(PublishError):
            await outbox.drained()

    tried(PaperBroker(acknowledges=False), act)


def test_a_silent_outbox_is_fine() -> None:
    async def act(outbox: Outbox) -> None:
        await asyncio.sleep(1000)
        outbox.check()
        await outbox.drained()

    tried(PaperBroker(), act)


def test_a_refused_topic_is_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    async def act(outbox: Outbox) -> None:
        await outbox.put_all([HELLO] * 3)
        await outbox.drained()

    with caplog.at_level(logging.WARNING):
        outbox = tried(PaperBroker(refuses=("bms/hello",)), act)

    assert outbox.refused == {"bms/hello": "Not authorized"}
    assert caplog.messages == ["The MQTT broker refuses messages on bms/hello: Not authorized."]


def test_live_values_and_history_share_what_the_broker_allows() -> None:
    broker = PaperBroker()

    assert (live_room(broker), history_room(broker)) == (12, 8)
    broker.room = 2
    assert (live_room(broker), history_room(broker)) == (1, 1)
