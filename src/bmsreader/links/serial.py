"""RS-485 and other serial lines: the same byte stream at 9600 8N1, without services."""

import asyncio
from collections.abc import Iterable

import serialx

from bmsreader.links.link import Link, Receive
from bmsreader.model.errors import LinkLost, NotHeard, Unreachable
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile

DEFAULT_BAUDRATE = 9600


class SerialLink(Link):
    """A battery on a serial port such as ``/dev/ttyUSB0``; the speed is the description's, else 9600, always 8N1."""

    def __init__(self, port: str, *, codecs: Iterable[Codec], baudrate: int | None = None) -> None:
        codecs = tuple(codecs)
        super().__init__(port, codecs=codecs, name=None)
        described = (codec.description.baudrate for codec in codecs)
        self._baudrate = baudrate or next((rate for rate in described if rate), DEFAULT_BAUDRATE)
        self._line: _Line | None = None

    async def connect(self, *, fresh: bool = False) -> None:
        """Open the port."""
        loop = asyncio.get_running_loop()
        try:
            line = _Line(self)
            await serialx.create_serial_connection(loop, lambda: line, self.address, baudrate=self._baudrate)
        except FileNotFoundError as error:
            raise NotHeard(f"{self.address} does not exist", advice=_PORT) from error
        except (OSError, ValueError) as error:
            raise Unreachable(f"{self.address} cannot be opened: {error}", advice=_PORT) from error
        self._line = line

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None:
        """Hand over what arrives from now on."""
        self._open_line().receive = receive

    async def _send(self, request: bytes) -> None:
        self._open_line().transport.write(request)

    async def disconnect(self) -> None:
        """Close the port."""
        line, self._line = self._line, None
        if line is not None:
            line.transport.close()
            await line.closed.wait()

    def _open_line(self) -> "_Line":
        if self._line is None or self._line.closed.is_set():
            raise LinkLost(f"{self.address} is closed")
        return self._line


_PORT = "Check the name of the port and that you may use it (group `dialout` on Debian)."


class _Line(asyncio.Protocol):
    """An open port."""

    def __init__(self, link: SerialLink) -> None:
        self._link = link
        self.receive: Receive = _drop
        self.transport: asyncio.WriteTransport
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - a fact of asyncio, told to the type checker
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self._link.on_disconnect()


def _drop(data: bytes) -> None:
    """Nobody has subscribed yet."""
