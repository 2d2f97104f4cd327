"""`bmsreader run`: the gateway, for months."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.machine import Machine

SIMULATED_HELP = "Read so many simulated batteries instead of real ones."
FAULTS_HELP = "What goes wrong with the simulated batteries; `bmsreader simulate --faults list` explains them."


@click.command()
@click.option("-c", "--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration to use.")
@click.option("--store", metavar="FILE", type=click.Path(path_type=Path), help="Where the history is kept.")
@click.option("--no-store", is_flag=True, help="Keep no history.")
@click.option("--control", metavar="FILE", type=click.Path(path_type=Path), help="Socket for release, reload, status.")
@click.option("--simulated", metavar="N", type=click.IntRange(1, 10_000), help=SIMULATED_HELP)
@click.option("--faults", metavar="LIST", default="", help=FAULTS_HELP)
@options.description
@options.as_json
@options.quiet
@options.verbose
def command(
    config: Path | None,
    store: Path | None,
    no_store: bool,
    control: Path | None,
    simulated: int | None,
    faults: str,
    descriptions: Sequence[str],
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Read all batteries in range for months, keep their history and hand it on; Ctrl-C or SIGTERM ends it.

    Without a configuration it finds every supported battery by itself. On a machine without Bluetooth it says so and
    reads two simulated batteries. SIGHUP, or `bmsreader reload`, takes a changed configuration into use.

    \b
    bmsreader run
    bmsreader run --config /etc/bmsreader/bmsreader.toml
    bmsreader run --simulated 8 --faults drop:3@0.01
    bmsreader run --json | jq .soc
    """
    from bmsreader.cli.machine import this
    from bmsreader.cli.serving import Wishes, serve

    machine: Machine = this()
    wishes = Wishes(
        config=config,
        store=store,
        keeps=not no_store,
        control=control,
        simulated=simulated,
        faults=faults,
        descriptions=tuple(descriptions),
        as_json=as_json,
        quiet=quiet,
        verbose=verbose,
    )
    machine.run(serve(wishes))
