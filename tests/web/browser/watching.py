"""A page in a real browser, with everything noted that must not happen on it: errors, and requests to other hosts."""

import os
import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
SERIOUS = ("serious", "critical")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="needs chromium: see .ci/run for the Debian packages"
)


@dataclass
class Watched:
    """A page and what went wrong on it."""

    page: Page
    context: BrowserContext
    own: str
    """Host and port that may be asked."""
    errors: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in self.forgiven):
            self.errors.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.own:
            self.others.append(request.url)

    def forgive(self, words: str) -> None:
        """Take errors that a test provokes off the list, also those that are still on their way."""
        self.forgiven.append(words)
        self.errors = [error for error in self.errors if words not in error]

    def violations(self) -> list[str]:
        """Return what axe finds serious on the page as it is now."""
        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:5]}"
            for one in found
            if one["impact"] in SERIOUS
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wider


def open_page(browser: Browser, url: str, **options: Any) -> Watched:
    """Open an empty page that may talk to one host; ``url`` is not visited yet."""
    context = browser.new_context(
        **{"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Berlin", "service_workers": "block"} | options
    )
    context.set_default_timeout(20_000)
    return Watched(page=context.new_page(), context=context, own=urlsplit(url).netloc)
