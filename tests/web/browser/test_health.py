"""How a battery ages: figures with their confidence, reasons where there is none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open
from tests.web.browser.remembered import SLUG, remember
from tests.web.browser.running import Running, gateway
from tests.web.browser.watching import DESKTOP, PHONE, SMALL, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

PLACE = f"#/battery/{SLUG}/health"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("health")
    remember(folder / "history.sqlite3")
    with gateway(folder, simulated=1) as running:
        yield running


def test_each_figure_has_its_confidence(aged: Running, visit: Open) -> None:
    page = visit(aged.url, PLACE).page

    expect(page.locator(".finding").first).to_be_visible(timeout=PATIENCE)
    known = [one for one in aged.ask(f"api/v1/batteries/{SLUG}/health")["items"] if one["value"] is not None]
    expect(page.locator(".finding")).to_have_count(len(known))
    for one in known:
        card = page.locator(f".finding[data-name={one['name']}]")
        expect(card.locator(".trust")).to_have_text(re.compile("founded"))
        expect(card.locator(".finding-value")).to_have_text(re.compile(r"\d"))


def test_what_cannot_be_said_has_its_reason(aged: Running, visit: Open) -> None:
    page = visit(aged.url, PLACE).page

    expect(page.locator(".unknown")).to_be_visible(timeout=PATIENCE)
    unknown = [one for one in aged.ask(f"api/v1/batteries/{SLUG}/health")["items"] if one["value"] is None]
    expect(page.locator(".unknown dt")).to_have_count(len(unknown))
    for one in unknown:
        expect(page.locator(".unknown")).to_contain_text(one["reason"])


def test_months_are_drawn_and_stand_in_a_table(aged: Running, visit: Open) -> None:
    page = visit(aged.url, PLACE).page

    chart = page.locator(".month-chart").first
    expect(chart.locator("circle").first).to_be_attached(timeout=PATIENCE)
    chart.locator("summary").click()
    expect(chart.get_by_role("table").locator("tbody tr").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_serious_barriers(theme: str, aged: Running, visit: Open) -> None:
    watched = visit(aged.url, PLACE, color_scheme=theme)
    expect(watched.page.locator(".finding").first).to_be_visible(timeout=PATIENCE)

    assert watched.violations() == []


@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["360", "phone", "desktop"])
def test_the_page_is_not_wider_than_its_window(size: dict[str, int], aged: Running, visit: Open) -> None:
    watched = visit(aged.url, PLACE, viewport=size, locale="de-DE")
    expect(watched.page.locator(".finding").first).to_be_visible(timeout=PATIENCE)

    assert watched.overflow() <= 0
    said = watched.page.locator("main").inner_text()
    assert re.findall(r"\bhealth\.[a-z_.]+\b", said) == []
