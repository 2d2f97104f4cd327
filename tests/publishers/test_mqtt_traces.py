import pytest

from bmsreader.publishers.homeassistant import announcement, text
from bmsreader.publishers.mqtt_messages import Message
from bmsreader.publishers.mqtt_traces import Traces
from tests.publishers.mqtt_batteries import a_house, an_info

STATE = b'{"id":"AA:BB:CC:DD:EE:01","name":"Cellar","state":"live","soc":80.0}'


def traces(*left: tuple[str, bytes]) -> Traces:
    found = Traces(a_house())
    for topic, payload in left:
        found.see(topic, payload)
    return found


def test_a_battery_of_an_earlier_run_is_known_by_its_state() -> None:
    found = traces(("bmsreader/cellar/state", STATE), ("bmsreader/cellar/availability", b"online"))

    assert found.keys("cellar") == ("id", "name", "state", "soc")
    assert found.strangers({"boat"}) == ["cellar"]
    assert found.strangers({"cellar"}) == []
    assert found.of_battery("AA:BB:CC:DD:EE:01") == ["cellar"]


def test_the_bridge_is_no_battery() -> None:
    assert traces(("bmsreader/bridge/state", b"offline")).strangers(()) == []


def test_a_stranger_is_called_offline_and_loses_its_values() -> None:
    found = traces(
        ("bmsreader/cellar/state", STATE),
        ("bmsreader/cellar/availability", b"online"),
        ("bmsreader/cellar/value/link", b"ON"),
    )
    messages = list(found.disowned("cellar"))

    assert messages[0] == Message("bmsreader/cellar/availability", "offline")
    assert '"soc":null' in messages[1].payload
    assert Message("bmsreader/cellar/value/soc", "") in messages


def test_what_is_offline_already_is_not_said_again() -> None:
    assert list(traces(("bmsreader/cellar/availability", b"offline")).disowned("cellar")) == []


def test_a_stranger_that_stays_away_is_removed() -> None:
    found = traces(("bmsreader/cellar/state", STATE), ("bmsreader/cellar/value/link", b"ON"))
    topics = [message.topic for message in found.removal("cellar") if not message.payload]

    assert topics == [
        "bmsreader/cellar/availability",
        "bmsreader/cellar/alarms",
        *(f"bmsreader/cellar/value/{key}" for key in ("id", "name", "state", "soc")),
        "bmsreader/cellar/state",
    ]


def test_our_announcements_are_sorted_by_battery() -> None:
    house = a_house("component")
    wanted = announcement(house, an_info(), 10.0)
    found = traces(*((topic, text(payload).encode()) for topic, payload in wanted.items()))

    assert found.announced == {"aabbccddee01": wanted}


OURS = b'{"availability":[{"topic":"bmsreader/bridge/state"}],"components":'


@pytest.mark.parametrize(
    "noise",
    [
        *(b"", b"\xff\xfe", b"[]", b"7", b"{", b"[" * 100_000, b'{"a/#":1}'),
        *(OURS + rest for rest in (b"[1]}", b'{"a":1}}', b'{"a":{}}}', b'{"a":{"platform":1}}}')),
    ],
)
def test_noise_is_no_state_and_no_announcement(noise: bytes) -> None:
    found = traces(
        ("bmsreader/cellar/state", noise),
        ("homeassistant/device/bmsreader_x/config", noise),
        ("somewhere/else", b"1"),
    )

    assert set(found.keys("cellar")) <= {"availability", "components"}
    assert found.announced == {}
    assert found.single_values("cellar") == ()
