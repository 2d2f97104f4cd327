"""`bmsreader read`: one reading of one battery, or of each that is found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.links.link import Link
    from bmsreader.protocol.codec import Codec


@click.command()
@click.argument("battery", required=False)
@options.search
@options.conversation
def command(
    battery: str | None,
    search: float,
    as_json: bool,
    adapter: str | None,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Read BATTERY once and show everything it reports; without BATTERY, each one that is found.

    BATTERY is an address, a name or the beginning of one, a serial port, or `simulated`.

    \b
    bmsreader read LT-12V-1544
    bmsreader read /dev/ttyUSB0 --json
    bmsreader read simulated
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    machine = this()
    names = [battery] if battery else []
    machine.run(read_all(machine, terminal, names, codecs(descriptions), adapter=adapter, search=search))


async def read_all(
    machine: "Machine",
    terminal: "Terminal",
    names: Sequence[str],
    codecs: "Sequence[Codec]",
    *,
    adapter: str | None,
    search: float,
) -> None:
    """Read each battery and show it; raise the last failure only when there was not a single reading."""
    from bmsreader.model.errors import NoValidAnswer

    with terminal.working("looking for batteries"):
        links = await machine.links(names, codecs, adapter=adapter, search=search)
    failure: NoValidAnswer | None = None
    readings = 0
    for link in links:
        try:
            await read_one(terminal, link, codecs)
            readings += 1
        except NoValidAnswer as error:
            if len(links) > 1:
                terminal.warn(str(error))
            failure = error
    if failure is not None and not readings:
        raise failure


async def read_one(terminal: "Terminal", link: "Link", codecs: "Sequence[Codec]") -> None:
    """Read a battery and show what it says."""
    from bmsreader.session.session import Session

    with terminal.working(f"reading {link.name or link.address}"):
        session = Session(link, codecs, on_event=lambda event: terminal.event(event, link.address))
        async with session:
            reading = await session.read()
            signal = link.signal
    if terminal.as_json:
        terminal.json(reading.as_dict())
        return
    from bmsreader.cli.drawing import Heard, Ink, panel

    heard = Heard(name=link.name, signal=signal, rejected=session.rejected)
    terminal.show(panel(reading, heard, Ink.of(terminal.out)))
