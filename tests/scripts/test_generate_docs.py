"""The generated pages say what the program does, and a page that does not is noticed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bmsreader.descriptions import shipped
from bmsreader.protocol.rules import CHECKS
from scripts.generate_docs import pages, stale
from scripts.pages.batteries import captures, table

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_are_current() -> None:
    assert stale() == []


def test_a_page_that_says_something_else_is_noticed(tmp_path: Path) -> None:
    for name, text in pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert stale(tmp_path) == []
    (tmp_path / "supported.md").write_text("All batteries.", encoding="utf-8")
    (tmp_path / "fields-ej.md").unlink()

    assert stale(tmp_path) == ["supported.md", "fields-ej.md"]


@pytest.mark.slow
def test_it_runs_as_a_file() -> None:
    command = [sys.executable, "scripts/generate_docs.py", "--check"]

    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0


def test_every_field_and_every_brand_is_on_a_page() -> None:
    text = pages()
    for codec in shipped():
        fields = {field.name for message in codec.description.messages.values() for field in message.fields}
        assert [name for name in fields if f"`{name}`" not in text[f"fields-{codec.id}.md"]] == []
        assert [brand for brand in codec.description.brands if brand not in text["supported.md"]] == []


def test_every_capture_is_listed_under_a_brand_of_its_description() -> None:
    listed = pages()["supported.md"]
    found = [capture for codec in shipped() for capture in captures(codec.id)]

    assert len(found) == len(list((ROOT / "captures").glob("*/*.json")))
    assert [capture["file"] for capture in found if f"`{capture['file']}`" not in listed] == []
    brands = {brand for codec in shipped() for brand in codec.description.brands}
    assert [capture["file"] for capture in found if capture["brand"] not in brands] == []


def test_every_rule_has_words() -> None:
    from scripts.pages.batteries import _rule_words

    for name, check in CHECKS.items():
        parameters = {key: ["soc"] if key in check.several else key for key in check.keys}
        assert "{" not in _rule_words(name, parameters)


def test_a_cell_of_a_table_cannot_break_it() -> None:
    assert table(["a"], [["x|y\nz"]]) == "| a |\n| --- |\n| x\\|y z |"


def test_captures_are_tidy_json() -> None:
    for path in (ROOT / "captures").glob("*/*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        assert data["description"] == path.parent.name
        assert ("reading" in data) != ("rejected" in data)
