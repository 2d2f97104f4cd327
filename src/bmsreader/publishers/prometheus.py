"""The page /metrics, for Prometheus and everything that reads its format."""

import asyncio
import errno
import gzip
import os
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Protocol

from prometheus_client import ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bmsreader.model.battery import Snapshot
from bmsreader.model.errors import ConfigurationError, PublishError
from bmsreader.model.health import GatewayHealth, PublisherHealth
from bmsreader.publishers.feed import Commands, Feed
from bmsreader.publishers.metrics import battery_metrics
from bmsreader.publishers.metrics_gateway import gateway_metrics

LOOK_TIMEOUT = 5.0
"""s for the gateway to say how it is doing; a page that cannot be made says so instead of showing something old."""
REQUEST_TIMEOUT, LONGEST_VISIT = 10.0, 30.0
"""s for a visitor to say the next thing or take it, and for the whole visit: one byte now and then holds nobody up."""
MOST_VISITORS = 16
"""Requests that are served at once; more are turned away."""

LANDING = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>bmsreader</title></head>
<body><h1>bmsreader</h1>
<p>This is the gateway's page for Prometheus. <a href="metrics">Metrics</a></p></body></html>
"""

Present = tuple[Sequence[Snapshot], GatewayHealth]
Look = Callable[[], Present]
"""Returns the present; called in the thread of a request. The gateway's objects are only touched in its own thread."""


class Settings(Protocol):
    """The settings of `[prometheus]`."""

    @property
    def listen(self) -> str: ...


def utc_now() -> datetime:
    """Return the time of this machine's clock, UTC."""
    return datetime.now(UTC)


class PrometheusPublisher:
    """Serves the latest snapshots; each scrape is made from what is known at that moment."""

    name = "prometheus"

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = utc_now) -> None:
        self._host, self._port = address(settings.listen)
        self._now = now
        self._page: Page | None = None
        self._problem = "not started yet"

    @property
    def port(self) -> int:
        """The port that it listens on: the system's choice where port 0 was asked for; 0 when it does not listen."""
        return self._page.server_address[1] if self._page else 0

    def health(self) -> PublisherHealth:
        """Return whether it listens; ``delivered`` counts scrapes."""
        scrapes = self._page.scrapes if self._page else 0
        return PublisherHealth(name=self.name, ok=not self._problem, problem=self._problem, delivered=scrapes)

    async def run(self, feed: Feed, commands: Commands) -> None:
        """Serve until cancelled; raise PublishError when the address cannot be had."""
        loop = asyncio.get_running_loop()

        def look() -> Present:
            present: Future[Present] = Future()
            loop.call_soon_threadsafe(lambda: present.set_result((feed.all(), feed.health())))
            return present.result(LOOK_TIMEOUT)

        try:
            self._page = page = listening(self._host, self._port, look, self._now)
        except PublishError as error:
            self._problem = str(error)
            raise
        self._problem = ""
        try:
            while True:
                connection, visitor = await loop.sock_accept(page.socket)
                page.process_request(connection, visitor)
                loop.call_later(LONGEST_VISIT, end, connection)
        except OSError as error:
            self._problem = f"the page for Prometheus failed: {error.strerror or error}"
            raise PublishError(self._problem) from error
        finally:
            page.server_close()
            self._page = None


def address(listen: str) -> tuple[str, int]:
    """Return host and port of ``host:port``, ``[IPv6]:port`` or ``:port``; raise ConfigurationError."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535 or (":" in host and not host.startswith("[")):
        raise ConfigurationError(
            f"{listen!r} is no address to listen on",
            advice="Write 127.0.0.1:9586 for this machine only, 0.0.0.0:9586 or [::]:9586 for the whole network.",
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def listening(host: str, port: int, look: Look, now: Callable[[], datetime]) -> "Page":
    """Return a page that listens; raise PublishError in words."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return Page(found[0][0], found[0][4], look, now)
    except OSError as error:
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if error.errno == errno.EADDRINUSE:
            raise PublishError(
                f"port {port} is taken by another program",
                advice=f"Stop it, or set another port: listen = {shown!r} is in [prometheus].",
            ) from error
        raise PublishError(
            f"cannot listen on {shown}: {error.strerror or error}",
            advice="Is it an address of this machine, and the port above 1023?",
        ) from error


def end(connection: socket.socket) -> None:
    """End a visit that still goes on."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended long ago, as nearly all do


class Page(socketserver.ThreadingMixIn, HTTPServer):
    """A listening socket, and a thread for each request; connections are accepted by the event loop."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name == "posix"  # elsewhere it would let two programs share a port
    request_queue_size = MOST_VISITORS

    def __init__(self, family: int, where: object, look: Look, now: Callable[[], datetime]) -> None:
        self.address_family = family
        self.look = look
        self.now = now
        self.scrapes = 0
        self._counting = threading.Lock()
        self._visitors = threading.BoundedSemaphore(MOST_VISITORS)
        self._process = ProcessCollector(registry=None)
        super().__init__(where, _Handler)  # type: ignore[arg-type]
        self.socket.setblocking(False)

    def server_bind(self) -> None:
        """Bind without the look-up of a host name that HTTPServer would do here: it may take many seconds."""
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: object, client_address: object) -> None:
        """Serve in a thread of its own, unless too many are being served."""
        if not self._visitors.acquire(blocking=False):
            self.shutdown_request(request)  # type: ignore[arg-type]
            return
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Serve one request."""
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self._visitors.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a visitor who went away: everybody in the network could fill the log."""

    def count_scrape(self) -> None:
        """Count one more, from whichever thread."""
        with self._counting:
            self.scrapes += 1

    def metrics(self) -> Iterator[Metric]:
        """Yield everything that the page shows, as it is now."""
        snapshots, health = self.look()
        yield from everything(snapshots, health, self.now(), self._process)


def everything(
    snapshots: Sequence[Snapshot], health: GatewayHealth, now: datetime, process: ProcessCollector
) -> Iterator[Metric]:
    """Yield all metrics: of the batteries, the gateway and its process."""
    yield from battery_metrics(snapshots, now)
    yield from gateway_metrics(health)
    yield from process.collect()


def exposition(metrics: Iterable[Metric], accept: str) -> tuple[bytes, str]:
    """Return metrics as a visitor accepts them, and what that is called."""
    encode, kind = choose_encoder(wanted(accept))
    return encode(_Scrape([metric for metric in metrics if metric.samples])), kind


class _Scrape(Collector):
    """What one scrape collects."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Sequence[Metric]:
        return self._metrics


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Page
    timeout = REQUEST_TIMEOUT
    server_version = "bmsreader"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with the metrics, or the page that leads there."""
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._metrics()
        elif path == "/":
            self._answer(200, "text/html; charset=utf-8", LANDING)
        else:
            self._answer(404, "text/plain; charset=utf-8", b"There is nothing here; see /metrics.\n")

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def _metrics(self) -> None:
        try:
            body, kind = exposition(self.server.metrics(), self.headers.get("Accept", ""))
        except (TimeoutError, RuntimeError):  # RuntimeError: the loop has ended
            self._answer(503, "text/plain; charset=utf-8", b"The gateway does not say how it is doing.\n")
            return
        self.server.count_scrape()
        self._answer(200, kind, body)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Vary", "Accept, Accept-Encoding")
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 1024:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is inherited
        """Say nothing: a scrape each few seconds is no news."""


def wanted(accept: str) -> str:
    """Return what a visitor accepts, without formats newer than those that we write: OpenMetrics 1.0 and text 0.0.4."""
    return ",".join(one for one in accept.split(",") if "version=2" not in one.replace(" ", ""))
