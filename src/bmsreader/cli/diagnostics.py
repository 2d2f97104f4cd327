"""`bmsreader diagnostics`: one file to attach to a report, with nothing private in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.bundle import Gathered
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.redaction import Redactor

ABOUT = """\
Diagnostics of bmsreader. Nothing was sent anywhere: you decide whom you give this file to.

Taken out, each replaced by the same word wherever it occurs: Bluetooth addresses (ADDRESS-1), names of batteries
(NAME-1), serial numbers (SERIAL-1), names of computers (HOST-1), users (USER-1), network addresses (IP-1), passwords,
tokens and keys (SECRET-1). Please look through the files all the same before you publish them.

versions.json       versions of program, libraries and system
configuration.json  the settings in effect, and where each came from
doctor.json         the checks of `bmsreader doctor`
gateway.json        how a running gateway is doing, or why it could not be asked
events.jsonl        what happened on the radio, newest last
history.json        the history file
journal.txt         the last log lines of the service
"""


@click.command()
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the bundle."
)
@click.option("-c", "--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration to look at.")
@click.option("--control", metavar="FILE", type=click.Path(path_type=Path), help="Socket of the running gateway.")
@click.option("--store", metavar="FILE", type=click.Path(path_type=Path), help="The history to look at.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    default=8.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to listen for Bluetooth; 0: leave it out.",
)
@options.as_json
@options.quiet
def command(
    output: Path | None,
    config: Path | None,
    control: Path | None,
    store: Path | None,
    seconds: float,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write a file that helps others to find out what is wrong, without anything private in it.

    It holds versions, settings, the checks of `doctor`, what the gateway did, and its log. Addresses, names, serial
    numbers, passwords and tokens are replaced; the same address always by the same word. Nothing is sent anywhere.

    \b
    bmsreader diagnostics
    bmsreader diagnostics -o report.zip
    """
    from datetime import datetime

    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json, quiet=quiet)
    name = f"bmsreader-diagnostics-{datetime.now().astimezone():%Y%m%d-%H%M%S}.zip"
    with terminal.working("looking"):
        gathered = gather(this(), config=config, control=control, store=store, seconds=seconds)
        write(gathered, output or Path(name))
    if as_json:
        terminal.json({"file": str(output or name)})
        return
    terminal.line(str(output or name))
    terminal.remark("Look through it before you give it to others; README.txt in it says what was taken out.")


def gather(
    machine: "Machine", *, config: Path | None, control: Path | None, store: Path | None, seconds: float
) -> "Gathered":
    """Return everything that helps, and the words that are private; what cannot be had says why."""
    from bmsreader.cli import bundle
    from bmsreader.cli import config as configuring
    from bmsreader.configuration.settings import Configuration
    from bmsreader.model.errors import ConfigurationError
    from bmsreader.store.place import default_store

    gathered = bundle.Gathered(private=list(bundle.of_this_computer()))
    configuration: Configuration | None = None
    try:
        configuration = configuring.load(config)
        data, private = bundle.configured(configuration)
        gathered.private += private
    except ConfigurationError as error:
        data = {"problems": bundle.without_values(error)}
    gathered.files["versions.json"] = bundle.versions() | bundle.machine_facts()
    gathered.files["configuration.json"] = data
    if seconds:
        gathered.files["doctor.json"] = machine.run(doctor(machine, seconds))
    settings = configuration or Configuration()
    add_events(gathered, control or settings.gateway.control, store or settings.store.path or default_store())
    gathered.files["journal.txt"] = bundle.journal()
    return gathered


def add_events(gathered: "Gathered", control: Path | None, store: Path) -> None:
    """Add what the gateway did: by its own account while it runs, by its history otherwise."""
    from bmsreader.cli import bundle

    status, events = bundle.gateway(control)
    history, records = bundle.store_records(store)
    gathered.files["gateway.json"] = status
    gathered.files["history.json"] = history
    gathered.files["events.jsonl"] = list(events or records)


async def doctor(machine: "Machine", seconds: float) -> list[dict[str, Any]]:
    """Return the checks of `bmsreader doctor`."""
    from bmsreader.cli.doctor import checks
    from bmsreader.cli.terminal import Terminal
    from bmsreader.descriptions import shipped
    from bmsreader.model.errors import BmsReaderError

    made = checks(machine, Terminal(quiet=True), None, shipped(), adapter=None, seconds=seconds)
    try:
        return [
            {"check": one.name, "state": one.state, "finding": one.finding, "advice": one.advice} async for one in made
        ]
    except BmsReaderError as error:
        return [{"check": "doctor", "state": "problem", "finding": str(error), "advice": error.advice}]


def write(gathered: "Gathered", path: Path) -> None:
    """Write the bundle, readable by its owner only, with everything private replaced."""
    import os
    import zipfile

    texts = redacted(gathered)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", ABOUT)
        for name, text in texts.items():
            archive.writestr(name, text)


def redacted(gathered: "Gathered") -> dict[str, str]:
    """Return the texts of all files without anything private."""
    import json

    from bmsreader.cli.bundle import lines

    redactor = knowing(gathered)
    texts: dict[str, str] = {}
    for name, content in gathered.files.items():
        if isinstance(content, str):
            texts[name] = redactor.text(content)
        elif name.endswith(".jsonl"):
            texts[name] = lines(redactor.data(content))
        else:
            texts[name] = json.dumps(redactor.data(content), indent=2, ensure_ascii=False, default=str) + "\n"
    return texts


def knowing(gathered: "Gathered") -> "Redactor":
    """Return a redactor that has seen everything before it takes anything out."""
    from bmsreader.cli.redaction import Redactor
    from bmsreader.descriptions import shipped

    hints = (name for codec in shipped() for name in beginnings(codec.description.hints.names))
    redactor = Redactor(name_beginnings=tuple(hints))
    for kind, word in gathered.private:
        redactor.learn(kind, word, surely=kind == "SECRET")
    for content in gathered.files.values():
        redactor.learn_from(content)
    return redactor


def beginnings(patterns: Sequence[str]) -> Sequence[str]:
    """Return how the names begin that batteries advertise."""
    starts = (pattern.partition("*")[0].partition("?")[0].partition("[")[0] for pattern in patterns)
    return [start for start in starts if len(start) >= 3]
