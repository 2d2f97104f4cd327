"""The files of the dashboard are served, and no others."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.web.refusal import Refused
from bmsreader.web.static import FOLDER, Files, takes_gzip
from tests.web.made import request


@pytest.fixture
def files(tmp_path: Path) -> Files:
    folder = tmp_path / "static"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "a.js").write_text("export const a = 1;\n" * 100)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / ".secret.js").write_text("no")
    (folder / "keys.pem").write_text("no")
    (tmp_path / "outside.js").write_text("no")
    (folder / "link.js").symlink_to(tmp_path / "outside.js")
    return Files(folder)


def test_a_file_is_sent_packed_to_whoever_takes_it_so(files: Files) -> None:
    plain = files.answer(request(), "pages/a.js")
    packed = files.answer(request(headers={"accept-encoding": "br, gzip"}), "pages/a.js")

    assert gzip.decompress(bytes(packed.body)) == plain.body
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["vary"] == "Accept-Encoding"


def test_a_browser_that_has_the_file_is_told_so(files: Files) -> None:
    tag = files.answer(request(), "pages/a.js").headers["etag"]

    again = files.answer(request(headers={"if-none-match": f'"other", W/{tag}'}), "pages/a.js")

    assert (again.status_code, again.body) == (304, b"")


def test_a_changed_file_is_read_again(files: Files, tmp_path: Path) -> None:
    before = files.answer(request(), "index.html")
    (tmp_path / "static" / "index.html").write_text("<!doctype html>new")

    assert files.answer(request(), "index.html").headers["etag"] != before.headers["etag"]


NAMES = [
    pytest.param("../outside.js", id="above"),
    pytest.param("pages/../../outside.js", id="above by a detour"),
    pytest.param("/etc/passwd", id="from the root"),
    pytest.param("..", id="the folder above"),
    pytest.param("", id="no name"),
    pytest.param(".secret.js", id="hidden"),
    pytest.param("keys.pem", id="of another kind"),
    pytest.param("pages", id="a folder"),
    pytest.param("link.js", id="a link that leads out"),
    pytest.param("pages//a.js", id="two slashes"),
    pytest.param("..\\outside.js", id="as on Windows"),
    pytest.param("a\0.js", id="a zero"),
    pytest.param("x" * 5000 + ".js", id="a long name"),
    pytest.param("%2e%2e/outside.js", id="packed twice"),
]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_for_the_page_is_not_there(files: Files, name: str) -> None:
    with pytest.raises(Refused):
        files.answer(request(), name)


@given(st.text(max_size=50))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    try:
        answer = Files(FOLDER).answer(request(), name)
    except Refused:
        return
    assert (FOLDER / name).resolve().is_relative_to(FOLDER.resolve())
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("header", "takes"),
    [("gzip", True), ("gzip;q=0.5, br", True), ("*", True), ("gzip; q=0", False), ("br", False), ("", False)],
)
def test_packed_answers_go_to_those_who_take_them(header: str, takes: bool) -> None:
    assert takes_gzip(request(headers={"accept-encoding": header})) is takes
