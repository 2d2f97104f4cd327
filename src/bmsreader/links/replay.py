"""A recording as a link: what the battery sent then, it sends again."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bmsreader.captures.recording import Header, Record
from bmsreader.links.link import Link, Receive
from bmsreader.model.errors import LinkLost
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile

BREATH = 0.001
"""s between two notifications that nobody asked for, at full speed: whoever listens takes each before the next."""


class ReplayLink(Link):
    """Answer each request as the recording does, at the recorded pace times ``speed`` (0: at once).

    Requests of the recording are sought in order; when no further one is alike, the recording is over and the link
    is lost. To a request that was never made there is no answer. A recording without requests is of a battery that
    speaks unasked: so does this link.
    """

    def __init__(
        self, header: Header, records: Sequence[Record], *, codecs: Iterable[Codec], speed: float = 0.0
    ) -> None:
        super().__init__(header.battery or "recording", codecs=codecs, name=header.name)
        self._started = header.started
        self._records = tuple(records)
        self._asked = {record.data for record in self._records if record.kind == "tx"}
        self._speed = speed
        self._next = 0
        self._at = 0.0
        self._receive: Receive | None = None
        self._timer: asyncio.Handle | None = None

    @property
    def over(self) -> bool:
        """Whether the recording holds no further request, or nothing further where none is in it."""
        kind = "tx" if self._asked else "rx"
        return not any(record.kind == kind for record in self._records[self._next :])

    @property
    def until_next(self) -> float:
        """Recorded s between what was replayed last and the next request; 0 when the recording is over."""
        upcoming = (record.at for record in self._records[self._next :] if record.kind == "tx")
        return max(0.0, next(upcoming, self._at) - self._at)

    def now(self) -> datetime:
        """Return the time of what was replayed last, UTC: the clock for the session that reads from here."""
        return self._started + timedelta(seconds=self._at)

    async def connect(self, *, fresh: bool = False) -> None:
        """Begin, or go on after a recorded disconnect."""

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Hand over what is replayed."""
        self._receive = receive
        if not self._asked:
            self._stop()
            self._schedule(self._at)

    async def _send(self, request: bytes) -> None:
        if request not in self._asked:
            return
        position = self._find(request)
        if position is None:
            self._next = len(self._records)
            raise LinkLost(f"the recording of {self.address} is over")
        self._stop()
        self._at = self._records[position].at
        self._next = position + 1
        self._schedule(self._at)

    def _schedule(self, since: float) -> None:
        """Play the next record when its time has come, one after the other: timers alone do not keep the order."""
        if self._next >= len(self._records) or self._records[self._next].kind == "tx":
            return
        loop = asyncio.get_running_loop()
        if self._speed:
            delay = (self._records[self._next].at - since) / self._speed
            self._timer = loop.call_later(max(0.0, delay), self._play)
        elif self._asked:
            self._timer = loop.call_soon(self._play)
        else:
            self._timer = loop.call_later(BREATH, self._play)

    def _find(self, request: bytes) -> int | None:
        for index in range(self._next, len(self._records)):
            record = self._records[index]
            if record.kind == "tx" and record.data == request:
                return index
        return None

    def _play(self) -> None:
        record = self._records[self._next]
        self._next += 1
        self._at = record.at
        self._schedule(record.at)
        if record.kind == "rx" and self._receive is not None:
            self._receive(record.data)
        elif record.event == "disconnected":
            self._stop()
            self.on_disconnect()

    async def disconnect(self) -> None:
        """Stop what is still to be replayed of the last answer."""
        self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
