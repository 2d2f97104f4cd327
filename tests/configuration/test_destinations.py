"""The settings of what readings are sent to."""

from bmsreader.configuration.about import rows
from bmsreader.configuration.destinations import InfluxSettings, LinesSettings, MqttSettings, WebhookSettings


def test_only_what_nobody_can_guess_must_be_given() -> None:
    required = {
        kind: [row.key for row in rows(kind) if row.required]
        for kind in (MqttSettings, InfluxSettings, WebhookSettings, LinesSettings)
    }

    assert list(required.values()) == [["host"], ["url"], ["url"], []]


def test_home_assistant_finds_the_batteries_unless_the_owner_says_otherwise() -> None:
    settings = MqttSettings(host="broker")

    assert (settings.discovery, settings.discovery_prefix) == ("device", "homeassistant")
    assert settings.birth_topic == "homeassistant/status"
