"""`bmsreader status`: every battery of the running gateway, and the gateway itself."""

from pathlib import Path
from typing import Any

import pytest

from bmsreader.cli import status
from bmsreader.cli.status import show_again
from bmsreader.cli.terminal import Terminal
from bmsreader.gateway.asking import ask
from bmsreader.model.errors import GatewayAbsent
from tests.cli.surroundings import invoke, lines_of
from tests.gateway.asked import Answering, Running


def test_it_shows_batteries_publishers_history_and_adapters(tmp_path: Path) -> None:
    with Running(tmp_path / "s"):
        shown = invoke("status", "--control", str(tmp_path / "s")).stdout

    assert "charging 12.4 A" in shown
    assert "mqtt" in shown
    assert "history" in shown
    assert "hci0" in shown


def test_json_is_one_object_with_everything(tmp_path: Path) -> None:
    with Running(tmp_path / "s"):
        (answer,) = lines_of(invoke("status", "--json", "--control", str(tmp_path / "s")))

    assert [battery["battery"] for battery in answer["batteries"]] == ["house", "caravan"]
    assert answer["batteries"][0]["reading"]["soc"] == 62
    assert answer["gateway"]["publishers"][0]["name"] == "mqtt"


def test_watching_shows_it_every_two_seconds_until_the_gateway_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Running(tmp_path / "s"):
        answer = ask(tmp_path / "s", "status")
    answers: list[dict[str, Any]] = [answer, answer, answer]
    pauses: list[float] = []

    def next_answer() -> dict[str, Any]:
        if not answers:
            raise GatewayAbsent("it ended")
        return answers.pop()

    with pytest.raises(GatewayAbsent):
        show_again(Terminal(as_json=True), next_answer, pause=pauses.append)

    assert len(capsys.readouterr().out.splitlines()) == 3
    assert pauses == [2.0, 2.0, 2.0]


def test_on_a_terminal_the_same_place_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "EVERY", 0.001)

    class Ends(Answering):
        looks = 0

        def snapshots(self):  # type: ignore[no-untyped-def]
            self.looks += 1
            if self.looks > 1:
                raise GatewayAbsent("enough")
            return super().snapshots()

    with Running(tmp_path / "s", Ends()):
        result = invoke("status", "--watch", "--control", str(tmp_path / "s"), FORCE_COLOR="1")

    assert result.exit_code == 3
    assert "\x1b[" in result.stdout
