import asyncio
from dataclasses import replace
from typing import Any

from bmsreader.model.battery import Snapshot
from bmsreader.publishers.homeassistant import Mode, announcement
from bmsreader.publishers.mqtt_discovery import Discovery
from bmsreader.publishers.mqtt_outbox import Outbox
from tests.clock import elapsed, run
from tests.publishers.mqtt_batteries import a_house, a_snapshot, an_info
from tests.publishers.paper_broker import PaperBroker

TOPIC = "homeassistant/device/bmsreader_aabbccddee01/config"


def announced(
    *rounds: Snapshot, mode: Mode = "device", earlier: Any = None, again: bool = False
) -> tuple[PaperBroker, Discovery]:
    """Announce one snapshot after the other; return what the broker got."""
    broker = PaperBroker()

    async def story() -> Discovery:
        discovery = Discovery(a_house(mode), Outbox(broker, size=100), earlier or {})
        for snapshot in rounds:
            await discovery.announce([snapshot], again=again)
        return discovery

    return broker, run(story())


def test_a_battery_is_announced_once() -> None:
    later = replace(a_snapshot(), reading=None)

    assert len(announced(a_snapshot(), a_snapshot(), later)[0].sent(TOPIC)) == 1


def test_a_battery_is_announced_again_when_asked() -> None:
    assert len(announced(a_snapshot(), a_snapshot(), again=True)[0].sent(TOPIC)) == 2


def test_a_battery_that_changed_is_announced_again() -> None:
    named, slower = a_snapshot(an_info(name="Attic")), replace(a_snapshot(), interval=60.0)

    assert len(announced(a_snapshot(), named)[0].sent(TOPIC)) == 2
    assert len(announced(a_snapshot(), slower)[0].sent(TOPIC)) == 2


def test_an_entity_that_is_gone_is_removed_once() -> None:
    fewer, renamed = a_snapshot(an_info(cells=3)), a_snapshot(an_info(cells=3, name="Attic"))
    sent = announced(a_snapshot(), fewer, renamed)[0].sent(TOPIC)

    assert ['"cell_4":{"platform":"sensor"}' in each for each in sent] == [False, True, False]


def test_home_assistant_gets_a_moment_for_each_step_of_a_move() -> None:
    earlier = {"aabbccddee01": announcement(a_house("component"), an_info(), 10.0)}
    broker = PaperBroker()

    async def story() -> float:
        await Discovery(a_house(), Outbox(broker, size=100), earlier).announce([a_snapshot()])
        return elapsed()

    assert run(story()) == 2.0


def test_a_battery_that_is_withdrawn_is_not_announced_any_more() -> None:
    broker = PaperBroker()

    async def story() -> tuple[str, ...]:
        discovery = Discovery(a_house(), Outbox(broker, size=100), {})
        await discovery.announce([a_snapshot()])
        await discovery.withdraw("aabbccddee01")
        await discovery.withdraw("never seen")
        await asyncio.sleep(0)
        return discovery.identities

    assert run(story()) == ()
    assert broker.retained == {}
