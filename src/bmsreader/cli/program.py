"""The program `bmsreader`: knows its commands by name and imports one only when it is called."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from bmsreader import __version__

COMMANDS = {
    "run": "Read all batteries for months, keep their history and hand it on.",
    "scan": "Find batteries in Bluetooth range.",
    "read": "Read a battery once: everything it reports.",
    "watch": "Show batteries live, until you press Ctrl-C.",
    "inspect": "Show what a battery offers over Bluetooth, handle by handle.",
    "record": "Write everything that a battery sends to a file.",
    "replay": "Read a battery out of a recording.",
    "decode": "Decode frames that you captured or were given.",
    "simulate": "Be a battery: in this program or over Bluetooth.",
    "lab": "Find out what an unsupported battery says, from a capture.",
    "protocols": "List the battery protocols that are known.",
    "status": "Show how the running gateway and its batteries are doing.",
    "alarms": "Show what is wrong now and what was; acknowledge it.",
    "events": "Show what the gateway did, and what it cost.",
    "history": "Look at the past, export it, take care of its file.",
    "health": "Say how batteries age, and how far that can be trusted.",
    "backup": "Copy the history while the gateway goes on.",
    "release": "Free a battery's connection for the phone app.",
    "reload": "Let the gateway read its configuration again.",
    "doctor": "Say what is wrong with Bluetooth here, and what to do.",
    "config": "Show every setting, check a file, show what is in effect.",
    "web": "Set a password for the dashboard, or a token for programs.",
    "service": "Let systemd start the gateway with the computer.",
    "diagnostics": "Write a file for a report, without anything private in it.",
    "completion": "Print what makes your shell complete commands.",
}
"""All commands with their one-line help: so that `bmsreader --help` need not import a single one."""


class Program(click.Group):
    """A group whose commands live in modules of their own, and that never shows a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order in which an owner meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"bmsreader.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete the names of commands without importing them."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end quietly when whoever read its output went away."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            from bmsreader.cli.failures import report

            ctx.exit(report(error))
        return result

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run the program and exit with one of its documented codes."""
        run: Callable[..., Any] = partial(super().main, standalone_mode=False)
        if not standalone_mode:
            return run(*args, **extra)
        try:
            prepare_streams()
            code = run(*args, **extra)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - no owner ever sees a traceback
            from bmsreader.cli.failures import report

            code = report(error)
        sys.exit(code if isinstance(code, int) else 0)


def prepare_streams() -> None:
    """Let a character that the terminal's encoding does not have become a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="BATTERY is an address, a name or the beginning of one, a serial port, or `simulated`. "
    "Exit codes: 0 a reading, 1 a bug, 2 wrong usage, 3 nothing found, 4 no valid answer, 5 no Bluetooth, "
    "6 a disk or server fails, "
    "130 interrupted.",
)
@click.version_option(__version__, message="bmsreader %(version)s")
def main() -> None:
    """Read LiFePO4 batteries over Bluetooth. Batteries are only ever asked, never written to."""
