from pathlib import Path

import pytest

from bmsreader.cli.plan import outlets_of, plan_of
from bmsreader.configuration.settings import (
    BatterySettings,
    Configuration,
    InfluxSettings,
    LinesSettings,
    MqttSettings,
    PrometheusSettings,
    StoreSettings,
    WebhookSettings,
)
from bmsreader.descriptions import shipped
from bmsreader.model import ConfigurationError

EVERYTHING = Configuration(
    mqtt=MqttSettings(host="broker"),
    prometheus=PrometheusSettings(),
    lines=LinesSettings(path=Path("readings.jsonl")),
    influx=(InfluxSettings(url="http://127.0.0.1:8086/write?db=house"), InfluxSettings(url="http://b", name="second")),
    webhooks=(WebhookSettings(url="http://127.0.0.1:1/hook"),),
)


def test_each_destination_of_the_configuration_becomes_a_publisher_of_its_name() -> None:
    assert [outlet.make().name for outlet in outlets_of(EVERYTHING)] == [
        "mqtt",
        "prometheus",
        "lines",
        "influx",
        "second",
        "webhook",
    ]


def test_mqtt_and_prometheus_show_the_present_and_the_others_get_every_reading() -> None:
    assert [(one.live, one.durable) for one in outlets_of(EVERYTHING)] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
        (False, True),
        (False, True),
    ]


def test_lines_on_standard_output_begin_with_the_next_reading() -> None:
    (outlet,) = outlets_of(Configuration(lines=LinesSettings()))

    assert outlet.from_now


def test_without_a_history_nothing_can_be_delivered_from_it() -> None:
    without = Configuration(lines=LinesSettings(), store=StoreSettings(enabled=False))

    with pytest.raises(ConfigurationError, match=r"comes from it for JSON Lines \(\[lines\] and --json\)$"):
        outlets_of(without)


def test_the_plan_has_the_batteries_and_the_beat_of_the_history() -> None:
    configuration = Configuration(
        batteries=(BatterySettings(name="House", address="02:00:07:00:15:44"),), store=StoreSettings(commit=0.0)
    )
    plan = plan_of(configuration, shipped())

    assert [one.info.name for one in plan.batteries] == ["House"]
    assert plan.commit == 0.0
    assert plan.stranger is not None


def test_without_publishers_in_the_configuration_there_are_none() -> None:
    assert outlets_of(Configuration()) == ()


def test_a_disabled_battery_is_left_alone_instead_of_being_found() -> None:
    configuration = Configuration(
        batteries=(
            BatterySettings(name="Cellar", address="02:00:07:00:15:4A", enabled=False),
            BatterySettings(name="Boat", address="LT-12V-7"),
        )
    )
    plan = plan_of(configuration, shipped())

    assert [one.info.name for one in plan.batteries] == ["Boat"]
    assert plan.left_alone == {"02:00:07:00:15:4a"}
