"""How the gateway itself is doing, as Prometheus metrics; pure."""

from collections.abc import Iterator, Sequence

from prometheus_client.core import InfoMetricFamily
from prometheus_client.metrics_core import Metric

from bmsreader.model.health import AdapterHealth, GatewayHealth, PublisherHealth, StoreHealth
from bmsreader.publishers.metrics import counter, filled, gauge


def gateway_metrics(health: GatewayHealth) -> Iterator[Metric]:
    """Yield everything about the gateway, its history, its publishers and its adapters."""
    build = InfoMetricFamily("bmsreader_build", "Which bmsreader this is.")
    build.add_metric([], {"version": health.version})
    yield build
    whole = gauge("bmsreader_healthy", "1: history, publishers and adapters all work.", ())
    whole.add_metric([], float(health.ok))
    yield whole
    started = gauge("bmsreader_start_timestamp_seconds", "When the gateway started, seconds since 1970.", ())
    started.add_metric([], health.started_at.timestamp())
    yield started
    if health.store is not None:
        yield from _store(health.store)
    yield from _publishers(health.publishers)
    yield from _adapters(health.adapters)


def _store(store: StoreHealth) -> Iterator[Metric]:
    up = gauge("bmsreader_store_up", "1: the history is written; 0: the disk is full or the file damaged.", ())
    up.add_metric([], float(store.ok))
    size = gauge("bmsreader_store_size_bytes", "Size of the history on disk.", ())
    size.add_metric([], store.size)
    pending = gauge("bmsreader_store_pending_readings", "Readings in memory that are not on disk yet.", ())
    pending.add_metric([], store.pending)
    lost = counter("bmsreader_store_lost_readings", "Readings given up as the disk took none for too long.", ())
    lost.add_metric([], store.lost)
    yield from (up, size, pending, lost)


def _publishers(publishers: Sequence[PublisherHealth]) -> Iterator[Metric]:
    """Yield one sample for each name; a publisher that is live and durable at once has two healths under one name."""
    by_name: dict[str, list[PublisherHealth]] = {}
    for one in publishers:
        by_name.setdefault(one.name, []).append(one)
    label = ("publisher",)
    yield filled(
        gauge("bmsreader_publisher_up", "1: the destination takes what it is sent.", label),
        ((name, float(all(one.ok for one in parts))) for name, parts in by_name.items()),
    )
    yield filled(
        counter("bmsreader_publisher_delivered", "What arrived at the destination: readings, or states.", label),
        ((name, sum(one.delivered for one in parts)) for name, parts in by_name.items()),
    )
    yield filled(
        counter("bmsreader_publisher_refused_readings", "Readings that the destination refuses for good.", label),
        ((name, sum(one.refused for one in parts)) for name, parts in by_name.items()),
    )
    yield filled(
        gauge("bmsreader_publisher_backlog_readings", "Readings that wait for delivery.", label),
        ((name, sum(one.backlog for one in parts)) for name, parts in by_name.items()),
    )


def _adapters(adapters: Sequence[AdapterHealth]) -> Iterator[Metric]:
    label = ("adapter",)
    yield filled(
        gauge("bmsreader_adapter_up", "1: the Bluetooth adapter, or the proxy, works.", label),
        ((one.name, float(one.ok)) for one in adapters),
    )
    yield filled(
        gauge("bmsreader_adapter_connection_slots", "Connections that it can hold at once, where known.", label),
        ((one.name, one.slots or None) for one in adapters),
    )
    yield filled(
        gauge("bmsreader_adapter_free_connection_slots", "Connections that it could make now, where known.", label),
        ((one.name, one.free if one.slots else None) for one in adapters),
    )
    yield filled(
        counter("bmsreader_adapter_resets", "How often it was reset because it had gone deaf.", label),
        ((one.name, one.resets) for one in adapters),
    )
