"""What a live publisher is fed with: the latest snapshot of each battery, never a queue that grows."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.health import GatewayHealth

LONGEST_RELEASE = 7 * 24 * 60.0
"""Minutes for which a battery may be released."""


class Commands(Protocol):
    """What the world may ask of the gateway; nothing here writes to a battery."""

    def refresh(self, slug: str) -> bool:
        """Read a battery now instead of at its next turn; return whether there is such a battery."""

    def release(self, slug: str, minutes: float) -> bool:
        """Let a battery go for some minutes, for the phone app; 0 takes it back. Return whether there is such a one."""


class Feed:
    """The latest snapshot of each battery, for one publisher: whoever is slow misses what is old, and delays nobody."""

    def __init__(self, health: Callable[[], GatewayHealth]) -> None:
        self.health = health
        """Returns how the gateway is doing now."""
        self._latest: dict[str, Snapshot] = {}
        self._changed: dict[str, None] = {}
        self._gone: dict[tuple[str, str], BatteryInfo] = {}
        self._news = asyncio.Event()

    def put(self, snapshot: Snapshot) -> None:
        """Take the newest snapshot of a battery; it replaces one that nobody took."""
        identity = snapshot.info.id
        self._latest[identity] = snapshot
        self._changed[identity] = None
        self._gone.pop((identity, snapshot.info.slug), None)
        self._news.set()

    def remove(self, info: BatteryInfo) -> None:
        """Forget a battery that the owner removed or renamed: its traces at the destination should go.

        A renamed one comes again with the same id and another slug.
        """
        self._latest.pop(info.id, None)
        self._changed.pop(info.id, None)
        self._gone[info.id, info.slug] = info
        self._news.set()

    def all(self) -> tuple[Snapshot, ...]:
        """Return the latest snapshot of every battery."""
        return tuple(self._latest.values())

    async def news(self) -> tuple[list[Snapshot], list[BatteryInfo]]:
        """Wait for news; return the latest snapshot of each battery that changed, and the batteries that are gone."""
        await self._news.wait()
        self._news.clear()
        changed = [self._latest[identity] for identity in self._changed]
        gone = list(self._gone.values())
        self._changed.clear()
        self._gone.clear()
        return changed, gone
