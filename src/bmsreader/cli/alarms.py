"""`bmsreader alarms`: what is wrong now, what was, and whether messages arrive."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options
from bmsreader.cli.running import ask, control

if TYPE_CHECKING:
    from bmsreader.cli.terminal import Terminal
    from bmsreader.configuration.settings import NotifySettings

MOST = 1000


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Also those that are over and acknowledged.")
@click.option("--battery", metavar="BATTERY", help="Only those of this battery or bank.")
@click.option("--since", metavar="TIME", help="Leave out what ended before: 30min, 2h, 3d, or a time.")
@click.option("--limit", type=click.IntRange(1, MOST), default=100, show_default=True, help="The newest so many.")
@control
@options.as_json
@options.quiet
@click.pass_context
def command(
    context: click.Context,
    everything: bool,
    battery: str | None,
    since: str | None,
    limit: int,
    control: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show the alarms that are open: active, or over and not acknowledged.

    An alarm is what the battery itself reports, or what a rule finds: yours ([[alarm]] in the configuration), or those
    that every battery has ([alarms]). The running gateway is asked; where none runs, its history on disk.

    \b
    bmsreader alarms
    bmsreader alarms --all --battery house --since 30d
    bmsreader alarms ack 17
    bmsreader alarms ack all
    bmsreader alarms test
    """
    if context.invoked_subcommand is not None:
        return
    from datetime import UTC

    from bmsreader.cli.events import moment
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet)
    begin = None if since is None else moment(since, datetime.now(UTC))
    state = "all" if everything else "open"
    found = either(terminal, control, battery=battery, state=state, since=begin, limit=limit)
    show(terminal, found)
    if not found:
        terminal.remark("There was no alarm." if everything else "No alarm is open.")


@command.command()
@click.argument("what", metavar="ID|all")
@control
@options.as_json
@options.quiet
def ack(what: str, control: Path | None, as_json: bool, quiet: bool) -> None:
    """Say that you know of an alarm: it is not repeated, and once it is over it is not shown any more.

    \b
    bmsreader alarms ack 17
    bmsreader alarms ack all
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.model.errors import UsageError

    terminal = Terminal(as_json=as_json, quiet=quiet)
    if what != "all" and not (what.isascii() and what.isdecimal()):
        raise UsageError(f"{what!r} is no alarm", advice="`bmsreader alarms` shows their numbers; or say `all`.")
    answer = ask(control, "acknowledge", alarm=what if what == "all" else int(what))
    count = answer["acknowledged"]
    if as_json:
        terminal.json({"acknowledged": count})
    elif what == "all":
        terminal.line("Nothing was open." if not count else f"{count} acknowledged.")
    else:
        terminal.line(f"Alarm {what} is acknowledged.")


@command.command()
@click.argument("receiver", required=False)
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration to use.")
@options.as_json
@options.quiet
def test(receiver: str | None, config: Path | None, as_json: bool, quiet: bool) -> None:
    """Send a message to every receiver of the configuration ([[notify]]), or to one, and say whether it was taken.

    No gateway has to run.

    \b
    bmsreader alarms test
    bmsreader alarms test phone
    """
    import asyncio

    from bmsreader.cli.terminal import Terminal
    from bmsreader.model.errors import PublishError

    terminal = Terminal(as_json=as_json, quiet=quiet)
    results = asyncio.run(try_all(wanted(config, receiver)))
    for name, problem, advice in results:
        if as_json:
            terminal.json({"receiver": name, "ok": not problem, "problem": problem, "advice": advice})
        else:
            terminal.line(f"{name}: {problem or 'the message was taken'}")
            if problem and advice:
                terminal.remark(f"    {advice}")
    if any(problem for _, problem, _ in results):
        raise SystemExit(PublishError.exit_code)


# ---- looking


def either(terminal: "Terminal", control: Path | None, **wanted: Any) -> list[dict[str, Any]]:
    """Return the alarms that the running gateway knows, or those on disk where none runs."""
    from bmsreader.cli.recorded import alarms_of_store, store_here
    from bmsreader.model.errors import GatewayAbsent

    try:
        since = wanted["since"]
        answer = ask(control, "alarms", **{**wanted, "since": None if since is None else since.isoformat()})
    except GatewayAbsent as absent:
        path = None if control is not None else store_here()
        if path is None:
            raise
        terminal.remark(f"{absent}. This is what the history {path} holds:")
        return alarms_of_store(path, **wanted)
    found: list[dict[str, Any]] = answer["alarms"]
    return found


def show(terminal: "Terminal", alarms: Sequence[dict[str, Any]]) -> None:
    """Print alarms."""
    if terminal.as_json:
        for alarm in alarms:
            terminal.json(alarm)
        return
    if not alarms:
        return
    from rich.table import Table
    from rich.text import Text

    from bmsreader.cli.overview import ALARMS

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for heading in ("Id", "Battery", "Severity", "Since", "Until", "Alarm"):
        table.add_column(heading, no_wrap=heading != "Alarm", justify="right" if heading == "Id" else "left")
    for alarm in alarms:
        active = alarm["cleared_at"] is None
        words = Text(f"{alarm['name'].replace('_', ' ')}: {alarm['text']}")
        for more in (alarm["note"], "acknowledged" if alarm["acknowledged_at"] else ""):
            words.append(f" ({more})" if more else "", style="dim")
        table.add_row(
            str(alarm["id"]),
            alarm["battery_name"],
            Text(alarm["severity"], style=ALARMS.get(alarm["severity"], "") if active else "dim"),
            local(alarm["raised_at"]),
            Text("active", style="bold") if active else local(alarm["cleared_at"]),
            words,
        )
    terminal.show(table)


def local(text: str) -> str:
    """Return a time as the owner's clock shows it."""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")


# ---- trying


def wanted(config: Path | None, receiver: str | None) -> "list[NotifySettings]":
    """Return the receivers that are to be tried; raise UsageError when there are none."""
    from bmsreader.cli.config import load
    from bmsreader.model.errors import UsageError
    from bmsreader.protocol.shape import suggestion

    known = list(load(config).notifies)
    if not known:
        raise UsageError(
            "the configuration names no receiver of messages",
            advice="Add a table [[notify]] with an address; docs/alarms.md shows some.",
        )
    found = [one for one in known if receiver is None or one.name.casefold() == receiver.casefold()]
    if not found:
        raise UsageError(f"there is no receiver {receiver!r}{suggestion(receiver or '', [one.name for one in known])}")
    return found


async def try_all(settings: "Sequence[NotifySettings]") -> list[tuple[str, str, str]]:
    """Send a message to each address; return the name of each with what went wrong, and advice."""
    from bmsreader.cli.alarmplan import receivers
    from bmsreader.model.alarm import Severity
    from bmsreader.model.errors import PublishError

    found = []
    for notify in (one for table in settings for one in receivers(table)):
        try:
            await notify.make().send("bmsreader: a test", "Alarms of your batteries arrive here.", Severity.INFO)
        except PublishError as error:
            found.append((notify.name, str(error), error.advice))
        else:
            found.append((notify.name, "", ""))
    return found
