"""Try settings before they are saved: the other side is really asked, and what it says is told."""

import asyncio
import dataclasses
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bmsreader.configuration.about import Section
from bmsreader.configuration.replacing import why_not_writable
from bmsreader.configuration.settings import (
    InfluxSettings,
    LinesSettings,
    MqttSettings,
    NotifySettings,
    PrometheusSettings,
    ProxySettings,
    WebhookSettings,
    WebSettings,
)
from bmsreader.configuration.values import value_of
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import ConfigurationError, OwnerError, PublishError, RowsRefused
from bmsreader.web.editor import MASKED, is_hidden, is_masked
from bmsreader.web.shapes import Tried

DEADLINE = 12.0
"""s that a try may take."""
NOBODY = BatteryInfo(id="bmsreader-test", name="bmsreader test", slug="bmsreader-test")
"""Whose readings, none of them, are sent to see whether they would be taken."""
EMPTY = ("requires points", "no data", "empty")
"""What servers say of a write that holds no reading: they let us in and know the place, which is what was asked."""

WHERE = ("host", "port", "url")
"""The settings that say whom a secret is meant for."""

SHOW_NO_SECRET = (WebSettings, ProxySettings)
"""Whose try tells nobody a secret."""

Try = Callable[[Any], Awaitable[str]]
"""Returns what the other side said, or raises OwnerError."""


def settings_of(section: Section, before: Any, values: Mapping[str, Any], *, folder: Path) -> Any:
    """Return settings as they would be; ``before`` are those in effect, for secrets that the page does not know.

    Raise ConfigurationError when single values are wrong.
    """
    found: dict[str, Any] = {}
    for row in section.rows:
        raw = values.get(row.key)
        if is_hidden(row, raw, before):
            found[row.key] = getattr(before, row.key)
        elif is_masked(row, raw):
            raise ConfigurationError(f"{row.key} {MASKED}")
        elif raw is not None:
            found[row.key] = value_of(row, raw, folder=folder)
        elif row.about.secret and before is not None:
            found[row.key] = getattr(before, row.key)
        elif row.required:
            raise ConfigurationError(f"{row.key} must be set")
        else:
            found[row.key] = row.default
    _stays_where_it_was_meant_for(section, before, values, found)
    for row in section.rows:
        if row.about.reads and found.get(row.key) is not None:
            found[row.about.reads] = None  # the publisher reads the file itself
    return section.settings(**found)


def _stays_where_it_was_meant_for(
    section: Section, before: Any, values: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    """Raise ConfigurationError when a secret that nobody wrote just now would be shown to another host."""
    if section.settings in SHOW_NO_SECRET:
        return
    elsewhere = [key for key in WHERE if key in found and before is not None and found[key] != getattr(before, key)]
    for row in section.rows if elsewhere else ():
        is_kept = found[row.key] is not None and found[row.key] == getattr(before, row.key)
        if is_kept and ((row.about.secret and values.get(row.key) is None) or row.about.reads):
            raise ConfigurationError(f"{row.key} is meant for another {elsewhere[0]}: write the secret, or save first")


async def tried(settings: Any, *, deadline: float = DEADLINE) -> Tried:
    """Return what comes of it; never raise for what the other side does."""
    attempt = TRIES.get(type(settings))
    if attempt is None:
        return {"ok": False, "text": "there is nothing to try here", "advice": ""}
    try:
        async with asyncio.timeout(deadline):
            return {"ok": True, "text": await attempt(settings), "advice": ""}
    except TimeoutError:
        return {"ok": False, "text": f"no answer within {deadline:g} s", "advice": "Does it run, and is it reachable?"}
    except OwnerError as error:
        return {"ok": False, "text": str(error), "advice": error.advice}


async def _mqtt(settings: MqttSettings) -> str:
    from bmsreader.publishers.mqtt_broker import Broker
    from bmsreader.publishers.mqtt_messages import Message

    own = Broker(settings)
    broker = Broker(dataclasses.replace(settings, client_id=f"{own.client_id}-test"))  # the gateway's own stays
    topic = f"{settings.topic}/test"
    async with broker.connected(Message(topic, "")) as connection:
        refused = await connection.post(Message(topic, "", retain=False))
        if refused:
            raise PublishError(f"the MQTT broker at {broker.where} lets us in, but refuses {topic}: {refused}")
        return f"the MQTT broker at {broker.where} lets us in and takes messages (MQTT {connection.version})"


async def _influx(settings: InfluxSettings) -> str:
    from bmsreader.publishers.influx import InfluxPublisher

    publisher = InfluxPublisher(dataclasses.replace(settings, timeout=min(settings.timeout, DEADLINE - 1)))
    try:
        await publisher.deliver(NOBODY, [])
    except PublishError as error:
        if not any(words in str(error) for words in EMPTY):
            raise
    return "the server lets us write there"


async def _webhook(settings: WebhookSettings) -> str:
    from bmsreader.publishers.webhook import WebhookPublisher

    publisher = WebhookPublisher(dataclasses.replace(settings, timeout=min(settings.timeout, DEADLINE - 1)))
    try:
        await publisher.deliver(NOBODY, [])
    except RowsRefused as error:
        raise PublishError(
            f"{error} (to a message without readings)", advice="It answers; does it expect something else?"
        ) from error
    return "the receiver took a message without readings" + (", signed" if settings.secret else "")


async def _prometheus(settings: PrometheusSettings) -> str:
    from bmsreader.publishers.prometheus import address

    host, port = address(settings.listen)
    return await _port(host, port)


async def _web(settings: WebSettings) -> str:
    return await _port(settings.host.strip("[]"), settings.port)


async def _port(host: str, port: int) -> str:
    """Say whether a port can be had, or who has it."""

    def bind() -> None:
        try:
            found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
            with socket.socket(found[0], socket.SOCK_STREAM) as probe:
                if os.name == "posix":
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(found[4])
                probe.listen(1)
        except OSError as error:
            raise PublishError(
                f"port {port} cannot be had: {error.strerror or error}",
                advice="This gateway may have it already, or another program has.",
            ) from error

    await asyncio.to_thread(bind)
    return f"port {port} is free"


async def _lines(settings: LinesSettings) -> str:
    if settings.path is None:
        return "the readings go to standard output"
    if problem := why_not_writable(settings.path):
        raise PublishError(problem, advice="Choose another file, or give this program the right to write there.")
    return f"{settings.path} can be written"


async def _proxy(settings: ProxySettings) -> str:
    where = f"{settings.host}:{settings.port}"
    try:
        _, writer = await asyncio.open_connection(settings.host.strip("[]"), settings.port)
    except OSError as error:
        raise PublishError(
            f"{where} cannot be reached: {error.strerror or error}", advice="Is it on, and in this network?"
        ) from error
    writer.close()
    return f"something listens at {where}; whether the key is right shows when it is used"


async def _notify(settings: NotifySettings) -> str:
    from bmsreader.model.alarm import Severity
    from bmsreader.publishers.http import secret
    from bmsreader.publishers.notification import Notification

    urls = (secret(settings.url, settings.url_file) or "").split()
    if not urls:
        raise PublishError("there is no address to send to", advice="Set url, or url_file.")
    for url in dict.fromkeys(urls):
        receiver = Notification(url, name=f"test of {settings.name}", timeout=DEADLINE - 1)
        await receiver.send("bmsreader", "This is a test: messages about alarms arrive here.", Severity.INFO)
    return "the message was taken: look whether it arrives"


TRIES: dict[type[Any], Try] = {
    MqttSettings: _mqtt,
    InfluxSettings: _influx,
    WebhookSettings: _webhook,
    PrometheusSettings: _prometheus,
    WebSettings: _web,
    LinesSettings: _lines,
    NotifySettings: _notify,
    ProxySettings: _proxy,
}
"""What is done to try each kind of settings."""
