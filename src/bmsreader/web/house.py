"""What the page sees of the program, and what it may ask of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bmsreader import __version__
from bmsreader.configuration.replacing import content, stamp_of, why_not_writable
from bmsreader.configuration.settings import Configuration
from bmsreader.model.battery import BatteryInfo, Snapshot
from bmsreader.model.errors import ConfigurationError
from bmsreader.protocol.codec import Codec
from bmsreader.web.refusal import Refused, not_found

if TYPE_CHECKING:
    from bmsreader.gateway.gateway import Gateway
    from bmsreader.store import Store

Result = TypeVar("Result")

THREADS = 2
"""That look into the history at once."""
WAITING = 32
"""Questions of the history that wait; more are turned away."""


@dataclass(slots=True, kw_only=True)
class House:
    """The gateway, its history and its configuration, as the page uses them."""

    gateway: "Gateway"
    configuration: Configuration
    """As it is in effect."""
    reload: Callable[[], Awaitable[Sequence[str]]]
    """Reads the configuration again and returns in words what changed; raises OwnerError."""
    codecs: Sequence[Codec] = ()
    demo: str = ""
    """Why simulated batteries are read that nobody asked for; empty when they are not."""
    simulated: Mapping[str, int] = field(default_factory=dict)
    """Numbers of the simulated batteries, by their addresses."""
    file: Path
    """The settings file, whether it is there or not."""
    check: Callable[[Path], Configuration]
    """Loads a settings file as the program itself does; raises ConfigurationError."""
    stamp: str = ""
    """Of the settings file when it was taken into use."""
    _threads: ThreadPoolExecutor | None = field(default=None, init=False, repr=False)
    _waiting: int = field(default=0, init=False)
    _grades: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.adopt(self.configuration)

    def adopt(self, configuration: Configuration) -> None:
        """Take note of a configuration that is in use now."""
        self.configuration = configuration
        try:
            self.stamp = stamp_of(content(self.file))
        except ConfigurationError:
            self.stamp = ""  # it cannot be read any more: then it cannot be changed here either

    @property
    def version(self) -> str:
        """Of this program."""
        return __version__

    @property
    def problem(self) -> str:
        """What keeps batteries from being read, in words; empty when nothing does."""
        if self.demo:
            return self.demo
        return next((one.problem for one in self.gateway.health().adapters if not one.ok and one.problem), "")

    @property
    def store(self) -> "Store":
        """The history; raise Refused when there is none."""
        store = self.gateway.store
        if store is None:
            raise Refused(
                HTTPStatus.NOT_FOUND,
                "no history is kept",
                advice="Switch it on: enabled = true in [store], without --no-store.",
            )
        return store

    def snapshot(self, slug: str) -> Snapshot:
        """Return how the battery with this slug is doing; raise Refused when there is none."""
        for one in self.gateway.snapshots():
            if one.info.slug == slug:
                return one
        raise not_found(f"there is no battery {slug!r}", advice="/api/v1/batteries lists them.")

    def info(self, slug: str) -> BatteryInfo:
        """Return who a battery is, also one that is only in the history; raise Refused when there is none."""
        store = self.gateway.store
        known = [one.info for one in self.gateway.snapshots()]
        past = [] if store is None else store.infos()
        for info in (*known, *past):
            if info.slug == slug:
                return info
        raise not_found(f"there is no battery {slug!r}", advice="/api/v1/batteries lists them.")

    def slugs(self) -> dict[str, str]:
        """Return the slug of each battery that is known, by id."""
        store = self.gateway.store
        past = [] if store is None else store.infos()
        return {info.id: info.slug for info in (*past, *(one.info for one in self.gateway.snapshots()))}

    def grades(self, protocol: str) -> Mapping[str, str]:
        """Return how sure each field of a protocol is, by name."""
        if protocol not in self._grades:
            codec = next((one for one in self.codecs if one.id == protocol), None)
            messages = () if codec is None else codec.description.messages.values()
            fields = [one for message in messages for one in message.fields if not one.raw]
            found = {one.name: one.evidence for one in fields}
            found |= {bit.name: one.evidence for one in fields for bit in one.bits}
            self._grades[protocol] = found
        return self._grades[protocol]

    def why_not_writable(self) -> str:
        """Return why settings cannot be changed on the page; empty when they can."""
        return why_not_writable(self.file)

    def note_login(self, address: str) -> None:
        """Note in the event record that somebody gave a wrong password."""
        self.gateway.logbook.note("wrong password", detail=f"on the page, from {address or 'an unknown address'}")

    async def in_thread(self, function: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """Run what reads the disk where it holds nobody up; raise Refused when too much waits already."""
        if self._waiting >= WAITING:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "too many questions at once", headers={"Retry-After": "1"})
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._waiting += 1
        try:
            work = partial(function, *arguments, **named)
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
