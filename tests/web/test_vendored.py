"""The libraries of the dashboard are those that are pinned, each with its licence, and ask nothing of other hosts."""

import hashlib
import json
import re

import pytest

from tests.laws.source import ROOT

STATIC = ROOT / "src/bmsreader/web/static"
VENDOR = STATIC / "vendor"
LISTED = json.loads((VENDOR / "hashes.json").read_text())
OTHER_HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
FIRST_BYTES_OF_A_LICENCE = 500


@pytest.mark.parametrize("name", LISTED["sha256"])
def test_a_library_has_the_bytes_that_are_listed(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == LISTED["sha256"][name]


def test_nothing_lies_there_that_is_not_listed() -> None:
    assert {path.name for path in VENDOR.iterdir()} == {"hashes.json", *LISTED["sha256"]}


@pytest.mark.parametrize("name", ["lit", "uplot"])
def test_each_library_comes_with_its_licence(name: str) -> None:
    licence = (VENDOR / f"{name}.LICENSE.txt").read_text()

    assert "Copyright" in licence[:FIRST_BYTES_OF_A_LICENCE]
    assert f"see {name}.LICENSE.txt" in (VENDOR / f"{name}.js").read_text().partition("\n")[0]


def test_the_list_names_the_versions_that_are_pinned() -> None:
    script = (ROOT / "scripts/vendor_front_end.py").read_text()
    pins = dict(re.findall(r'"([@a-z/-]+)": \(\s*"([0-9.]+)"', script))

    assert {**LISTED["packages"], "esbuild-wasm": pins["esbuild-wasm"]} == pins


def test_no_file_of_the_page_asks_another_host() -> None:
    texts = {path: path.read_text() for path in STATIC.rglob("*.*") if path.suffix not in {".png", ".txt"}}

    assert [(path.name, found) for path, text in texts.items() if (found := OTHER_HOST.findall(text))] == []


def test_no_source_map_is_looked_for() -> None:
    assert [path.name for path in VENDOR.glob("*.js") if "sourceMappingURL" in path.read_text()] == []
