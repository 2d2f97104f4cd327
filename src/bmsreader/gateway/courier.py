"""Bring alarms to one receiver: as messages, at least once, through outages and restarts, and delay nobody."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from random import Random

from bmsreader.alarms.herald import Herald, Message
from bmsreader.gateway.alarming import Alarming
from bmsreader.gateway.delivery import Offload
from bmsreader.gateway.notices import Notify
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import BmsReaderError, PublishError, StoreError
from bmsreader.model.health import PublisherHealth

log = logging.getLogger(__name__)

GATHER = 2.0
"""s to wait for what happens together: sixteen batteries that fall silent are one message."""
LOOK = 30.0
"""s between two looks whether quiet hours are over, or something is to be said again."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""s between two attempts on a service that fails: doubled from the one up to the other."""

Note = Callable[[str, str], None]
"""Adds a record: kind and detail."""


class Courier:
    """Serves one receiver. What it was told is remembered; a new receiver begins with what happens from now on."""

    def __init__(
        self,
        notify: Notify,
        alarming: Alarming,
        *,
        info: Callable[[str], BatteryInfo],
        note: Note,
        now: Callable[[], datetime],
        offload: Offload,
        dice: Random,
    ) -> None:
        """``info`` returns who a battery is; ``now`` the time of day in the receiver's time zone."""
        self.notify = notify
        self._alarming = alarming
        self._sender = notify.make()
        self._note = note
        self._now = now
        self._offload = offload
        self._dice = dice
        self._problem = ""
        self._delivered = 0
        position = alarming.book.told(notify.key)
        self._herald = Herald(
            notify.wishes, info=info, position=alarming.book.last_edge if position is None else position
        )
        self._resumed = {one.id for one in alarming.active() if position is not None}
        self._save()

    def health(self) -> PublisherHealth:
        """Return how the receiver is doing, and how many alarms wait to be told."""
        return PublisherHealth(
            name=self.notify.name,
            ok=not self._problem,
            problem=self._problem,
            delivered=self._delivered,
            backlog=self._herald.waiting,
        )

    async def run(self) -> None:
        """Serve until cancelled; a bug of ours is told and does not end it."""
        while True:
            try:
                await self._serve()
            except (PublishError, StoreError) as error:
                self._failed(error)
            except Exception as error:
                log.exception("%s failed", self.notify.name)
                self._fails(f"a bug of bmsreader: {error!r}")
            await asyncio.sleep(LONGEST_PAUSE)

    async def _serve(self) -> None:
        wake = self._alarming.listen()
        try:
            await self._look()
            self._resume()
            await self._prepare()
            while True:
                await self._say()
                await _news(wake)
                wake.clear()
                await self._look()
        finally:
            self._alarming.leave(wake)

    def _resume(self) -> None:
        """Repeat what an earlier courier told, as far as it still is the case."""
        self._herald.resume((one for one in self._alarming.active() if one.id in self._resumed), self._now())
        self._resumed.clear()

    async def _prepare(self) -> None:
        """Find out early that an address cannot work: not only when it matters."""
        try:
            await self._sender.prepare()
        except PublishError as error:
            self._failed(error)

    async def _look(self) -> None:
        """Take in what has happened."""
        while True:
            edges = await self._offload(lambda: self._alarming.edges(self._herald.seen))
            for edge in edges:
                self._herald.take(edge)
            if not edges:
                break
        self._save()

    async def _say(self) -> None:
        """Say what is due, again and again until it is taken; what happens meanwhile is said with it."""
        pause = FIRST_PAUSE
        while (message := self._herald.due(self._now())) is not None:
            try:
                await self._send(message)
            except PublishError as error:
                self._failed(error)
                await asyncio.sleep(pause * self._dice.uniform(0.8, 1.2))
                pause = min(2 * pause, LONGEST_PAUSE)
                await self._look()

    async def _send(self, message: Message) -> None:
        await self._sender.send(message.title, message.body, message.severity, over=message.over)
        self._herald.said(message, self._now())
        self._delivered += 1
        self._save()
        if self._problem:
            self._problem = ""
            log.warning("%s: works again", self.notify.name)
            self._note("publisher back", self.notify.name)

    def _save(self) -> None:
        if self._alarming.book.told(self.notify.key) != self._herald.position:
            self._alarming.save_told(self.notify.key, self._herald.position)

    def _failed(self, error: BmsReaderError) -> None:
        self._fails(str(error), error.advice)

    def _fails(self, problem: str, advice: str = "") -> None:
        if problem != self._problem:
            self._problem = problem
            log.warning("%s: %s", self.notify.name, f"{problem}. {advice}" if advice else problem)
            self._note("publisher failed", f"{self.notify.name}: {problem}")


async def _news(wake: asyncio.Event) -> None:
    """Return a moment after something happened, or when it is time to look at the clock again."""
    try:
        async with asyncio.timeout(LOOK):
            await wake.wait()
    except TimeoutError:
        return
    await asyncio.sleep(GATHER)
