"""With a password, nobody sees anything before it was given."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Open, Start
from tests.web.browser.watching import needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]

PASSWORD = "correct horse battery staple"
LOCKED = f'password = "{PASSWORD}"\n'


def test_a_wrong_password_is_said_and_the_right_one_opens_the_page(start: Start, visit: Open) -> None:
    running = start(simulated=1, more=LOCKED)
    watched = visit(running.url, "#/alarms")
    page = watched.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert watched.violations() == []

    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("This is not the password."))
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    watched.forgive("401")

    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alarms")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alarms")


def test_whoever_logs_out_sees_nothing_any_more(start: Start, visit: Open) -> None:
    running = start(simulated=1, more=LOCKED)
    page = visit(running.url).page
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)

    page.get_by_label("Display, language and account").click()
    page.get_by_role("button", name="Log out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.goto(f"{running.url}#/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_too_many_attempts_are_refused_in_words(start: Start, visit: Open) -> None:
    running = start(simulated=1, more=LOCKED)
    watched = visit(running.url)
    page = watched.page
    for _ in range(30):
        page.get_by_label("Password", exact=True).fill("wrong")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Log in")).to_be_enabled()
        if "This is not" not in page.get_by_role("alert").inner_text():
            break

    expect(page.get_by_role("alert")).not_to_contain_text("This is not the password")
    watched.forgive("401")
    watched.forgive("429")
