"""When the gateway is gone the page says so, never shows old values as the present, and goes on when it is back."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open, Start
from tests.web.browser.watching import Watched, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

SEEN = 15_000


def gone(watched: Watched) -> None:
    """Take off the list what a browser says of requests that nobody answered."""
    watched.forgive("Failed to load resource: net::")


def test_old_values_are_greyed_and_live_again_when_the_gateway_is_back(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    watched = visit(running.url)
    page = watched.page
    card = page.get_by_role("article").first
    expect(card.locator(".badge")).to_contain_text("Live")

    running.kill()
    expect(page.get_by_text("The gateway does not answer").first).to_be_visible(timeout=SEEN)
    expect(card).to_have_class(re.compile("is-old"))
    expect(card.locator(".badge")).to_contain_text("Not known")
    expect(page.locator(".banner-offline")).to_contain_text(re.compile(r"What you see is \d+ s old"))
    assert watched.violations() == []

    running.start()
    expect(page.locator(".banner-offline")).to_have_count(0, timeout=SEEN)
    expect(card.locator(".badge")).to_contain_text("Live", timeout=SEEN)
    expect(page.locator(".pulse-stream")).to_be_visible(timeout=SEEN)
    gone(watched)


def test_other_pages_open_while_the_gateway_is_away(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    watched = visit(running.url)
    page = watched.page
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("data-prepared", "yes", timeout=SEEN)
    running.kill()
    expect(page.locator(".banner-offline")).to_be_visible(timeout=SEEN)

    page.get_by_role("link", name="Alarms").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Alarms")
    gone(watched)


def test_the_page_opens_without_the_gateway_where_a_service_worker_is_allowed(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    watched = visit(running.url, service_workers="allow")
    page = watched.page
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("data-kept", "yes", timeout=SEEN)
    running.kill()

    page.reload()
    expect(page.locator(".banner-offline")).to_be_visible(timeout=SEEN)
    expect(page.get_by_role("article")).to_have_count(0)

    running.start()
    expect(page.get_by_role("article").first.locator(".badge")).to_contain_text("Live", timeout=SEEN)
    gone(watched)


def test_a_stream_that_is_held_back_is_replaced_by_asking(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    watched = visit(running.url, "#/alarms")
    page = watched.page
    page.route("**/api/v1/stream*", lambda route: None)  # never answered, as behind a proxy that collects
    page.goto(f"{running.url}#/")
    page.reload()

    expect(page.locator(".pulse-polling")).to_be_visible(timeout=SEEN)
    taken = running.ask("api/v1/batteries")["batteries"][0]["reading"]["taken_at"]
    page.wait_for_function(
        "(taken) => import('./static/live.js').then(({live}) => "
        "[...live.batteries.values()].some((one) => one.reading.taken_at > taken))",
        arg=taken,
        timeout=SEEN,
    )
