"""Bring what happens to alarms to one destination: each edge, in order, at least once, through outages and restarts."""

import asyncio
import logging
from collections.abc import Callable
from random import Random

from bmsreader.gateway.alarming import Alarming
from bmsreader.gateway.delivery import Offload
from bmsreader.model.alarm import Edge
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import BmsReaderError, PublishError, RowsRefused, StoreError
from bmsreader.model.health import PublisherHealth
from bmsreader.publishers.publisher import AlarmTeller

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""s between two attempts on a destination that fails: doubled from the one up to the other."""

Note = Callable[[str, str], None]
"""Adds a record: kind and detail."""


class EdgeDelivery:
    """The delivery of edges to one destination. A new destination begins with what happens from now on."""

    def __init__(
        self,
        publisher: AlarmTeller,
        alarming: Alarming,
        *,
        info: Callable[[str], BatteryInfo],
        note: Note,
        offload: Offload,
        dice: Random,
    ) -> None:
        """``info`` returns who a battery is."""
        self._publisher = publisher
        self._alarming = alarming
        self._info = info
        self._note = note
        self._offload = offload
        self._dice = dice
        self._key = f"publisher {publisher.name}"
        self._problem = ""
        self._delivered = 0
        self._refused = 0
        position = alarming.book.told(self._key)
        self._position = alarming.book.last_edge if position is None else position
        if position is None:
            alarming.book.save_told(self._key, self._position)

    @property
    def name(self) -> str:
        """What it is called in health and log."""
        return f"{self._publisher.name} alarms"

    def health(self) -> PublisherHealth:
        """Return how the destination is doing, and how many edges wait for it."""
        return PublisherHealth(
            name=self.name,
            ok=not self._problem,
            problem=self._problem,
            delivered=self._delivered,
            refused=self._refused,
            backlog=max(0, self._alarming.book.last_edge - self._position),
        )

    async def run(self) -> None:
        """Deliver until cancelled."""
        wake = self._alarming.listen()
        pause = FIRST_PAUSE
        try:
            while True:
                try:
                    await self._deliver()
                except (PublishError, StoreError) as error:
                    self._failed(error)
                    await asyncio.sleep(pause * self._dice.uniform(0.75, 1.25))
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                self._works()
                pause = FIRST_PAUSE
                await wake.wait()
                wake.clear()
        finally:
            self._alarming.leave(wake)

    async def _deliver(self) -> None:
        """Deliver everything that has happened."""
        while True:
            edges = await self._offload(lambda: self._alarming.edges(self._position))
            if not edges:
                return
            for edge in edges:
                await self._tell(edge)

    async def _tell(self, edge: Edge) -> None:
        try:
            await self._publisher.tell_edge(self._info(edge.alarm.battery), edge)
            self._delivered += 1
        except RowsRefused as error:
            self._refused += 1
            detail = f"{self.name} refuses for good alarm {edge.alarm.id}, {edge.kind}: {error}"
            log.warning("%s", detail)
            self._note("delivery refused", detail)
        self._position = edge.number
        self._alarming.book.save_told(self._key, edge.number)

    def _failed(self, error: BmsReaderError) -> None:
        if str(error) != self._problem:
            self._problem = str(error)
            log.warning("%s: %s. %s", self.name, error, error.advice)
            self._note("delivery failed", f"{self.name}: {error}")

    def _works(self) -> None:
        if self._problem:
            self._problem = ""
            log.warning("%s: works again", self.name)
            self._note("delivery back", self.name)
