import asyncio
from dataclasses import replace

from bmsreader.model import BatteryInfo, BatteryState, GatewayHealth, Snapshot
from bmsreader.publishers.feed import Feed
from tests.clock import run
from tests.contributed import TAKEN_AT


def snapshot(name: str, *, identity: str | None = None, reason: str = "") -> Snapshot:
    info = BatteryInfo(id=identity or f"id of {name}", name=name, slug=name)
    return Snapshot(info=info, at=TAKEN_AT, state=BatteryState.LIVE, since=TAKEN_AT, reason=reason)


def feed() -> Feed:
    return Feed(lambda: GatewayHealth(version="1", started_at=TAKEN_AT, at=TAKEN_AT))


def test_a_slow_publisher_gets_the_latest_of_each_battery_and_nothing_older() -> None:
    async def main() -> None:
        slow = feed()
        for number in range(1000):
            slow.put(snapshot("left", reason=str(number)))
        slow.put(snapshot("right"))
        changed, gone = await slow.news()

        assert [(one.info.name, one.reason) for one in changed] == [("left", "999"), ("right", "")]
        assert gone == []

    run(main())


def test_a_publisher_waits_until_there_is_news() -> None:
    async def main() -> None:
        quiet = feed()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(quiet.news())
            await asyncio.sleep(100)
            assert not waiting.done()
            quiet.put(snapshot("left"))

    run(main())


def test_a_battery_that_is_gone_is_told_once_and_no_longer_listed() -> None:
    async def main() -> None:
        one = feed()
        one.put(snapshot("left"))
        one.remove(snapshot("left").info)
        changed, gone = await one.news()

        assert (changed, [info.slug for info in gone], one.all()) == ([], ["left"], ())

    run(main())


def test_a_battery_that_comes_back_before_anybody_looked_was_never_gone() -> None:
    async def main() -> None:
        one = feed()
        one.remove(snapshot("left").info)
        one.put(snapshot("left"))

        assert (await one.news())[1] == []

    run(main())


def test_a_renamed_battery_is_gone_under_its_old_name_and_there_under_the_new() -> None:
    async def main() -> None:
        one = feed()
        old, new = snapshot("left", identity="1"), snapshot("port", identity="1")
        one.put(old)
        await one.news()
        one.remove(old.info)
        one.put(new)
        changed, gone = await one.news()

        assert ([each.info.slug for each in changed], [info.slug for info in gone]) == (["port"], ["left"])

    run(main())


def test_all_returns_every_battery_as_it_is_now() -> None:
    one = feed()
    one.put(snapshot("left"))
    one.put(replace(snapshot("left"), reason="later"))

    assert [each.reason for each in one.all()] == ["later"]
