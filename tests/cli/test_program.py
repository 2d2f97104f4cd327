"""The program as a whole: its commands, its help, its start."""

import subprocess
import sys

import click
import pytest

from bmsreader import __version__
from bmsreader.cli.program import COMMANDS, main
from tests.cli.executable import start
from tests.cli.surroundings import FRAME, invoke

HEAVY = ("asyncio", "bleak", "rich", "bumble", "serialx", "jsonschema", "logging")


def imported_by(*arguments: str) -> set[str]:
    """Return the modules that are loaded when a command has ended."""
    code = (
        "import sys\nfrom bmsreader.cli import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, input=FRAME, check=True)
    return set(result.stderr.split())


@pytest.mark.slow
def test_the_help_needs_no_command_and_lists_all() -> None:
    modules = imported_by("--help")

    assert not {f"bmsreader.cli.{name}" for name in COMMANDS} & modules
    assert not set(HEAVY) & modules
    assert all(f"  {name} " in invoke("--help").stdout for name in COMMANDS)


@pytest.mark.slow
def test_decoding_needs_no_bluetooth_no_tables_and_no_event_loop() -> None:
    assert not set(HEAVY) & imported_by("decode")
    assert not set(HEAVY) & imported_by("decode", "--json")


def test_the_short_help_agrees_with_each_command() -> None:
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in COMMANDS}

    assert all(command is not None and command.help for command in commands.values())
    assert [name for name, command in commands.items() if command is not None and command.hidden] == []


def test_every_help_has_examples() -> None:
    for name in COMMANDS:
        told = invoke(name, "--help").stdout.partition("Options:")[0].partition("\n")[2]
        assert f"bmsreader {name} " in told or f"  bmsreader {name}\n" in told, name


def test_the_version_is_that_of_the_package() -> None:
    assert invoke("--version").stdout == f"bmsreader {__version__}\n"


def test_without_a_command_the_help_is_shown() -> None:
    result = invoke()

    assert result.exit_code == 2
    assert "Commands:" in result.stderr


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error() -> None:
    with start("decode", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(FRAME.encode() + b"\n")
        process.stdin.close()
        process.stdin = None
        assert process.wait(10) == 141
        assert process.stderr is not None
        assert process.stderr.read() == b""
