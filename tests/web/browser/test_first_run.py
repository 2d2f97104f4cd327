"""From an empty settings file to a battery with a name, and what is said where there is no adapter."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open, Start
from tests.web.browser.watching import needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]


def test_a_found_battery_is_named_and_kept_with_one_button(start: Start, visit: Open) -> None:
    running = start()
    page = visit(running.url, "#/welcome").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    found = page.get_by_role("listitem").filter(has_text="LT-12V-1544")

    found.get_by_label("What do you call it?").fill("Garage left")
    found.get_by_role("button", name="Keep").click()

    expect(page.get_by_role("status")).to_contain_text("Garage left is kept.")
    assert 'name = "Garage left"' in running.settings.read_text()
    assert "# My batteries: this remark stays." in running.settings.read_text()
    page.get_by_role("link", name="To the overview", exact=True).click()
    expect(page.get_by_role("article", name="Garage left").locator(".badge")).to_contain_text("Live")


def test_a_second_battery_can_be_named_right_after_the_first(start: Start, visit: Open) -> None:
    running = start()
    page = visit(running.url, "#/welcome").page
    for found, name in (("LT-12V-1544", "Garage left"), ("V-12V100Ah-0215", "Garage right")):
        one = page.get_by_role("listitem").filter(has_text=found)
        one.get_by_label("What do you call it?").fill(name)
        one.get_by_role("button", name="Keep").click()
        expect(page.get_by_role("status")).to_contain_text(f"{name} is kept.")

    page.goto(f"{running.url}#/")

    expect(page.get_by_role("article", name="Garage left")).to_be_visible()
    expect(page.get_by_role("article", name="Garage right")).to_be_visible()


def test_batteries_that_have_a_name_are_not_asked_for_one(start: Start, visit: Open) -> None:
    running = start(simulated=2, more='[[battery]]\nname = "Left"\naddress = "02:00:07:00:15:44"\n')
    page = visit(running.url).page
    expect(page.get_by_role("article", name="Left")).to_contain_text("Live")

    with page.expect_response("**/api/v1/found"):
        page.evaluate("location.hash = '#/welcome'")

    expect(page.get_by_role("button", name="Keep")).to_have_count(1)
    expect(page.get_by_role("listitem").filter(has_text="V-12V100Ah-0215")).to_be_visible()


def test_a_battery_without_a_name_is_not_kept(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url, "#/welcome").page

    page.get_by_role("button", name="Keep").click()

    expect(page.get_by_text("It needs a name first.")).to_be_visible()
    expect(page.get_by_label("What do you call it?")).to_be_focused()


def test_without_an_adapter_the_page_says_so_and_shows_the_demonstration(start: Start, visit: Open) -> None:
    running = start(simulated=0)
    page = visit(running.url).page

    expect(page.get_by_text("This is a demonstration with simulated batteries")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("link", name="What to do").click()
    expect(page.get_by_text("bmsreader doctor")).to_be_visible()
    expect(page.locator(".welcome-trouble")).to_contain_text(re.compile("Bluetooth"))
    page.get_by_role("link", name="Look at the demonstration").click()
    expect(page.get_by_role("article")).to_have_count(2)


def test_the_overview_points_to_batteries_that_nobody_has_named(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url).page

    page.get_by_role("link", name="Name and keep them").click()

    expect(page.get_by_role("button", name="Keep")).to_be_visible()
