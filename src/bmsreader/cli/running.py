"""What the commands need that talk to a running gateway: where it listens, and its answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.gateway import asking
from bmsreader.model.errors import ConfigurationError, GatewayAbsent

if TYPE_CHECKING:
    from bmsreader.configuration.settings import Configuration

control = click.option(
    "--control",
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="BMSREADER__GATEWAY__CONTROL",
    help="Control socket of the gateway. [default: where the gateway of this user, the service, or the one in the "
    "configuration has it]",
)


def ask(path: Path | None, command: str, **arguments: Any) -> dict[str, Any]:
    """Return the running gateway's answer; see ``gateway.asking.ask`` for what it raises.

    Without ``path`` the usual places are tried, then the one that the configuration names.
    """
    try:
        return asking.ask(path, command, **arguments)
    except GatewayAbsent:
        configured = None if path is not None else _configured()
        if configured is None:
            raise
    return asking.ask(configured, command, **arguments)


def configuration() -> "Configuration | None":
    """Return the configuration that a gateway started here would have; None where it is wrong."""
    from bmsreader.cli.config import load

    try:
        return load(None)
    except ConfigurationError:
        return None  # a gateway may run all the same: with the one that was right


def _configured() -> Path | None:
    found = configuration()
    return None if found is None else found.gateway.control
