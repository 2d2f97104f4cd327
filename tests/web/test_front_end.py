"""The files of the page: small, without anything inline, and each of them where another says it is."""

import json
import re
import struct

from tests.laws.source import ROOT

STATIC = ROOT / "src/bmsreader/web/static"
MAXIMUM_LINES = 400
FEWEST_MODULES = 30
OWN = [path for end in ("js", "css") for path in sorted(STATIC.rglob(f"*.{end}")) if path.parent.name != "vendor"]
MODULES = [path for path in OWN if path.suffix == ".js"]
INDEX = (STATIC / "index.html").read_text()
IMPORT = re.compile(r'(?:from|import)\s*\(?\s*["\'](\.[^"\'`$]+)["\']')


def test_each_file_of_the_page_is_one_idea() -> None:
    assert len(MODULES) > FEWEST_MODULES
    assert [path.name for path in OWN if len(path.read_text().splitlines()) > MAXIMUM_LINES] == []


def test_what_a_module_imports_is_there() -> None:
    imported = {(path, name) for path in MODULES for name in IMPORT.findall(path.read_text())}

    assert [(path.name, name) for path, name in imported if not (path.parent / name).resolve().is_file()] == []


def test_no_style_attribute_is_written_into_markup() -> None:
    # The content security policy refuses it; properties (.style=) are allowed.
    assert [path.name for path in MODULES if re.search(r'\sstyle="', path.read_text())] == []


def test_the_first_file_has_nothing_inline_and_names_files_that_exist() -> None:
    named = re.findall(r'(?:src|href)="([^"]+)"', INDEX)

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", INDEX) == []
    assert [name for name in named if not (STATIC / name.removeprefix("static/")).is_file()] == []
    assert [name for name in named if name.startswith("/")] == []


def test_all_modules_of_the_first_look_are_asked_for_at_once() -> None:
    preloaded = {STATIC / name.removeprefix("static/") for name in re.findall(r'modulepreload" href="([^"]+)"', INDEX)}
    waiting, needed = [STATIC / "app.js", STATIC / "pages/overview.js"], set()
    while waiting:
        module = waiting.pop()
        if module in needed:
            continue
        needed.add(module)
        at_once = re.findall(
            r'^(?:import|export)\b[^;]*?from "(\.[^"]+)";|^import "(\.[^"]+)";', module.read_text(), re.MULTILINE
        )
        waiting += [(module.parent / (one or other)).resolve() for one, other in at_once]

    assert preloaded == needed


def test_the_manifest_names_icons_of_the_size_that_it_says() -> None:
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text())

    for icon in manifest["icons"]:
        path = STATIC / icon["src"].removeprefix("static/")
        if path.suffix == ".png":
            width, height = struct.unpack(">II", path.read_bytes()[16:24])
            assert icon["sizes"] == f"{width}x{height}"
    assert {"any", "192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert manifest["start_url"] == manifest["scope"] == "./"


def test_the_service_worker_keeps_no_values() -> None:
    worker = (STATIC / "service-worker.js").read_text()

    assert "api/" not in worker
    assert 'place.startsWith("static/")' in worker
