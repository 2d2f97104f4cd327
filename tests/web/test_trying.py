"""Settings are tried on the other side itself."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bmsreader.configuration.layers import BY_NAME
from bmsreader.configuration.settings import (
    GatewaySettings,
    InfluxSettings,
    LinesSettings,
    MqttSettings,
    PrometheusSettings,
    ProxySettings,
    WebhookSettings,
    WebSettings,
)
from bmsreader.model import ConfigurationError
from bmsreader.web.shapes import Tried
from bmsreader.web.trying import settings_of, tried
from tests.mosquitto import mosquitto
from tests.servers import free_port, influxdb, needs

MQTT, WEBHOOK = BY_NAME["mqtt"], BY_NAME["webhook"]


def outcome(settings: Any, *, deadline: float = 12.0) -> Tried:
    return asyncio.run(tried(settings, deadline=deadline))


@contextmanager
def receiver(status: int) -> Iterator[tuple[str, list[bytes]]]:
    """Run a web server that answers with one number."""
    heard: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", heard
        server.shutdown()
        thread.join()


def test_settings_are_as_they_would_be_with_the_secrets_that_the_page_does_not_know(tmp_path: Path) -> None:
    before = MqttSettings(host="old", password="secret", username="me")

    found = settings_of(MQTT, before, {"host": "old", "password": None, "topic": "cellar"}, folder=tmp_path)

    assert found == MqttSettings(host="old", password="secret", topic="cellar")
    other = settings_of(MQTT, before, {"host": "new", "password": "fresh"}, folder=tmp_path)
    assert (other.host, other.password) == ("new", "fresh")


@pytest.mark.parametrize("where", [{"host": "new"}, {"host": "old", "port": 1884}])
def test_a_secret_that_is_kept_goes_to_no_other_host(where: dict[str, object], tmp_path: Path) -> None:
    before = MqttSettings(host="old", password="secret")

    with pytest.raises(ConfigurationError, match="password is meant for another"):
        settings_of(MQTT, before, where, folder=tmp_path)
    in_a_file = MqttSettings(host="old", password_file=Path("/run/password"))
    with pytest.raises(ConfigurationError, match="password_file is meant for another"):
        settings_of(MQTT, in_a_file, where | {"password_file": "/run/password"}, folder=tmp_path)
    assert settings_of(MQTT, MqttSettings(host="old"), where, folder=tmp_path).password is None


def test_a_hidden_address_is_the_one_that_is_in_use(tmp_path: Path) -> None:
    before = WebhookSettings(url="https://example.org/secret")

    assert settings_of(WEBHOOK, before, {"url": "https://example.org/***"}, folder=tmp_path) == before


def test_what_must_be_set_must_be_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="host must be set"):
        settings_of(MQTT, None, {}, folder=tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        MqttSettings(host="127.0.0.1", port=1),
        InfluxSettings(url="http://127.0.0.1:1/write?db=x"),
        WebhookSettings(url="http://127.0.0.1:1/"),
        ProxySettings(host="127.0.0.1", port=1),
    ],
    ids=["mqtt", "influx", "webhook", "proxy"],
)
def test_where_nobody_listens_that_is_said(settings: object) -> None:
    found = outcome(settings)

    assert not found["ok"]
    assert "nothing listens" in found["text"] or "cannot be reached" in found["text"]


@pytest.mark.slow
def test_a_webhook_gets_a_message_without_readings() -> None:
    with receiver(204) as (url, heard):
        found = outcome(WebhookSettings(url=url, secret="s"))

    assert (found["ok"], found["text"]) == (True, "the receiver took a message without readings, signed")
    assert b'"readings":[]' in heard[0]


@pytest.mark.slow
def test_a_receiver_that_refuses_is_quoted() -> None:
    with receiver(403) as (url, _):
        found = outcome(WebhookSettings(url=url))

    assert not found["ok"]
    assert "answered 403" in found["text"]


@pytest.mark.slow
def test_who_never_answers_is_given_up_on() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = outcome(WebhookSettings(url=f"http://127.0.0.1:{silent.getsockname()[1]}/"), deadline=0.3)

    assert (found["ok"], found["text"]) == (False, "no answer within 0.3 s")


def test_ports_and_files_are_tried_on_this_computer(tmp_path: Path) -> None:
    port = free_port()

    assert outcome(PrometheusSettings(listen=f"127.0.0.1:{port}"))["text"] == f"port {port} is free"
    assert outcome(LinesSettings(path=tmp_path / "readings.jsonl"))["ok"]
    assert not outcome(LinesSettings(path=Path("/dev/null/x")))["ok"]
    assert outcome(LinesSettings())["text"] == "the readings go to standard output"
    assert not outcome(GatewaySettings())["ok"]


@pytest.mark.slow
@needs("mosquitto")
def test_a_real_broker_lets_us_in_beside_the_gateway_or_refuses_the_password(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as broker:
        found = outcome(MqttSettings(host="127.0.0.1", port=broker.port))

    assert (found["ok"], found["text"].partition(" lets us in")[0]) == (
        True,
        f"the MQTT broker at 127.0.0.1:{broker.port}",
    )


@pytest.mark.slow
@needs("influxd")
def test_a_real_influxdb_lets_us_in_or_does_not_know_the_database(tmp_path: Path) -> None:
    with influxdb(tmp_path / "influx") as server:
        assert outcome(InfluxSettings(url=server.write_url))["text"] == "the server lets us write there"
        missing = outcome(InfluxSettings(url=f"{server.address}/write?db=nowhere"))

    assert not missing["ok"]
    assert "nowhere" in missing["text"]


def test_to_try_another_port_of_the_page_its_password_is_not_needed(tmp_path: Path) -> None:
    before = WebSettings(password="open sesame")

    assert settings_of(BY_NAME["web"], before, {"port": 8100}, folder=tmp_path).port == 8100
