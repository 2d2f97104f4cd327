"""One real Chromium for all tests of the page, and pages whose errors fail the test that caused them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.browser.running import Running, gateway
from tests.web.browser.watching import ARGUMENTS, CHROMIUM, Watched, open_page

Open = Callable[..., Watched]
Start = Callable[..., Running]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway with three simulated batteries, for tests that change nothing of it."""
    folder: Path = tmp_path_factory.mktemp("gateway")
    with gateway(folder) as found:
        yield found


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a gateway of the test's own, which ends when its pages are closed; see ``gateway``."""
    with ExitStack() as stack:

        def start(*options: str, **how: Any) -> Running:
            return stack.enter_context(gateway(tmp_path, *options, **how))

        yield start


@pytest.fixture
def visit(browser: Browser, start: Start) -> Iterator[Open]:
    """Open a page of a gateway; in the end no error and no request to another host may have been seen on any."""
    opened: list[Watched] = []

    def visit(url: str, place: str = "", **options: Any) -> Watched:
        watched = open_page(browser, url, **options)
        opened.append(watched)
        watched.page.goto(url + place)
        return watched

    yield visit
    for watched in opened:
        watched.context.close()
    assert [error for watched in opened for error in watched.errors] == []
    assert [url for watched in opened for url in watched.others] == []
