"""Readings to an address of the owner's."""

import asyncio
import hashlib
import hmac
import json
from typing import Any

import pytest

from bmsreader.configuration.settings import WebhookSettings
from bmsreader.model import BatteryState, Edge, EdgeKind, PublishError, RowsRefused
from bmsreader.publishers.http import Answer, Message
from bmsreader.publishers.webhook import WebhookPublisher, signature
from tests.clock import now, run
from tests.gateway.asked import ALARMS
from tests.gateway.remembered import HOUSE, reading, series
from tests.publishers.mqtt_batteries import a_snapshot
from tests.publishers.network import Network
from tests.publishers.web import says, web

URL = "https://example.org/hooks/hush"


def posted(count: int = 1, **settings: Any) -> Message:
    network = Network()
    publisher = WebhookPublisher(WebhookSettings(url=URL, **settings), post=network, now=now)
    run(publisher.deliver(HOUSE, series(count)))
    return network.messages[0]


def test_readings_come_as_json_with_the_battery_that_they_are_from() -> None:
    content = json.loads(posted(2).body)

    assert content["format"] == 1
    assert content["battery"] == {"id": "02:00:07:00:00:01", "name": "House", "slug": "house"}
    assert [one["taken_at"] for one in content["readings"]] == ["2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z"]
    assert content["readings"][0]["cell_voltages"] == list(series(1)[0].cell_voltages)


def test_a_value_that_the_battery_does_not_report_is_null() -> None:
    assert json.loads(posted().body)["readings"][0]["heater"] is None


def test_the_signature_is_over_time_and_body() -> None:
    message = posted(secret="hush")

    timestamp = message.headers["X-Bmsreader-Timestamp"]
    expected = hmac.new(b"hush", timestamp.encode() + b"." + message.body, hashlib.sha256).hexdigest()
    assert timestamp == "1772366400"
    assert message.headers["X-Bmsreader-Signature"] == "sha256=" + expected


def test_a_signature_that_was_computed_once_stays_the_same() -> None:
    assert signature("key", "1772366400", b"{}") == (
        "sha256=" + hmac.new(b"key", b"1772366400.{}", hashlib.sha256).hexdigest()
    )


def test_without_a_secret_nothing_is_signed() -> None:
    assert "X-Bmsreader-Signature" not in posted().headers


@pytest.mark.parametrize("status", [400, 413, 422])
def test_some_answers_are_about_the_readings(status: int) -> None:
    publisher = WebhookPublisher(WebhookSettings(url=URL), post=Network(Answer(status, "bad row")))

    with pytest.raises(RowsRefused, match=f"https://example.org answered {status}: bad row"):
        run(publisher.deliver(HOUSE, series(1)))


@pytest.mark.parametrize("status", [301, 401, 403, 404, 405, 408, 410, 418, 429, 500, 502, 503, 504])
def test_all_others_mean_later(status: int) -> None:
    publisher = WebhookPublisher(WebhookSettings(url=URL), post=Network(Answer(status)))

    with pytest.raises(PublishError) as told:
        run(publisher.deliver(HOUSE, series(1)))

    assert not isinstance(told.value, RowsRefused)
    assert "hush" not in str(told.value)


def test_over_a_real_connection_it_arrives() -> None:
    with web(says(200, "thanks")) as server:
        url = server.address.replace("//", "//me:hush@") + "/hook"
        asyncio.run(WebhookPublisher(WebhookSettings(url=url)).deliver(HOUSE, [reading()]))

    assert json.loads(server.bodies[0])["battery"]["slug"] == "house"
    assert server.requests[0].headers["authorization"] == "Basic bWU6aHVzaA=="


def test_a_battery_that_cannot_be_read_any_more_is_told_with_no_readings() -> None:
    network = Network()
    publisher = WebhookPublisher(WebhookSettings(url=URL, secret="hush"), post=network, now=now)

    run(publisher.tell(a_snapshot(state=BatteryState.UNREACHABLE, reason="not on the air")))

    content = json.loads(network.messages[0].body)
    assert (content["format"], content["readings"]) == (1, [])
    assert (content["state"]["state"], content["state"]["reason"]) == ("unreachable", "not on the air")
    assert content["state"]["age"] >= 0
    assert "X-Bmsreader-Signature" in network.messages[0].headers


def test_a_receiver_that_takes_no_states_says_so() -> None:
    publisher = WebhookPublisher(WebhookSettings(url=URL), post=Network(Answer(400, "what?")), now=now)

    with pytest.raises(RowsRefused):
        run(publisher.tell(a_snapshot(state=BatteryState.ASLEEP)))


def test_what_happens_to_an_alarm_comes_with_the_alarm_as_it_was_then() -> None:
    network = Network()
    publisher = WebhookPublisher(WebhookSettings(url=URL, secret="hush"), post=network, now=now)
    alarm = ALARMS[1]
    run(publisher.tell_edge(HOUSE, Edge(number=7, kind=EdgeKind.RAISED, at=alarm.raised_at, alarm=alarm)))

    content = json.loads(network.messages[0].body)
    assert content["readings"] == []
    assert content["battery"]["slug"] == "house"
    assert content["alarm"] == {"event": "raised", "at": "2026-03-01T12:00:00Z", "number": 7, **alarm.as_dict()}
    assert network.messages[0].headers["X-Bmsreader-Signature"].startswith("sha256=")


def test_an_owner_may_want_no_alarms_at_a_webhook() -> None:
    assert WebhookPublisher(WebhookSettings(url=URL)).tells_alarms
    assert not WebhookPublisher(WebhookSettings(url=URL, alarms=False)).tells_alarms
