"""Commands find the running gateway where the owner says, where it usually is, and where the configuration has it."""

from pathlib import Path

import pytest

from bmsreader.cli.running import ask
from bmsreader.gateway.place import SERVICE
from bmsreader.model.errors import GatewayAbsent
from tests.cli.surroundings import invoke, lines_of
from tests.gateway.asked import Running


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which no gateway runs at any usual place."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "runtime"))
    monkeypatch.setenv("BMSREADER_CONFIG", str(tmp_path / "bmsreader.toml"))
    if SERVICE.exists():
        pytest.skip("a gateway is installed on this machine")
    return tmp_path


def test_the_place_that_the_owner_names_is_the_only_one(nowhere: Path) -> None:
    with Running(nowhere / "s"), pytest.raises(GatewayAbsent, match="elsewhere"):
        ask(nowhere / "elsewhere", "health")


def test_the_place_may_stand_in_the_environment(nowhere: Path) -> None:
    with Running(nowhere / "s"):
        (status,) = lines_of(invoke("status", "--json", BMSREADER__GATEWAY__CONTROL=str(nowhere / "s")))

    assert status["gateway"]["version"] == "1.2.3"


def test_the_place_may_stand_in_the_configuration(nowhere: Path) -> None:
    (nowhere / "bmsreader.toml").write_text(f'[gateway]\ncontrol = "{nowhere / "s"}"\n')
    with Running(nowhere / "s"):
        assert ask(None, "health")["ok"] is True


@pytest.mark.parametrize("text", ["", "this is no TOML", "[gateway]\ncontol = 5\n"])
def test_without_a_gateway_a_configuration_that_does_not_help_changes_nothing(nowhere: Path, text: str) -> None:
    (nowhere / "bmsreader.toml").write_text(text)

    with pytest.raises(GatewayAbsent, match="no gateway runs here"):
        ask(None, "health")


def test_without_a_gateway_the_owner_is_told_how_to_start_one(nowhere: Path) -> None:
    result = invoke("status", "--control", str(nowhere / "s"))

    assert result.exit_code == 3
    assert "no gateway runs here" in result.stderr
    assert "bmsreader run" in result.stderr
