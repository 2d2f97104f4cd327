"""One adapter's life, in virtual time: what is done when it does not hear, and how often."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from habluetooth import set_manager

from bmsreader.links.scanner import Ether
from bmsreader.links.station import SWITCH_ON_AFTER, Station
from bmsreader.model import Record
from tests.clock import run
from tests.links.stack import HCI0, Ears, Service

OFF = replace(HCI0, powered=False)


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    Ears.made, Ears.broken = [], False
    yield
    Ears.made, Ears.broken = [], False


class Log(list[Record]):
    """What a station tells, with the time it told it."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def tell(self, kind: str, *, adapter: str = "", duration: float | None = None, detail: str = "") -> None:
        self.append(Record(at=datetime.now(UTC), kind=kind, adapter=adapter, duration=duration, detail=detail))
        self.times.append(asyncio.get_running_loop().time())

    def when(self, kind: str) -> list[float]:
        """Return the times at which this happened, s."""
        return [time for time, record in zip(self.times, self, strict=True) if record.kind == kind]

    @property
    def kinds(self) -> list[str]:
        return [record.kind for record in self]


def lived(scene: Callable[[Station, Log, Service], Awaitable[Any]]) -> Any:
    """Play a scene while a station lives."""

    async def main() -> Any:
        ether, log, service = Ether(lambda info: None), Log(), Service(HCI0)
        set_manager(ether)
        station = Station(HCI0, ether, service, log.tell, make_scanner=Ears)
        async with asyncio.TaskGroup() as tasks:
            life = tasks.create_task(station.live())
            result = await scene(station, log, service)
            life.cancel()
        return result

    return run(main())


def test_it_listens_and_stops_when_it_is_let_go() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        await asyncio.sleep(1)
        return station.listening, log

    listening, log = lived(scene)

    assert (listening, log.kinds) == (True, ["scanner started", "scanner stopped"])


def test_listening_that_cannot_begin_is_tried_again_less_and_less_often() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        Ears.broken = True
        await asyncio.sleep(14)
        problem = station.health().problem
        Ears.broken = False
        await asyncio.sleep(20)
        return log.when("scanner failed"), problem, station.health().ok

    failed, problem, ok = lived(scene)

    assert (failed[:4], ok) == ([0.0, 1.0, 3.0, 7.0], True)
    assert "InProgress" in problem


def test_an_adapter_on_which_listening_never_begins_is_reset() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        Ears.broken = True
        await asyncio.sleep(600)
        return len(log.when("adapter reset")), station.resets

    resets, counted = lived(scene)

    assert 1 <= resets == counted <= 4


def test_an_adapter_that_somebody_switches_off_is_switched_on_again() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        await asyncio.sleep(1)
        station.seen(OFF)
        await asyncio.sleep(SWITCH_ON_AFTER + 1)
        return log.kinds, service.powered

    kinds, powered = lived(scene)

    assert kinds[-2:] == ["scanner stopped", "adapter off"]
    assert powered == [("hci0", True)]


def test_who_switches_it_off_again_and_again_is_obeyed_longer_and_longer() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        await service.watch(lambda restarted: station.seen(HCI0))
        for _ in range(3):
            station.seen(OFF)
            await asyncio.sleep(60)
        off = log.when("adapter off")
        return [round(on - off[number]) for number, on in enumerate(service.when)]

    assert lived(scene) == [10, 20, 40]


def test_an_adapter_that_hears_nothing_any_more_is_told_as_deaf_and_reset() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        await asyncio.sleep(5)
        Ears.made[-1].last = 5.0
        await asyncio.sleep(1200)
        return log

    log = lived(scene)

    assert log.kinds.count("adapter deaf") == log.kinds.count("adapter reset") == 1
    assert 600 <= log.when("adapter deaf")[0] <= 680
    assert log.kinds.index("adapter quiet") < log.kinds.index("adapter deaf")


def test_a_gone_adapter_is_waited_for_without_a_word_more() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        await asyncio.sleep(1)
        station.seen(None)
        await asyncio.sleep(7200)
        station.seen(HCI0)
        await asyncio.sleep(1)
        return log.kinds, log[-2].duration

    kinds, away = lived(scene)

    assert kinds == ["scanner started", "scanner stopped", "adapter gone", "adapter back", "scanner started"]
    assert away == 7200.0


def test_an_adapter_that_stays_away_is_forgotten_after_an_hour() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        station.seen(None)
        await asyncio.sleep(3500)
        soon = station.forgotten
        await asyncio.sleep(200)
        return soon, station.forgotten

    assert lived(scene) == (False, True)


def test_a_service_that_was_restarted_gets_a_new_scanner() -> None:
    async def scene(station: Station, log: Log, service: Service) -> Any:
        await asyncio.sleep(1)
        station.seen(HCI0, anew=True)
        await asyncio.sleep(1)
        return len(Ears.made), Ears.made[0].ended

    assert lived(scene) == (2, True)
