"""From the running gateway to its page: what the dashboard sees of the program. It is imported when it is wanted."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from bmsreader.configuration import Configuration
from bmsreader.configuration.replacing import place_for
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway

if TYPE_CHECKING:
    from bmsreader.cli.serving import Wishes
    from bmsreader.web.page import Page


class Dashboard:
    """The page of a gateway, made as soon as the settings want one: batteries are read before it is even imported."""

    def __init__(
        self,
        gateway: Gateway,
        configuration: Configuration,
        wishes: "Wishes",
        *,
        airing: Airing | None,
        reload: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:
        """``reload`` reads the configuration again."""
        self.page: Page | None = None
        """None until it was wanted for the first time."""
        self._gateway = gateway
        self._configuration = configuration
        self._wishes = wishes
        self._airing = airing
        self._reload = reload
        self._wanted = asyncio.Event()
        self.adopt(configuration)

    def adopt(self, configuration: Configuration) -> list[str]:
        """Take other settings into use; return what changes, in words."""
        self._configuration = configuration
        if self.page is not None:
            return self.page.adopt(configuration)
        if configuration.web.enabled and not self._wanted.is_set():
            self._wanted.set()
            return ["the dashboard is served"]
        return []

    async def run(self) -> None:
        """Serve the page until cancelled, from when it is wanted."""
        await self._wanted.wait()
        await asyncio.to_thread(import_module, "bmsreader.web.page")
        self.page = self._made()
        await self.page.run()

    def _made(self) -> "Page":
        from bmsreader.web.house import House
        from bmsreader.web.page import Page

        house = House(
            gateway=self._gateway,
            configuration=self._configuration,
            reload=self._reload,
            codecs=self._wishes.codecs(),
            demo="" if self._airing is None else self._airing.instead_of,
            simulated=numbers_of(self._airing),
            file=place_for(os.environ, self._wishes.config).absolute(),
            check=self._wishes.configuration,
        )
        return Page(house, now=self._gateway.now)


def numbers_of(airing: Airing | None) -> Mapping[str, int]:
    """Return the numbers of simulated batteries by their addresses: ``simulated:1`` is the first."""
    from bmsreader.simulator.radio import SimulatedRadio

    radio = None if airing is None else airing.radio
    return {address: at for at, address in enumerate(radio.batteries, 1)} if isinstance(radio, SimulatedRadio) else {}
