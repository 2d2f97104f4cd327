"""Options that mean the same in every command."""

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, one object in each line, and nothing else on standard output."
)
quiet = click.option("-q", "--quiet", is_flag=True, help="Print results and errors only: no progress, no remarks.")
verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Tell on standard error what happens: every radio action, every rejection."
)
adapter = click.option(
    "--adapter", metavar="NAME", help="Bluetooth adapter to use, such as hci1 (Linux). [default: the system's]"
)
search = click.option(
    "--search",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to listen for batteries.",
)
description = click.option(
    "--description",
    "descriptions",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, readable=True),
    help="A battery description of your own (TOML), tried before all others. May be given several times.",
)


def conversation(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that talks with a battery."""
    for option in (verbose, quiet, description, adapter, as_json):
        command = option(command)
    return command


def every(seconds: float) -> Decorator:
    """Add the option for the pause between readings."""
    return click.option(
        "--every",
        type=click.FloatRange(min=0, min_open=True),
        default=seconds,
        show_default=True,
        metavar="SECONDS",
        help="Time from one reading to the next.",
    )


def until() -> Decorator:
    """Add the options that end what otherwise goes on until Ctrl-C."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(
            "--count", type=click.IntRange(min=1), metavar="N", help="End after so many readings of each battery."
        )(command)
        return click.option(
            "--seconds",
            type=click.FloatRange(min=0, min_open=True),
            metavar="SECONDS",
            help="End after this time.",
        )(command)

    return add
