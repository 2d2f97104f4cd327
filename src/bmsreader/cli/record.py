"""`bmsreader record`: everything that passes between this machine and a battery, in a file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bmsreader.cli import options
from bmsreader.cli.words import count

if TYPE_CHECKING:
    from bmsreader.captures.recording import Record
    from bmsreader.cli.following import Until
    from bmsreader.cli.machine import Machine
    from bmsreader.cli.terminal import Terminal
    from bmsreader.links.link import Link
    from bmsreader.protocol.codec import Codec


@click.command()
@click.argument("battery")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@options.every(10.0)
@options.until()
@options.search
@options.conversation
def command(
    battery: str,
    file: Path,
    overwrite: bool,
    every: float,
    seconds: float | None,
    count: int | None,
    search: float,
    as_json: bool,
    adapter: str | None,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Read BATTERY again and again and write every notification and request, with its time, to FILE.

    It goes on until you press Ctrl-C; what was recorded by then is in the file. The format is JSON Lines, see
    docs/recording-format.md; `bmsreader replay` and `bmsreader decode` read it.

    \b
    bmsreader record LT-12V-1544 night.jsonl --seconds 3600
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.following import Until
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal
    from bmsreader.model.errors import UsageError

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    if file.exists() and not overwrite:
        raise UsageError(f"{file} exists already", advice="Choose another name, or give --overwrite.")
    until = Until(seconds=seconds, count=count)
    machine = this()
    machine.run(
        record(
            machine,
            terminal,
            battery,
            file,
            codecs(descriptions),
            every=every,
            until=until,
            adapter=adapter,
            search=search,
        )
    )


class Tape:
    """A recording that begins with the first thing that happens: a battery that is not found leaves no file."""

    def __init__(self, file: Path, link: "Link") -> None:
        self._path = file
        self._link = link
        self._file: TextIO | None = None
        self._writer: Any = None
        self._began = datetime.now(UTC)
        self.notifications = 0

    def write(self, record: "Record") -> None:
        """Append one record; it is in the file when this returns."""
        if self._writer is None:
            from bmsreader.captures.recording import Header, RecordingWriter

            self._file = self._path.open("w", encoding="utf-8")
            header = Header(
                started=self._began, battery=self._link.address, name=self._link.name, link=kind_of(self._link)
            )
            self._writer = RecordingWriter(self._file, header)
        self._writer.write(record)
        self.notifications += record.kind == "rx"

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return self._writer is None


def kind_of(link: "Link") -> str:
    """Return what a recording calls this kind of link."""
    return type(link).__name__.removesuffix("Link").lower()


async def record(
    machine: "Machine",
    terminal: "Terminal",
    battery: str,
    file: Path,
    codecs: "Sequence[Codec]",
    *,
    every: float,
    until: "Until",
    adapter: str | None,
    search: float,
) -> None:
    """Record a battery until the end, and say how much it was, however it ends."""
    import asyncio

    from bmsreader.cli.following import Followed, follow
    from bmsreader.links.recorder import RecordingLink

    with terminal.working(f"looking for {battery}"):
        link = await machine.link_to(battery, codecs, adapter=adapter, search=search)
    tape = Tape(file, link)
    clock = asyncio.get_running_loop().time
    recording = RecordingLink(link, codecs=codecs, write=tape.write, clock=clock)
    readings = 0
    with terminal.working(f"recording {link.name or link.address}") as status:

        def progress(one: Followed) -> None:
            nonlocal readings
            readings = one.readings
            if status is not None:
                status.update(f"recording {one.title}: {_amount(readings, tape)} ...")

        try:
            await follow(terminal, [recording], codecs, every=every, until=until, live=False, on_reading=progress)
        finally:
            tape.close()
            summary(terminal, file, tape, readings)


def summary(terminal: "Terminal", file: Path, tape: Tape, readings: int) -> None:
    """Say what is in the file now."""
    if tape.is_empty:
        return
    if terminal.as_json:
        terminal.json({"file": str(file), "readings": readings, "notifications": tape.notifications})
    else:
        terminal.remark(f"{file}: {_amount(readings, tape)}.")


def _amount(readings: int, tape: Tape) -> str:
    return f"{count(readings, 'reading')}, {count(tape.notifications, 'notification')}"
