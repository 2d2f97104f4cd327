"""An alarm is shown at once wherever the owner looks, and stays until somebody has seen it."""

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open, Start
from tests.web.browser.watching import needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

RESERVE = """
[[alarm]]
name = "reserve"
field = "soc"
below = 100
severity = "critical"
text = "The reserve is being used."
"""
RAISED = 20_000


def test_an_alarm_is_raised_seen_and_acknowledged(start: Start, visit: Open) -> None:
    running = start(simulated=1, more=RESERVE)
    watched = visit(running.url)
    page = watched.page
    expect(page.get_by_role("article").first).to_contain_text("The reserve is being used.", timeout=RAISED)
    page.get_by_role("link", name="Alarms").first.click()

    alarm = page.get_by_role("listitem").filter(has_text="The reserve is being used.")
    expect(alarm).to_contain_text("Critical")
    expect(alarm).to_contain_text("active for")
    assert watched.violations() == []
    alarm.get_by_role("button", name="Acknowledge").click()

    expect(alarm).to_contain_text("acknowledged")
    expect(page.get_by_role("link", name="open alarm")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="The reserve is being used.")).to_contain_text("acknowledged")


def test_an_alarm_is_told_on_whatever_page_is_open(start: Start, visit: Open) -> None:
    running = start(simulated=1)
    page = visit(running.url, "#/settings").page
    expect(page.locator(".pulse-stream")).to_be_visible()

    running.settings.write_text(running.settings.read_text() + RESERVE)
    running.reload()

    expect(page.get_by_role("status")).to_contain_text("The reserve is being used.", timeout=RAISED)


def test_all_alarms_are_acknowledged_with_one_button(start: Start, visit: Open) -> None:
    running = start(simulated=3, more=RESERVE)
    page = visit(running.url, "#/alarms").page
    alarms = page.get_by_role("listitem").filter(has_text="The reserve is being used.")
    expect(alarms).to_have_count(3, timeout=RAISED)

    page.get_by_role("button", name="Acknowledge all").click()

    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)


def test_an_alarm_bears_the_name_of_its_rule_and_says_how_it_ended(start: Start, visit: Open) -> None:
    generator = '\n[[alarm]]\nname = "Start the generator"\nfield = "soc"\nbelow = 100\n'
    running = start(simulated=1, more=generator)
    page = visit(running.url, "#/alarms").page
    alarm = page.get_by_role("listitem").filter(has_text="Start the generator: State of charge: ")
    expect(alarm).to_contain_text("active for", timeout=RAISED)

    running.settings.write_text(running.settings.read_text().replace(generator, ""))
    running.reload()

    expect(alarm).to_contain_text("its rule was removed or changed to other batteries")
