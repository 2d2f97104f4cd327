"""Listening leaves silence to the radio, and a connection goes the chosen way."""

import asyncio
from typing import Any

from habluetooth import set_manager

from bmsreader.links.scanner import TROUBLES, Ether, Scanner, forget_service
from tests.clock import run
from tests.links.stack import BATTERY, HCI0, HCI1, Ears


def with_ether(play: Any) -> Any:
    async def main() -> Any:
        news: list[str] = []
        ether = Ether(lambda info: news.append(info.address))
        set_manager(ether)
        return await play(ether, news)

    return run(main())


def test_a_scanner_that_hears_nothing_for_long_resets_nothing_by_itself() -> None:
    async def play(ether: Ether, news: list[str]) -> tuple[bool, set[Any]]:
        scanner = Scanner(HCI0)
        scanner.scanning = True
        scanner._async_scanner_watchdog()  # habluetooth calls it each 30 s; its own one would begin a restart here
        await scanner._async_reset_adapter(True)
        return scanner.scanning, scanner._background_tasks

    assert with_ether(play) == (True, set())


def test_without_a_message_bus_listening_fails_with_a_known_trouble() -> None:
    async def main() -> str:
        set_manager(Ether(lambda info: None))
        try:
            await Scanner(HCI0).begin()
        except TROUBLES as error:
            return type(error).__name__
        return "it listens"

    assert asyncio.run(main()) == "FileNotFoundError"


def test_news_is_what_is_new_or_has_changed() -> None:
    async def play(ether: Ether, news: list[str]) -> list[str]:
        ears = Ears(HCI0)
        ether.async_register_scanner(ears)
        for name in ("LT-12V-1544", "LT-12V-1544", "Caravan"):
            ears.hear(ether, name=name)
        return news

    assert with_ether(play) == [BATTERY, BATTERY]


def test_while_a_connection_is_made_only_its_own_way_is_seen() -> None:
    async def play(ether: Ether, news: list[str]) -> tuple[int, list[str], int]:
        for adapter in (HCI0, HCI1):
            ears = Ears(adapter)
            ether.async_register_scanner(ears)
            ears.hear(ether)
        both = len(ether.async_scanner_devices_by_address(BATTERY, True))
        ether.routes[BATTERY] = HCI1.address
        chosen = [one.scanner.adapter for one in ether.async_scanner_devices_by_address(BATTERY, True)]
        ether.routes.clear()
        return both, chosen, len(ether.async_scanner_devices_by_address(BATTERY, True))

    assert with_ether(play) == (2, ["hci1"], 2)


def test_forgetting_a_service_that_was_never_asked_is_nothing() -> None:
    async def main() -> None:
        forget_service()

    run(main())
