"""Say states to a destination that gets readings: without readings it would hear nothing, and not know why."""

import asyncio
from random import Random

from bmsreader.model.battery import BatteryState, Snapshot
from bmsreader.model.errors import PublishError, RowsRefused
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.publisher import StateTeller

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""s between two attempts on a destination that fails: doubled from the one up to the other."""


class Telling:
    """Says each change of state once. Of a destination that was away, each battery's latest state is what it gets."""

    def __init__(self, publisher: StateTeller, feed: Feed, *, dice: Random) -> None:
        self._publisher = publisher
        self._feed = feed
        self._dice = dice
        self._told: dict[str, BatteryState] = {}

    async def run(self) -> None:
        """Tell until cancelled. What fails here the delivery meets too, and says."""
        while True:
            _, gone = await self._feed.news()
            for info in gone:
                self._told.pop(info.id, None)
            pause = FIRST_PAUSE
            while not await self._is_told():
                await asyncio.sleep(pause * self._dice.uniform(0.75, 1.25))
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _is_told(self) -> bool:
        """Tell the states that are news; return whether the destination took all."""
        for snapshot in self._feed.all():
            if not self._is_news(snapshot):
                continue
            try:
                await self._publisher.tell(snapshot)
            except RowsRefused:
                pass  # it wants no states
            except PublishError:
                return False
            self._told[snapshot.info.id] = snapshot.state
        return True

    def _is_news(self, snapshot: Snapshot) -> bool:
        """Return whether the state is another one. A battery that was never tried has none; at first, live is no news.

        A reading says by itself that its battery lives.
        """
        counts = snapshot.counts
        tried = counts.readings or counts.failures or snapshot.state is BatteryState.BUSY
        return bool(tried) and snapshot.state is not self._told.get(snapshot.info.id, BatteryState.LIVE)
