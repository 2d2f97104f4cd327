"""Which adapters there are, and news about them."""

import asyncio
from dataclasses import replace

import pytest

from bmsreader.links.adapters import LOOK_AGAIN, SETTLE, AdapterWatch, LocalAdapter, adapters_among, missing, usable
from bmsreader.links.bus import DEVICE
from tests.clock import elapsed, run
from tests.links.stack import HCI0, HCI1, Service, as_objects

pytestmark = pytest.mark.skipif("sys.platform != 'linux'", reason="other systems have one adapter and no message bus")


def test_adapters_are_found_among_the_peripherals() -> None:
    objects = as_objects(HCI1, replace(HCI0, powered=False), connected=("02:00:07:00:00:01",))

    assert any(DEVICE in interfaces for interfaces in objects.values())
    assert adapters_among(objects) == (replace(HCI0, powered=False), HCI1)


def test_all_adapters_are_usable_unless_the_owner_names_some_in_that_order() -> None:
    both = (HCI0, HCI1)

    assert usable(both, ()) == both
    assert usable(both, ("hci1", HCI0.address.lower())) == (HCI1, HCI0)
    assert usable(both, ("hci7",)) == ()


def test_an_adapter_that_is_missing_is_named() -> None:
    assert "hci7" in str(missing((HCI0,), ("hci7",)))
    assert str(missing((), ())) == "this machine has no Bluetooth adapter"


def test_news_comes_at_once_and_as_a_whole() -> None:
    async def main() -> tuple[bool, float, tuple[LocalAdapter, ...]]:
        service = Service(HCI0)
        watch = AdapterWatch(service)
        await watch.look()
        asyncio.get_running_loop().call_later(5.0, service.become, HCI0, HCI1)
        restarted = await watch.news()
        return restarted, elapsed(), await watch.look()

    assert run(main()) == (False, 5.0 + SETTLE, (HCI0, HCI1))


def test_a_service_that_was_restarted_is_told_once() -> None:
    async def main() -> list[bool]:
        service = Service(HCI0)
        watch = AdapterWatch(service)
        await watch.look()
        service.die()
        service.start_anew()
        return [await watch.news(), await watch.news()]

    assert run(main()) == [True, False]


def test_without_news_it_looks_again_after_a_while() -> None:
    async def main() -> tuple[bool, float]:
        watch = AdapterWatch(Service(HCI0))
        await watch.look()
        return await watch.news(), elapsed()

    assert run(main()) == (False, LOOK_AGAIN)
