"""Keep the radio on: an adapter that is not there yet, or not any more, is waited for."""

import asyncio
import logging
from collections.abc import Callable

from bmsreader.links.radio import Radio
from bmsreader.model.errors import NoBluetooth
from bmsreader.model.health import AdapterHealth

log = logging.getLogger(__name__)

AGAIN = 15.0
"""s between two attempts to find an adapter."""


class Airing:
    """Switches a radio on, and says whether it is."""

    def __init__(self, radio: Radio, *, on: bool = False, instead_of: str = "") -> None:
        """``on`` says that whoever made the radio has switched it on already; see ``instead_of``."""
        self.radio = radio
        self.instead_of = instead_of
        """Why it is not the radio of this machine, in words; empty where nobody asked for that one."""
        self.problem = ""
        """Why it is not on."""
        self._on = asyncio.Event()
        if on:
            self._on.set()

    @property
    def on(self) -> bool:
        """Whether the radio is switched on."""
        return self._on.is_set()

    async def is_on(self) -> None:
        """Return once the radio is switched on."""
        await self._on.wait()

    async def run(self, note: Callable[[str, str], None]) -> None:
        """Switch the radio on as soon as that is possible; off when cancelled."""
        while not self.on:
            try:
                await self.radio.__aenter__()
                self._on.set()
            except NoBluetooth as error:
                if str(error) != self.problem:
                    log.warning("%s", error)
                    note("no bluetooth", str(error))
                self.problem = str(error)
                await asyncio.sleep(AGAIN)
        self.problem = ""
        try:
            await asyncio.Event().wait()
        finally:
            await self.radio.__aexit__(None, None, None)

    def health(self) -> tuple[AdapterHealth, ...]:
        """Return how the adapters are doing; without any, what is wrong."""
        if self.on:
            return self.radio.health()
        return (AdapterHealth(name="bluetooth", ok=not self.problem, problem=self.problem),)
