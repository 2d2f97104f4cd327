"""The dashboard as a part of the gateway's program: it comes, goes and moves as the settings say."""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from datetime import datetime

from bmsreader.configuration.settings import Configuration
from bmsreader.model.errors import PublishError
from bmsreader.model.health import PageHealth
from bmsreader.web.app import app
from bmsreader.web.care import Care
from bmsreader.web.configuring import Configuring
from bmsreader.web.describing import Describing
from bmsreader.web.door import ADVICE_TO_SERVE, Door, refusal_to_serve
from bmsreader.web.editor import Editor
from bmsreader.web.endpoint import Endpoint
from bmsreader.web.entry import Entry
from bmsreader.web.house import House
from bmsreader.web.listener import Place, Server, listening, serve, server_of
from bmsreader.web.live import Live
from bmsreader.web.more_routes import of_care, of_first_run, of_health, of_programs, of_settings, of_trying
from bmsreader.web.past import Past
from bmsreader.web.present import Present
from bmsreader.web.routes import of_changes, of_entry, of_gateway, of_past, of_present, of_stretches
from bmsreader.web.static import Files

log = logging.getLogger(__name__)

AGAIN = 15.0
"""s between two attempts to get a port that is taken."""

logging.getLogger("uvicorn").setLevel(
    logging.CRITICAL
)  # what visitors send wrongly is no news; our own log says the rest


class Page:
    """Serves the dashboard for as long as it is wanted."""

    def __init__(self, house: House, *, now: Callable[[], datetime], files: Files | None = None) -> None:
        self.house = house
        self.door = Door(house.configuration.web)
        self.live = Live(house, now=now)
        self._files = files or Files()
        self._changed = asyncio.Event()
        self._problem = ""
        self._serves = False
        self.editor = Editor(house=house)
        self.endpoints = endpoints_of(house, self.door, self.live, self.editor)

    @property
    def place(self) -> Place:
        """Where the settings want it."""
        return Place.of(self.house.configuration.web)

    @property
    def _url(self) -> str:
        return f"{self.place.url.removesuffix('/')}{self.house.configuration.web.path}/"

    def health(self) -> PageHealth | None:
        """Return whether it is served, and where; None when nobody wants it."""
        settings = self.house.configuration.web
        if not settings.enabled:
            return None
        return PageHealth(url=self._url, ok=not self._problem, problem=self._problem, visitors=len(self.live.hub))

    @property
    def is_settled(self) -> bool:
        """Whether it is served, or has said why not, or nobody wants it."""
        return self._serves or bool(self._problem) or not self.house.configuration.web.enabled

    def adopt(self, configuration: Configuration) -> list[str]:
        """Take other settings into use: passwords and names at once, another place with another server.

        Return what changes, in words.
        """
        before, wanted = self.house.configuration.web, configuration.web
        self.house.adopt(configuration)
        self.door.adopt(wanted)
        if before == wanted and Place.of(before) == Place.of(wanted):
            return []
        if not wanted.enabled or not before.enabled:
            self._changed.set()
            return ["the dashboard is served" if wanted.enabled else "the dashboard is not served any more"]
        told = []
        if (Place.of(before), before.path) != (Place.of(wanted), wanted.path):
            told.append(f"the dashboard is at {self._url} now")
            self._changed.set()
        if before.password != wanted.password:
            told.append("the dashboard has another password" if wanted.password else "the dashboard has no password")
        if refusal_to_serve(before) != refusal_to_serve(wanted):
            self._changed.set()
        return told or ["other visitors are let in to the dashboard"]

    async def run(self) -> None:
        """Serve until cancelled; a port that is taken is told, and tried again."""
        feed = self.house.gateway.listen()
        self.house.gateway.page = self.health
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.live.run(feed))
                while True:
                    self._changed.clear()
                    await self._once()
        finally:
            self.house.gateway.leave(feed)
            self.house.close()

    async def _once(self) -> None:
        """Serve until the settings change, or wait until it may be possible."""
        settings = self.house.configuration.web
        if not settings.enabled:
            self._problem = ""
            await self._changed.wait()
            return
        try:
            problem = refusal_to_serve(settings)
            if problem:
                raise PublishError(problem, advice=ADVICE_TO_SERVE)
            sockets, server = self._opened(self.place)
        except PublishError as error:
            self._tell(error)
            await self._wait(AGAIN)
            return
        await self._serve(server, sockets)

    def _opened(self, place: Place) -> tuple[list[socket.socket], Server]:
        inner = app(
            self.endpoints,
            self.door,
            self._files,
            root=self.house.configuration.web.path,
            encrypted=place.certificate is not None,
        )
        server = server_of(inner, place)
        return listening(place), server

    def _tell(self, error: PublishError) -> None:
        if str(error) != self._problem:
            log.warning("%s. %s", error, error.advice)
            self.house.gateway.logbook.note("page", detail=str(error))
        self._problem = str(error)

    async def _serve(self, server: Server, sockets: Sequence[socket.socket]) -> None:
        self._problem = ""
        self._serves = True
        log.info("the dashboard is at %s", self._url)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(serve(server, sockets))
                try:
                    await self._changed.wait()
                finally:
                    self.live.hub.close()
                    server.should_exit = True
        finally:
            self._serves = False

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass  # try again


def endpoints_of(house: House, door: Door, live: Live, editor: Editor) -> Sequence[Endpoint]:
    """Return everything that can be asked."""
    present, past, care, configuring = Present(live, door.stays), Past(house), Care(house), Configuring(house, editor)
    found: list[Endpoint] = [
        *of_entry(Entry(house, door)),
        *of_present(present),
        *of_changes(present),
        *of_gateway(present),
        *of_past(past),
        *of_stretches(past),
        *of_care(care),
        *of_health(care),
        *of_settings(configuring),
        *of_trying(configuring),
        *of_first_run(configuring),
        *of_programs(Describing(house, lambda: found)),
    ]
    return found
