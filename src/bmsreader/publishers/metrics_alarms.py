"""Alarms as Prometheus metrics; pure. The battery's own by name are beside its values, in ``metrics``."""

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from bmsreader.model.alarm import Severity
from bmsreader.model.battery import Snapshot


def alarm_metrics(snapshots: Iterable[Snapshot]) -> Iterator[Metric]:
    """Yield how many alarms of each severity are active, whoever found them; also while a battery cannot be read."""
    words = "Alarms that are active, of the battery or of a rule; also while the battery is not live."
    family = GaugeMetricFamily("bms_raised_alarms", words, labels=["battery", "severity"])
    for one in snapshots:
        active = [alarm.severity for alarm in one.alarms if alarm.is_active]
        for severity in Severity:
            family.add_metric([one.info.slug, severity.value], float(active.count(severity)))
    yield family
