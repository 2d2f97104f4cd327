"""What the API says of the present."""

import json

import pytest

from bmsreader.web.present import MOST_STREAMS
from tests.web.serving import Browser, Served

pytestmark = pytest.mark.slow

SLUG = "lt-12v-1544"


def test_every_battery_is_there_with_all_that_is_known_of_it(browser: Browser) -> None:
    found = browser.json("/api/v1/batteries")["batteries"]

    assert [one["slug"] for one in found] == [SLUG, "v-12v100ah-0215"]
    house = found[0]
    assert (house["state"], house["kind"], house["cells"], house["simulated"]) == ("live", "battery", 4, True)
    assert house["age"] < 5
    assert len(house["reading"]["cell_voltages"]) == 4
    assert house["evidence"]["soc"] == "measured"
    assert house["evidence"]["power"] == "derived"
    assert "frames" not in house["reading"]
    assert house["counts"]["readings"] >= 1
    assert house["bank"] is None
    assert house["today"]["gaps"] == 0


def test_one_battery_is_found_by_its_slug_and_no_other_name(browser: Browser) -> None:
    assert browser.json(f"/api/v1/batteries/{SLUG}")["slug"] == SLUG
    said = browser.get("/api/v1/batteries/nobody")
    assert (said.status, said.json["error"]) == (404, "there is no battery 'nobody'")


def test_there_are_no_banks_without_banks(browser: Browser) -> None:
    assert browser.json("/api/v1/banks") == {"banks": []}


def test_the_gateway_says_how_it_is_doing(browser: Browser) -> None:
    found = browser.json("/api/v1/gateway")

    assert (found["ok"], found["demo"], found["problem"]) == (True, False, "")
    assert found["adapters"][0]["name"] == "simulated"
    assert found["store"]["ok"]
    assert browser.json("/healthz") == {"ok": True, "version": found["version"], "problems": []}


def test_a_battery_is_read_at_once_or_let_go_when_it_is_asked_for(house: Served) -> None:
    browser = house.known()
    other = "v-12v100ah-0215"

    assert browser.post(f"/api/v1/batteries/{other}/refresh").json == {"battery": other, "done": True}
    assert browser.post(f"/api/v1/batteries/{other}/release", {"minutes": 1}).json["done"]
    assert browser.post(f"/api/v1/batteries/{other}/release", {"minutes": 0}).json["done"]


@pytest.mark.parametrize("minutes", [-1, 1e9, "5", True, [1]])
def test_a_battery_is_not_let_go_for_a_time_that_makes_no_sense(browser: Browser, minutes: object) -> None:
    assert browser.post(f"/api/v1/batteries/{SLUG}/release", {"minutes": minutes}).status == 400


def test_the_stream_says_hello_at_once_then_every_battery_then_what_changes(browser: Browser) -> None:
    connection = browser.connection()
    connection.request("GET", "/api/v1/stream?tz=Europe/Berlin", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Content-Encoding"] is None

    assert answer.readline() == b": hello\n"
    said: list[tuple[str, dict[str, object]]] = []
    while sum(kind == "battery" for kind, _ in said) < 4:
        line = answer.readline().decode()
        if line.startswith("event: "):
            kind = line[7:].strip()
            said.append((kind, json.loads(answer.readline().decode().removeprefix("data: "))))
    connection.close()

    assert [kind for kind, _ in said[:3]] == ["battery", "battery", "gateway"]
    assert said[0][1]["sparkline"] is None
    assert said[0][1]["today"] is not None


def test_a_browser_that_goes_away_is_forgotten_and_too_many_are_turned_away(house: Served) -> None:
    visitors = []
    for _ in range(MOST_STREAMS):
        connection = house.browser().connection()
        connection.request("GET", "/api/v1/stream")
        assert connection.getresponse().readline() == b": hello\n"
        visitors.append(connection)

    said = house.browser().get("/api/v1/stream")
    assert said.status == 503
    assert said.headers["Retry-After"] == "5"
    for connection in visitors:
        connection.close()
    for _ in range(200):
        if len(house.page.live.hub) == 0:
            return
        house.browser().get("/healthz")
    raise AssertionError("visitors are not forgotten")


def test_after_the_logout_the_stream_of_that_browser_ends(locked: Served) -> None:
    browser = locked.browser()
    browser.login()
    connection = browser.connection()
    connection.request("GET", "/api/v1/stream", headers={"Cookie": browser.cookie})
    stream = connection.getresponse()
    assert stream.readline() == b": hello\n"

    browser.post("/api/v1/logout")

    while stream.readline():
        pass  # what was on its way
    connection.close()


def test_who_asks_for_the_head_of_the_stream_gets_no_stream(house: Served) -> None:
    before = len(house.page.live.hub)

    said = house.browser().ask("HEAD", "/api/v1/stream")

    assert said.headers["Content-Type"].startswith("text/event-stream")
    assert len(house.page.live.hub) == before
