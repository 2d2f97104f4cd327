"""Brokers that do not behave, on real sockets: old ones, silent ones, and one that accepts and never acknowledges."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Literal

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, UNSUBSCRIBE, PINGREQ = 1, 2, 3, 4, 8, 10, 12

Manner = Literal["refuses the version", "hangs up", "says nothing"]


def _exactly(stream: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise ConnectionResetError
        data += more
    return data


def packet(stream: socket.socket) -> bytes:
    """Return the next whole MQTT packet."""
    head, length, shift = _exactly(stream, 1), 0, 0
    while True:
        byte = _exactly(stream, 1)
        head += byte
        length |= (byte[0] & 0x7F) << shift
        shift += 7
        if not byte[0] & 0x80:
            return head + _exactly(stream, length)


def body(whole: bytes) -> bytes:
    """Return a packet without its fixed header."""
    place = 1
    while whole[place] & 0x80:
        place += 1
    return whole[place + 1 :]


class Liar:
    """Listens on a free port and treats every connection alike, each in a thread."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.versions: list[int] = []
        """Protocol levels that clients asked for: 4 is MQTT 3.1.1, 5 is MQTT 5."""
        self._streams: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                stream, _ = self._server.accept()
                self._streams.append(stream)
                thread = threading.Thread(target=self._serve, args=(stream,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, stream: socket.socket) -> None:
        with contextlib.suppress(OSError), stream:
            first = packet(stream)
            self.versions.append(body(first)[6])
            self.treat(stream, first)

    def treat(self, stream: socket.socket, first: bytes) -> None:
        """Treat a connection whose first packet, a CONNECT, is here."""

    def close(self) -> None:
        """End everything."""
        for each in (self._server, *self._streams):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(5)


class NeverAcknowledges(Liar):
    """Accepts the client and its subscriptions, reads all messages, and acknowledges none."""

    def treat(self, stream: socket.socket, first: bytes) -> None:
        stream.sendall(bytes((CONNACK << 4, 3, 0, 0, 0)))
        while True:
            whole = packet(stream)
            kind, rest = whole[0] >> 4, body(whole)
            if kind == SUBSCRIBE:
                stream.sendall(bytes((0x90, 3 + _filters(rest))) + rest[:2] + b"\0" + bytes(_filters(rest)))
            elif kind == UNSUBSCRIBE:
                stream.sendall(
                    bytes((0xB0, 3 + _filters(rest, options=0))) + rest[:2] + b"\0" + bytes(_filters(rest, options=0))
                )
            elif kind == PINGREQ:
                stream.sendall(b"\xd0\0")


def _filters(rest: bytes, options: int = 1) -> int:
    place, count = 3, 0  # packet id and no properties
    while place < len(rest):
        place += 2 + int.from_bytes(rest[place : place + 2]) + options
        count += 1
    return count


class OldBroker(Liar):
    """Knows MQTT 3.1.1 only, and passes that on to a real broker."""

    def __init__(self, behind: int, manner: Manner) -> None:
        self._behind, self._manner = behind, manner
        super().__init__()

    def treat(self, stream: socket.socket, first: bytes) -> None:
        if body(first)[6] == 5:
            if self._manner == "refuses the version":
                stream.sendall(bytes((CONNACK << 4, 2, 0, 1)))
            elif self._manner == "says nothing":
                stream.recv(1)
            return
        with socket.create_connection(("127.0.0.1", self._behind)) as onward:
            self._streams.append(onward)
            onward.sendall(first)
            back = threading.Thread(target=_pump, args=(onward, stream))
            back.start()
            _pump(stream, onward)
            back.join(5)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def lying(liar: Liar) -> Iterator[Liar]:
    """End a liar at the end of a block."""
    try:
        yield liar
    finally:
        liar.close()
