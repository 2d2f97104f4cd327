"""The shapes of publishers: what is shipped has them."""

import inspect

import pytest

from bmsreader.publishers.influx import InfluxPublisher
from bmsreader.publishers.lines import LinesPublisher
from bmsreader.publishers.mqtt import MqttPublisher
from bmsreader.publishers.prometheus import PrometheusPublisher
from bmsreader.publishers.publisher import DurablePublisher, LivePublisher
from bmsreader.publishers.webhook import WebhookPublisher


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("publisher", [MqttPublisher, PrometheusPublisher])
def test_live_publishers_run_on_a_feed_and_say_how_they_are(publisher: type) -> None:
    assert parameters(publisher.run) == parameters(LivePublisher.run)  # type: ignore[attr-defined]
    assert parameters(publisher.health) == parameters(LivePublisher.health)  # type: ignore[attr-defined]


@pytest.mark.parametrize("publisher", [MqttPublisher, InfluxPublisher, LinesPublisher, WebhookPublisher])
def test_durable_publishers_deliver_readings_of_a_battery(publisher: type) -> None:
    assert parameters(publisher.deliver) == parameters(DurablePublisher.deliver)  # type: ignore[attr-defined]
    assert inspect.iscoroutinefunction(publisher.deliver)  # type: ignore[attr-defined]
