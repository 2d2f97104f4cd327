"""Alarms as messages to people: by Apprise, which knows some hundred services by the form of their address."""

import asyncio
import importlib
from typing import Any

from bmsreader.model.alarm import Severity
from bmsreader.model.errors import PublishError
from bmsreader.publishers.own_thread import OwnThread

TIMEOUT = 60.0
"""s that a service may take."""
LONGEST = 200
"""Characters of Apprise's own words that a problem repeats."""

MISSING = PublishError(
    "messages need Apprise, which is not installed",
    advice="Install it beside bmsreader: pip install 'bmsreader[notify]'.",
)
_KINDS = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.CRITICAL: "failure"}


class Notification:
    """One address that messages go to. Apprise is imported on first use, in a thread of its own."""

    def __init__(self, url: str, *, name: str, timeout: float = TIMEOUT) -> None:
        self._url = url
        self._timeout = timeout
        self._thread = OwnThread(f"notify {name}")
        self._service: Any = None

    @property
    def shown(self) -> str:
        """The kind of address, and nothing of what is secret in it."""
        return f"{self._url.partition('://')[0]}://"

    async def prepare(self) -> None:
        """Look whether the address can be used at all, without sending anything. Raise PublishError."""
        await self._in_time(self._load)

    async def send(self, title: str, body: str, severity: Severity, *, over: bool = False) -> None:
        """Send a message and return when the service has taken it; raise PublishError when it has not.

        ``over`` says that it tells of nothing but ends of alarms.
        """
        await self._in_time(lambda: self._send(title, body, "success" if over else _KINDS[severity]))

    async def _in_time(self, work: Any) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await self._thread.run(work)
        except TimeoutError:
            raise PublishError(
                f"{self.shown} did not take a message within {self._timeout:g} s",
                advice="Is the service reached from here, and does it work?",
            ) from None

    # ---- in the thread

    def _load(self) -> Any:
        if self._service is not None:
            return self._service
        try:
            apprise: Any = importlib.import_module("apprise")
        except ImportError as error:
            raise PublishError(str(MISSING), advice=MISSING.advice) from error
        apprise.logging.getLogger("apprise").propagate = False  # what it says, we say once and in our own words
        service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="bmsreader", async_mode=False))
        with apprise.LogCapture(level=apprise.logging.CRITICAL):
            known = service.add(self._url)
        if not known:
            raise PublishError(
                f"Apprise does not understand the address that begins with {self.shown}",
                advice="Compare it with the service's page in Apprise's documentation: a part may be missing.",
            )
        self._service = service
        return service

    def _send(self, title: str, body: str, kind: str) -> None:
        service = self._load()
        apprise: Any = importlib.import_module("apprise")
        with apprise.LogCapture(level=apprise.logging.WARNING, fmt="%(message)s") as said:
            done = service.notify(body=body, title=title, notify_type=kind, body_format="text")
            words = " ".join(said.getvalue().split())[:LONGEST].rstrip(".")
        if not done:
            raise PublishError(
                f"{self.shown} did not take the message: {words or 'Apprise does not say why'}",
                advice="`bmsreader alarms test` tries it again, as often as you like.",
            )
