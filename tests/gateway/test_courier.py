"""Messages to a receiver: at least once, through outages and restarts."""

import asyncio
from pathlib import Path

from bmsreader.alarms.quiet import Quiet
from bmsreader.gateway.courier import FIRST_PAUSE, GATHER, LONGEST_PAUSE
from bmsreader.model import BatteryInfo
from tests.clock import run
from tests.gateway.alarms import Place, Receiver, beside, history


def test_an_alarm_and_its_end_are_told_a_moment_later() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver()

        async def script() -> None:
            await asyncio.sleep(100)
            place.says(soc=10)
            await place.over()
            await asyncio.sleep(10)

        courier = place.courier(receiver)
        await beside(script(), courier.run())
        assert receiver.titles == [(100 + GATHER, "House: Generator"), (160 + GATHER, "House: Generator is over")]
        assert (courier.health().ok, courier.health().delivered, courier.health().backlog) == (True, 2, 0)

    run(main())


def test_what_happens_together_is_one_message() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver()

        async def script() -> None:
            await asyncio.sleep(1)
            for number in range(16):
                place.says(BatteryInfo(id=f"{number}", name=f"{number}", slug=f"{number}"), soc=10)
            await asyncio.sleep(10)

        await beside(script(), place.courier(receiver).run())
        assert [title for _, title in receiver.titles] == ["16 alarms"]

    run(main())


def test_an_outage_is_told_in_health_and_loses_nothing() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver()
        courier = place.courier(receiver)

        async def script() -> None:
            await asyncio.sleep(1)
            receiver.fails = "nobody answers"
            place.says(soc=10)
            await asyncio.sleep(3600)
            assert (courier.health().problem, courier.health().backlog) == ("nobody answers", 1)
            assert receiver.attempts < 3600 / LONGEST_PAUSE + 20
            receiver.fails = ""
            await asyncio.sleep(2 * LONGEST_PAUSE)

        await beside(script(), courier.run())
        assert [title for _, title in receiver.titles] == ["House: Generator"]
        assert courier.health().ok
        assert [one.kind for one in place.logbook.records() if "publisher" in one.kind] == [
            "publisher failed",
            "publisher back",
        ]

    run(main())


def test_what_ended_during_an_outage_is_one_message_about_the_past() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver(fails="nobody answers")

        async def script() -> None:
            place.says(soc=10)
            await place.over()
            receiver.fails = ""
            await asyncio.sleep(2 * LONGEST_PAUSE)

        await beside(script(), place.courier(receiver).run())
        assert [title for _, title in receiver.titles] == ["House: Generator is over"]

    run(main())


def test_an_address_that_cannot_work_is_told_before_there_is_an_alarm() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver(fails="Apprise does not understand the address")
        courier = place.courier(receiver)
        await beside(asyncio.sleep(1), courier.run())
        assert not courier.health().ok
        assert receiver.attempts == 0

    run(main())


def test_in_quiet_hours_the_message_waits_for_the_morning() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver()

        async def script() -> None:
            place.says(soc=10)
            await asyncio.sleep(5 * 3600)

        await beside(script(), place.courier(receiver, quiet=Quiet.parse("11:00-14:00")).run())
        ((at, _),) = receiver.titles
        assert 7200 <= at <= 7200 + 60

    run(main())


def test_after_a_restart_only_what_was_not_told_is_told(tmp_path: Path) -> None:
    receiver = Receiver()

    async def first() -> None:
        with history(tmp_path) as store:
            place = Place(store=store)

            async def script() -> None:
                await asyncio.sleep(1)
                place.says(soc=10)
                await asyncio.sleep(10)
                receiver.fails = "nobody answers"
                await place.over()

            await beside(script(), place.courier(receiver).run())

    async def second() -> None:
        receiver.fails = ""
        with history(tmp_path) as store:
            place = Place(store=store)
            await beside(asyncio.sleep(FIRST_PAUSE), place.courier(receiver).run())

    run(first())
    run(second())
    assert [title for _, title in receiver.titles] == ["House: Generator", "House: Generator is over"]


def test_a_new_receiver_is_not_told_of_the_past(tmp_path: Path) -> None:
    async def main() -> None:
        receiver = Receiver()
        with history(tmp_path) as store:
            place = Place(store=store)
            place.says(soc=10)
            await beside(asyncio.sleep(100), place.courier(receiver).run())
        assert receiver.titles == []

    run(main())


def test_an_alarm_that_ends_before_its_receiver_is_served_again_is_not_repeated() -> None:
    async def main() -> None:
        place, receiver = Place(), Receiver()
        before = place.courier(receiver)
        place.says(soc=10)
        await beside(asyncio.sleep(10), before.run())

        after = place.courier(receiver, repeat=600.0, cleared=False)
        await place.over()
        await beside(asyncio.sleep(7200), after.run())

        assert [title for _, title in receiver.titles] == ["House: Generator"]

    run(main())
