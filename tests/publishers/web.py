"""An HTTP server of the tests' own, on this machine, that behaves well or badly as it is told."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived."""

    target: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes
    """Decompressed."""


@dataclass
class Web:
    """A server; ``answer`` makes the raw bytes of each answer, or plays with the connection and returns None."""

    answer: Callable[[Request, socket.socket], bytes | None]
    address: str = ""
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def bodies(self) -> list[bytes]:
        return [request.body for request in self.requests]

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while request := read_request(stream):
                self.requests.append(request)
                answer = self.answer(request, connection)
                if answer is None:
                    return
                connection.sendall(answer)


def read_request(stream: object) -> Request | None:
    first: bytes = stream.readline()  # type: ignore[attr-defined]
    if not first:
        return None
    headers = {}
    while line := stream.readline().strip():  # type: ignore[attr-defined]
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))  # type: ignore[attr-defined]
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Request(first.split()[1].decode(), headers, body)


def says(status: int, text: str = "", *headers: str) -> bytes:
    """Return the raw bytes of an answer."""
    lines = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(text.encode())}", *headers, "", text]
    return "\r\n".join(lines).encode()


@contextmanager
def web(answer: Callable[[Request, socket.socket], bytes | None] | bytes) -> Iterator[Web]:
    """Run a server; a fixed answer may be given as bytes."""
    server = Web(answer if callable(answer) else lambda request, connection: answer)
    listener = socket.create_server(("127.0.0.1", 0))
    server.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    open_ones: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            open_ones.append(connection)
            threading.Thread(target=quietly, args=(server.serve, connection), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        server.stopping.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in open_ones:
            connection.close()


def quietly(serve: Callable[[socket.socket], None], connection: socket.socket) -> None:
    try:
        serve(connection)
    except (OSError, ValueError):
        pass  # the test has ended, or the other side has gone: that is what some of them are about
