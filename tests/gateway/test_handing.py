import asyncio
from random import Random

import pytest

from bmsreader.gateway.handing import Handing
from bmsreader.gateway.logbook import Logbook
from bmsreader.gateway.wanted import Outlet
from bmsreader.model import ConfigurationError
from bmsreader.model.battery import Snapshot
from tests.clock import now, run
from tests.gateway.test_outlets import Broker, Nobody, health
from tests.publishers.snapshots import snapshot


def handing(*known: Snapshot) -> Handing:
    return Handing(
        store=None,
        logbook=Logbook(None, now),
        known=lambda: [one.info for one in known],
        snapshots=lambda: known,
        health=health,
        commands=Nobody(),
        offload=asyncio.to_thread,
        now=now,
        dice=Random(1),
    )


def outlet(broker: Broker) -> Outlet:
    return Outlet(settings=broker.name, make=lambda: broker)


def impossible() -> object:
    raise ConfigurationError("this publisher cannot be made")


def test_a_listener_hears_how_every_battery_is_doing_and_then_what_changes() -> None:
    async def main() -> None:
        before, after = snapshot(), snapshot(signal=-80)
        hands = handing(before)
        feed = hands.listen()
        assert await feed.news() == ([before], [])
        hands.hand_on(after)
        assert await feed.news() == ([after], [])
        hands.gone(after.info)
        assert await feed.news() == ([], [after.info])

    run(main())


def test_a_listener_that_left_hears_nothing_more() -> None:
    async def main() -> None:
        hands = handing()
        feed = hands.listen()
        hands.leave(feed)
        hands.hand_on(snapshot())
        assert feed.all() == ()
        assert not hands.is_heard

    run(main())


def test_a_publisher_that_starts_late_gets_what_is_known_already() -> None:
    async def main() -> None:
        battery, broker = snapshot(), Broker()
        hands = handing(battery)
        async with asyncio.TaskGroup() as tasks:
            hands.start(hands.made([outlet(broker)]), tasks)
            await asyncio.sleep(1)
            assert [taken for _, taken in broker.took] == [battery]
            assert list(hands.go_over(hands.change([]), tasks)) == ["publisher broker stopped"]
        assert not hands.is_heard

    run(main())


def test_a_publisher_that_cannot_be_made_leaves_the_others_at_work() -> None:
    async def main() -> None:
        broker = Broker()
        hands = handing()
        async with asyncio.TaskGroup() as tasks:
            hands.start(hands.made([outlet(broker)]), tasks)
            with pytest.raises(ConfigurationError):
                hands.change([Outlet(settings="new", make=impossible)])
            hands.hand_on(snapshot())
            await asyncio.sleep(1)
            assert len(broker.took) == 1
            assert list(hands.go_over(hands.change([]), tasks)) == ["publisher broker stopped"]

    run(main())
