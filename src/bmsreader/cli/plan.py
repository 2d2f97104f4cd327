"""From the configuration to what the gateway runs: batteries and publishers, ready-made."""

from collections.abc import Callable, Sequence
from typing import Any

from bmsreader import __version__
from bmsreader.cli.alarmplan import notifies_of, rules_of
from bmsreader.configuration.settings import (
    Configuration,
    InfluxSettings,
    LinesSettings,
    MqttSettings,
    PrometheusSettings,
    WebhookSettings,
)
from bmsreader.gateway.roster import banked, listed, strangers
from bmsreader.gateway.wanted import Outlet, Plan
from bmsreader.model.errors import ConfigurationError
from bmsreader.protocol.codec import Codec


def plan_of(configuration: Configuration, codecs: Sequence[Codec], *, simulated: bool = False) -> Plan:
    """Return what the gateway is to do; ``simulated`` says that whoever is heard is simulated."""
    return Plan(
        batteries=listed(configuration, codecs),
        banks=banked(configuration),
        outlets=outlets_of(configuration),
        stranger=strangers(configuration, codecs, simulated=simulated),
        left_alone=frozenset(one.address.casefold() for one in configuration.batteries if not one.enabled),
        rules=rules_of(configuration),
        notifies=notifies_of(configuration),
        commit=configuration.store.commit,
    )


def outlets_of(configuration: Configuration) -> tuple[Outlet, ...]:
    """Return the publishers that the configuration asks for; each is imported when it is made."""
    mqtt, prometheus, lines = configuration.mqtt, configuration.prometheus, configuration.lines
    found: list[Outlet] = []
    if mqtt is not None:
        found.append(Outlet(settings=mqtt, make=_maker(_mqtt, mqtt), durable=mqtt.history))
    if prometheus is not None:
        found.append(Outlet(settings=prometheus, make=_maker(_prometheus, prometheus)))
    if lines is not None:
        found.append(_durable(lines, _lines, from_now=lines.path is None))
    found += [_durable(influx, _influx) for influx in configuration.influx]
    found += [_durable(webhook, _webhook) for webhook in configuration.webhooks]
    needing = dict.fromkeys(NEEDING[type(one.settings)] for one in found if one.durable)
    if not configuration.store.enabled and needing:
        raise ConfigurationError(
            f"there is no history, and every reading comes from it for {', '.join(needing)}",
            advice="Switch the history on: enabled = true in [store], without --no-store.",
        )
    return tuple(found)


NEEDING = {
    LinesSettings: "JSON Lines ([lines] and --json)",
    InfluxSettings: "InfluxDB",
    WebhookSettings: "webhooks",
    MqttSettings: "the history on MQTT",
}
"""Publishers that take every reading from the history."""


def _durable(settings: object, make: Callable[[Any], object], *, from_now: bool = False) -> Outlet:
    return Outlet(settings=settings, make=_maker(make, settings), live=False, durable=True, from_now=from_now)


def _maker(make: Callable[[Any], object], settings: object) -> Callable[[], object]:
    return lambda: make(settings)


def _mqtt(settings: MqttSettings) -> object:
    from bmsreader.publishers.mqtt import MqttPublisher

    return MqttPublisher(settings, version=__version__)


def _prometheus(settings: PrometheusSettings) -> object:
    from bmsreader.publishers.prometheus import PrometheusPublisher

    return PrometheusPublisher(settings)


def _lines(settings: LinesSettings) -> object:
    from bmsreader.publishers.lines import LinesPublisher

    return LinesPublisher(settings)


def _influx(settings: InfluxSettings) -> object:
    from bmsreader.publishers.influx import InfluxPublisher

    return InfluxPublisher(settings)


def _webhook(settings: WebhookSettings) -> object:
    from bmsreader.publishers.webhook import WebhookPublisher

    return WebhookPublisher(settings)
