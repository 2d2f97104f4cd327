"""`bmsreader events`: what the gateway did, and what it cost."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options
from bmsreader.cli.running import control
from bmsreader.model.errors import UsageError

if TYPE_CHECKING:
    from bmsreader.cli.terminal import Terminal

EVERY = 1.0
"""s between two looks of --follow."""
AGO = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|m|h|d)")
SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
ENOUGH, LATELY = 10_000, 300
"""Records that a gateway tells at once at most, and that --follow asks for each time."""


@click.command()
@click.option("--battery", metavar="BATTERY", help="Only what concerns this battery.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind, such as rejected; may be repeated."
)
@click.option("--since", metavar="TIME", help="From when on: 30min, 2h, 3d, or a time such as 2026-03-01T18:00.")
@click.option("--limit", type=click.IntRange(1, ENOUGH), default=100, show_default=True, help="The newest so many.")
@click.option("--follow", is_flag=True, help="Go on with what happens from now on, until you press Ctrl-C.")
@click.option(
    "--store",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Look into this history instead of asking the gateway.",
)
@control
@options.as_json
@options.quiet
def command(
    battery: str | None,
    kinds: Sequence[str],
    since: str | None,
    limit: int,
    follow: bool,
    store: Path | None,
    control: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show what the gateway did, newest last: connections, rejected answers, changes of state, resets, with durations.

    The running gateway is asked; where none runs, its history on disk is looked into.

    \b
    bmsreader events
    bmsreader events --battery house --since 2h
    bmsreader events --kind rejected --kind state --json
    bmsreader events --follow
    """
    from bmsreader.cli.recorded import of_gateway, of_store
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet)
    wanted: dict[str, Any] = {"battery": battery, "kinds": list(kinds) or None}
    begin = None if since is None else moment(since, datetime.now(UTC))
    if follow:
        if store is not None:
            raise UsageError("--follow needs the running gateway: nothing happens in a file")
        for events in following(
            lambda since, limit: of_gateway(control, since=since, limit=limit, **wanted), begin, limit
        ):
            show(terminal, events)
        return

    def look(at: dict[str, Any]) -> list[dict[str, Any]]:
        if store is not None:
            return of_store(store, since=begin, limit=limit, **at)
        return either(terminal, control, since=begin, limit=limit, **at)

    events = look(wanted)
    show(terminal, events)
    if not events:
        there_are = sorted({event["kind"] for event in look({**wanted, "kinds": None})}) if kinds else []
        terminal.remark(
            f"Nothing of that kind. There are: {', '.join(there_are)}." if there_are else "Nothing happened."
        )


def either(terminal: "Terminal", control: Path | None, **wanted: Any) -> list[dict[str, Any]]:
    """Return the records of the running gateway, or those on disk where none runs."""
    from bmsreader.cli.recorded import of_gateway, of_store, store_here
    from bmsreader.model.errors import GatewayAbsent

    try:
        return of_gateway(control, **wanted)
    except GatewayAbsent as absent:
        path = None if control is not None else store_here()
        if path is None:
            raise
        terminal.remark(f"{absent}. This is what the history {path} holds:")
        return of_store(path, **wanted)


def following(
    ask: Callable[[datetime | None, int], list[dict[str, Any]]],
    since: datetime | None,
    limit: int,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[list[dict[str, Any]]]:
    """Yield the newest records, then those that come in, each once; ends when the gateway does.

    What is new is told by what was there before, not by the time: the clock may be set meanwhile.
    """
    lately = ask(None, LATELY)
    events = ask(since, limit)
    yield events
    seen = {_key(event) for event in [*lately, *events]}
    while True:
        pause(EVERY)
        lately = ask(None, LATELY)
        fresh = [event for event in lately if _key(event) not in seen]
        if fresh:
            yield fresh
            seen = {_key(event) for event in lately}


def _key(event: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(sorted((name, str(value)) for name, value in event.items()))


def moment(text: str, now: datetime) -> datetime:
    """Return the time that the owner means: so long ago, or a date with or without a time, local unless it says so."""
    ago = AGO.fullmatch(text.strip())
    try:
        if ago:
            return now - timedelta(seconds=float(ago[1]) * SECONDS[ago[2]])
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"--since {text}: this is no time", advice="Write 30min, 2h, 3d, or a time such as 2026-03-01T18:00."
        ) from None


def show(terminal: "Terminal", events: Sequence[dict[str, Any]]) -> None:
    """Print records, a line each."""
    for event in events:
        if terminal.as_json:
            terminal.json(event)
        else:
            terminal.line(line(event))


def line(event: dict[str, Any]) -> str:
    """Return a record as a line for people."""
    when = datetime.fromisoformat(event["at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    who = event["name"] or event["battery"] or event["adapter"] or "gateway"
    took = "" if event["duration"] is None else f"{event['duration']:.2f} s"
    where = event["adapter"] if event["adapter"] != who else ""
    frame = event["frame"] if len(event["frame"]) <= 48 else f"{event['frame'][:45]}..."
    rest = "  ".join(part for part in (where, took, event["detail"], frame and f"[{frame}]") if part)
    return f"{when}  {who:<16}  {event['kind']:<16}  {rest}".rstrip()
