"""The sockets that the page is served on, and the server behind them."""

import asyncio
import contextlib
import errno
import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bmsreader.configuration.settings import WebSettings
from bmsreader.model.errors import PublishError
from bmsreader.web.patience import THIS_COMPUTER, counted_as

if TYPE_CHECKING:
    from starlette.types import ASGIApp

BACKLOG = 128
MOST_CONNECTIONS = 512
"""At once; more are hung up on: each one takes a file of this program, which has other uses for them."""
MOST_OF_ONE = 64
"""At once from one address: one visitor must not keep out all others. This computer itself may have more, since a
reverse proxy on it brings many visitors."""
KEEP_ALIVE = 30
"""s that a connection rests before it is closed."""
LARGEST_HEAD = 1 << 15
"""Bytes of a request's head."""
SLOWEST_REQUEST = 20.0
"""s that a visitor may take for a request, its body included."""
NO_PASSPHRASE = "-"  # noqa: S105 - the opposite of one
"""Tried on a key that has one, and wrong: else it would be asked for on the terminal, and everything would wait."""
FAREWELL = 2
"""s that answers under way may take at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and how the page is served: another one needs another server."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    stamps: tuple[int, ...] = ()
    """When certificate and key were changed, ns: a renewed one is taken with the next reload."""

    @classmethod
    def of(cls, settings: WebSettings) -> "Place":
        """Return the place that the settings say."""
        files = [file for file in (settings.certificate_file, settings.key_file) if file is not None]
        return cls(
            host=settings.host.removeprefix("[").removesuffix("]"),
            port=settings.port,
            certificate=settings.certificate_file,
            key=settings.key_file,
            stamps=tuple(_changed(file) for file in files),
        )

    @property
    def url(self) -> str:
        """Return the address to open."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}/"


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def listening(place: Place) -> list[socket.socket]:
    """Return sockets that are bound; raise PublishError in words."""
    shown = f"[{place.host}]:{place.port}" if ":" in place.host else f"{place.host}:{place.port}"
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in dict.fromkeys(found):
            sockets.append(_bound(family, address))
    except OSError as error:
        for one in sockets:
            one.close()
        if isinstance(error, socket.gaierror):
            raise PublishError(f"the page: {place.host} is no address of this computer", advice=LOOK) from error
        if error.errno == errno.EADDRINUSE:
            raise PublishError(
                f"the page: port {place.port} is taken by another program",
                advice="Stop it, or set another port: port in [web].",
            ) from error
        raise PublishError(f"the page cannot listen on {shown}: {error.strerror or error}", advice=LOOK) from error
    return sockets


LOOK = "Look at host and port in [web]: an address of this computer, and a port above 1023."


def _bound(family: int, address: Any) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share a port
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if address[0] == "::" else 1)
        one.bind(address)
        one.listen(BACKLOG)
    except OSError:
        one.close()
        raise
    return one


class Patient(H11Protocol):
    """A connection that is closed when a request that has begun does not come to its end; only so many are kept."""

    _deadline: asyncio.TimerHandle | None = None
    """When patience ends; None while nothing is owed by the visitor."""
    origin: str = THIS_COMPUTER
    """What the visitor's address counts as."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new visitor."""
        super().connection_made(transport)
        if self.client is not None:
            self.origin = counted_as(self.client[0])
        if len(self.connections) > MOST_CONNECTIONS or self._are_many:
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a visitor."""
        super().connection_lost(exc)
        self._wait_no_more()

    def data_received(self, data: bytes) -> None:
        """Take what a visitor sends."""
        super().data_received(data)
        if self._is_within_request:
            self._wait()
        else:
            self._wait_no_more()

    @property
    def _are_many(self) -> bool:
        own = [one for one in self.connections if getattr(one, "origin", "") == self.origin]
        return self.origin != THIS_COMPUTER and len(own) > MOST_OF_ONE

    @property
    def _is_within_request(self) -> bool:
        state = self.conn.their_state
        return state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))

    def _wait(self) -> None:
        if self._deadline is None:  # else what comes drop by drop would never end
            self._deadline = self.loop.call_later(SLOWEST_REQUEST, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: this program has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def server_of(app: "ASGIApp", place: Place) -> Server:
    """Return a server that is ready to start; raise PublishError when the certificate is no good."""
    config = uvicorn.Config(
        app,
        loop="none",
        http=Patient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=FAREWELL,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        ssl_keyfile_password=NO_PASSPHRASE,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise PublishError(
            f"the page: certificate and key do not work: {error.strerror or error}",
            advice="certificate_file and key_file in [web] are PEM files of a pair, the key without passphrase.",
        ) from error
    return Server(config)


async def serve(server: Server, sockets: Sequence[socket.socket]) -> None:
    """Serve until ``should_exit`` is set, and let answers under way end; when cancelled, end at once."""
    try:
        await server.serve(sockets=list(sockets))
    finally:
        for listener in getattr(server, "servers", ()):
            listener.close()
        for one in sockets:
            one.close()
        for task in list(server.server_state.tasks):
            task.cancel()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
