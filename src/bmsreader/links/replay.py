"""A recording as a link: what the battery sent then, it sends again."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bmsreader.captures.recording import Header, Record
from bmsreader.links.link import Link, Receive
from bmsreader.model.errors import LinkLost
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile


class ReplayLink(Link):
    """Answer each request as the recording does, at the recorded pace times ``speed`` (0: at once).

    Requests of the recording are sought in order; when no further one is alike, the recording is over and the link
    is lost.
    """

    def __init__(
        self, header: Header, records: Sequence[Record], *, codecs: Iterable[Codec], speed: float = 0.0
    ) -> None:
        super().__init__(header.battery or "recording", codecs=codecs, name=header.name)
        self._started = header.started
        self._records = tuple(records)
        self._speed = speed
        self._next = 0
        self._at = 0.0
        self._receive: Receive | None = None
        self._timers: list[asyncio.TimerHandle] = []

    @property
    def over(self) -> bool:
        """Whether the recording holds no further request."""
        return not any(record.kind == "tx" for record in self._records[self._next :])

    def now(self) -> datetime:
        """Return the time of what was replayed last, UTC: the clock for the session that reads from here."""
        return self._started + timedelta(seconds=self._at)

    async def connect(self, *, fresh: bool = False) -> None:
        """Begin, or go on after a recorded disconnect."""

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Hand over what is replayed."""
        self._receive = receive

    async def _send(self, request: bytes) -> None:
        position = self._find(request)
        if position is None:
            self._next = len(self._records)
            raise LinkLost(f"the recording of {self.address} is over")
        asked = self._records[position].at
        self._at = asked
        for index in range(position + 1, len(self._records)):
            record = self._records[index]
            if record.kind == "tx":
                self._next = index
                break
            delay = (record.at - asked) / self._speed if self._speed else 0.0
            self._timers.append(asyncio.get_running_loop().call_later(delay, self._play, record))
        else:
            self._next = len(self._records)

    def _find(self, request: bytes) -> int | None:
        for index in range(self._next, len(self._records)):
            record = self._records[index]
            if record.kind == "tx" and record.data == request:
                return index
        return None

    def _play(self, record: Record) -> None:
        self._at = record.at
        if record.kind == "rx" and self._receive is not None:
            self._receive(record.data)
        elif record.event == "disconnected":
            self.on_disconnect()

    async def disconnect(self) -> None:
        """Stop what is still to be replayed of the last answer."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
