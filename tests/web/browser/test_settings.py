"""Settings are changed on the page: tried before, explained where they are wrong, and written with all remarks kept."""

import re

import pytest
from playwright.sync_api import expect

from tests.mosquitto import Mosquitto, needs_mosquitto
from tests.servers import free_port
from tests.web.browser.conftest import Open, Start
from tests.web.browser.watching import needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

DOUBTFUL = """
[[alarm]]
name = "reserve"
field = "soc"
below = 10
batteries = ["Cellar"]
"""


def test_a_changed_interval_is_written_beside_its_remark(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url, "#/settings/gateway").page

    page.get_by_label("Interval (s)").fill("2,5")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("status").filter(has_text="Saved and in use.")).to_be_visible()
    text = running.settings.read_text()
    assert "# My batteries: this remark stays." in text
    assert re.search(r"interval = 2\.5\s+# quick, to see something", text)
    expect(page.get_by_label("Interval (s)")).to_have_value("2.5")


def test_a_wrong_value_is_explained_at_its_field_and_not_written(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    watched = visit(running.url, "#/settings/gateway")
    page, before = watched.page, running.settings.read_text()

    page.get_by_label("Interval (s)").fill("-3")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_label("Interval (s)")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Interval (s)")).to_be_focused()
    expect(page.locator(".setting", has_text="Interval (s)").locator(".problem")).to_contain_text("0.1")
    assert watched.violations() == []
    assert running.settings.read_text() == before
    watched.forgive("422")


def test_a_destination_is_tried_before_it_is_saved(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url, "#/settings/influx").page
    page.get_by_role("button", name="Add one").click()

    page.get_by_label("Address (URL)").fill(f"http://127.0.0.1:{free_port()}/write?db=home")
    page.get_by_role("button", name="Test the connection").click()

    expect(page.locator(".settings-answer .problem")).to_be_visible(timeout=15_000)
    assert "influx" not in running.settings.read_text()


@needs_mosquitto
def test_a_broker_that_answers_is_told_so_saved_and_removed(
    start: Start, visit: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    broker.start()
    try:
        running = start(simulated=1)
        page = visit(running.url, "#/settings/mqtt").page
        page.get_by_role("button", name="Set it up").click()
        page.get_by_label(re.compile("^Computer")).fill("127.0.0.1")
        page.get_by_label("Port", exact=True).fill(str(broker.port))

        page.get_by_role("button", name="Test the connection").click()
        expect(page.locator(".settings-works")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Saved and in use.")).to_be_visible()
        assert "[mqtt]" in running.settings.read_text()

        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_text("Not in use.")).to_be_visible()
        assert "[mqtt]" not in running.settings.read_text()
    finally:
        broker.stop()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    watched = visit(running.url, "#/settings/gateway")
    page = watched.page
    page.get_by_label("Interval (s)").fill("4")
    running.settings.write_text(running.settings.read_text() + "\n# by hand\n")

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="was changed meanwhile")).to_be_visible()
    expect(page.get_by_label("Interval (s)")).to_have_value("4")
    assert "interval = 1.0" in running.settings.read_text()
    watched.forgive("409")

    running.reload()
    running.wait_for("reloaded: ")
    in_effect = running.ask("api/v1/settings")["stamp"]
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_function("stamp => document.querySelector('bms-setting-form').stamp === stamp", arg=in_effect)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved and in use.")).to_be_visible()
    assert "# by hand" in running.settings.read_text()
    assert "interval = 4" in running.settings.read_text()


def test_a_setting_given_on_the_command_line_cannot_be_changed(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url, "#/settings/store").page

    expect(page.get_by_label("File", exact=True)).to_be_disabled()
    expect(page.locator(".setting", has_text="File of the history.")).to_contain_text("cannot be changed here")


def test_what_is_doubtful_in_a_table_is_told_there(start: Start, visit: Open) -> None:
    running = start(simulated=1, more=DOUBTFUL)
    page = visit(running.url, "#/settings").page

    page.get_by_role("link", name="Your own alarms").click()

    expect(page.get_by_role("link", name="Your own alarms with a warning")).to_be_visible()
    expect(page.locator(".settings-main")).to_contain_text("no battery 'Cellar' is listed")
