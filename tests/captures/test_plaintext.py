"""A log is read, whatever it passed through on its way: Notepad, a mail, a forum, a terminal."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.captures.plaintext import cleaned, encoding_of
from bmsreader.captures.reading import read_open
from tests.captures.samples import TEXTS

WAYS: dict[str, Callable[[str], bytes]] = {
    "Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "an old Mac": lambda text: text.replace("\n", "\r").encode(),
    "Notepad": lambda text: text.encode("utf-8-sig"),
    "Notepad in Unicode": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    "big-endian without a mark": lambda text: text.encode("utf-16-be"),
    "little-endian without a mark": lambda text: text.encode("utf-16-le"),
    "four bytes a character": lambda text: text.encode("utf-32"),
    "an answer to a mail": lambda text: text.replace("\n", "\n> ").encode(),
    "an answer to that": lambda text: text.replace("\n", "\n>> ").encode(),
    "a forum": lambda text: f"[code]{text.rstrip()}[/code]".encode(),
    "Markdown": lambda text: f"```text\n{text}```\n".encode(),
    "a web page": lambda text: f"<pre><code>{text}</code></pre>".encode(),
    "an indented block": lambda text: text.replace("\n", "\n    ").encode(),
    "blanks that do not break": lambda text: text.replace(" ", "\u00a0").encode(),
    "typographer's quotes": lambda text: text.replace("'", "\u2019").replace('"', "\u201d").encode(),
    "a terminal": lambda text: text.replace("\n", "\x1b[0m\n\x1b[0;36m").encode(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_what_a_text_passed_through_does_not_matter(name: str, way: str) -> None:
    plain, passed = (read_open(io.BytesIO(text), "test") for text in (TEXTS[name].encode(), WAYS[way](TEXTS[name])))

    assert passed.format == name
    assert [*passed.packets] == [*plain.packets]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_line_becomes_a_line(line: str) -> None:
    assert len(cleaned(line)) <= len(line) + 1


@pytest.mark.parametrize("line", ["[02:00:07:00:15:44][LE]> char-write-cmd 0x11 3a\n", "12:00:00 rx 3a30 > 31\n"])
def test_a_line_without_anything_around_it_stays_as_it_is(line: str) -> None:
    assert cleaned(line) == line


def test_bytes_are_no_text() -> None:
    assert encoding_of(b"btmon\0\1\0\0\0\2\3\4") is None
    assert encoding_of(b"\0\0\0\0\0\0\0\0") is None
