"""Bluetooth: how well batteries are heard and answer, what was rejected and why."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open
from tests.web.browser.running import Running, gateway
from tests.web.browser.watching import DESKTOP, PHONE, SMALL, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

FAULTS = "bad-checksum@0.4,drop:3@0.05"
ONE = "#/battery/lt-12v-1544/radio"


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway whose batteries often answer with damaged frames."""
    folder: Path = tmp_path_factory.mktemp("radio")
    with gateway(folder, "--faults", FAULTS, simulated=2) as running:
        yield running


def test_every_battery_has_its_link_in_numbers(troubled: Running, visit: Open) -> None:
    page = visit(troubled.url, "#/radio").page

    row = page.locator("tr[data-slug=lt-12v-1544]")
    expect(row).to_contain_text(re.compile(r"\d+ of \d+"))
    expect(row.locator("[data-name='Time taken']")).to_have_text(re.compile(r"[\d.]+\s*s"))
    expect(page.locator(".adapters")).to_contain_text("simulated")


def test_a_rejected_frame_shows_its_reason_and_its_bytes_with_the_wrong_ones_marked(
    troubled: Running, visit: Open
) -> None:
    page = visit(troubled.url, ONE).page
    page.locator("[data-filter=kind]").select_option("rejected")

    row = page.locator(".record tbody tr").filter(has_text="checksum").first
    expect(row).to_be_visible(timeout=60_000)
    said = re.search(r"checksum ([0-9A-F]{2}), expected", row.inner_text())
    assert said is not None
    expect(row.locator(".frame mark")).to_have_text(said[1])
    expect(row.locator(".frame")).to_have_text(re.compile(r"^:[0-9A-F]+~$"))
    page.get_by_role("button", name="Bytes as hex").click()
    expect(row.locator(".frame")).to_have_text(re.compile(r"^3A [0-9A-F ]+ 7E$"))


def test_the_event_record_can_be_filtered(troubled: Running, visit: Open) -> None:
    page = visit(troubled.url, "#/radio").page
    rows = page.locator(".record tbody tr")

    page.locator("[data-filter=kind]").select_option("states")
    expect(rows.filter(has_text="Unreachable → Live").first).to_be_visible()
    page.locator("[data-filter=battery]").select_option("lt-12v-1544")
    expect(rows.filter(has_text="V-12V100Ah-0215")).to_have_count(0)
    expect(rows.first).to_be_visible()


def test_how_long_answers_take_is_drawn_and_said(troubled: Running, visit: Open) -> None:
    page = visit(troubled.url, ONE).page

    expect(page.locator("bms-times circle").first).to_be_attached()
    expect(page.locator("bms-times .readout")).to_have_text(re.compile(r"usually [\d.]+ s, 95 % within [\d.]+ s"))


def test_what_the_doctor_says_is_shown(troubled: Running, visit: Open) -> None:
    page = visit(troubled.url, "#/radio").page

    found = troubled.ask("api/v1/doctor")["findings"]
    expect(page.locator(".doctor")).to_contain_text(found[0]["advice"] if found else "Nothing wrong was found")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["#/radio", ONE])
def test_the_pages_have_no_serious_barriers(place: str, theme: str, troubled: Running, visit: Open) -> None:
    watched = visit(troubled.url, place, color_scheme=theme)
    expect(watched.page.locator(".record tbody tr").first).to_be_visible()

    assert watched.violations() == []


@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["360", "phone", "desktop"])
@pytest.mark.parametrize("place", ["#/radio", ONE])
def test_the_pages_are_not_wider_than_their_window(
    place: str, size: dict[str, int], troubled: Running, visit: Open
) -> None:
    watched = visit(troubled.url, place, viewport=size, locale="de-DE")
    expect(watched.page.locator(".record tbody tr").first).to_be_visible()

    assert watched.overflow() <= 0
