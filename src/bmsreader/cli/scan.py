"""`bmsreader scan`: which batteries are in Bluetooth range."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.protocol.codec import Codec
    from bmsreader.session.discovery import Found

STRONG, WEAK = -60, -80
"""dBm; above the first a battery is near, below the second its answers get lost."""


@click.command()
@click.option(
    "--probe", is_flag=True, help="Connect to everything that is heard and ask: finds batteries by their answer."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to listen.",
)
@click.option("--all", "everything", is_flag=True, help="Show what is no battery, too.")
@options.conversation
def command(
    probe: bool,
    seconds: float,
    everything: bool,
    as_json: bool,
    adapter: str | None,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Find batteries in Bluetooth range.

    Names and manufacturer ids are hints only. With --probe each Bluetooth device is connected to and asked by read
    requests, nothing else: so a battery that its owner renamed is found, too.

    \b
    bmsreader scan
    bmsreader scan --probe --json
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    machine = this()
    machine.run(
        scan(machine, terminal, codecs(descriptions), seconds, probe=probe, everything=everything, adapter=adapter)
    )


async def scan(
    machine: "Machine",
    terminal: "Terminal",
    codecs: "Sequence[Codec]",
    seconds: float,
    *,
    probe: bool,
    everything: bool,
    adapter: str | None,
) -> None:
    """Show what is in range; raise NothingFound when there is no battery."""
    from bmsreader.cli.listening import Listening
    from bmsreader.model.errors import NothingFound

    heard: dict[str, Found] = {}
    with Listening(terminal, seconds, probe=probe) as listening:

        def on_found(found: "Found") -> None:
            heard[found.address] = found
            listening.heard(heard.values(), found)

        batteries = await machine.discover(
            seconds,
            codecs,
            probe=probe,
            everything=everything,
            adapter=adapter,
            on_event=terminal.event,
            on_found=on_found,
        )
    if terminal.as_json:
        for found in batteries:
            terminal.json(as_dict(found))
    elif batteries:
        terminal.show(table(batteries))
    if not batteries:
        others = f" among {len(heard)} Bluetooth devices" if heard else ", nor any other Bluetooth device"
        raise NothingFound(f"no battery was heard within {seconds:g} s{others}")
    if not (terminal.as_json or probe) and all(found.likely is None for found in batteries):
        terminal.remark("None of them looks like a battery; --probe asks them.")


def as_dict(found: "Found") -> dict[str, Any]:
    """Return a battery that was found, ready for JSON."""
    return {
        "address": found.address,
        "name": found.name,
        "signal": found.signal,
        "protocol": found.proved or found.likely,
        "proved": found.proved is not None,
        "likely": found.likely,
        "problem": found.problem,
        "manufacturer_data": {str(key): data.hex() for key, data in found.advertisement.manufacturer_data},
        "services": list(found.advertisement.services),
    }


def table(batteries: "Sequence[Found]") -> "Table":
    """Return all that was found as a table."""
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("Name", "Address", "Signal", "Battery"):
        drawn.add_column(heading, no_wrap=heading != "Battery")
    for found in batteries:
        style = "green" if found.signal >= STRONG else "red" if found.signal < WEAK else "yellow"
        drawn.add_row(
            Text(found.name or "(no name)", style="bold" if found.is_battery else "dim"),
            found.address,
            Text(f"{found.signal} dBm", style=style),
            verdict(found),
        )
    return drawn


def verdict(found: "Found") -> str:
    """Return in words whether it is a battery."""
    if found.proved is not None:
        return f"yes, it answers ({found.proved})"
    if found.problem is not None:
        return f"{'likely' if found.likely else 'no'}: {found.problem}"
    return f"likely, by its name or maker ({found.likely})" if found.likely else "not that one could tell"
