"""Conversations over radios, adapters and callers that do not behave."""

import asyncio

import pytest

from bmsreader.descriptions import load, shipped
from bmsreader.links import GattTable, Receive
from bmsreader.model import (
    LinkLost,
    NoBluetooth,
    NotRecognised,
    Unreachable,
    UsageError,
    WriteRefused,
)
from bmsreader.protocol import BleProfile
from bmsreader.session import Session
from bmsreader.simulator import Battery, Faults, SimulatedLink
from tests.clock import elapsed, now, run
from tests.session.transcript import Conversation, converse, make_battery


async def read_five_times(session: Session, battery: Battery, conversation: Conversation) -> None:
    for _ in range(5):
        conversation.readings.append(await session.read())


class WedgedLink(SimulatedLink):
    """A link whose radio accepts nothing any more, from the given step on."""

    def __init__(self, step: str) -> None:
        super().__init__(make_battery(), codecs=shipped())
        self._step = step

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        if self._step == "subscribe":
            await asyncio.Event().wait()
        await super().subscribe(profile, receive)

    async def _send(self, request: bytes) -> None:
        if self._step == "send":
            await asyncio.Event().wait()
        await super()._send(request)


@pytest.mark.parametrize("step", ["subscribe", "send"])
def test_a_radio_that_wedges_at_any_step_is_given_up_after_its_deadline(step: str) -> None:
    async def read() -> float:
        with pytest.raises(LinkLost, match="within"):
            await Session(WedgedLink(step), shipped()).read()
        return elapsed()

    assert run(read()) < 30


def test_a_stack_that_hangs_while_a_connection_is_given_up_hangs_nobody() -> None:
    class Stubborn(SimulatedLink):
        async def connect(self, *, fresh: bool = False) -> GattTable:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.Event().wait()
            raise AssertionError

    async def read() -> float:
        with pytest.raises(Unreachable, match="no connection within"):
            await Session(Stubborn(make_battery(), codecs=shipped()), shipped()).read()
        return elapsed()

    assert run(read()) < 120


def test_an_adapter_that_goes_away_for_a_while_is_waited_for() -> None:
    class Unplugged(SimulatedLink):
        away = False

        async def connect(self, *, fresh: bool = False) -> GattTable | None:
            if self.away:
                raise NoBluetooth("the adapter is gone")
            return await super().connect(fresh=fresh)

    async def replug() -> list[float]:
        link, times = Unplugged(make_battery(), codecs=shipped()), []
        async for _ in Session(link, shipped(), now=now).readings(every=10):
            times.append(elapsed())
            if len(times) == 1:
                link.away = True
                link.battery.faults = Faults.parse("drop:2")
                asyncio.get_running_loop().call_later(100, setattr, link, "away", False)
                asyncio.get_running_loop().call_later(100, setattr, link.battery, "faults", Faults())
            if len(times) == 2:
                break
        return times

    first, second = run(replug())
    assert 100 < second - first < 400


def test_without_any_adapter_readings_end_at_once() -> None:
    class NoAdapter(SimulatedLink):
        async def connect(self, *, fresh: bool = False) -> GattTable:
            raise NoBluetooth("no adapter")

    async def read() -> None:
        async for _ in Session(NoAdapter(make_battery(), codecs=shipped()), shipped()).readings():
            pass

    with pytest.raises(NoBluetooth):
        run(read())


@pytest.mark.parametrize("every", [0, -1, float("nan")])
def test_an_impossible_beat_is_refused(every: float) -> None:
    async def read() -> None:
        async for _ in Session(SimulatedLink(make_battery(), codecs=shipped()), shipped()).readings(every=every):
            pass

    with pytest.raises(UsageError):
        run(read())


def test_a_slow_write_leaves_the_answer_its_time() -> None:
    class SlowToSend(SimulatedLink):
        async def _send(self, request: bytes) -> None:
            await asyncio.sleep(4)
            await super()._send(request)

    async def read() -> int:
        link = SlowToSend(make_battery(), codecs=shipped())
        async with Session(link, shipped(), now=now) as session:
            await session.read()
        return len(link.battery.asked)

    assert run(read()) == 1


def test_a_session_has_no_door_for_write_commands() -> None:
    async def write(session: Session, battery: Battery, conversation: Conversation) -> None:
        await session.open()
        await session.link.write(b":000650000E03~")

    conversation = converse(script=write)

    assert isinstance(conversation.error, WriteRefused)
    assert conversation.battery is not None
    assert conversation.battery.refused == []


def test_only_read_requests_ever_reach_a_battery_whatever_goes_wrong() -> None:
    for faults in ("lost-chunk:0.3", "bad-checksum:0.5", "silent:0.5", "drop:2@0.3", "glitch:0.5", "at-noise"):
        conversation = converse(faults, read_five_times, seed=9)
        assert conversation.battery is not None
        assert set(conversation.battery.asked) <= {b":000250000E03~", b":001031000E05~", b":015150000EFE~"}


def test_something_that_is_no_battery_is_not_recognised() -> None:
    async def open_with_the_wrong_description() -> None:
        codecs = (load("ej2"),)
        await Session(SimulatedLink(make_battery(), codecs=codecs), codecs).open()

    with pytest.raises(NotRecognised, match="none of the services"):
        run(open_with_the_wrong_description())
