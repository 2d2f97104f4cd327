"""Who is on the air, and who waits to hear it."""

import asyncio

from bmsreader.links.air import MOST, Air
from bmsreader.links.radio import Heard
from tests.clock import Clock, elapsed, run

ADDRESS = "02:00:07:00:00:01"


def heard(address: str = ADDRESS, name: str | None = "LT-12V-1544", *, age: float = 0.0) -> Heard:
    return Heard(address=address, name=name, signal=-70, age=age, adapter="hci0")


def test_a_battery_that_was_never_heard_has_no_silence() -> None:
    assert run(silence_of(Air(Clock()))) is None


async def silence_of(air: Air) -> float | None:
    return air.silence(ADDRESS)


def test_silence_grows_until_the_next_advertisement() -> None:
    clock = Clock(100.0)
    air = Air(clock)
    air.take(heard(age=2.0))
    clock.advance(3.0)

    assert air.silence(ADDRESS.lower()) == 5.0

    air.take(heard())

    assert air.silence(ADDRESS) == 0.0


def test_what_was_heard_before_a_link_does_not_make_a_battery_present() -> None:
    air = Air(Clock())
    air.take(heard())
    assert air.fresh(ADDRESS, 10.0)

    air.linked(ADDRESS)
    assert not air.fresh(ADDRESS, 10.0)

    air.take(heard())
    assert air.fresh(ADDRESS, 10.0)


def test_an_old_advertisement_is_not_fresh() -> None:
    clock = Clock()
    air = Air(clock)
    air.take(heard())
    clock.advance(11.0)

    assert not air.fresh(ADDRESS, 10.0)


def test_who_waits_for_a_battery_is_woken_by_its_advertisement() -> None:
    async def main() -> float:
        air = Air(asyncio.get_running_loop().time)
        asyncio.get_running_loop().call_later(7.0, air.take, heard())
        await air.hears(ADDRESS.lower())
        return elapsed()

    assert run(main()) == 7.0


def test_who_gave_up_waiting_is_forgotten() -> None:
    async def main() -> None:
        air = Air(asyncio.get_running_loop().time)
        try:
            async with asyncio.timeout(1.0):
                await air.hears(ADDRESS)
        except TimeoutError:
            air.take(heard())

    run(main())


def test_each_peripheral_is_new_once_and_again_when_its_name_becomes_known() -> None:
    async def main() -> list[str | None]:
        air = Air(asyncio.get_running_loop().time)
        for name in (None, None, "LT-12V-1544", None, "LT-12V-1544"):
            air.meet(heard(name=name))
            await asyncio.sleep(0)
        found = [(await air.hears_new()).name]
        air.meet(heard(name="Caravan"))
        return [*found, (await air.hears_new()).name]

    assert run(main()) == ["LT-12V-1544", "Caravan"]


def test_a_peripheral_that_disappeared_is_new_when_it_comes_back() -> None:
    async def main() -> list[str]:
        air = Air(asyncio.get_running_loop().time)
        air.meet(heard())
        first = await air.hears_new()
        air.forget(ADDRESS)
        air.meet(heard())
        return [first.address, (await air.hears_new()).address]

    assert run(main()) == [ADDRESS, ADDRESS]


def test_phones_with_ever_new_addresses_do_not_fill_the_memory() -> None:
    air = Air(Clock())
    for number in range(MOST + 500):
        air.meet(heard(f"{number:012x}"))

    assert (len(air._known), len(air._new)) == (MOST, MOST)
