"""The connection to the MQTT broker: how it is made, and what its failures mean for the owner."""

import asyncio
import hashlib
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiomqtt
from aiomqtt import ProtocolVersion
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.client import MQTT_ERR_SUCCESS
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from bmsreader.model.errors import PublishError
from bmsreader.publishers.http import secret
from bmsreader.publishers.mqtt_messages import Message

TIMEOUT = 5.0
"""s for each step of connecting, and for an answer to a subscription."""

FAREWELL = 2.0
"""s for a clean end of the connection."""

MOST_IN_FLIGHT = 20
"""Messages that wait for their acknowledgement at once; brokers may ask for fewer."""

UNSUPPORTED = 132
"""Reason code: unsupported protocol version."""

LIBRARY_LOGGER = logging.getLogger("bmsreader.publishers.mqtt.library")
LIBRARY_LOGGER.setLevel(logging.CRITICAL)  # what it would say, PublishError says in the owner's words


HUNG_UP = "it closes the connection without an answer"
NO_ANSWER = "Operation timed out"
"""What the library says when the broker does not answer in time."""


class BrokerSettings(Protocol):
    """What the owner says about the broker: the part of ``MqttSettings`` that concerns the connection."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int | None: ...
    @property
    def username(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def password_file(self) -> Path | None: ...
    @property
    def tls(self) -> bool: ...
    @property
    def ca_file(self) -> Path | None: ...
    @property
    def certificate_file(self) -> Path | None: ...
    @property
    def key_file(self) -> Path | None: ...
    @property
    def client_id(self) -> str | None: ...
    @property
    def keepalive(self) -> int: ...
    @property
    def topic(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from the broker."""

    topic: str
    payload: bytes
    retained: bool = False


class Connection(Protocol):
    """What a publisher needs of a connection to a broker."""

    @property
    def version(self) -> str:
        """Return the version of MQTT that is spoken."""

    @property
    def room(self) -> int:
        """Return how many messages may wait for their acknowledgement at once."""

    def post(self, message: Message) -> asyncio.Future[str]:
        """Send a message with QoS 1; what is sent first arrives first.

        The future's result is empty once the broker has the message, or says why it refuses it. Raise PublishError when
        the connection is gone; the future raises it, too.
        """

    async def subscribe(self, filters: Sequence[str], qos: int = 1) -> tuple[str, ...]:
        """Subscribe; return the filters that the broker refuses. Raise PublishError."""

    async def unsubscribe(self, filters: Sequence[str]) -> None:
        """Stop listening to filters. Raise PublishError."""

    def incoming(self) -> AsyncIterator[Incoming]:
        """Yield what comes in, without end; raise PublishError when the connection is gone."""


class _Client(aiomqtt.Client):
    """aiomqtt's client, which in addition notices refused messages, and a broker that hangs up instead of answering."""

    def __init__(self, settings: BrokerSettings, **arguments: Any) -> None:
        super().__init__(settings.host, **arguments)
        self._mqtt5 = arguments["protocol"] is ProtocolVersion.V5
        self._given_up = False
        self.room = MOST_IN_FLIGHT
        self._unacknowledged: dict[int, asyncio.Future[str]] = {}
        self._where = f"the MQTT broker at {settings.host}:{arguments['port']}"

    @property
    def version(self) -> str:
        return "5" if self._mqtt5 else "3.1.1"

    def post(self, message: Message) -> asyncio.Future[str]:
        info = self._client.publish(message.topic, message.payload, 1, message.retain)
        if info.rc != MQTT_ERR_SUCCESS:
            raise self.lost()
        acknowledged: asyncio.Future[str] = self._loop.create_future()
        self._unacknowledged[info.mid] = acknowledged
        return acknowledged

    async def subscribe_all(self, filters: Sequence[str], qos: int = 1) -> tuple[str, ...]:
        try:
            codes = await self.subscribe([(each, qos) for each in filters], timeout=TIMEOUT)
        except aiomqtt.MqttError as error:
            raise self.lost(error) from error
        failed = (code.is_failure if isinstance(code, ReasonCode) else code >= 0x80 for code in codes)
        return tuple(each for each, refused in zip(filters, failed, strict=True) if refused)

    async def unsubscribe_all(self, filters: Sequence[str]) -> None:
        try:
            await self.unsubscribe(list(filters), timeout=TIMEOUT)
        except aiomqtt.MqttError as error:
            raise self.lost(error) from error

    async def incoming(self) -> AsyncIterator[Incoming]:
        try:
            async for message in self.messages:
                yield Incoming(str(message.topic), message.payload, message.retain)
        except aiomqtt.MqttError as error:
            raise self.lost(error) from error

    def lost(self, error: aiomqtt.MqttError | None = None) -> PublishError:
        """Return what to say when the connection is gone."""
        cause: BaseException | None = error
        if error is not None and error.__cause__ is not None:
            cause = error.__cause__
        return PublishError(f"the connection to {self._where} is lost" + (f": {cause}" if cause else ""))

    async def close(self) -> None:
        """Say goodbye if the broker still listens; leave nothing behind in any case."""
        try:
            async with asyncio.timeout(FAREWELL):
                await self.__aexit__(None, None, None)
        except (aiomqtt.MqttError, TimeoutError):
            pass  # it is gone, and so are we
        self.abort()

    def abort(self) -> None:
        """Cut the connection. The library closes its end when it sees that."""
        self._given_up = True
        if self._disconnected.done() and not self._disconnected.cancelled():
            self._disconnected.exception()  # else asyncio reports it as never looked at
        for waiting in self._unacknowledged.values():
            if not waiting.done():
                waiting.set_exception(self.lost())
                waiting.exception()  # else asyncio reports those that nobody waits for
        self._unacknowledged.clear()
        open_socket = self._client.socket()
        if isinstance(open_socket, socket.socket):
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed by the other end

    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: ReasonCode, properties: Any) -> None:
        acknowledged = self._unacknowledged.pop(mid, None)
        if acknowledged is not None and not acknowledged.done():
            acknowledged.set_result(str(reason_code) if reason_code.is_failure else "")

    def _on_connect(
        self, client: Any, userdata: Any, flags: Any, reason_code: ReasonCode, properties: Properties | None = None
    ) -> None:
        self.room = min(self.room, getattr(properties, "ReceiveMaximum", self.room))
        super()._on_connect(client, userdata, flags, reason_code, properties)

    def _on_socket_register_write(self, client: Any, userdata: Any, sock: Any) -> None:
        self._loop.call_soon_threadsafe(self._wait_for_room, client, sock)

    def _wait_for_room(self, client: Any, sock: Any) -> None:
        """Write as soon as there is room. A socket that was closed meanwhile has none, nor a number of its own."""
        if sock.fileno() >= 0:
            self._loop.add_writer(sock.fileno(), self._write, client)

    def _write(self, client: Any) -> None:
        try:
            client.loop_write()
        except (OSError, ValueError) as error:
            if not self._disconnected.done():
                self._disconnected.set_exception(error)

    def _on_disconnect(
        self, client: Any, userdata: Any, flags: Any, reason_code: ReasonCode, properties: Properties | None = None
    ) -> None:
        if self._connected.done():
            super()._on_disconnect(client, userdata, flags, reason_code, properties)
        elif not self._given_up:
            self._connected.set_exception(aiomqtt.MqttError(HUNG_UP))


class _TlsSocket(ssl.SSLSocket):
    """Closes itself when the two do not come to an agreement, which the library leaves to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


class Broker:
    """One MQTT broker, as the owner configured it."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._port = settings.port or (8883 if settings.tls else 1883)
        self._older = False
        """The broker does not speak MQTT 5; it is not asked again in this run."""
        self.client_id = settings.client_id or default_client_id(settings.topic)

    @property
    def where(self) -> str:
        """Host and port, for messages."""
        return f"{self._settings.host}:{self._port}"

    @asynccontextmanager
    async def connected(self, will: Message) -> AsyncIterator[Connection]:
        """Hold a connection; ``will`` is what the broker says in our name when it breaks.

        Raise PublishError when there is no broker, or it does not let us in.
        """
        client = await self._connect(will)
        try:
            yield _Adapter(client)
        finally:
            await client.close()

    async def _connect(self, will: Message) -> _Client:
        tls = await asyncio.to_thread(tls_context, self._settings) if self._settings.tls else None
        remember = True
        if not self._older:
            try:
                return await self._enter(self._client(will, ProtocolVersion.V5, tls))
            except aiomqtt.MqttError as error:
                if not may_be_too_new(error):
                    raise self._refused(error) from error
                remember = str(error) != NO_ANSWER  # it may just have been slow
        try:
            client = await self._enter(self._client(will, ProtocolVersion.V311, tls))
        except aiomqtt.MqttError as error:
            raise self._refused(error) from error
        self._older = remember
        return client

    async def _enter(self, client: _Client) -> _Client:
        try:
            await client.__aenter__()
        except aiomqtt.MqttError:
            client.abort()
            raise
        return client

    def _refused(self, error: aiomqtt.MqttError) -> PublishError:
        return PublishError(f"the MQTT broker at {self.where} {refusal(error)}")

    def _client(self, will: Message, protocol: ProtocolVersion, tls: ssl.SSLContext | None) -> _Client:
        return _Client(
            self._settings,
            port=self._port,
            username=self._settings.username,
            password=secret(self._settings.password, self._settings.password_file),
            identifier=self.client_id,
            protocol=protocol,
            clean_session=None if protocol is ProtocolVersion.V5 else True,
            will=aiomqtt.Will(will.topic, will.payload, qos=1, retain=will.retain),
            keepalive=self._settings.keepalive,
            timeout=TIMEOUT,
            tls_context=tls,
            logger=LIBRARY_LOGGER,
        )


class _Adapter:
    """The client under the names of ``Connection``: aiomqtt's own have the same names and other arguments."""

    def __init__(self, client: _Client) -> None:
        self._client = client
        self.version = client.version
        self.room = client.room
        self.post = client.post
        self.subscribe = client.subscribe_all
        self.unsubscribe = client.unsubscribe_all
        self.incoming = client.incoming


def default_client_id(topic: str) -> str:
    """Return the same id at each start: a connection that hangs is then replaced, and its will does not come later."""
    digest = hashlib.sha256(f"{socket.gethostname()} {topic}".encode()).hexdigest()
    return f"bmsreader-{digest[:12]}"


def tls_context(settings: BrokerSettings) -> ssl.SSLContext:
    """Return what proves the broker to us, and us to the broker. Raise PublishError when a file is not usable."""
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        context.sslsocket_class = _TlsSocket
        if settings.certificate_file is not None:
            context.load_cert_chain(settings.certificate_file, settings.key_file)
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(str(f) for f in (settings.ca_file, settings.certificate_file, settings.key_file) if f)
        raise PublishError(f"the certificates for MQTT cannot be used ({files}): {error}") from error
    return context


def may_be_too_new(error: aiomqtt.MqttError) -> bool:
    """Whether a broker that does not know MQTT 5 behaves like this: refuses the version, hangs up or says nothing."""
    if isinstance(error, MqttConnectError):
        return _code(error) == UNSUPPORTED
    return str(error) in (HUNG_UP, NO_ANSWER)


def _code(error: aiomqtt.MqttCodeError) -> int:
    return error.rc.value if isinstance(error.rc, ReasonCode) else error.rc or 0


def refusal(error: aiomqtt.MqttError) -> str:
    """Return in words what a broker does instead of letting us in."""
    if not isinstance(error, MqttConnectError):
        text = str(error)
        return "does not answer" if text == NO_ANSWER else f"cannot be reached: {_cause(error.__context__) or text}"
    if _code(error) in (4, 5, 134, 135):
        return "refuses the user name or the password"
    return f"refuses the connection: {error.rc}"


def _cause(error: BaseException | None) -> str:
    """Return in words why there is no connection; empty where the error's own words are the best."""
    if isinstance(error, socket.gaierror):
        return "no computer of this name is known"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return (error.strerror or "") if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else ""
