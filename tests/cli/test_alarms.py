"""`bmsreader alarms`: a real command line against a gateway that answers, a history, and a real server for messages."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bmsreader.cli.program import main
from bmsreader.model import EdgeKind
from bmsreader.store import Store
from tests.clock import START
from tests.gateway.asked import ALARMS, HOUSE, Running
from tests.publishers.web import says, web


@pytest.fixture
def gateway(tmp_path: Path) -> Any:
    with Running(tmp_path / "s") as running:
        yield running


def alarms(running: Running, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["alarms", *arguments, "--control", str(running.path)])


def test_open_alarms_are_shown_in_words(gateway: Running) -> None:
    result = alarms(gateway)

    assert result.exit_code == 0
    assert "17" in result.output
    assert "dead cell: A cell reports 0 V" in result.output
    assert "Generator: State of charge: 18 %, below 20 %." in result.output
    assert "active" in result.output


def test_json_has_an_object_for_each_alarm(gateway: Running) -> None:
    found = [json.loads(line) for line in alarms(gateway, "--json", "--battery", "house").output.splitlines()]

    assert [(one["id"], one["battery"], one["battery_name"]) for one in found] == [(16, "house", "House")]


def test_when_nothing_is_open_that_is_said(gateway: Running) -> None:
    gateway.gateway.raised.clear()

    assert "No alarm is open." in alarms(gateway).output
    assert "There was no alarm." in alarms(gateway, "--all").output


def test_an_alarm_is_acknowledged_by_its_number(gateway: Running) -> None:
    result = CliRunner().invoke(main, ["alarms", "ack", "17", "--control", str(gateway.path)])

    assert (result.output, gateway.gateway.acknowledged) == ("Alarm 17 is acknowledged.\n", [17])


def test_all_alarms_are_acknowledged_at_once(gateway: Running) -> None:
    result = CliRunner().invoke(main, ["alarms", "ack", "all", "--control", str(gateway.path)])

    assert (result.output, gateway.gateway.acknowledged) == ("2 acknowledged.\n", [16, 17])


@pytest.mark.parametrize("what", ["99", "seventeen"])
def test_an_alarm_that_does_not_exist_cannot_be_acknowledged(gateway: Running, what: str) -> None:
    result = CliRunner().invoke(main, ["alarms", "ack", what, "--control", str(gateway.path)])

    assert result.exit_code == 2


def test_without_a_gateway_the_history_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "history") as store:
        store.put_info(HOUSE)
        store.alarm_book.put(EdgeKind.RAISED, START, replace(ALARMS[0], id=1))
    monkeypatch.setenv("BMSREADER__STORE__PATH", str(tmp_path / "history"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    result = CliRunner().invoke(main, ["alarms", "--all", "--json"])

    assert json.loads(result.stdout)["battery_name"] == "House"


# ---- messages


def configuration(folder: Path, *urls: str) -> str:
    file = folder / "bmsreader.toml"
    file.write_text(f'[[notify]]\nname = "phone"\nurl = "{" ".join(urls)}"\n')
    file.chmod(0o600)
    return str(file)


def test_without_a_receiver_there_is_nothing_to_test(tmp_path: Path) -> None:
    file = tmp_path / "bmsreader.toml"
    file.write_text("")
    result = CliRunner().invoke(main, ["alarms", "test", "--config", str(file)])

    assert result.exit_code == 2


def test_a_receiver_that_nobody_knows_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["alarms", "test", "fone", "--config", configuration(tmp_path, "ntfy://a")], standalone_mode=False
    )

    assert "did you mean 'phone'?" in str(result.exception)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.slow
def test_a_test_message_arrives_and_what_fails_is_told(tmp_path: Path) -> None:
    with web(says(200)) as server:
        urls = (server.address.replace("http", "json") + "/hook", "nonsense://x")
        result = CliRunner().invoke(main, ["alarms", "test", "--json", "--config", configuration(tmp_path, *urls)])

    assert result.exit_code == 6, result.output
    good, bad = (json.loads(line) for line in result.stdout.splitlines())
    assert (good["ok"], bad["ok"], result.exit_code) == (True, False, 6)
    assert "nonsense://" in bad["problem"]
    assert b"Alarms of your batteries arrive here." in server.bodies[0]
