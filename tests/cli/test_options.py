"""Options mean the same in every command."""

import click
import pytest

from bmsreader.cli.program import COMMANDS, main
from tests.cli.surroundings import invoke


def options_of(name: str) -> set[str]:
    """The options of a command, and of the commands below it."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    commands = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    return {option for one in commands for parameter in one.params for option in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_json(name: str) -> None:
    assert "--json" in options_of(name)


@pytest.mark.parametrize("name", ["scan", "read", "watch", "inspect", "record", "doctor"])
def test_every_command_that_uses_bluetooth_takes_an_adapter(name: str) -> None:
    assert {"--adapter", "--description", "--quiet", "--verbose"} <= options_of(name)


def test_a_pause_of_nothing_is_wrong_usage() -> None:
    assert invoke("watch", "simulated", "--every", "0").exit_code == 2


def test_a_description_that_does_not_exist_is_wrong_usage() -> None:
    assert invoke("read", "simulated", "--description", "/nonexistent").exit_code == 2
