import asyncio

import pytest

from bmsreader.gateway.airing import AGAIN, Airing
from bmsreader.model import NoBluetooth
from bmsreader.simulator.radio import SimulatedRadio
from tests.clock import elapsed, run


class LateAdapter(SimulatedRadio):
    """A radio whose adapter is plugged in after a minute."""

    def __init__(self) -> None:
        super().__init__([])
        self.entered = self.left = False

    async def __aenter__(self) -> "LateAdapter":
        if elapsed() < 60:
            raise NoBluetooth("no adapter")
        self.entered = True
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.left = True


def test_an_adapter_that_is_plugged_in_later_is_taken_into_use_and_let_go_at_the_end() -> None:
    told: list[tuple[str, str]] = []

    async def main() -> None:
        radio = LateAdapter()
        airing = Airing(radio)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(airing.run(lambda *what: told.append(what)))
            await asyncio.sleep(30)
            assert (airing.on, airing.problem) == (False, "no adapter")
            assert [one.ok for one in airing.health()] == [False]
            await airing.is_on()
            assert elapsed() <= 60 + AGAIN
            await asyncio.sleep(1)
            assert airing.health() == radio.health()
            task.cancel()
        assert (radio.entered, radio.left) == (True, True)

    run(main())
    assert told == [("no bluetooth", "no adapter")]


@pytest.mark.parametrize("on", [True, False])
def test_a_radio_may_be_on_already(on: bool) -> None:
    async def main() -> bool:
        return Airing(SimulatedRadio([]), on=on).on

    assert run(main()) is on
