"""Coming in with the password, and going out."""

from pathlib import Path

import pytest

from bmsreader.web.passwords import hashed, hashed_token
from bmsreader.web.patience import EACH
from tests.web.serving import PASSWORD, Served, served

pytestmark = pytest.mark.slow


def test_without_the_password_nobody_sees_a_battery(locked: Served) -> None:
    browser = locked.browser()

    said = browser.get("/api/v1/batteries")

    assert said.status == 401
    assert said.json["error"] == "log in first"
    assert browser.get("/api/v1/stream").status == 401
    assert browser.get("/metrics").status == 401
    assert browser.get("/").status == 200


def test_before_the_login_the_session_says_nothing_about_the_house(locked: Served) -> None:
    session = locked.browser().session()

    assert (session["required"], session["logged_in"], session["version"], session["problem"]) == (True, False, "", "")
    assert len(session["csrf"]) == 64


def test_the_right_password_opens_the_page_under_a_new_name(locked: Served) -> None:
    browser = locked.browser()
    browser.session()
    before = browser.cookie

    said = browser.ask("POST", "/api/v1/login", {"password": PASSWORD})

    assert (said.status, said.json["logged_in"]) == (200, True)
    assert browser.cookie != before
    flags = said.headers["Set-Cookie"].split("; ")[1:]
    assert flags == ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=2592000"]
    assert browser.get("/api/v1/batteries").status == 200


def test_who_comes_again_before_the_session_ends_is_remembered_for_as_long_again(locked: Served) -> None:
    browser = locked.browser()
    browser.login()
    cookie = browser.cookie

    said = browser.get("/api/v1/session")

    assert said.headers["Set-Cookie"].startswith(f"{cookie}; ")
    assert said.headers["Set-Cookie"].endswith("; Max-Age=2592000")


def test_the_old_token_is_of_no_use_after_the_login_and_the_new_one_is(locked: Served) -> None:
    browser = locked.browser()
    old = browser.session()["csrf"]
    browser.login()

    assert browser.ask("POST", "/api/v1/logout", headers={"X-CSRF-Token": old}).status == 403
    assert browser.post("/api/v1/logout").status == 200


def test_after_the_logout_the_old_cookie_opens_nothing(locked: Served) -> None:
    browser = locked.browser()
    browser.login()
    cookie = browser.cookie

    browser.post("/api/v1/logout")

    assert browser.get("/api/v1/batteries").status == 401
    browser.cookie = cookie
    assert browser.get("/api/v1/batteries").status == 401


def test_the_token_is_for_programs_and_needs_nothing_else(locked: Served) -> None:
    program = locked.browser(headers={"Authorization": "Bearer bms_token"})

    assert program.get("/api/v1/batteries").status == 200
    assert program.post("/api/v1/batteries/lt-12v-1544/refresh").status == 200
    for wrong in ("Bearer other", "Bearer", "Basic bms_token", "bms_token"):
        assert locked.browser(headers={"Authorization": wrong}).get("/api/v1/batteries").status == 401


def test_wrong_passwords_are_told_counted_and_make_one_wait(tmp_path: Path) -> None:
    with served(tmp_path, web={"password": hashed(PASSWORD)}) as house:
        browser = house.known()
        for _ in range(EACH):
            assert browser.post("/api/v1/login", {"password": "wrong"}).status == 401

        said = browser.post("/api/v1/login", {"password": PASSWORD})

        assert said.status == 429
        assert 0 < int(said.headers["Retry-After"]) <= 300
        records = [one for one in house.house.gateway.records() if one.kind == "wrong password"]
        assert len(records) == EACH
        assert "127.0.0.1" in records[0].detail


def test_where_no_password_is_set_none_can_be_tried(house: Served) -> None:
    said = house.known().post("/api/v1/login", {"password": "x"})

    assert (said.status, said.json["error"]) == (404, "no password is needed")


@pytest.mark.parametrize("body", [{}, {"password": 5}, {"password": None}, {"password": ["x"]}])
def test_a_login_without_a_password_makes_no_sense(locked: Served, body: object) -> None:
    assert locked.known().post("/api/v1/login", body).status == 400


def test_an_empty_password_beside_a_token_lets_nobody_in(tmp_path: Path) -> None:
    web = {"host": "0.0.0.0", "password": "", "token": hashed_token("bms_token")}
    with served(tmp_path, web=web) as house:
        said = house.known().post("/api/v1/login", {"password": ""})

        assert (said.status, said.json["error"]) == (404, "no password is set")
