"""Which descriptions count."""

from pathlib import Path

import pytest

from bmsreader.cli import catalogue
from bmsreader.model.errors import DescriptionError
from tests.cli.surroundings import FRAME, invoke, lines_of

EJ = Path("src/bmsreader/descriptions/ej.toml").read_text()


def put(folder: Path, name: str, text: str) -> None:
    own = folder / "bmsreader" / "descriptions"
    own.mkdir(parents=True, exist_ok=True)
    (own / name).write_text(text)


@pytest.mark.parametrize(
    ("system", "ending"),
    [
        ("linux", "/config/bmsreader/descriptions"),
        ("darwin", "/Library/Application Support/bmsreader/descriptions"),
        ("win32", "/roaming/bmsreader/descriptions"),
    ],
)
def test_the_owners_folder_is_where_the_system_keeps_such_things(
    system: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/anna/config")
    monkeypatch.setenv("APPDATA", "/users/anna/roaming")

    assert catalogue.owners_folder().endswith(ending)


def test_without_a_wish_the_shipped_descriptions_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nonexistent")

    assert [codec.id for codec in catalogue.lazy_codecs()] == ["ej", "ej2"]
    assert [codec.id for codec in catalogue.codecs()] == ["ej", "ej2"]


def test_the_owners_description_overrides_the_shipped_one(tmp_path: Path) -> None:
    put(tmp_path, "mine.toml", EJ.replace('name = "E&J Technology, first generation"', 'name = "My own"'))
    listed = lines_of(invoke("protocols", "--json", XDG_CONFIG_HOME=str(tmp_path)))

    assert [one["id"] for one in listed] == ["ej", "ej2"]
    assert listed[0]["name"] == "My own"


def test_a_description_given_in_the_command_is_tried_first(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(EJ.replace('id = "ej"', 'id = "mine"'))
    (reading,) = lines_of(invoke("decode", "--json", "--description", str(mine), stdin=FRAME))

    assert reading["protocol"] == "mine"


def test_a_wrong_description_names_file_line_and_key(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(EJ.replace("baudrate = 9600", 'baudrate = "fast"'))

    with pytest.raises(DescriptionError, match=r"mine\.toml:\d+: serial\.baudrate"):
        catalogue.codecs([str(mine)])
    assert invoke("decode", "--description", str(mine), stdin=FRAME).exit_code == 2
