"""Everybody sees at a glance how each battery is doing, now."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open, Start
from tests.web.browser.running import Running
from tests.web.browser.watching import DESKTOP, PHONE, SMALL, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

SECONDS_TO_SHOW = 2.0
MANY = 64
PLACES = ("#/", "#/welcome", "#/alarms", "#/settings", "#/settings/battery", "#/settings/web", "#/settings/mqtt")


def test_each_battery_has_a_card_with_its_state_in_words(running: Running, visit: Open) -> None:
    page = visit(running.url).page

    cards = page.get_by_role("article")
    expect(cards).to_have_count(3)
    for one in cards.all():
        expect(one.locator(".badge")).to_have_text(re.compile("Live"))
        expect(one).to_contain_text(re.compile("Charging|Discharging|At rest"))
        expect(one).to_contain_text("Voltage")


def test_a_new_value_is_shown_within_two_seconds(running: Running, visit: Open) -> None:
    page = visit(running.url).page
    shown = page.get_by_role("article").filter(has_text="LT-12V-1544").locator(".battery-figures")
    expect(shown).to_be_visible()
    slug = "lt-12v-1544"
    page.wait_for_function("() => document.querySelector('.pulse-stream')")

    for _ in range(3):
        before = running.ask(f"api/v1/batteries/{slug}")["reading"]["taken_at"]
        while (now := running.ask(f"api/v1/batteries/{slug}"))["reading"]["taken_at"] == before:
            time.sleep(0.02)
        begun = time.monotonic()
        current = f"{now['reading']['current']:+.1f}".replace("-", "\N{MINUS SIGN}")
        expect(shown).to_contain_text(current.lstrip("+"), timeout=SECONDS_TO_SHOW * 1000)
        assert time.monotonic() - begun < SECONDS_TO_SHOW


def test_a_card_leads_to_its_battery(running: Running, visit: Open) -> None:
    page = visit(running.url).page

    page.get_by_role("link", name="LT-12V-1544").click()

    expect(page).to_have_url(re.compile(r"#/battery/lt-12v-1544$"))


def test_a_battery_can_be_released_for_the_phone_app_and_taken_back(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url).page
    one = page.get_by_role("article").first
    one.locator("summary").click()
    one.get_by_role("button", name="Release for the phone app").click()
    page.get_by_role("button", name="10 min").click()

    expect(one.locator(".badge")).to_contain_text("Busy")
    expect(one).to_contain_text("Released for the phone app until")

    one.locator("summary").click()
    one.get_by_role("button", name="Take it back now").click()

    expect(one.locator(".badge")).to_have_text(re.compile(r"^\s*Live\s*$"))


def test_sixty_four_batteries_stay_usable(start: Start, visit: Open) -> None:
    running = start(simulated=MANY)
    page = visit(running.url).page
    expect(page.get_by_role("article")).to_have_count(MANY)
    name = running.ask("api/v1/batteries")["batteries"][40]["name"]

    page.get_by_role("searchbox").fill(name)
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Compact list").click()

    expect(page.get_by_role("article")).to_have_count(MANY)
    assert page.get_by_role("article").first.bounding_box()["height"] < 120  # type: ignore[index]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_serious_barriers(theme: str, running: Running, visit: Open) -> None:
    watched = visit(running.url, color_scheme=theme)

    for place in PLACES:
        watched.page.goto(running.url + place)
        expect(watched.page.locator("main h1")).to_be_visible()
        expect(watched.page.locator("main")).not_to_contain_text("Asking the gateway")
        assert (place, watched.violations()) == (place, [])


@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["360", "phone", "desktop"])
def test_no_page_is_wider_than_its_window(size: dict[str, int], running: Running, visit: Open) -> None:
    watched = visit(running.url, viewport=size, locale="de-DE")  # German words are the longer ones

    for place in PLACES:
        watched.page.goto(running.url + place)
        expect(watched.page.locator("main :is(h1, h2):visible").first).to_be_visible()
        assert (place, watched.overflow()) == (place, 0)


def test_the_page_speaks_the_browser_s_language_and_the_one_that_was_chosen(running: Running, visit: Open) -> None:
    page = visit(running.url, locale="de-AT").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht")

    page.get_by_label("Darstellung, Sprache und Anmeldung").click()
    page.get_by_role("combobox", name="Sprache").select_option("en")

    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_the_theme_that_was_chosen_is_remembered(running: Running, visit: Open) -> None:
    page = visit(running.url, color_scheme="light").page
    page.get_by_label("Display, language and account").click()
    page.get_by_role("combobox", name="Appearance").select_option("dark")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_everything_is_reached_with_the_keyboard(running: Running, visit: Open) -> None:
    page = visit(running.url).page
    expect(page.get_by_role("article")).to_have_count(3)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))

    assert [name for name in ("LT-12V-1544", "V-12V100Ah-0215", "V-12V200Ah-0003") if name not in reached] == []
