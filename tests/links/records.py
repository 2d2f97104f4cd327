"""Keep what a radio tells, and wait for it."""

import asyncio

from bmsreader.model import Record


class Records(list[Record]):
    """The event record of a test."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def __call__(self, record: Record) -> None:
        self.append(record)
        self._news.set()

    @property
    def kinds(self) -> list[str]:
        """What happened, in order."""
        return [record.kind for record in self]

    async def until(self, kind: str, count: int = 1) -> Record:
        """Return the record of this kind once it has happened so often."""
        while self.kinds.count(kind) < count:
            self._news.clear()
            await self._news.wait()
        return [record for record in self if record.kind == kind][count - 1]
