"""The Home Assistant app: its files have the form that Home Assistant wants, and its options become settings."""

import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bmsreader.configuration import load
from bmsreader.configuration.replacing import place_for
from bmsreader.configuration.settings import SECTIONS
from bmsreader.web.door import Door, refusal_to_serve
from tests.packaging.files import APP, PACKAGING, start, yaml_of
from tests.web.made import scope

CONFIG = yaml_of(APP / "config.yaml")
BROKER = {
    "host": "core-mosquitto",
    "port": 1883,
    "ssl": False,
    "username": "addons",
    "password": "hunter2",
    "protocol": "3.1.1",
}
START = start()


class Supervisor(BaseHTTPRequestHandler):
    """Answers as Home Assistant's Supervisor does to an app with the right token."""

    def do_GET(self) -> None:
        right = self.path == "/services/mqtt" and self.headers["Authorization"] == "Bearer right"
        body = json.dumps({"result": "ok", "data": BROKER} if right else {"result": "error"}).encode()
        self.send_response(200 if right else 400)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def supervisor() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Supervisor) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_folder_has_every_file_that_home_assistant_shows() -> None:
    wanted = {
        "config.yaml",
        "Dockerfile",
        "DOCS.md",
        "README.md",
        "CHANGELOG.md",
        "apparmor.txt",
        "icon.png",
        "logo.png",
    }

    assert wanted <= {path.name for path in APP.iterdir()}
    assert set(yaml_of(PACKAGING / "home-assistant/repository.yaml")) == {"name", "url", "maintainer"}


def test_the_pictures_have_the_sizes_that_home_assistant_wants() -> None:
    sizes = {name: struct.unpack(">II", (APP / name).read_bytes()[16:24]) for name in ("icon.png", "logo.png")}

    assert sizes == {"icon.png": (128, 128), "logo.png": (250, 100)}


def test_it_asks_for_nothing_but_the_message_bus_and_the_broker() -> None:
    assert (CONFIG["host_dbus"], CONFIG["services"]) == (True, ["mqtt:want"])
    assert not {"host_network", "privileged", "full_access", "docker_api", "hassio_api"} & set(CONFIG)
    assert CONFIG["arch"] == ["aarch64", "amd64"]


def test_its_version_is_that_of_the_program() -> None:
    from bmsreader import __version__

    assert CONFIG["version"] == __version__.partition(".dev")[0]


def test_each_option_is_explained() -> None:
    explained = yaml_of(APP / "translations/en.yaml")["configuration"]

    assert set(explained) == set(CONFIG["schema"])
    assert set(CONFIG["options"]) <= set(CONFIG["schema"])
    assert all({"name", "description"} == set(words) for words in explained.values())


def test_the_options_of_a_battery_are_settings_of_a_battery() -> None:
    battery = next(section for section in SECTIONS if section.name == "battery")
    rows = {row.key: row for row in battery.rows}
    (schema,) = CONFIG["schema"]["batteries"]

    assert set(schema) <= set(rows)
    assert {key for key, kind in schema.items() if not kind.endswith("?")} == {
        k for k, row in rows.items() if row.required
    }
    assert schema["link"] == f"list({'|'.join(rows['link'].choices)})?"


def test_the_defaults_of_the_options_are_those_of_the_program() -> None:
    found = load(None, environment={**START.settings(CONFIG["options"], None), "HOME": ""}, credentials=None)
    plain = load(None, environment={"HOME": ""}, credentials=None)

    assert found == plain


def test_options_and_home_assistants_broker_become_settings(supervisor: str, tmp_path: Path) -> None:
    options = {
        "interval": 5,
        "discover": False,
        "batteries": [{"name": "Garage left", "address": "C8:47:80:12:34:56", "link": "poll", "enabled": True}],
    }
    before = {"SUPERVISOR": supervisor, "SUPERVISOR_TOKEN": "right", "OWN_FILE": str(tmp_path / "none"), "HOME": ""}
    found = load(None, environment=START.environment(options, before), credentials=None)

    assert (found.gateway.interval, found.gateway.discover) == (5.0, False)
    assert [(one.name, one.link) for one in found.batteries] == [("Garage left", "poll")]
    assert found.mqtt is not None
    assert (found.mqtt.host, found.mqtt.port, found.mqtt.username, found.mqtt.password, found.mqtt.tls) == (
        "core-mosquitto",
        1883,
        "addons",
        "hunter2",
        False,
    )


def test_a_broker_of_the_owners_is_used_instead(supervisor: str) -> None:
    options = {"mqtt_host": "192.168.1.5", "mqtt_username": "me", "mqtt_password": "x"}
    found = load(None, environment=START.environment(options, {"SUPERVISOR": supervisor, "HOME": ""}), credentials=None)

    assert found.mqtt is not None
    assert (found.mqtt.host, found.mqtt.username) == ("192.168.1.5", "me")


@pytest.mark.parametrize("token", ["wrong", ""])
def test_without_a_broker_it_runs_and_says_so(supervisor: str, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {"SUPERVISOR": supervisor, "SUPERVISOR_TOKEN": token, "HOME": ""}

    assert load(None, environment=START.environment({}, before), credentials=None).mqtt is None
    assert "Install the Mosquitto app" in capsys.readouterr().err


def test_options_that_nobody_touched_leave_the_choice_to_the_file() -> None:
    assert START.settings(CONFIG["options"], None) == {}
    assert {key: CONFIG["options"][key] for key in START.UNTOUCHED} == START.UNTOUCHED


def test_a_file_of_the_owners_is_taken(tmp_path: Path, supervisor: str) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("[store]\nkeep_days = 30\n")
    before = {"SUPERVISOR": supervisor, "SUPERVISOR_TOKEN": "right", "OWN_FILE": str(file), "HOME": ""}
    found = load(None, environment=START.environment({"interval": 5}, before), credentials=None)

    assert (found.store.keep_days, found.gateway.interval) == (30.0, 5.0)


def test_its_page_is_shown_by_home_assistant_and_by_nobody_else(tmp_path: Path) -> None:
    own = tmp_path / "bmsreader.toml"
    variables = START.environment({"mqtt_host": "x"}, {"OWN_FILE": str(own), "HOME": ""})
    found = load(None, environment=variables, credentials=None)
    door = Door(found.web)
    headers = {"x-ingress-path": "/api/hassio_ingress/token", "host": "homeassistant.local:8123"}

    assert (CONFIG["ingress"], CONFIG["ingress_port"]) == (True, found.web.port)
    assert CONFIG["watchdog"] == f"http://[HOST]:[PORT:{found.web.port}]/healthz"
    assert CONFIG["ports"] == {f"{found.web.port}/tcp": None}
    assert refusal_to_serve(found.web) == ""
    assert door.guest(scope(client="172.30.32.2", headers=headers)).logged_in
    assert not door.guest(scope(client="172.30.33.7", headers={**headers, "host": "172.30.33.1"})).logged_in
    assert place_for(variables) == own


@pytest.mark.slow
def test_it_becomes_the_program(tmp_path: Path, supervisor: str) -> None:
    program = tmp_path / "bmsreader"
    program.write_text('#!/bin/sh\necho "$@ $BMSREADER__MQTT__HOST"\n')
    program.chmod(0o755)
    (tmp_path / "options.json").write_text(json.dumps({"verbose": True}))
    variables = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "OPTIONS": str(tmp_path / "options.json"),
        "SUPERVISOR": supervisor,
        "SUPERVISOR_TOKEN": "right",
    }
    done = subprocess.run([sys.executable, APP / "start.py"], env=variables, capture_output=True, text=True, check=True)

    assert done.stdout == "run --verbose core-mosquitto\n"


@pytest.mark.slow
def test_the_assembled_app_has_the_program_in_it(tmp_path: Path) -> None:
    command = ["sh", str(PACKAGING / "home-assistant/assemble"), str(tmp_path)]
    subprocess.run(command, env={**os.environ, "PYTHON": sys.executable}, check=True, capture_output=True)
    app = tmp_path / "bmsreader"

    assert len(list((app / "program").glob("bmsreader-*.whl"))) == 1
    assert (app / "program/requirements.txt").exists()
    assert (tmp_path / "repository.yaml").exists()
