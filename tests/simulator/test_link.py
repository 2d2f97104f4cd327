"""A link to a simulated battery behaves as one over the air, in virtual time."""

import asyncio
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from bmsreader.descriptions import load, shipped
from bmsreader.model import BatteryBusy, LinkLost, ServicesMissing, Unreachable, UsageError, WriteRefused
from bmsreader.protocol import Codec
from bmsreader.simulator import Battery, SimulatedLink, Steady
from tests.clock import elapsed, run
from tests.simulator.batteries import CAPACITY, STATUS, a_battery, a_pack
from tests.unasked import hum

PROFILE = load("ej").description.profiles[0]


@dataclass(kw_only=True)
class Central:
    """Who uses a link, and what it hears, each with its time."""

    link: SimulatedLink
    heard: list[tuple[float, bytes]] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)

    @property
    def text(self) -> bytes:
        return b"".join(chunk for _, chunk in self.heard)


async def connected(**properties: Any) -> Central:
    central = beside(**properties)
    await central.link.connect()
    await central.link.subscribe(PROFILE, lambda chunk: central.heard.append((elapsed(), chunk)))
    return central


def beside(**properties: Any) -> Central:
    central = Central(link=SimulatedLink(a_battery(**properties), codecs=shipped()))
    central.link.on_disconnect = lambda: central.lost.append(elapsed())
    return central


def test_a_request_is_answered_with_the_frame() -> None:
    async def main() -> tuple[bytes, bytes]:
        central = await connected()
        await central.link.write(STATUS)
        await asyncio.sleep(1)
        return central.text, central.link.battery.frame()

    heard, said = run(main())
    assert heard == said


def test_notifications_come_one_by_one_in_their_time() -> None:
    async def main() -> list[float]:
        central = await connected(instant=False)
        asked = elapsed()
        await central.link.write(STATUS)
        await asyncio.sleep(5)
        return [at - asked for at, _ in central.heard]

    times = run(main())
    assert len(times) == 7
    assert times[0] == pytest.approx(0.06)
    assert times == sorted(set(times))


def test_a_second_request_is_answered_after_the_first() -> None:
    async def main() -> list[int]:
        central = await connected(variant="short_status", instant=False)
        await central.link.write(STATUS)
        await central.link.write(CAPACITY)
        await asyncio.sleep(5)
        return [len(frame) + 1 for frame in central.text.split(b"~")[:-1]]

    assert run(main()) == [128, 30]


def test_service_discovery_finds_the_table_of_a_real_battery() -> None:
    async def main() -> list[tuple[int, str]]:
        table = await beside().link.connect()
        assert table is not None
        return [(c.handle, c.uuid) for service in table.services for c in service.characteristics]

    found = run(main())
    assert (0x000E, PROFILE.notify) in found
    assert (0x0011, PROFILE.write) in found


def test_the_guard_of_all_links_guards_this_one() -> None:
    async def main() -> list[bytes]:
        central = await connected()
        for command in (b":000550000E00~", b":00065003000011~", STATUS + b"\r\n"):
            with pytest.raises(WriteRefused):
                await central.link.write(command)
        return [*central.link.battery.asked, *central.link.battery.refused]

    assert run(main()) == []


def test_nothing_comes_after_a_disconnect() -> None:
    async def main() -> tuple[int, list[float]]:
        central = await connected(instant=False)
        await central.link.write(STATUS)
        await asyncio.sleep(0.07)
        await central.link.disconnect()
        await asyncio.sleep(5)
        return len(central.heard), central.lost

    assert run(main()) == (1, [])


def test_nothing_can_be_sent_without_a_connection() -> None:
    async def main() -> None:
        link = beside().link
        with pytest.raises(LinkLost):
            await link.write(STATUS)
        with pytest.raises(LinkLost):
            await link.subscribe(PROFILE, print)

    run(main())


def test_a_profile_that_the_battery_lacks_cannot_be_subscribed() -> None:
    async def main() -> None:
        link = beside().link
        await link.connect()
        with pytest.raises(ServicesMissing):
            await link.subscribe(load("ej2").description.profiles[0], print)

    run(main())


def test_the_link_drops_in_mid_frame_and_can_be_had_again() -> None:
    async def main() -> tuple[bool, int, int, bool]:
        central = await connected(faults="drop:3")
        await central.link.write(STATUS)
        await asyncio.sleep(1)
        await central.link.connect()
        return central.text in central.link.battery.frame(), len(central.heard), len(central.lost), True

    assert run(main()) == (True, 3, 1, True)


def test_a_link_that_is_left_alone_drops() -> None:
    async def main() -> list[float]:
        central = await connected(faults="idle-disconnect:10")
        await asyncio.sleep(6)
        await central.link.write(STATUS)
        await asyncio.sleep(60)
        return central.lost

    assert run(main()) == [16]


def test_a_link_that_was_let_go_does_not_drop_later() -> None:
    async def main() -> list[float]:
        central = await connected(faults="idle-disconnect:10")
        await central.link.disconnect()
        await asyncio.sleep(60)
        return central.lost

    assert run(main()) == []


def test_a_sleeping_battery_is_unreachable() -> None:
    async def main() -> None:
        with pytest.raises(Unreachable, match="not on the air"):
            await connected(pack=a_pack(demand=Steady(rate=0)), faults="asleep-at-rest")

    run(main())


def test_a_battery_that_a_phone_holds_is_busy() -> None:
    async def main() -> None:
        with pytest.raises(BatteryBusy):
            await connected(faults="busy")

    run(main())


def test_a_battery_serves_one_link_at_a_time() -> None:
    async def main() -> list[bool]:
        first, second = (SimulatedLink(battery, codecs=shipped()) for battery in [a_battery()] * 2)
        await first.connect()
        with pytest.raises(BatteryBusy):
            await second.connect()
        await first.disconnect()
        await second.connect()
        return [first.connected, second.connected]

    assert run(main()) == [False, True]


def test_a_battery_that_goes_off_the_air_drops_the_link() -> None:
    async def main() -> list[float]:
        central = await connected()
        central.link.battery.faults = a_battery(faults="busy").faults
        with pytest.raises(LinkLost):
            await central.link.write(STATUS)
        return central.lost

    assert run(main()) == [0]


def test_service_discovery_may_find_nothing() -> None:
    async def main() -> list[int]:
        nothing, stale = beside(faults="no-services").link, beside(faults="stale-services").link
        tables = [await link.connect(fresh=fresh) for link in (nothing, stale) for fresh in (False, True)]
        return [len(table.services) for table in tables if table is not None]

    assert run(main()) == [0, 0, 0, 3]


def test_a_disconnect_may_never_return_and_the_battery_is_free_all_the_same() -> None:
    async def main() -> bool:
        central = await connected(faults="hanging-disconnect")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await central.link.disconnect()
        await central.link.connect()
        return central.link.connected

    assert run(main())


def test_a_battery_that_speaks_unasked_speaks_to_who_listens_until_it_is_let_go() -> None:
    async def main() -> list[list[float]]:
        battery = hum(elapsed, instant=True)
        link, heard = SimulatedLink(battery, codecs=()), list[list[float]]([[], []])
        await link.connect()
        await asyncio.sleep(5)
        await link.subscribe(battery.profile, lambda _: heard[0].append(elapsed()))
        await asyncio.sleep(3.5)
        await link.disconnect()
        await asyncio.sleep(5)
        await link.connect()
        await link.subscribe(battery.profile, lambda _: heard[1].append(elapsed()))
        await asyncio.sleep(1.5)
        return heard

    assert run(main()) == [[6, 6, 7, 7, 8, 8], [14.5, 14.5]]


def test_a_battery_whose_description_names_no_service_is_a_bare_stream() -> None:
    battery = hum(lambda: 0.0)
    bare = Battery(battery.pack, codec=Codec(replace(battery.codec.description, profiles=())), dice=Random(2))

    async def connected() -> object:
        return await SimulatedLink(bare, codecs=()).connect()

    assert run(connected()) is None
    with pytest.raises(UsageError, match="says nothing of Bluetooth"):
        _ = bare.profile
