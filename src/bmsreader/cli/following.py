"""Read batteries again and again, and show what they say: a live table, lines, or JSON."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from rich.console import RenderableType

from bmsreader.cli import words
from bmsreader.cli.terminal import Terminal
from bmsreader.links.link import Link
from bmsreader.model.errors import NoAnswer, NoValidAnswer
from bmsreader.model.reading import Reading
from bmsreader.protocol.codec import Codec
from bmsreader.session.event import Event, Kind
from bmsreader.session.session import Session

REFRESH = 0.5
"""s between two drawings of the live table."""

TROUBLE = frozenset(
    (Kind.CONNECT_FAILED, Kind.NOT_IDENTIFIED, Kind.NO_ANSWER, Kind.REJECTED, Kind.LINK_LOST, Kind.NO_SERVICES)
)

UNREAD = TROUBLE - {Kind.REJECTED}
"""What is told, once each, of a battery that was never read; a rejection is named in what comes of it."""


@dataclass(kw_only=True, eq=False)
class Followed:
    """One battery that is read again and again, with what is known of it now."""

    link: Link
    session: Session | None = None
    reading: Reading | None = None
    read_at: float = 0.0
    """By the event loop's clock."""
    readings: int = 0
    trouble: str = ""
    """What went wrong since the last reading."""

    @property
    def title(self) -> str:
        """What to call the battery in a line."""
        return self.link.name or self.link.address

    def took(self, event: Event) -> None:
        """Note what a session did."""
        if event.kind in TROUBLE:
            self.trouble = f"{event.kind}: {event.detail}" if event.detail else str(event.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """When to end: after this time, after so many readings of each battery, or, with neither, never."""

    seconds: float | None = None
    count: int | None = None


async def follow(
    terminal: Terminal,
    links: Sequence[Link],
    codecs: Sequence[Codec],
    *,
    every: float,
    until: Until,
    live: bool,
    on_reading: Callable[[Followed], None] | None = None,
) -> list[Followed]:
    """Read all batteries until the end; raise NoValidAnswer when there was not a single reading by then."""
    followed = [Followed(link=link) for link in links]
    show = on_reading or (_no_line if live else _line(terminal))
    async with AsyncExitStack() as stack:
        if live:
            await stack.enter_async_context(_LiveTable(terminal, followed))
        try:
            async with asyncio.timeout(until.seconds), asyncio.TaskGroup() as tasks:
                for one in followed:
                    tasks.create_task(_follow(terminal, one, codecs, every, until.count, show, live=live))
        except TimeoutError:
            pass  # the time that the owner gave is over
    if not any(one.readings for one in followed):
        raise _why_nothing(followed)
    return followed


async def _follow(
    terminal: Terminal,
    one: Followed,
    codecs: Sequence[Codec],
    every: float,
    count: int | None,
    show: Callable[[Followed], None],
    *,
    live: bool,
) -> None:
    told: set[str] = set()

    def on_event(event: Event) -> None:
        one.took(event)
        if event.kind in UNREAD - told and not (one.readings or live or terminal.verbose):
            told.add(event.kind)
            terminal.remark(f"{one.title}  {one.trouble}")
        terminal.event(event, one.title)

    one.session = Session(one.link, codecs, on_event=on_event)
    try:
        async for reading in one.session.readings(every):
            one.reading, one.read_at = reading, asyncio.get_running_loop().time()
            one.readings += 1
            one.trouble = ""
            show(one)
            if one.readings == count:
                break
    finally:
        await one.session.close()


def _line(terminal: Terminal) -> Callable[[Followed], None]:
    """Return what prints each reading as a line."""

    def show(one: Followed) -> None:
        reading = one.reading
        if reading is None:
            return
        if terminal.as_json:
            terminal.json(reading.as_dict())
        else:
            time = reading.taken_at.astimezone().strftime("%H:%M:%S")
            terminal.line(f"{time}  {one.title}  {words.one_line(reading)}")

    return show


def _no_line(one: Followed) -> None:
    """The live table shows it."""


def _why_nothing(followed: Sequence[Followed]) -> NoValidAnswer:
    troubles = [f"{one.title}: {one.trouble}" for one in followed if one.trouble]
    if troubles:
        return NoValidAnswer("not a single reading; " + "; ".join(troubles), advice=_ADVICE)
    return NoAnswer("not a single reading in this time", advice=_ADVICE)


_ADVICE = "`bmsreader doctor BATTERY` says what is wrong."


class _LiveTable:
    """The table that is drawn again and again while batteries are read."""

    def __init__(self, terminal: Terminal, followed: Sequence[Followed]) -> None:
        self._terminal = terminal
        self._followed = followed
        self._tasks = asyncio.TaskGroup()

    async def __aenter__(self) -> None:
        from rich.live import Live

        self._live = Live(console=self._terminal.out, auto_refresh=False, get_renderable=self._drawing)
        self._live.start()
        await self._tasks.__aenter__()
        self._refreshing = self._tasks.create_task(self._refresh())

    async def __aexit__(self, *exception: object) -> None:
        self._refreshing.cancel()
        try:
            await self._tasks.__aexit__(None, None, None)
        finally:
            self._live.refresh()
            self._live.stop()

    async def _refresh(self) -> None:
        while True:
            self._live.refresh()
            await asyncio.sleep(REFRESH)

    def _drawing(self) -> RenderableType:
        from bmsreader.cli.drawing import Heard, Ink, side_by_side

        console = self._terminal.out
        now = asyncio.get_running_loop().time()
        batteries = [
            (
                one.reading,
                one.link.address,
                Heard(
                    name=one.link.name,
                    signal=one.link.signal,
                    age=None if one.reading is None else now - one.read_at,
                    rejected=one.session.rejected if one.session else 0,
                    problem=one.trouble,
                ),
            )
            for one in self._followed
        ]
        return side_by_side(batteries, Ink.of(console), console.width)
