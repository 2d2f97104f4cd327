"""`bmsreader doctor`: what is wrong, and what to do."""

import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.checkup import Check
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.protocol.codec import Codec
    from bmsreader.session.discovery import Found

MARKS = {"ok": ("ok     ", "green"), "warning": ("warning", "yellow"), "problem": ("PROBLEM", "bold red")}


@click.command()
@click.argument("battery", required=False)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=8.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to listen.",
)
@click.option(
    "--store",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The gateway's history, if it is not in its usual place.",
)
@options.conversation
def command(
    battery: str | None,
    seconds: float,
    store: Path | None,
    as_json: bool,
    adapter: str | None,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Check Bluetooth on this machine step by step and say what to do about each problem; with BATTERY, the link too.

    Where a gateway has run, what it recorded in the last 24 hours is judged as well.

    Ends with 0 when all is well, else with the exit code that a reading would end with.

    \b
    bmsreader doctor
    bmsreader doctor LT-12V-1544
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    machine = this()
    code = machine.run(examine(machine, terminal, battery, codecs(descriptions), adapter=adapter, seconds=seconds))
    from bmsreader.cli.past import of_the_past

    for check in of_the_past(store, battery):
        show(terminal, check)
    if code:
        sys.exit(code)


async def examine(
    machine: "Machine",
    terminal: "Terminal",
    battery: str | None,
    codecs: "Sequence[Codec]",
    *,
    adapter: str | None,
    seconds: float,
) -> int:
    """Show each check as soon as it is made; return the exit code of the first problem."""
    code = 0
    async for check in checks(machine, terminal, battery, codecs, adapter=adapter, seconds=seconds):
        code = code or check.exit_code
        show(terminal, check)
    return code


def show(terminal: "Terminal", check: "Check") -> None:
    """Print one check, and what to do below it."""
    if terminal.as_json:
        advice = check.advice or None
        terminal.json({"check": check.name, "state": check.state, "finding": check.finding, "advice": advice})
        return
    from rich.text import Text

    mark, style = MARKS[check.state]
    terminal.show(Text.assemble((mark, style), "  ", (check.name, "bold"), ": ", check.finding))
    if check.advice:
        terminal.show(Text(f"         {check.advice}"))


async def checks(
    machine: "Machine",
    terminal: "Terminal",
    battery: str | None,
    codecs: "Sequence[Codec]",
    *,
    adapter: str | None,
    seconds: float,
) -> "AsyncIterator[Check]":
    """Yield one check after the other; what cannot work after a problem is not tried."""
    from bmsreader.cli import checkup, past

    if battery is not None and machine.needs_no_bluetooth(battery):
        yield await of_answer(machine, terminal, battery, codecs, adapter)
        return
    host = await machine.host()
    for check in checkup.of_host(host, adapter):
        yield check
        if check.exit_code:
            return
    heard: list[Found] = []
    async for check in listening(machine, terminal, codecs, heard, adapter, seconds):
        yield check
        if check.exit_code:
            return
    if battery is None:
        return
    if (held := past.of_gateway(battery)) is not None:
        yield held
        return
    if battery.upper() in host.connected:
        yield checkup.of_held_battery(battery)
        return
    matching = [found for found in heard if matches(found, battery)]
    if not matching:
        yield checkup.of_unheard_battery(battery, seconds)
        return
    yield checkup.of_signal(matching[0].signal)
    yield await of_answer(machine, terminal, matching[0], codecs, adapter)


async def listening(
    machine: "Machine",
    terminal: "Terminal",
    codecs: "Sequence[Codec]",
    heard: "list[Found]",
    adapter: str | None,
    seconds: float,
) -> "AsyncIterator[Check]":
    """Listen, and yield what that shows."""
    from bmsreader.cli import checkup
    from bmsreader.model.errors import NoBluetooth

    try:
        with terminal.working("listening"):
            heard += await machine.discover(seconds, codecs, everything=True, adapter=adapter)
    except NoBluetooth as error:
        advice = "Switch Bluetooth on in the system's settings, and allow this program (or its terminal) to use it."
        yield checkup.problem("listening", str(error), advice)
        return
    yield checkup.of_air(len(heard), sum(found.is_battery for found in heard), seconds)


def matches(found: "Found", battery: str) -> bool:
    """Return whether this is the battery that the owner means."""
    wanted = battery.casefold()
    return found.address.casefold() == wanted or (found.name or "").casefold().startswith(wanted)


async def of_answer(
    machine: "Machine", terminal: "Terminal", battery: "str | Found", codecs: "Sequence[Codec]", adapter: str | None
) -> "Check":
    """Read the battery once, and return how that went."""
    import asyncio

    from bmsreader.cli.checkup import Check, problem
    from bmsreader.model.errors import OwnerError
    from bmsreader.session.session import Session

    began = asyncio.get_running_loop().time()
    rejected: dict[str, Any] = {}
    try:
        with terminal.working("reading"):
            link = await machine.link_to(battery, codecs, adapter=adapter)
            session = Session(link, codecs, on_event=lambda event: terminal.event(event, link.address))
            async with session:
                reading = await session.read()
    except OwnerError as error:
        return problem("answer", str(error), error.advice, error.exit_code)
    took = asyncio.get_running_loop().time() - began
    rejected = {"advice": "Some answers arrived damaged: go nearer."} if session.rejected else {}
    finding = f"{link.name or link.address} speaks {reading.protocol}; a reading took {took:.1f} s"
    if session.rejected:
        finding += f", {session.rejected} answers rejected"
    return Check(name="answer", finding=finding, **rejected)
