"""The page is one file that needs no other, and no script."""

import re
from html.parser import HTMLParser

import pytest

from bmsreader.lab.analysis import analyse
from bmsreader.lab.output.page import page
from bmsreader.lab.structure import structure_of
from tests.lab.simulated import live


@pytest.fixture(scope="module")
def html() -> str:
    life = live(count=30)
    return page(analyse(structure_of(life.capture), life.labels(0.2, 0.6)), title="<b>mine</b>")


def test_each_byte_has_its_history(html: str) -> None:
    rows = re.findall(r'<tr class="(?:field|moving|still)"><td class="n">(\d+)</td>', html)

    assert rows == [str(at) for at in range(69)]
    assert html.count("<polyline") >= 69


def test_values_have_units_and_the_lines_a_time(html: str) -> None:
    assert re.search(r"<td>cell_voltages</td><td[^>]*>3[.\d]* to 3[.\d]* V</td>", html)
    assert "The lines go from 0 s to 87 s of the capture." in html


def test_the_page_needs_nothing_else(html: str) -> None:
    assert not re.search(r"<script|src=|href=|url\(|@import", html)


def test_titles_are_text(html: str) -> None:
    assert "<h1>&lt;b&gt;mine&lt;/b&gt;</h1>" in html


def test_all_tags_are_closed(html: str) -> None:
    depth: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "polyline"):
                depth.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert depth.pop() == tag

    Parser().feed(html.replace("/>", ">"))

    assert depth == []
