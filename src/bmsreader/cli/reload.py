"""`bmsreader reload`: take a changed configuration into use."""

from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.running import control


@click.command()
@control
@options.as_json
@options.quiet
def command(control: Path | None, as_json: bool, quiet: bool) -> None:
    """Let the running gateway read its configuration again, and say what changed.

    Batteries and publishers that did not change are left alone: their links stay up. A configuration that is wrong
    changes nothing; the error says where it is wrong. SIGHUP does the same.

    \b
    bmsreader reload
    """
    from bmsreader.cli.running import ask
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet)
    changes = ask(control, "reload", patience=60.0)["changes"]
    if as_json:
        terminal.json({"changes": changes})
        return
    for change in changes:
        terminal.line(change)
    if not changes:
        terminal.remark("Nothing changed.")
