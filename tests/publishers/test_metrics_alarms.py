"""Alarms as Prometheus metrics."""

from dataclasses import replace

from bmsreader.model import BatteryState
from bmsreader.publishers.metrics_alarms import alarm_metrics
from tests.publishers.mqtt_batteries import a_snapshot
from tests.publishers.test_mqtt_alarms import LOW, OVER


def samples(*alarms: object) -> dict[str, float]:
    (family,) = alarm_metrics([replace(a_snapshot(), alarms=alarms)])  # type: ignore[arg-type]
    return {sample.labels["severity"]: sample.value for sample in family.samples}


def test_active_alarms_are_counted_by_severity() -> None:
    assert samples(LOW, replace(OVER, id=2)) == {"info": 0.0, "warning": 1.0, "critical": 0.0}


def test_a_battery_without_alarms_has_zeros() -> None:
    assert set(samples().values()) == {0.0}


def test_a_battery_that_is_lost_keeps_its_alarms() -> None:
    (family,) = alarm_metrics([replace(a_snapshot(reading=None, state=BatteryState.UNREACHABLE), alarms=(LOW,))])

    assert sum(sample.value for sample in family.samples) == 1.0
