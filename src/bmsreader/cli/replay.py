"""`bmsreader replay`: a recorded battery, read by the same code that reads a real one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.cli.terminal import Terminal
    from bmsreader.links.replay import ReplayLink
    from bmsreader.protocol.codec import Codec
    from bmsreader.session.timing import Timing


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    metavar="N",
    help="How many times as fast as it was recorded; 0 is as fast as possible.",
)
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="End after so many readings.")
@options.verbose
@options.quiet
@options.description
@options.as_json
def command(
    file: BinaryIO,
    speed: float,
    count: int | None,
    as_json: bool,
    descriptions: Sequence[str],
    quiet: bool,
    verbose: bool,
) -> None:
    """Read a battery out of a recording: the same conversation again, with the times of the recording.

    `bmsreader decode` shows every frame of a recording; this shows what a reading of the battery gave, retries,
    confirmed alarms and all.

    \b
    bmsreader replay night.jsonl
    bmsreader replay night.jsonl --speed 10
    """
    from bmsreader.captures.recording import read_header, read_records
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.machine import this
    from bmsreader.cli.terminal import Terminal
    from bmsreader.links.replay import ReplayLink

    terminal = Terminal(as_json=as_json, quiet=quiet, verbose=verbose)
    known = codecs(descriptions)
    header = read_header(file.readline(), source=file.name)
    link = ReplayLink(header, tuple(read_records(file)), codecs=known, speed=speed)
    this().run(replay(terminal, link, known, speed=speed, count=count))


async def replay(
    terminal: "Terminal", link: "ReplayLink", codecs: "Sequence[Codec]", *, speed: float, count: int | None
) -> None:
    """Show every reading of a recording; raise NoAnswer when there is none."""
    import asyncio

    from bmsreader.cli import words
    from bmsreader.model.errors import LinkLost, NoAnswer, NoValidAnswer
    from bmsreader.session.session import Session

    session = Session(
        link, codecs, timing=timing(speed), now=link.now, on_event=lambda event: terminal.event(event, link.address)
    )
    readings = 0
    failure = ""
    while not link.over and readings != count:
        if speed and readings:
            await asyncio.sleep(link.until_next / speed)
        try:
            reading = await session.read()
        except NoValidAnswer as error:
            if not isinstance(error, LinkLost):  # a lost link is how a recording ends
                failure = str(error)
                terminal.remark(failure)
            await session.close()
            continue
        readings += 1
        if terminal.as_json:
            terminal.json(reading.as_dict())
        else:
            time = reading.taken_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
            terminal.line(f"{time}  {words.one_line(reading)}")
    await session.close()
    if not readings:
        raise NoAnswer(
            f"the recording holds no reading{': ' if failure else ''}{failure}",
            advice="`bmsreader decode` shows every frame of it.",
        )


def timing(speed: float) -> "Timing":
    """Return deadlines that shrink as time runs faster: in a recording, nothing comes late that was not late then."""
    from bmsreader.session.timing import Timing

    usual = Timing()
    factor = 1 / speed if speed else 0.02
    return Timing(
        connect_attempts=1,
        answer=max(0.05, usual.answer * factor),
        silence=max(0.05, usual.silence * factor),
        whole_answer=max(0.5, usual.whole_answer * factor),
        pause=0.0,
    )
