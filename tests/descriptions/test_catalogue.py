"""Descriptions come with the program, from a file or from the owner's folder."""

from pathlib import Path

import pytest

from bmsreader.descriptions import load, load_file, load_folder, shipped, shipped_ids
from bmsreader.model import DescriptionError
from tests.tiny import tiny_text


def test_the_shipped_descriptions_are_those_of_the_folder() -> None:
    folder = Path(__file__).resolve().parents[2] / "src/bmsreader/descriptions"

    assert set(shipped_ids()) == {path.stem for path in folder.glob("*.toml")}
    assert [codec.id for codec in shipped()] == list(shipped_ids())


def test_a_description_is_compiled_once() -> None:
    assert load("ej") is load("ej")


def test_an_unknown_description_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DescriptionError, match="no description is called 'jbd'; there are: ej, ej2"):
        load("jbd")


def test_a_name_is_no_path() -> None:
    with pytest.raises(DescriptionError):
        load("../descriptions/ej")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match=r"nowhere\.toml: cannot be read"):
        load_file(tmp_path / "nowhere.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(DescriptionError, match=r"binary\.toml: cannot be read"):
        load_file(binary)


def test_the_owners_folder_extends_and_overrides(tmp_path: Path) -> None:
    mine = tiny_text(2, 'soc = { at = 0, type = "u8" }')
    (tmp_path / "a.toml").write_text(mine, encoding="utf-8")
    (tmp_path / "b.toml").write_text(mine.replace('"tiny"', '"ej"'), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no description", encoding="utf-8")
    codecs = {codec.id: codec.description.name for codec in load_folder(tmp_path)}

    assert codecs == {"ej": "Tiny", "ej2": load("ej2").description.name, "tiny": "Tiny"}


def test_without_a_folder_there_are_the_shipped_ones(tmp_path: Path) -> None:
    assert load_folder(tmp_path / "nowhere") == shipped()
