import pytest

from bmsreader.model.errors import ConfigurationError
from bmsreader.publishers.topics import Topics


def test_every_topic_lies_below_the_gateways_own() -> None:
    topics = Topics("home/power")

    assert topics.bridge_state == "home/power/bridge/state"
    assert topics.bridge_info == "home/power/bridge/info"
    assert topics.state("cellar") == "home/power/cellar/state"
    assert topics.availability("cellar") == "home/power/cellar/availability"
    assert topics.value("cellar", "soc") == "home/power/cellar/value/soc"
    assert topics.venus("cellar") == "home/power/cellar/venus"
    assert topics.history("cellar") == "home/power/cellar/history"
    assert topics.command_filters == ("home/power/+/refresh", "home/power/+/release")


@pytest.mark.parametrize("base", ["", "/bms", "bms/", "a/+/b", "#", "$SYS/bms", "a\0b"])
def test_what_is_no_topic_is_refused(base: str) -> None:
    with pytest.raises(ConfigurationError, match="no MQTT topic"):
        Topics(base)


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ("bms/cellar/refresh", ("cellar", "refresh")),
        ("bms/cellar/value/soc", ("cellar", "value/soc")),
        ("bms/cellar", None),
        ("bms//state", None),
        ("other/cellar/refresh", None),
        ("bmsreader/cellar/refresh", None),
    ],
)
def test_a_topic_is_taken_apart_again(topic: str, place: tuple[str, str] | None) -> None:
    assert Topics("bms").parse(topic) == place
