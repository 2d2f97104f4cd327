"""From the configuration to what the gateway runs: batteries and publishers, ready-made."""

from collections.abc import Callable, Sequence
from typing import Any

from bmsreader.configuration.settings import (
    Configuration,
    InfluxSettings,
    LinesSettings,
    MqttSettings,
    PrometheusSettings,
    WebhookSettings,
)
from bmsreader.gateway.roster import listed, strangers
from bmsreader.gateway.wanted import Outlet, Plan
from bmsreader.protocol.codec import Codec


def plan_of(configuration: Configuration, codecs: Sequence[Codec], *, simulated: bool = False) -> Plan:
    """Return what the gateway is to do; ``simulated`` says that whoever is heard is simulated."""
    return Plan(
        batteries=listed(configuration, codecs),
        outlets=outlets_of(configuration),
        stranger=strangers(configuration, codecs, simulated=simulated),
        commit=configuration.store.commit,
    )


def outlets_of(configuration: Configuration) -> tuple[Outlet, ...]:
    """Return the publishers that the configuration asks for; each is imported when it is made."""
    durable = configuration.store.enabled
    found: list[Outlet] = []
    if (mqtt := configuration.mqtt) is not None:
        found.append(Outlet(settings=mqtt, make=_maker(_mqtt, mqtt), durable=mqtt.history and durable))
    if (prometheus := configuration.prometheus) is not None:
        found.append(Outlet(settings=prometheus, make=_maker(_prometheus, prometheus)))
    if (lines := configuration.lines) is not None:
        found.append(Outlet(settings=lines, make=_maker(_lines, lines), live=False, durable=durable))
    for influx in configuration.influx:
        found.append(Outlet(settings=influx, make=_maker(_influx, influx), live=False, durable=durable))
    for webhook in configuration.webhooks:
        found.append(Outlet(settings=webhook, make=_maker(_webhook, webhook), live=False, durable=durable))
    return tuple(found)


def _maker(make: Callable[[Any], object], settings: object) -> Callable[[], object]:
    return lambda: make(settings)


def _mqtt(settings: MqttSettings) -> object:
    from bmsreader.publishers.mqtt import MqttPublisher

    return MqttPublisher(settings)


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
