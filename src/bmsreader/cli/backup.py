"""`bmsreader backup`: a copy of the history while the gateway goes on."""

from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.choosing import place, store
from bmsreader.model.errors import UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@store
@options.quiet
@options.as_json
def command(file: Path, overwrite: bool, store: Path | None, quiet: bool, as_json: bool) -> None:
    """Copy the history to FILE, complete and checked, while the gateway goes on writing.

    FILE is a history like any other: `bmsreader history show --store FILE` looks into it. To restore it, stop the
    gateway, put FILE where the history lies, and delete what lies beside it with the endings -wal and -shm.

    \b
    bmsreader backup /media/stick/history.sqlite3
    """
    from bmsreader.cli import words
    from bmsreader.cli.progress import progress_bar
    from bmsreader.cli.terminal import Terminal
    from bmsreader.store.backup import back_up

    terminal = Terminal(as_json=as_json, quiet=quiet)
    if file.exists() and not overwrite:
        raise UsageError(f"{file} exists already", advice="Choose another name, or give --overwrite.")
    with progress_bar(terminal, "copying") as tell:
        back_up(place(store), file, tell)
    size = file.stat().st_size
    if as_json:
        terminal.json({"file": str(file), "size": size})
    else:
        terminal.remark(f"{file}: {words.size(size)}.")
