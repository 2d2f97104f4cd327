"""A bank is shown as it is wired, and says which of its packs is not seen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.charting import Chart
from tests.web.browser.conftest import Open, Start
from tests.web.browser.running import Running, gateway
from tests.web.browser.watching import DESKTOP, PHONE, SMALL, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

PLACE = "#/bank/house"
SETTINGS = """
[[battery]]
name = "Left"
address = "02:00:07:00:15:44"

[[battery]]
name = "Right"
address = "09:01:00:00:02:15"

[[battery]]
name = "Third"
address = "02:00:07:00:00:03"

[[battery]]
name = "Lost"
address = "02:00:07:00:00:99"

[[bank]]
name = "House"
arrangement = "series(parallel(Left, Right), parallel(Third, Lost))"

[[bank]]
name = "Whole"
arrangement = "parallel(Left, Right)"
"""


@pytest.fixture(scope="module")
def banked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway with a bank of four packs, of which one is not there, and one of two packs that are."""
    folder: Path = tmp_path_factory.mktemp("bank")
    with gateway(folder, simulated=3, more=SETTINGS) as running:
        yield running


def test_the_packs_are_drawn_as_they_are_wired(banked: Running, visit: Open) -> None:
    page = visit(banked.url, PLACE).page

    series = page.locator(".joint-series")
    expect(series).to_have_count(1)
    expect(series.locator("> .joint-parallel")).to_have_count(2)
    expect(series.locator(".pack")).to_have_count(4)
    expect(page.locator("[data-slug=left]")).to_contain_text("Live")


def test_a_missing_pack_is_named_and_nothing_is_made_up_for_it(banked: Running, visit: Open) -> None:
    page = visit(banked.url, PLACE).page

    expect(page.locator(".degraded")).to_have_text(re.compile(r"3 of 4 packs seen, \d+ % of the capacity"))
    expect(page.locator(".degraded")).to_contain_text("Not seen: Lost")
    expect(page.locator("[data-slug=lost]")).to_have_class(re.compile("missing"))


def test_a_whole_bank_says_which_pack_ends_it(banked: Running, visit: Open) -> None:
    page = visit(banked.url, "#/bank/whole").page

    expect(page.locator(".pack-mark").first).to_have_text(re.compile("empty first|full first"))
    expect(page.locator(".bank-facts")).to_contain_text("Imbalance")
    expect(page.locator(".bank-facts")).to_contain_text("2 of 2 packs, 100 %")
    expect(page.locator(".degraded")).to_have_count(0)


def test_a_bank_has_charts_like_a_battery(banked: Running, visit: Open) -> None:
    page = visit(banked.url, "#/bank/whole").page
    chart = Chart(page)
    chart.choose("Hour")

    page.wait_for_function("chart => chart._history.stamps.length > 2", arg=chart.element.element_handle())
    expect(page.locator("bms-energy")).to_be_attached()
    expect(page.locator(".now-soc")).to_have_text(re.compile(r"\d+"))


def test_a_pack_leads_to_its_battery(banked: Running, visit: Open) -> None:
    page = visit(banked.url, PLACE).page

    page.locator("[data-slug=right]").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Right")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_serious_barriers(theme: str, banked: Running, visit: Open) -> None:
    watched = visit(banked.url, PLACE, color_scheme=theme)
    expect(watched.page.locator(".degraded")).to_be_visible()

    assert watched.violations() == []


@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["360", "phone", "desktop"])
def test_the_page_is_not_wider_than_its_window(size: dict[str, int], banked: Running, visit: Open) -> None:
    watched = visit(banked.url, PLACE, viewport=size, locale="de-DE")
    expect(watched.page.locator(".degraded")).to_be_visible()

    assert watched.overflow() <= 0


def test_a_card_tells_once_what_a_bank_misses(start: Start, visit: Open) -> None:
    running = start(simulated=2, more=SETTINGS)
    page = visit(running.url).page
    card = page.get_by_role("article", name="House")

    expect(card).to_contain_text("2 of 4 packs seen", timeout=20_000)

    assert card.inner_text().count("of 4 packs seen") == 1
