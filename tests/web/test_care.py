"""What the API says of alarms, of what is wrong, and of health."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bmsreader.gateway.diagnosis import Finding
from bmsreader.health import Report, examine
from bmsreader.store import Reader
from bmsreader.web import care
from bmsreader.web.care import _shown
from tests.web.serving import Browser, Served

RULES = """\
[gateway]
interval = 0.2

[[alarm]]
name = "too full"
when = "soc > 1"
"""


def test_a_finding_says_about_whom_what_and_what_to_do() -> None:
    found = _shown(Finding(about="House", what="it sleeps", advice="Put a load on."))

    assert found == {"title": "House", "text": "it sleeps", "advice": "Put a load on.", "severity": "warning"}


@pytest.mark.slow
@pytest.mark.parametrize("state", ["active", "open", "all"])
def test_without_alarms_there_are_none(browser: Browser, state: str) -> None:
    assert browser.json(f"/api/v1/alarms?state={state}&battery=lt-12v-1544&limit=5") == {"alarms": []}


@pytest.mark.slow
def test_a_question_about_alarms_that_makes_no_sense_is_refused(browser: Browser) -> None:
    assert browser.get("/api/v1/alarms?state=loud").status == 400
    assert browser.get("/api/v1/alarms?battery=nobody").status == 404
    assert browser.post("/api/v1/alarms/x/acknowledge").status == 400
    assert browser.post("/api/v1/alarms/99999/acknowledge").status == 404
    assert browser.post("/api/v1/alarms/" + "9" * 30 + "/acknowledge").status == 400
    assert browser.post("/api/v1/alarms/acknowledge-all").json == {"count": 0}


@pytest.mark.slow
def test_the_health_of_a_young_battery_is_not_known_and_says_why(house: Served) -> None:
    assert house.store is not None
    house.store.commit()
    found = house.browser().json("/api/v1/batteries/lt-12v-1544/health")

    assert found["battery"] == "lt-12v-1544"
    assert {"soh", "resistance"} <= {one["name"] for one in found["items"]}
    assert all(one["value"] is not None or one["reason"] for one in found["items"])


@pytest.mark.slow
def test_nothing_is_wrong_on_the_radio_of_a_simulation(browser: Browser) -> None:
    assert browser.json("/api/v1/doctor") == {"findings": []}


@pytest.mark.slow
def test_many_who_ask_for_a_battery_s_health_at_once_make_one_report(
    house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def counted(past: Reader, battery: str) -> Report | None:
        looked.append(battery)
        return examine(past, battery)

    monkeypatch.setattr(care, "examine", counted)
    slug = "v-12v100ah-0215"

    with ThreadPoolExecutor(8) as visitors:
        answers = list(visitors.map(lambda _: house.browser().get(f"/api/v1/batteries/{slug}/health").status, range(8)))

    assert answers == [200] * 8
    assert len(looked) == 1
