"""A running gateway answers those who ask it, and nobody who asks badly or slowly can hurt it."""

import asyncio
import contextlib
import json
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.gateway import control
from bmsreader.gateway.asking import ask
from bmsreader.gateway.control import Control
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import ConfigurationError, UsageError
from bmsreader.model.record import Record
from tests.clock import START
from tests.gateway.asked import ALARMS, Answering, Running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "control.sock"


def raw(path: Path, *lines: bytes) -> list[dict[str, Any]]:
    """Send lines over one connection and return the answers."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.settimeout(5)
        with client.makefile("rwb") as stream:
            answers = []
            for line in lines:
                stream.write(line + b"\n")
                stream.flush()
                answers.append(json.loads(stream.readline()))
            return answers


def test_the_status_has_every_battery_with_its_age_and_the_gateway_itself(path: Path) -> None:
    with Running(path):
        status = ask(path, "status")

    assert [(one["battery"], one["state"], one["age"]) for one in status["batteries"]] == [
        ("house", "live", 4.0),
        ("caravan", "asleep", None),
    ]
    assert status["gateway"]["publishers"][0]["problem"] == "the broker refuses the password"


@pytest.mark.parametrize("name", ["house", "House", "HOU", "02:00:07:00:15:44", "02:00"])
def test_a_battery_is_released_by_any_of_its_names(path: Path, name: str) -> None:
    with Running(path) as running:
        answer = ask(path, "release", battery=name, minutes=15)

    assert running.gateway.released == [("house", 15.0)]
    assert (answer["battery"], answer["minutes"]) == ("house", 15)


def test_a_battery_that_is_not_there_is_answered_with_those_that_are(path: Path) -> None:
    with Running(path), pytest.raises(UsageError, match="no battery boat") as raised:
        ask(path, "release", battery="boat")

    assert raised.value.advice == "There are: house, caravan."


@pytest.mark.parametrize("minutes", [-1, 1e9, "10", True, None, float("nan")])
def test_a_release_without_a_sensible_time_is_refused(path: Path, minutes: Any) -> None:
    with Running(path) as running, pytest.raises(UsageError, match="released for 0 to 10080 minutes"):
        ask(path, "release", battery="house", minutes=minutes)

    assert running.gateway.released == []


def test_a_battery_is_read_now(path: Path) -> None:
    with Running(path) as running:
        assert ask(path, "refresh", battery="caravan")["done"] is True

    assert running.gateway.refreshed == ["caravan"]


def test_a_reload_says_what_changed(path: Path) -> None:
    with Running(path):
        assert ask(path, "reload")["changes"] == ["garage: interval 30 s"]


def test_a_reload_of_a_wrong_configuration_says_where_it_is_wrong(path: Path) -> None:
    gateway = Answering()
    gateway.fails = ConfigurationError("bmsreader.toml:7: interval: must be above 0")
    with Running(path, gateway), pytest.raises(ConfigurationError, match="toml:7: interval"):
        ask(path, "reload")


def test_events_can_be_chosen(path: Path) -> None:
    with Running(path):
        assert [event["kind"] for event in ask(path, "events")["events"]] == ["connected", "rejected", "adapter reset"]
        assert [event["kind"] for event in ask(path, "events", battery="house", limit=1)["events"]] == ["rejected"]
        assert len(ask(path, "events", kinds=["adapter reset"])["events"]) == 1
        assert ask(path, "events", since="2027-01-01T00:00:00+00:00")["events"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": 0},
        {"limit": "all"},
        {"kinds": "rejected"},
        {"kinds": [1]},
        {"since": "yesterday"},
        {"since": "2026-03-01T12:00:00"},
        {"since": "0001-01-01T00:00:00+23:59"},
        {"since": 5},
        {"battery": 5},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(path: Path, wrong: dict[str, Any]) -> None:
    with Running(path), pytest.raises(UsageError):
        ask(path, "events", **wrong)


def test_alarms_come_with_the_name_of_their_battery(path: Path) -> None:
    with Running(path):
        found = ask(path, "alarms", state="active")["alarms"]

    assert [(one["id"], one["battery"], one["battery_id"], one["battery_name"]) for one in found] == [
        (17, "caravan", "caravan-1", "Caravan")
    ]


def test_an_alarm_of_a_battery_that_is_no_longer_read_has_its_name(path: Path) -> None:
    with Running(path) as running:
        running.gateway.removed.append(BatteryInfo(id="boat-1", name="Boat", slug="boat"))
        running.gateway.removed.append(BatteryInfo(id="house-0", name="House", slug="house"))
        running.gateway.raised = [replace(ALARMS[0], battery="boat-1"), ALARMS[0]]
        found = [ask(path, "alarms", battery=name)["alarms"] for name in ("boat", "house")]

    assert [[one["battery_name"] for one in alarms] for alarms in found] == [["Boat"], ["House"]]


def test_alarms_can_be_chosen(path: Path) -> None:
    with Running(path):
        chosen: list[dict[str, Any]] = [
            {"battery": "house"},
            {"limit": 1},
            {"since": (START + timedelta(hours=1)).isoformat()},
        ]
        found = [[one["id"] for one in ask(path, "alarms", **wanted)["alarms"]] for wanted in chosen]

    assert found == [[16], [17], [17]]


def test_alarms_are_acknowledged(path: Path) -> None:
    with Running(path) as running:
        answers = [ask(path, "acknowledge", alarm=which)["acknowledged"] for which in (17, "all")]

    assert (answers, running.gateway.acknowledged) == ([1, 2], [17, 16, 17])


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("alarms", {"state": "old"}),
        ("alarms", {"limit": 0}),
        ("alarms", {"battery": "boat"}),
        ("acknowledge", {"alarm": 99}),
        ("acknowledge", {"alarm": True}),
        ("acknowledge", {}),
    ],
)
def test_a_question_about_alarms_that_makes_no_sense_is_refused(
    path: Path, command: str, wrong: dict[str, Any]
) -> None:
    with Running(path), pytest.raises(UsageError):
        ask(path, command, **wrong)


def test_a_mistyped_command_gets_a_suggestion(path: Path) -> None:
    with Running(path), pytest.raises(UsageError, match="did you mean status"):
        ask(path, "staus")


@pytest.mark.parametrize("line", [b"", b"hello", b"[1]", b"\xff\x00", b'{"command": ["status"]}', b"[" * 50_000])
def test_garbage_is_answered_and_the_next_question_too(path: Path, line: bytes) -> None:
    with Running(path):
        garbage, health = raw(path, line, b'{"command": "health"}')

    assert garbage["ok"] is False
    assert health["ok"] is True


@settings(max_examples=12)
@given(lines=st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=8))
def test_no_garbage_brings_it_down(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("g") / "s"
    with Running(path):
        assert [answer["ok"] for answer in raw(path, *lines)] == [False] * len(lines)
        assert ask(path, "health")["ok"] is True


def test_an_endless_line_is_cut_off(path: Path) -> None:
    with Running(path):
        (answer,) = raw(path, b"x" * (control.LONGEST + 1))
        assert ask(path, "health")["ok"] is True

    assert "at most 65536 bytes" in answer["error"]


@pytest.mark.slow
def test_a_client_that_does_not_take_its_answer_delays_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "SLOW", 0.05)
    gateway = Answering()
    gateway.history = [Record(at=START, kind="rejected", detail="x" * 500)] * 10_000
    with Running(path, gateway) as running, socket.socket(socket.AF_UNIX) as slow:
        slow.connect(str(path))
        slow.sendall(b'{"command": "events", "limit": 10000}\n' * 3)
        began = time.monotonic()
        assert ask(path, "health")["ok"] is True
        assert time.monotonic() - began < 5
        while running.control.clients:  # until it is hung up on
            time.sleep(0.005)


def test_a_silent_client_is_hung_up_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "IDLE", 0.02)
    with Running(path), socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))

        assert silent.recv(10) == b""


def test_too_many_clients_are_refused_and_the_rest_is_served(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "CONNECTIONS", 2)
    with Running(path), contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(3)]
        for client in clients:
            client.connect(str(path))
            client.settimeout(5)
        assert b"too many clients" in clients[2].recv(1000)

        clients[0].sendall(b'{"command": "health"}\n')
        assert b'"ok": true' in clients[0].recv(10_000)


def test_only_user_and_group_may_open_the_socket(path: Path) -> None:
    with Running(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert not path.exists()


def test_a_second_gateway_is_refused_in_clear_words(path: Path) -> None:
    with Running(path):
        with pytest.raises(UsageError, match="another gateway runs here already"):
            Control(path, Answering(), reload=Answering().reload).open()
        assert ask(path, "health")["ok"] is True  # the first one noticed nothing


def test_what_a_killed_gateway_left_behind_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    with Running(path):
        assert ask(path, "health")["ok"] is True


@pytest.mark.slow
def test_after_kill_9_the_next_gateway_starts(path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from bmsreader.gateway.control import Control;"
        "Control(Path(sys.argv[1]), None, reload=None).open(); print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        with pytest.raises(UsageError, match="another gateway"):
            Control(path, Answering(), reload=Answering().reload).open()
        killed.kill()

    with Running(path):
        assert ask(path, "health")["ok"] is True


def test_a_file_is_never_replaced(path: Path) -> None:
    path.write_text("my notes")

    with pytest.raises(UsageError, match="there is a file that is no socket"):
        Control(path, Answering(), reload=Answering().reload).open()
    assert path.read_text() == "my notes"


def test_a_place_that_is_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be made"):
        Control(tmp_path / ("x" * 120), Answering(), reload=Answering().reload).open()


def test_a_gateway_that_ends_does_not_wait_for_its_clients(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as stays:
        with Running(path):
            stays.connect(str(path))
            stays.sendall(b'{"command": "health"}\n')
            stays.recv(10)
            began = time.monotonic()
        assert time.monotonic() - began < 2


def test_closing_twice_does_no_harm(path: Path) -> None:
    gateway = Answering()
    one = Control(path, gateway, reload=gateway.reload)
    one.open()
    one.close()
    one.close()

    assert not path.exists()
    assert asyncio.run(gateway.reload()) == ["garage: interval 30 s"]
