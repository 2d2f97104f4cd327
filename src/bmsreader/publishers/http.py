"""POST to one HTTP address over a connection that is kept, with every failure told in words for the owner."""

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from bmsreader.model.errors import ConfigurationError, PublishError

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; the rest is not needed for anything."""

FAILURES = (OSError, http.client.HTTPException, ValueError)
"""What a post can fail with; ValueError is what cannot be sent at all, such as a line break in a password."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP server answered."""

    status: int
    text: str = ""
    location: str = ""
    """Where it redirects to."""

    @property
    def words(self) -> str:
        """The beginning of the answer's text on one line, for a message."""
        return " ".join(self.text.split())[:200]


class Endpoint:
    """One address. It blocks; it is used by one thread, only ``abort`` is called from others.

    ``url`` may carry user and password (``http://user:password@host``); they are sent as basic authentication and
    never shown. Neither is the query, nor with ``secret_path`` the path.
    """

    def __init__(self, url: str, *, timeout: float, secret_path: bool = False) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(
                "the address of a destination is no HTTP address",
                advice="Write the whole address: http://host:port/path or https://...",
            )
        try:
            port = parts.port
        except ValueError:
            raise ConfigurationError(
                f"the port in the address of {parts.hostname} is no number from 0 to 65535"
            ) from None
        self.shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{'' if secret_path else parts.path}"
        """The address without what may be secret in it."""
        self.credentials: tuple[str, str] | None = None
        """User and password that the address carries."""
        if parts.username:
            self.credentials = unquote(parts.username), unquote(parts.password or "")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="%/?&=:@!$'()*+,;~")
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()
        self._aborted = False

    def post(self, message: Message) -> Answer:
        """Send the message and return the whole answer, whatever its status; raise PublishError when there is none.

        A server may close a kept connection at any time, so what fails on one is tried once more on a new one.
        """
        with self._lock:
            self._aborted = False
            kept = self._connection is not None
        try:
            return self._post(message)
        except FAILURES as error:
            self.close()
            if not kept or self._aborted or isinstance(error, TimeoutError):
                raise self._in_words(error) from error
        try:
            return self._post(message)
        except FAILURES as error:
            self.close()
            raise self._in_words(error) from error

    def _post(self, message: Message) -> Answer:
        connection = self._connected()
        headers = {name: value.encode() for name, value in message.headers.items()}
        connection.request("POST", self._target, message.body, headers)
        response = connection.getresponse()
        text = response.read(LONGEST_ANSWER)
        if response.length and len(text) < LONGEST_ANSWER:
            raise http.client.IncompleteRead(text, response.length)
        if response.will_close or not response.isclosed():
            self.close()
        return Answer(response.status, text.decode("utf-8", "replace"), response.headers.get("Location", ""))

    def _connected(self) -> http.client.HTTPConnection:
        with self._lock:
            connection = self._connection
        if connection is not None:
            return connection
        if self._secure:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        with self._lock:
            self._connection = connection
        connection.connect()
        if self._aborted:  # given up meanwhile: whoever waited for this tries again by itself
            raise ConnectionAbortedError
        return connection

    def close(self) -> None:
        """Let the connection go; the next post makes a new one."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def abort(self) -> None:
        """Let a post that hangs in another thread fail now."""
        with self._lock:
            self._aborted = True
            connection = self._connection
        sock = getattr(connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)  # wakes the thread up, which closing would not
            except OSError:
                pass  # it is gone already

    def _in_words(self, error: Exception) -> PublishError:
        """Return what a failed post means for the owner."""
        where = self.shown
        if isinstance(error, ssl.SSLCertVerificationError):
            return PublishError(
                f"{where}: its certificate is not trusted: {error.verify_message}",
                advice="Give the authority's certificate in the environment: SSL_CERT_FILE=/path/to/ca.pem.",
            )
        if isinstance(error, ssl.SSLError):
            return PublishError(f"{where}: TLS failed: {error.reason or error}", advice="Does the server speak https?")
        if isinstance(error, TimeoutError):
            return PublishError(f"{where} did not answer within {self._timeout:g} s", advice="Does the server run?")
        if isinstance(error, socket.gaierror):
            return PublishError(f"{where}: no computer of this name is known", advice="Look at the name, and at DNS.")
        if isinstance(error, ConnectionRefusedError):
            return PublishError(f"{where}: nothing listens there", advice="Start the server, or look at the port.")
        if isinstance(error, ValueError):
            return PublishError(f"{where}: this cannot be sent by HTTP: {error}")
        if isinstance(error, http.client.HTTPException | ConnectionError):
            return PublishError(f"{where} closed the connection in the middle of an answer ({type(error).__name__})")
        return PublishError(f"{where} cannot be reached: {error}")


def basic(username: str, password: str) -> str:
    """Return the header value of HTTP's basic authentication."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def secret(value: str | None, file: Path | None) -> str | None:
    """Return a secret that is given directly, or else the first line of a file; None when there is neither.

    Raise PublishError when the file cannot be read.
    """
    if value is not None or file is None:
        return value
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise PublishError(
            f"the secret in {file} cannot be read: {why}",
            advice="The user that runs bmsreader must be able to read it.",
        ) from error
    return lines[0].strip() if lines else ""
