"""A real gateway with alarms: killed, restarted, its receiver away; nothing that happened is lost."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from bmsreader.gateway.asking import ask
from bmsreader.store import Reader
from tests.cli import executable
from tests.gateway.service import Service
from tests.publishers.mqtt_listener import eventually
from tests.publishers.web import Web, says, web

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

RULES = """\
[[alarm]]
name = "Generator"
field = "soc"
below = {limit}
[[webhook]]
url = "{url}/hook"
secret = "hush"
[[notify]]
name = "phone"
url = "{messages}/message"
"""


def events(server: Web) -> list[tuple[int, str, str]]:
    """What the webhook was told of alarms: number, what, which."""
    found = [json.loads(one.body) for one in server.requests if one.target == "/hook"]
    return [(one["alarm"]["number"], one["alarm"]["event"], one["alarm"]["name"]) for one in found if "alarm" in one]


def messages(server: Web) -> list[str]:
    return [json.loads(one.body)["title"] for one in server.requests if one.target == "/message"]


def with_rules(service: Service, server: Web, limit: float) -> None:
    text = service.configuration.read_text().partition("[[alarm]]")[0]
    address = server.address.replace("http", "json")
    service.configuration.write_text(text + RULES.format(limit=limit, url=server.address, messages=address))
    service.configuration.chmod(0o600)


def alarms(service: Service, state: str = "all") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(service.control, "alarms", state=state)["alarms"]
    return found


def test_a_kill_loses_no_edge_and_raises_nothing_twice(tmp_path: Path) -> None:
    with web(says(200)) as server:
        service = Service(tmp_path, batteries=2, interval=0.2)
        with_rules(service, server, 99.0)
        service.start()
        service.until_live()
        eventually(lambda: len(events(server)) == 2 and messages(server), 30.0)
        assert service.end(signal.SIGKILL) == -signal.SIGKILL
        with Reader(service.history) as reader:
            kept = reader.alarms(state="active")
        assert [one.name for one in kept] == ["Generator", "Generator"]

        service.start()
        service.until_live()
        time.sleep(2.0)
        assert [one["id"] for one in alarms(service)] == [one.id for one in kept]

        with_rules(service, server, 1.0)
        assert executable.run("reload", "--control", str(service.control)).returncode == 0
        eventually(lambda: len(alarms(service, "active")) == 2, 5.0)
        assert service.end(signal.SIGTERM) == 0

    assert [what for _, what, _ in sorted(set(events(server)))][:2] == ["raised", "raised"]
    assert messages(server)[0] == "2 alarms"


def test_acknowledged_over_the_command_line(tmp_path: Path) -> None:
    with web(says(200)) as server:
        service = Service(tmp_path, batteries=1, interval=0.2)
        with_rules(service, server, 99.0)
        service.start()
        service.until_live()
        eventually(lambda: alarms(service), 30.0)
        shown = executable.run("status", "--control", str(service.control)).stdout
        assert "warning: Generator: State of charge" in shown
        number = alarms(service)[0]["id"]
        done = executable.run("alarms", "ack", str(number), "--control", str(service.control))
        assert done.stdout == f"Alarm {number} is acknowledged.\n"
        assert alarms(service)[0]["acknowledged_at"] is not None
        eventually(lambda: [what for _, what, _ in events(server)] == ["raised", "acknowledged"], 10.0)
        assert service.end() == 0


def test_a_receiver_that_is_away_gets_everything_when_it_is_back(tmp_path: Path) -> None:
    answer = [503]
    with web(lambda request, connection: says(answer[0])) as server:
        service = Service(tmp_path, batteries=1, interval=0.2)
        with_rules(service, server, 99.0)
        service.start()
        service.until_live()
        eventually(lambda: alarms(service), 30.0)
        unwell = service.until(lambda status: not status["gateway"]["ok"])
        problems = {one["name"]: one["problem"] for one in unwell["gateway"]["publishers"] if not one["ok"]}
        assert any("503" in problem for problem in problems.values())
        assert service.end(signal.SIGKILL) == -signal.SIGKILL
        server.requests.clear()
        answer[0] = 200
        service.start()
        eventually(lambda: events(server) and messages(server), 60.0)
        assert events(server)[0][1:] == ("raised", "Generator")
        assert service.end() == 0
