"""`bmsreader release`: free a battery's connection for the phone app."""

from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.running import control


@click.command()
@click.argument("battery")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True, max=7 * 24 * 60),
    default=10.0,
    show_default=True,
    metavar="MINUTES",
    help="For how long.",
)
@click.option("--take-back", is_flag=True, help="Read the battery again at once, however long it was released for.")
@control
@options.as_json
@options.quiet
def command(battery: str, minutes: float, take_back: bool, control: Path | None, as_json: bool, quiet: bool) -> None:
    """Let the running gateway free BATTERY for some minutes, so that the phone app can connect to it.

    A battery serves one connection at a time. The gateway takes it back by itself. BATTERY is its name in the
    gateway, its address, or the beginning of one; `bmsreader status` lists them.

    \b
    bmsreader release house
    bmsreader release house --minutes 30
    bmsreader release house --take-back
    """
    from bmsreader.cli.running import ask
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet)
    wanted = 0.0 if take_back else minutes
    answer = ask(control, "release", battery=battery, minutes=wanted)
    if as_json:
        terminal.json({"battery": answer["battery"], "minutes": wanted})
    elif take_back:
        terminal.line(f"{answer['name']} is read again.")
    else:
        terminal.line(f"{answer['name']} is free for {minutes:g} minutes: open the app now.")
        terminal.remark(
            f"The gateway takes it back by itself; `bmsreader release {answer['battery']} --take-back` now."
        )
