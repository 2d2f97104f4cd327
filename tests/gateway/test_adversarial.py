"""What would hurt a gateway on purpose: clocks that jump, batteries that babble."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bmsreader.gateway.airing import Airing
from bmsreader.gateway.flood import BURST
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.wanted import Plan
from bmsreader.links.link import Link, Receive
from bmsreader.model.battery import BatteryState, Snapshot
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile
from bmsreader.simulator.battery import Battery
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.link import SimulatedLink
from bmsreader.simulator.radio import SimulatedRadio
from tests.clock import at_once, elapsed, now, run
from tests.gateway.world import wanted

PER_SECOND = 10_000
HONEST = 1.3
"""s after a connection before it begins to babble: one that never gave a reading would be hung up on."""
GARBAGE = {
    "noise between frames": (b"\x00\xffAT\r\n" * 3,),
    "frames that begin and never end": (b":0082310" + b"8" * 12, b"~~~~:::~", bytes(range(20))),
    "one endless frame": (b":00823100" + b"0" * 11, b"0" * 20),
}


# ---- clocks


@dataclass(kw_only=True)
class SetClock:
    """A wall clock that somebody sets while the gateway runs."""

    by: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return now() + self.by


async def over_a_jump(jump: timedelta) -> tuple[Gateway, list[Snapshot], list[Snapshot]]:
    """Run two batteries, set the clock after two minutes, and return how they were before and two minutes later."""
    clock = SetClock()
    batteries = fleet(2, clock=elapsed)
    plan = Plan(batteries=tuple(wanted(one) for one in batteries))
    gateway = Gateway(
        plan, radio=Airing(SimulatedRadio(batteries), on=True), in_writer=at_once, now=clock, dice=Random(1)
    )
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(gateway.run())
        await asyncio.sleep(120)
        before = [*gateway.snapshots()]
        clock.by = jump
        await asyncio.sleep(120)
        after = [*gateway.snapshots()]
        task.cancel()
    return gateway, before, after


@pytest.mark.slow
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_an_hour_disturbs_no_battery(hours: int) -> None:
    gateway, before, after = run(over_a_jump(timedelta(hours=hours)))

    assert [one.state for one in (*before, *after)] == [BatteryState.LIVE] * 4
    assert [one.counts.readings for one in before] == [12, 12]
    assert [one.counts.readings for one in after] == [24, 24]
    assert [one.counts.connects for one in after] == [1, 1]
    assert [one.age is not None and one.age < 11 for one in after] == [True, True]
    (told,) = gateway.records(kinds={"clock jumped"})
    assert ("forward" if hours > 0 else "back") in told.detail


@pytest.mark.slow
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_an_hour_counts_no_energy_that_did_not_flow(hours: int) -> None:
    jumped, _, _ = run(over_a_jump(timedelta(hours=hours)))
    steady, _, _ = run(over_a_jump(timedelta()))

    assert [one.meter.totals for one in jumped.pollers.values()] == [
        one.meter.totals for one in steady.pollers.values()
    ]


# ---- a battery that babbles


class BabblingLink(SimulatedLink):
    """The link to a battery that sends garbage besides its answers, as fast as a radio would never allow."""

    garbage: tuple[bytes, ...] = ()
    sent = 0

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Subscribe, and let the garbage begin."""
        await super().subscribe(profile, receive)
        loop = asyncio.get_running_loop()
        self._began, self._due = loop.time() + HONEST, 0
        loop.call_later(HONEST, self._babble)

    def _babble(self) -> None:
        loop = asyncio.get_running_loop()
        due = int((loop.time() - self._began) * PER_SECOND)
        while self._due < due and self._receive is not None:
            self._due += 1
            BabblingLink.sent += 1
            self._receive(self.garbage[self._due % len(self.garbage)])
        if self.connected:
            loop.call_later(0.001, self._babble)


class BabblingRadio(SimulatedRadio):
    """Two batteries in range; the first one babbles."""

    def link(self, address: str, *, codecs: Iterable[Codec], adapter: str | None = None) -> Link:
        """Return a link to a battery."""
        battery = self.batteries[address]
        first = next(iter(self.batteries.values()))
        return (BabblingLink if battery is first else SimulatedLink)(battery, codecs=codecs)


async def beside_a_babbler(batteries: tuple[Battery, ...], seconds: float) -> Gateway:
    """Read a babbling battery and a healthy one each second, in real time: the processor is what they share."""
    plan = Plan(batteries=tuple(replace(wanted(one), interval=1.0) for one in batteries))
    gateway = Gateway(plan, radio=Airing(BabblingRadio(batteries), on=True), in_writer=at_once, dice=Random(1))
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(gateway.run())
        await asyncio.sleep(seconds)
        task.cancel()
    return gateway


@pytest.mark.slow
@pytest.mark.parametrize("name", GARBAGE)
def test_ten_thousand_garbage_notifications_a_second_disturb_no_other_battery(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BabblingLink, "garbage", GARBAGE[name])
    monkeypatch.setattr(BabblingLink, "sent", 0)

    async def main() -> Gateway:
        return await beside_a_babbler(fleet(2, clock=asyncio.get_running_loop().time), 6.5)

    gateway = asyncio.run(main())
    healthy = [*gateway.pollers.values()][1]

    assert healthy.is_live
    assert healthy.tally.readings == 7
    assert (healthy.tally.rejected, healthy.tally.failures, healthy.tally.connects) == (0, 0, 1)
    assert healthy.latest < 0.25
    assert BabblingLink.sent > PER_SECOND / 3  # one that sends broken frames is hung up on, again and again
    rejected = gateway.records(kinds={"rejected"}, limit=10_000)
    assert len(rejected) <= 2 * BURST  # and the rest of the event record is still there
    assert [one.kind for one in gateway.records(battery=healthy.info.id)[:2]] == ["connected", "answered"]
