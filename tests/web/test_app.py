"""The table of routes, served."""

from pathlib import Path

import pytest

from tests.web.serving import Browser, served

pytestmark = pytest.mark.slow


def test_a_method_that_is_not_possible_is_told_with_those_that_are(browser: Browser) -> None:
    said = browser.ask("DELETE", "/api/v1/batteries")

    assert (said.status, said.headers["Allow"]) == (405, "GET, POST")
    assert said.json["error"] == "DELETE is not possible here"


def test_head_is_get_without_the_answer(browser: Browser) -> None:
    said = browser.ask("HEAD", "/api/v1/gateway")

    assert (said.status, said.body) == (200, b"")


def test_the_page_and_its_files_are_where_a_browser_looks_for_them(browser: Browser) -> None:
    assert browser.get("/").headers["Content-Type"] == "text/html; charset=utf-8"
    assert browser.get("/static/app.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert browser.get("/manifest.webmanifest").headers["Content-Type"] == "application/manifest+json"


def test_below_a_path_everything_is_there_and_nothing_above(tmp_path: Path) -> None:
    with served(tmp_path, web={"path": "/battery"}) as house:
        browser = house.browser()

        session = browser.json("/battery/api/v1/session")
        assert browser.get("/battery/").status == 200
        without_slash = browser.get("/battery")
        assert (without_slash.status, without_slash.headers["Location"]) == (307, "battery/")
        assert browser.get("/api/v1/session").status == 404
        assert browser.get("/batteryx/api/v1/session").status == 404
        browser.csrf = session["csrf"]
        said = browser.post("/battery/api/v1/batteries/lt-12v-1544/refresh")
        assert said.status == 200


def test_a_proxy_that_is_trusted_says_below_which_path_the_browser_sees_the_page(tmp_path: Path) -> None:
    with served(tmp_path, web={"proxies": ["127.0.0.1"], "hosts": ["example.org"]}) as house:
        headers = {
            "Host": "127.0.0.1:1",
            "X-Forwarded-Host": "example.org",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Prefix": "/battery",
        }
        said = house.browser(headers=headers).get("/api/v1/session")

        assert said.status == 200
        assert "; Path=/battery/; HttpOnly; SameSite=Strict; Secure" in said.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/v1/session"])
def test_a_file_is_not_changed_by_anybody_and_the_answer_is_json_everywhere(browser: Browser, path: str) -> None:
    said = browser.ask("DELETE", path)

    assert (said.status, said.json["error"]) == (405, "DELETE is not possible here")
    assert said.headers["Allow"] == "GET"
    assert said.headers["Cache-Control"] == "no-store"
