"""What is on the air: who was heard last and when, and who is new."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from bmsreader.links.radio import Heard

MOST = 2000
"""Peripherals that are remembered as known: phones change their address every few minutes, for months."""


class Air:
    """Takes advertisements, and tells those who wait for one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: dict[str, Heard] = {}
        self._at: dict[str, float] = {}
        self._linked: set[str] = set()
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._known: OrderedDict[str, str | None] = OrderedDict()
        self._new: OrderedDict[str, Heard] = OrderedDict()
        self._news = asyncio.Event()

    def take(self, heard: Heard) -> None:
        """Take an advertisement of a battery that somebody asked for."""
        key = heard.address.casefold()
        self._last[key], self._at[key] = heard, self._clock() - heard.age
        self._linked.discard(key)
        for waiting in self._waiting.pop(key, ()):
            if not waiting.done():
                waiting.set_result(None)

    def last(self, address: str) -> Heard | None:
        """Return the last advertisement of a battery that somebody asked for; its age is that of then."""
        return self._last.get(address.casefold())

    def silence(self, address: str) -> float | None:
        """Return s since a battery that somebody asked for was heard; None when it never was."""
        at = self._at.get(address.casefold())
        return None if at is None else max(0.0, self._clock() - at)

    def fresh(self, address: str, seconds: float) -> bool:
        """Return whether a battery was heard within so many seconds, and after its last link."""
        silence = self.silence(address)
        return silence is not None and silence <= seconds and address.casefold() not in self._linked

    def linked(self, address: str) -> None:
        """Take note that a link was made or ended: what was heard before does not say that the battery is still there.

        BlueZ also tells the beginning and the end of a link in the same way as an advertisement.
        """
        self._linked.add(address.casefold())

    async def hears(self, address: str) -> None:
        """Return at the next advertisement of a battery."""
        key = address.casefold()
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, set()).add(waiting)
        try:
            await waiting
        finally:
            if key in self._waiting:
                self._waiting[key].discard(waiting)

    def meet(self, heard: Heard) -> None:
        """Take note of a peripheral that may be new, or whose name may be."""
        before = self._known.get(heard.address, "")
        self._known[heard.address] = heard.name or before or None
        self._known.move_to_end(heard.address)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        if before == "" or (heard.name is not None and heard.name != before):
            self._new[heard.address] = heard
            while len(self._new) > MOST:
                self._new.popitem(last=False)
            self._news.set()

    def forget(self, address: str) -> None:
        """Take note that a peripheral has disappeared: when it comes back, it is new again."""
        self._known.pop(address, None)

    async def hears_new(self) -> Heard:
        """Return the next peripheral that was not heard before, or whose name became known."""
        while not self._new:
            self._news.clear()
            await self._news.wait()
        return self._new.popitem(last=False)[1]
