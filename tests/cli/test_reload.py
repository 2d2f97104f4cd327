"""`bmsreader reload`: the gateway reads its configuration again."""

from pathlib import Path

from bmsreader.model.errors import ConfigurationError
from tests.cli.surroundings import invoke, lines_of
from tests.gateway.asked import Answering, Running


def test_it_says_what_changed(tmp_path: Path) -> None:
    with Running(tmp_path / "s"):
        text = invoke("reload", "--control", str(tmp_path / "s"))
        (answer,) = lines_of(invoke("reload", "--json", "--control", str(tmp_path / "s")))

    assert text.stdout == "garage: interval 30 s\n"
    assert answer == {"changes": ["garage: interval 30 s"]}


def test_a_wrong_configuration_is_told_with_its_place(tmp_path: Path) -> None:
    gateway = Answering()
    gateway.fails = ConfigurationError("bmsreader.toml:7: interval: must be above 0")
    with Running(tmp_path / "s", gateway):
        result = invoke("reload", "--control", str(tmp_path / "s"))

    assert result.exit_code == 2
    assert "bmsreader.toml:7: interval: must be above 0" in result.stderr


def test_when_nothing_changed_it_says_so(tmp_path: Path) -> None:
    class Same(Answering):
        async def reload(self) -> list[str]:
            return []

    with Running(tmp_path / "s", Same()):
        result = invoke("reload", "--control", str(tmp_path / "s"))

    assert (result.stdout, result.stderr) == ("", "Nothing changed.\n")
