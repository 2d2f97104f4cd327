"""The gateway as metrics."""

import pytest

from bmsreader.model import PublisherHealth
from bmsreader.publishers.metrics_gateway import gateway_metrics
from tests.publishers.snapshots import health

FOUND = {(one.name, *one.labels.values()): one.value for metric in gateway_metrics(health()) for one in metric.samples}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("bmsreader_build_info", "1.2.3"), 1),
        (("bmsreader_healthy",), 0),
        (("bmsreader_start_timestamp_seconds",), 1772366400),
        (("bmsreader_store_up",), 1),
        (("bmsreader_store_size_bytes",), 4096),
        (("bmsreader_store_pending_readings",), 6),
        (("bmsreader_store_lost_readings_total",), 1),
        (("bmsreader_publisher_up", "influx"), 0),
        (("bmsreader_publisher_delivered_total", "influx"), 9),
        (("bmsreader_publisher_refused_readings_total", "influx"), 1),
        (("bmsreader_publisher_backlog_readings", "influx"), 4),
        (("bmsreader_adapter_up", "hci0"), 1),
        (("bmsreader_adapter_connection_slots", "hci0"), 5),
        (("bmsreader_adapter_free_connection_slots", "hci0"), 3),
        (("bmsreader_adapter_resets_total", "hci0"), 2),
    ],
)
def test_the_gateway_shows_its_own_health(key: tuple[str, ...], expected: float) -> None:
    assert FOUND[key] == expected


def test_without_a_history_nothing_is_said_of_it() -> None:
    found = [metric.name for metric in gateway_metrics(health(store=None))]

    assert not [name for name in found if "store" in name]


def test_a_publisher_that_is_live_and_durable_is_shown_once() -> None:
    both = (PublisherHealth(name="mqtt", ok=True, delivered=5), PublisherHealth(name="mqtt", ok=False, backlog=3))

    found = {metric.name: metric.samples for metric in gateway_metrics(health(publishers=both))}

    assert [one.value for one in found["bmsreader_publisher_up"]] == [0]
    assert [one.value for one in found["bmsreader_publisher_delivered"]] == [5]
    assert [one.value for one in found["bmsreader_publisher_backlog_readings"]] == [3]
