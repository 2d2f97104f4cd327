"""Readings to a line protocol server, and what its answers mean."""

import asyncio
import gzip
from typing import Any

import pytest

from bmsreader.configuration.settings import InfluxSettings
from bmsreader.model import BatteryState, ConfigurationError, PublishError, RowsRefused
from bmsreader.publishers.http import Answer
from bmsreader.publishers.influx import InfluxPublisher, with_precision
from tests.clock import run
from tests.gateway.remembered import HOUSE, reading, series
from tests.publishers.mqtt_batteries import a_snapshot
from tests.publishers.network import Network
from tests.publishers.web import Web, says, web

V1 = "http://localhost:8086/write?db=home"
V2 = "http://localhost:8086/api/v2/write?org=me&bucket=home"
V3 = "http://localhost:8181/api/v3/write_lp?db=home"


def deliver(network: Network, *, count: int = 1, url: str = V1, **settings: Any) -> None:
    publisher = InfluxPublisher(InfluxSettings(url=url, **settings), post=network)
    run(publisher.deliver(HOUSE, series(count)))


def refused(status: int, text: str = "") -> PublishError:
    with pytest.raises(PublishError) as told:
        deliver(Network(Answer(status, text)))
    return told.value


def test_each_reading_is_a_line() -> None:
    network = Network()

    deliver(network, count=2)

    lines = network.messages[0].body.splitlines()
    assert [one.rpartition(b" ")[2] for one in lines] == [b"1772366400000", b"1772366401000"]
    assert all(one.startswith(b"battery,battery=house,") for one in lines)


def test_the_measurement_has_the_name_that_the_owner_gave_it() -> None:
    network = Network()

    deliver(network, measurement="cellar")

    assert network.messages[0].body.startswith(b"cellar,battery=house,")


def test_a_long_body_is_compressed_and_a_short_one_is_not() -> None:
    network = Network()
    publisher = InfluxPublisher(InfluxSettings(url=V1), post=network)

    run(publisher.deliver(HOUSE, series(1)))
    run(publisher.deliver(HOUSE, series(100)))

    short, long = network.messages
    assert "Content-Encoding" not in short.headers
    assert long.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(long.body).splitlines()) == 100
    assert len(long.body) < 6000


def test_a_server_that_does_not_know_compression_is_served_without() -> None:
    network = Network(Answer(400, "invalid utf-8"), Answer(204), Answer(204))
    publisher = InfluxPublisher(InfluxSettings(url=V1), post=network)

    run(publisher.deliver(HOUSE, series(100)))
    run(publisher.deliver(HOUSE, series(100)))

    assert ["Content-Encoding" in one.headers for one in network.messages] == [True, False, False]


def test_a_server_that_refuses_readings_is_not_mistaken_for_one_without_compression() -> None:
    network = Network(Answer(400, "unable to parse"))
    publisher = InfluxPublisher(InfluxSettings(url=V1), post=network)

    for _ in range(2):
        with pytest.raises(RowsRefused):
            run(publisher.deliver(HOUSE, series(100)))

    assert ["Content-Encoding" in one.headers for one in network.messages] == [True, False, True, False]


@pytest.mark.parametrize(
    ("url", "settings", "expected"),
    [
        (V1, {}, None),
        (V1, {"username": "me", "password": "hush"}, "Basic bWU6aHVzaA=="),
        ("http://me:hush@localhost/write?db=home", {}, "Basic bWU6aHVzaA=="),
        (V2, {"token": "hush"}, "Token hush"),
        (V3, {"token": "hush"}, "Bearer hush"),
        (V1, {"token": "Bearer hush"}, "Bearer hush"),
    ],
)
def test_the_server_is_told_who_writes(url: str, settings: dict[str, Any], expected: str | None) -> None:
    network = Network()

    deliver(network, url=url, **settings)

    assert network.messages[0].headers.get("Authorization") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (V1, (V1 + "&precision=ms", 10**6)),
        (V2, (V2 + "&precision=ms", 10**6)),
        (V3, (V3 + "&precision=millisecond", 10**6)),
        (V1 + "&precision=s", (V1 + "&precision=s", 10**9)),
        ("http://localhost:8428/write", ("http://localhost:8428/write?precision=ms", 10**6)),
        ("http://localhost:8428/write?", ("http://localhost:8428/write?precision=ms", 10**6)),
    ],
)
def test_precision_is_agreed_in_the_address(url: str, expected: tuple[str, int]) -> None:
    assert with_precision(url) == expected


def test_a_precision_that_nobody_knows_is_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ConfigurationError, match="precision=fortnight"):
        InfluxPublisher(InfluxSettings(url=V1 + "&precision=fortnight"))


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, '{"error":"unable to parse \'battery,id=bucket\\\\ 1 x=\': missing field value"}'),
        (
            400,
            '{"error":"partial write: field type conflict: input field \\"soc\\" on measurement \\"x\\" dropped=1"}',
        ),
        (400, '{"error":"partial write of line protocol occurred","data":[]}'),
        (413, '{"error":"Request Entity Too Large"}'),
        (422, '{"code":"unprocessable entity","message":"failure writing points to database"}'),
    ],
)
def test_an_answer_about_readings_means_that_some_are_refused(status: int, text: str) -> None:
    told = refused(status, text)

    assert isinstance(told, RowsRefused)
    assert told.dropped is None


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, '{"error":"partial write: points beyond retention policy dropped=7"}'),
        (422, '{"message":"partial write: dropped 7 points outside retention policy of duration 24h0m0s"}'),
    ],
)
def test_readings_that_are_too_old_for_the_server_are_counted_by_it(status: int, text: str) -> None:
    told = refused(status, text)

    assert isinstance(told, RowsRefused)
    assert told.dropped == 7


@pytest.mark.parametrize(
    ("status", "text", "advice"),
    [
        (400, '{"error":"database is required"}', "Look at database, bucket and org in the address."),
        (401, '{"error":"authorization failed"}', "Look at the token, or the user and the password"),
        (403, "", "Look at the token, or the user and the password"),
        (404, '{"error":"database not found: \\"home\\""}', "Does the database or bucket exist"),
        (429, "", "Look into the server's log."),
        (500, '{"error":"timeout"}', "Look into the server's log."),
        (503, "", "Look into the server's log."),
    ],
)
def test_an_answer_about_anything_else_means_later(status: int, text: str, advice: str) -> None:
    told = refused(status, text)

    assert not isinstance(told, RowsRefused)
    assert told.advice.startswith(advice)


def test_what_the_server_says_is_told_in_its_words() -> None:
    told = refused(404, '{"error":"database not found: \\"home\\""}')

    assert str(told) == 'http://localhost:8086/write answered 404: database not found: "home"'


def test_a_redirection_names_the_address_to_write_down() -> None:
    with pytest.raises(PublishError, match="redirects to https://elsewhere/write"):
        deliver(Network(Answer(308, "", "https://elsewhere/write")))


def post_to(server: Web, **settings: Any) -> None:
    url = f"{server.address}/write?db=home"
    run_in_real_time(InfluxPublisher(InfluxSettings(url=url, **settings)))


def run_in_real_time(publisher: InfluxPublisher) -> None:
    asyncio.run(publisher.deliver(HOUSE, [reading()]))


def test_over_a_real_connection_the_lines_arrive() -> None:
    with web(says(204)) as server:
        post_to(server)

    assert server.requests[0].target == "/write?db=home&precision=ms"
    assert server.bodies[0].startswith(b"battery,battery=house")


def test_a_token_is_read_from_its_file_and_again_when_it_changed(tmp_path: Any) -> None:
    file = tmp_path / "token"
    file.write_text("old\n")
    network = Network()
    publisher = InfluxPublisher(InfluxSettings(url=V2, token_file=file), post=network)

    run(publisher.deliver(HOUSE, series(1)))
    file.write_text("new\n")
    run(publisher.deliver(HOUSE, series(1)))

    assert [one.headers["Authorization"] for one in network.messages] == ["Token old", "Token new"]


def test_a_state_is_a_point_of_a_measurement_of_its_own() -> None:
    network = Network()
    publisher = InfluxPublisher(InfluxSettings(url=V1, measurement="cellar"), post=network)

    run(publisher.tell(a_snapshot(state=BatteryState.STALE, reason='it says "nothing"')))

    body = network.messages[0].body.decode()
    assert body.startswith("cellar_state,battery=")
    assert ' state="stale",live=0i,reason="it says \\"nothing\\"",age=' in body


def test_a_server_that_takes_no_states_says_so() -> None:
    publisher = InfluxPublisher(InfluxSettings(url=V1), post=Network(Answer(500, "")))

    with pytest.raises(PublishError):
        run(publisher.tell(a_snapshot(state=BatteryState.ASLEEP)))
