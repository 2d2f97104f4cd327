"""One battery: what is in it now, its cells, and its charts from the last hour to all years."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.charting import Chart
from tests.web.browser.conftest import Open
from tests.web.browser.remembered import OUTAGE, SLUG, YEARS, remember
from tests.web.browser.running import Running, gateway
from tests.web.browser.watching import DESKTOP, PHONE, SMALL, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

HOUR, DAY = 3600.0, 86_400.0
PLACE = f"#/battery/{SLUG}"
LENGTHS = {"Hour": HOUR, "6 h": 6 * HOUR, "Day": DAY, "Week": 7 * DAY, "Month": 31 * DAY, "Year": 366 * DAY}
TITLES = ["Charge", "Power", "Current", "Voltage", "Cells", "Spread between the cells", "Temperatures"]


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway whose first battery has a history of more than two years."""
    folder: Path = tmp_path_factory.mktemp("years")
    remember(folder / "history.sqlite3")
    with gateway(folder, simulated=2) as running:
        yield running


@pytest.mark.parametrize(("name", "seconds"), LENGTHS.items(), ids=LENGTHS.keys())
def test_every_range_is_drawn_from_its_beginning_to_now(
    name: str, seconds: float, remembered: Running, visit: Open
) -> None:
    chart = Chart(visit(remembered.url, PLACE).page)

    shown = chart.choose(name)

    assert shown.length == pytest.approx(seconds, rel=0.001)
    assert shown.end / 1000 == pytest.approx(time.time(), abs=20)
    assert shown.axis[0] == pytest.approx(shown.start, abs=6000)
    assert chart.ink(shown.start, shown.end) > 40


def test_a_history_of_minutes_is_not_shown_as_a_dot_in_a_day(tmp_path: Path, visit: Open) -> None:
    with gateway(tmp_path, simulated=1) as running:
        page = visit(running.url, PLACE).page

        hour = page.locator(".ranges").get_by_role("button", name="Hour", exact=True)
        expect(hour).to_have_attribute("aria-pressed", "true", timeout=10_000)
        assert Chart(page).settle().length == pytest.approx(HOUR, rel=0.001)
        page.goto("about:blank")


def test_all_shows_everything_there_is(remembered: Running, visit: Open) -> None:
    chart = Chart(visit(remembered.url, PLACE).page)

    shown = chart.choose("All")

    assert shown.length == pytest.approx(YEARS.total_seconds(), rel=0.01)
    assert chart.ink(shown.start, shown.start + (shown.end - shown.start) / 10) > 40


@pytest.mark.parametrize("title", TITLES)
def test_every_chart_has_ink_and_says_the_same_in_words_and_numbers(
    title: str, remembered: Running, visit: Open
) -> None:
    chart = Chart(visit(remembered.url, PLACE).page, title)

    shown = chart.settle()
    chart.element.locator("summary", has_text="As a table").click()

    assert chart.ink(shown.start, shown.end) > 20
    expect(chart.element.locator("p.unseen")).to_contain_text(re.compile(r"lowest .+, mean .+, highest"))
    expect(chart.element.locator("p.unseen")).to_contain_text("without readings")
    expect(chart.element.get_by_role("table").locator("tbody tr").first).to_be_visible()


def test_the_mouse_zooms_and_pans(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    day = chart.settle()

    chart.hover(0.5)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    closer = chart.settle()
    page.mouse.move(*chart.at(0.3))
    page.mouse.down()
    page.mouse.move(*chart.at(0.6), steps=5)
    page.mouse.up()
    earlier = chart.settle()

    assert closer.length < 0.6 * day.length
    assert earlier.length == pytest.approx(closer.length, rel=0.01)
    assert earlier.end < closer.end - 0.2 * 1000 * closer.length
    assert not earlier.follow


def test_a_stretch_that_is_marked_with_shift_is_shown(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    day = chart.settle()

    page.keyboard.down("Shift")
    page.mouse.move(*chart.at(0.25))
    page.mouse.down()
    page.mouse.move(*chart.at(0.5), steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    shown = chart.settle()

    assert shown.length == pytest.approx(0.25 * day.length, rel=0.1)


def test_the_wheel_alone_scrolls_the_page_and_says_how_to_zoom(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    day = chart.settle()

    chart.hover(0.5)
    page.mouse.wheel(0, 120)

    expect(chart.element.locator(".hint")).to_contain_text("Ctrl and the wheel zoom")
    page.wait_for_function("() => scrollY > 0")
    assert chart.shown().length == pytest.approx(day.length, rel=0.01)


def test_two_fingers_zoom_and_one_moves(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE, viewport=PHONE, has_touch=True).page
    chart = Chart(page)
    day = chart.settle()
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *parts: float) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(map(chart.at, parts))]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.4, 0.6)
    for wider in (0.05, 0.1, 0.2, 0.3):
        touch("touchMove", 0.4 - wider, 0.6 + wider)
    touch("touchEnd")
    closer = chart.settle()
    touch("touchStart", 0.3)
    for further in (0.4, 0.5, 0.6):
        touch("touchMove", further)
    touch("touchEnd")
    earlier = chart.settle()

    assert closer.length < 0.5 * day.length
    assert earlier.end < closer.end - 0.15 * 1000 * closer.length


def test_keys_do_what_the_mouse_does(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    day = chart.settle()

    chart.plot.focus()
    page.keyboard.press("+")
    closer = chart.settle()
    page.keyboard.press("ArrowLeft")
    earlier = chart.settle()
    page.keyboard.press("Shift+ArrowLeft")
    expect(chart.element.locator(".tip")).to_contain_text("Charge")
    page.keyboard.press("End")
    now = chart.settle()
    page.keyboard.press("Home")
    everything = chart.settle()

    assert closer.length < day.length
    assert earlier.end < closer.end
    assert now.follow
    assert now.length == pytest.approx(earlier.length, rel=0.01)
    assert everything.length > YEARS.total_seconds() * 0.99


def test_all_charts_of_a_page_show_the_same_time_and_share_the_cursor(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE, viewport={"width": 1280, "height": 1400}).page
    first, second = Chart(page), Chart(page, "Power")

    week = first.choose("Week")
    second.settle()
    first.hover(0.8)

    assert second.shown().axis == pytest.approx(week.axis, abs=12_000)
    expect(second.element.locator(".readout.past")).to_contain_text("W")


def test_a_gap_is_shown_as_a_gap_with_its_length(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    shown = chart.settle()
    now = remembered.ask(f"api/v1/batteries/{SLUG}/extent")["last"]
    begin, end = now - OUTAGE[0].total_seconds() * 1000, now - OUTAGE[1].total_seconds() * 1000

    chart.hover(((begin + end) / 2 - shown.axis[0]) / (shown.axis[1] - shown.axis[0]))

    expect(chart.element.locator(".tip .nothing")).to_contain_text(re.compile(r"Not read for (2 h 59 min|3 h)"))
    assert chart.ink(begin + 600_000, end - 600_000) == 0
    assert chart.ink(begin - 3_600_000, begin) > 5


def test_the_live_end_grows_without_asking_for_the_past_again(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    chart.choose("Hour")
    page.mouse.move(0, 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "fields=soc" in request.url else None)
    before = chart.element.evaluate("c => [c._history.stamps.length, c._history.stamps.at(-1)]")

    page.wait_for_function(
        "([chart, last]) => chart._history.stamps.at(-1) > last + 3000 || (chart._history.until ?? 0) > last + 3000",
        arg=[chart.element.element_handle(), before[1]],
    )

    assert asked == []


def test_what_is_asked_for_fits_the_pixels(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)

    for name in LENGTHS:
        chart.choose(name)
        points = chart.element.evaluate("c => c._history.stamps.length")
        assert 25 <= points <= 1100, name


def test_markers_can_be_switched_off(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    chart = Chart(page)
    chart.choose("Hour")
    page.wait_for_function("chart => chart.markers.length > 0", arg=chart.element.element_handle())

    page.get_by_role("button", name="Radio events").click()

    page.wait_for_function("chart => chart.markers.length === 0", arg=chart.element.element_handle())


def test_an_alarm_stands_on_the_axis_of_time_and_is_told_under_the_mouse(tmp_path: Path, visit: Open) -> None:
    rule = '[[alarm]]\nname = "Nearly full"\nfield = "soc"\nabove = 1\nseverity = "warning"\n'
    with gateway(tmp_path, simulated=1, more=rule) as running:
        page = visit(running.url, PLACE).page
        chart = Chart(page)
        chart.choose("Hour")
        page.wait_for_function(
            "c => c.markers.some(({ kind }) => kind === 'alarm')", arg=chart.element.element_handle()
        )

        raised = chart.element.evaluate("c => c.markers.find(({ kind }) => kind === 'alarm').start")
        shown = chart.shown()
        chart.hover((raised - shown.axis[0]) / (shown.axis[1] - shown.axis[0]))

        expect(chart.element.locator(".tip .marker.warning")).to_contain_text("still")
        expect(page.locator(".battery-warnings")).to_contain_text("1 open alarm")
        page.goto("about:blank")


def test_cells_follow_the_battery(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    cells = page.locator(".cell .cell-volts")
    expect(cells).to_have_count(4)

    for _ in range(3):
        volts = remembered.ask(f"api/v1/batteries/{SLUG}")["reading"]["cell_voltages"]
        expect(cells).to_have_text([f"{one:.3f} V" for one in volts], timeout=5000)
        time.sleep(1)
    expect(page.locator(".cell.weakest")).not_to_have_count(0)
    expect(page.locator(".cell .whisker")).to_have_count(4)


def test_a_dead_cell_keeps_its_place_and_is_told(tmp_path: Path, visit: Open) -> None:
    with gateway(tmp_path, "--faults", "dead-cell:2", simulated=1) as running:
        page = visit(running.url, PLACE).page

        expect(page.locator(".cell").nth(1)).to_contain_text("0.000 V")
        expect(page.locator(".cell").nth(1)).to_contain_text("dead")
        expect(page.locator(".cells-dead")).to_have_text(re.compile("No voltage from cell 2"))
        page.goto("about:blank")


def test_every_value_has_its_evidence_and_its_age(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page

    row = page.locator("[data-field=current]")
    expect(row.locator(".grade")).to_have_text("measured")
    expect(row.locator("bms-age")).to_have_text(re.compile(r"^\d+ s$"))
    expect(page.locator("[data-field=power] .grade")).to_have_text("derived")
    page.get_by_text("What measured, derived and the other words mean").click()
    expect(page.get_by_text("Sources disagree about its meaning")).to_be_visible()


def test_energy_by_day_hatches_what_a_gap_leaves_open(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE).page
    energy = page.locator("bms-energy")

    expect(energy.locator("rect.unsure").first).to_be_attached()
    energy.locator("summary", has_text="As a table").click()
    expect(energy.get_by_role("table")).to_contain_text("not recorded")
    energy.get_by_role("button", name="Year").click()
    expect(energy.get_by_role("heading", name="Energy by month")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_serious_barriers(theme: str, remembered: Running, visit: Open) -> None:
    watched = visit(remembered.url, PLACE, color_scheme=theme)
    Chart(watched.page).settle()

    assert watched.violations() == []


@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["360", "phone", "desktop"])
@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_the_page_is_not_wider_than_its_window(
    language: str, size: dict[str, int], remembered: Running, visit: Open
) -> None:
    watched = visit(remembered.url, PLACE, viewport=size, locale=language)
    expect(watched.page.locator(".cell").first).to_be_visible()
    expect(watched.page.locator("bms-energy svg.energy-bars")).to_be_attached()

    assert watched.overflow() <= 0


def test_everything_on_the_page_is_in_the_browser_s_language(remembered: Running, visit: Open) -> None:
    page = visit(remembered.url, PLACE, locale="de-DE").page
    expect(page.get_by_role("heading", name="Alle Werte")).to_be_visible()

    said = page.locator("main").inner_text()

    assert re.findall(r"\b[a-z]+\.[a-z_]+(?:\.[a-z_]+)*\b", said) == []  # a key that has no text shows itself
