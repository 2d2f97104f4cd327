"""Bring the history to disk on its beat; when the disk will not have it, go on without and say so."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bmsreader.model.errors import StoreError

if TYPE_CHECKING:
    from bmsreader.store import Store

RunInWriter = Callable[[Callable[[], None]], Awaitable[None]]
"""Runs a blocking function where it blocks nobody: in the one writer thread."""


class Keeping:
    """Commits the store each so many seconds, or after each reading."""

    def __init__(
        self, store: "Store", *, every: float, in_writer: RunInWriter, note: Callable[[str, str], None]
    ) -> None:
        """``note`` takes kind and detail of a record."""
        self.store = store
        self.every = every
        self._in_writer = in_writer
        self._note = note
        self._news = asyncio.Event()
        self._problem = ""

    def news(self) -> None:
        """Take note that a reading came in."""
        if not self.every:
            self._news.set()

    def hurry(self) -> None:
        """Commit now: the beat has changed, or somebody waits for it."""
        self._news.set()

    async def run(self) -> None:
        """Commit until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self.every or None):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            await self.commit()

    async def commit(self) -> None:
        """Bring what is pending to disk; a full or damaged disk is told once (the store logs it), and so is its end."""
        try:
            await self._in_writer(self.store.commit)
        except StoreError as error:
            problem = str(error)
        else:
            problem = ""
        if problem and not self._problem:
            self._note("history failed", problem)
        elif self._problem and not problem:
            self._note("history back", "")
        self._problem = problem
        if problem and not self.every:
            await asyncio.sleep(1.0)
