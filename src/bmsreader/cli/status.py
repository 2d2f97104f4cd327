"""`bmsreader status`: how the running gateway and its batteries are doing."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options
from bmsreader.cli.running import control

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bmsreader.cli.terminal import Terminal

EVERY = 2.0
"""s between two looks of --watch."""


@click.command()
@click.option("--watch", is_flag=True, help="Show it again every two seconds, until you press Ctrl-C.")
@control
@options.as_json
@options.quiet
def command(watch: bool, control: Path | None, as_json: bool, quiet: bool) -> None:
    """Show every battery of the running gateway with its state, age and values, and how the gateway itself is doing.

    A battery is live, stale (its values are old, or stand still while current flows), asleep, busy or unreachable;
    below the table stands why. Values of a battery that is not live are the last ones known: see their age.

    \b
    bmsreader status
    bmsreader status --watch
    bmsreader status --json
    """
    from bmsreader.cli.running import ask
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet)
    if watch:
        show_again(terminal, lambda: ask(control, "status"))
    else:
        show(terminal, ask(control, "status"))


def show(terminal: "Terminal", status: dict[str, Any]) -> None:
    """Print an answer."""
    if terminal.as_json:
        terminal.json({"gateway": status["gateway"], "batteries": status["batteries"]})
    else:
        terminal.show(drawing(status))


def drawing(status: dict[str, Any]) -> "RenderableType":
    """Return an answer as it is drawn for people."""
    from bmsreader.cli.overview import overview

    return overview(status["gateway"], status["batteries"])


def show_again(
    terminal: "Terminal", ask: Callable[[], dict[str, Any]], *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Show the status again and again; on a terminal in the same place. Ends when the gateway does."""
    if not terminal.is_live:
        while True:
            show(terminal, ask())
            pause(EVERY)
    from rich.live import Live

    with Live(drawing(ask()), console=terminal.out, auto_refresh=False) as live:
        while True:
            pause(EVERY)
            live.update(drawing(ask()), refresh=True)
