"""Each edge of an alarm reaches a destination: in order, at least once, through outages and restarts."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bmsreader.gateway.edges import LONGEST_PAUSE, EdgeDelivery
from bmsreader.model import BatteryInfo, Edge, PublishError, RowsRefused
from tests.clock import at_once, run
from tests.gateway.alarms import HOUSE, Place, beside, history


@dataclass(eq=False)
class Destination:
    """Remembers what it was told, or fails."""

    name: str = "webhook"
    tells_alarms: bool = True
    fails: Exception | None = None
    took: list[tuple[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    async def tell_edge(self, battery: BatteryInfo, edge: Edge) -> None:
        if self.fails is not None:
            raise self.fails
        self.took.append((battery.slug, str(edge.kind)))
        self.numbers.append(edge.number)


def delivery(place: Place, destination: Destination) -> EdgeDelivery:
    return EdgeDelivery(
        destination,
        place.alarming,
        info=lambda _: HOUSE,
        note=lambda kind, detail: place.logbook.note(kind, detail=detail),
        offload=at_once,
        dice=Random(1),
    )


def test_every_edge_arrives_in_order() -> None:
    async def main() -> None:
        place, destination = Place(), Destination()
        brings = delivery(place, destination)

        async def script() -> None:
            (alarm,) = place.says(soc=10).alarms
            await place.over()
            place.alarming.acknowledge(alarm.id)
            await asyncio.sleep(1)

        await beside(script(), brings.run())
        assert destination.took == [("house", kind) for kind in ("raised", "cleared", "acknowledged")]
        assert (brings.health().name, brings.health().delivered, brings.health().backlog) == ("webhook alarms", 3, 0)

    run(main())


def test_an_outage_loses_no_edge() -> None:
    async def main() -> None:
        place, destination = Place(), Destination(fails=PublishError("nobody answers"))
        brings = delivery(place, destination)

        async def script() -> None:
            for _ in range(5):
                place.says(soc=10)
                await place.over()
            await asyncio.sleep(3600)
            assert (brings.health().problem, brings.health().backlog) == ("nobody answers", 14)
            destination.fails = None
            await asyncio.sleep(2 * LONGEST_PAUSE)

        await beside(script(), brings.run())
        assert destination.numbers == list(range(1, 15))
        assert brings.health().ok

    run(main())


def test_an_edge_that_is_refused_for_good_is_counted_and_does_not_hold_up_the_next() -> None:
    async def main() -> None:
        place, destination = Place(), Destination(fails=RowsRefused("what is this?"))
        brings = delivery(place, destination)

        async def script() -> None:
            place.says(soc=10)
            await asyncio.sleep(1)
            destination.fails = None
            await place.over()

        await beside(script(), brings.run())
        assert (destination.numbers, brings.health().refused) == ([2], 1)

    run(main())


def test_after_a_restart_it_goes_on_where_it_was(tmp_path: Path) -> None:
    destination = Destination()

    async def one_run(*, works: bool, soc: float) -> None:
        destination.fails = None if works else PublishError("nobody answers")
        with history(tmp_path) as store:
            place = Place(store=store)

            async def script() -> None:
                place.says(soc=soc)
                await place.over() if soc > 20 else None
                await asyncio.sleep(1)

            await beside(script(), delivery(place, destination).run())

    run(one_run(works=True, soc=10))
    run(one_run(works=False, soc=60))
    run(one_run(works=True, soc=60))
    assert destination.numbers == [1, 2]


def test_a_new_destination_is_not_told_of_the_past() -> None:
    async def main() -> None:
        place, destination = Place(), Destination()
        place.says(soc=10)
        await beside(place.over(), delivery(place, destination).run())
        assert destination.numbers == [2]

    run(main())
