"""A real gateway with simulated batteries and its page, in a thread of its own, on a free port of this machine."""

import asyncio
import http.client
import json
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bmsreader.cli.catalogue import codecs
from bmsreader.cli.dashboard import numbers_of
from bmsreader.cli.plan import plan_of
from bmsreader.cli.serving import in_thread
from bmsreader.configuration import Configuration, load
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway
from bmsreader.session.session import utc_now
from bmsreader.simulator.fleet import fleet
from bmsreader.simulator.radio import SimulatedRadio
from bmsreader.store import Store
from bmsreader.web.house import House
from bmsreader.web.page import Page
from tests.servers import free_port

PATIENCE = 20.0
"""s."""
PASSWORD = "open sesame 1"
CODECS = codecs(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the page answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class Browser:
    """Somebody who asks the page, with a memory for its cookie and token."""

    port: int
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookie: str = ""
    csrf: str = ""

    def connection(self) -> http.client.HTTPConnection:
        if self.tls is not None:
            return http.client.HTTPSConnection(self.host, self.port, timeout=PATIENCE, context=self.tls)
        return http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Said:
        """Ask, and remember the cookie."""
        sent = dict(self.headers)
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf:
            sent["X-CSRF-Token"] = self.csrf
        content = raw
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        sent |= headers or {}
        connection = self.connection()
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            said = Said(status=answer.status, headers=answer.headers, body=answer.read())
        finally:
            connection.close()
        if cookie := said.headers.get("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        return said

    def get(self, path: str, **headers: str) -> Said:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def json(self, path: str) -> Any:
        said = self.get(path)
        assert said.status == 200, (path, said.status, said.body[:500])
        return said.json

    def session(self) -> Any:
        """Begin: get a name and the token that belongs to it."""
        found = self.json("/api/v1/session")
        self.csrf = found["csrf"]
        return found

    def login(self, password: str = PASSWORD) -> Said:
        self.session()
        said = self.ask("POST", "/api/v1/login", {"password": password})
        if said.status == 200:
            self.csrf = said.json["csrf"]
        return said

    def post(self, path: str, body: Any = None) -> Said:
        return self.ask("POST", path, body)


@dataclass(kw_only=True)
class Served:
    """A page that is served."""

    port: int
    house: House
    page: Page
    store: Store | None
    file: Path
    loop: asyncio.AbstractEventLoop

    def browser(self, **arguments: Any) -> Browser:
        return Browser(port=self.port, **arguments)

    def known(self) -> Browser:
        """Return a browser that has begun a session."""
        browser = self.browser()
        browser.session()
        return browser

    def call(self, function: Any, *arguments: Any) -> Any:
        """Call something where the gateway lives."""

        async def run() -> Any:
            return function(*arguments)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(PATIENCE)


@contextmanager
def served(
    folder: Path,
    *,
    batteries: int = 2,
    web: Mapping[str, Any] | None = None,
    text: str = "",
    keeps: bool = True,
    interval: float = 0.2,
    demo: str = "",
) -> Iterator[Served]:
    """Serve a page over a gateway with simulated batteries, whose settings are ``text`` and ``web``."""
    port = free_port()
    file = folder / "bmsreader.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in {"port": port, **(web or {})}.items()]
    text = text or f"# The owner's own words.\n[gateway]\ninterval = {interval}  # quick\n"
    file.write_text(text + "\n[web]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    ready, stop = threading.Event(), threading.Event()
    made: dict[str, Any] = {}

    def live() -> None:
        try:
            asyncio.run(_live(folder, file, batteries, keeps, demo, ready, stop, made))
        finally:
            ready.set()

    thread = threading.Thread(target=live, name="gateway under test")
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        assert "served" in made, "the gateway did not start"
        yield made["served"]
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive(), "the gateway does not end"


async def _live(
    folder: Path,
    file: Path,
    batteries: int,
    keeps: bool,
    demo: str,
    ready: threading.Event,
    stop: threading.Event,
    made: dict[str, Any],
) -> None:
    def loaded(path: Path = file) -> Configuration:
        return load(path, environment={}, credentials=None)

    with ExitStack() as stack:
        store = stack.enter_context(Store(folder / "history.sqlite3")) if keeps else None
        writer = stack.enter_context(ThreadPoolExecutor(1))
        radio = SimulatedRadio(fleet(batteries, clock=asyncio.get_running_loop().time))
        configuration = loaded()
        airing = Airing(radio, on=True, instead_of=demo)
        plan = plan_of(configuration, CODECS, simulated=True)
        gateway = Gateway(plan, radio=airing, store=store, in_writer=in_thread(writer))

        async def reload() -> Sequence[str]:
            fresh = loaded()
            told = gateway.reload(plan_of(fresh, CODECS, simulated=True))
            return [*told, *page.adopt(fresh)]

        numbers = numbers_of(airing)
        house = House(
            gateway=gateway, configuration=configuration, reload=reload, codecs=CODECS, demo=demo, simulated=numbers,
            file=file, check=loaded,
        )  # fmt: skip
        page = Page(house, now=utc_now)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(gateway.run()), tasks.create_task(page.run())]
            await _until_read(gateway, page, batteries)
            loop, port = asyncio.get_running_loop(), configuration.web.port
            made["served"] = Served(port=port, house=house, page=page, store=store, file=file, loop=loop)
            ready.set()
            await asyncio.to_thread(stop.wait)
            for task in running:
                task.cancel()


async def _until_read(gateway: Gateway, page: Page, batteries: int) -> None:
    """Return once each battery was read, and the page is there or has said why it is not."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    for _ in range(1_000_000):
        if page.is_settled and sum(one.reading is not None for one in gateway.snapshots()) >= batteries:
            return
        assert loop.time() < end, "the batteries are not read"
        await asyncio.sleep(0.02)
