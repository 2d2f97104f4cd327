"""A link that writes down everything that passes through it."""

from collections.abc import Callable, Iterable
from typing import Literal

from bmsreader.captures.recording import Record
from bmsreader.links.link import GattTable, Link, Receive
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile


class RecordingLink(Link):
    """Wrap a link; every notification, request and disconnect goes to ``write`` with its time (s, by ``clock``)."""

    def __init__(
        self,
        inner: Link,
        *,
        codecs: Iterable[Codec],
        write: Callable[[Record], None],
        clock: Callable[[], float],
    ) -> None:
        super().__init__(inner.address, codecs=codecs, name=inner.name)
        self._inner = inner
        self._write = write
        self._clock = clock
        self._born = clock()
        inner.on_disconnect = self._lost

    @property
    def search(self) -> float:
        """How long the wrapped link may look for its battery, s."""
        return self._inner.search

    @property
    def signal(self) -> int | None:
        """Signal strength of the wrapped link, dBm."""
        return self._inner.signal

    async def connect(self, *, fresh: bool = False) -> GattTable | None:
        """Connect the wrapped link."""
        table = await self._inner.connect(fresh=fresh)
        self._inner.on_disconnect = self._lost
        self.name = self.name or self._inner.name
        self._note("event", event="connected")
        return table

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Subscribe the wrapped link."""

        def heard(data: bytes) -> None:
            self._note("rx", data)
            receive(data)

        await self._inner.subscribe(profile, heard)

    async def _send(self, request: bytes) -> None:
        self._note("tx", request)
        await self._inner.write(request)

    async def disconnect(self) -> None:
        """Disconnect the wrapped link."""
        await self._inner.disconnect()

    def _lost(self) -> None:
        self._note("event", event="disconnected")
        self.on_disconnect()

    def _note(self, kind: Literal["rx", "tx", "event"], data: bytes = b"", *, event: str = "") -> None:
        self._write(Record(at=self._clock() - self._born, kind=kind, data=data, event=event))
