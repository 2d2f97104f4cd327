"""`bmsreader watch`: batteries live in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.following import Until
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.links.link import Link
    from bmsreader.protocol.codec import Codec

DEMO = ("simulated:1", "simulated:2")


@click.command()
@click.argument("batteries", metavar="[BATTERY]...", nargs=-1)
@options.every(10.0)
@options.until()
@options.search
@options.conversation
def command(
    batteries: Sequence[str],
    every: float,
    seconds: float | None,
    count: int | None,
    search: float,
    as_json: bool,
    adapter: str | None,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Show batteries live, until you press Ctrl-C; without BATTERY, all that are found.

    On a machine without Bluetooth it says so and shows two simulated batteries. Into a file or pipe it writes one line
    for each reading.

    \b
    bmsreader watch
    bmsreader watch LT-12V V-12V --every 5
    bmsreader watch LT-12V-1544 --json --count 100 >> readings.jsonl
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.following import Until
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    machine = this()
    until = Until(seconds=seconds, count=count)
    machine.run(
        watch(
            machine, terminal, batteries, codecs(descriptions), every=every, until=until, adapter=adapter, search=search
        )
    )


async def watch(
    machine: "Machine",
    terminal: "Terminal",
    names: Sequence[str],
    codecs: "Sequence[Codec]",
    *,
    every: float,
    until: "Until",
    adapter: str | None,
    search: float,
) -> None:
    """Show the batteries named, or found, or two simulated ones, until the end."""
    from bmsreader.cli.following import follow

    links = await _links(machine, terminal, names, codecs, adapter=adapter, search=search)
    await follow(terminal, links, codecs, every=every, until=until, live=terminal.is_live)


async def _links(
    machine: "Machine",
    terminal: "Terminal",
    names: Sequence[str],
    codecs: "Sequence[Codec]",
    *,
    adapter: str | None,
    search: float,
) -> "list[Link]":
    from bmsreader.model.errors import NoBluetooth

    try:
        with terminal.working("looking for batteries"):
            return await machine.links(names, codecs, adapter=adapter, search=search)
    except NoBluetooth as error:
        if names:
            raise
        reason = str(error).rpartition(": ")[2]
        terminal.warn(f"no Bluetooth here ({reason}): showing two simulated batteries")
        return await machine.links(DEMO, codecs, adapter=adapter, search=search)
