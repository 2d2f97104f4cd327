"""`bmsreader decode`: readings out of bytes that somebody else received."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from typing import TYPE_CHECKING, BinaryIO

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from bmsreader.model.errors import BmsReaderError
    from bmsreader.model.reading import Reading
    from bmsreader.model.rejection import FrameRejected

    Result = Reading | FrameRejected

BLOCK = 1 << 20
LONGEST_HEADER = 1 << 16
OURS = re.compile(rb"\s*(?:[:{]|(?:[0-9A-Fa-f]{2}\s*){4,}\r?\n|(?:[0-9A-Fa-f]{2}\s*)+$|$)")
"""How frames in text and hex digits begin, and recordings: no other capture, so that nothing need be looked up."""


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--battery", metavar="WHICH", help="Address, name or number of the battery, where a capture holds several."
)
@options.as_json
@options.description
@options.quiet
def command(file: BinaryIO, battery: str | None, as_json: bool, descriptions: Sequence[str], quiet: bool) -> None:
    """Decode frames: one in each line, as ASCII text or hex digits.

    FILE (default: standard input) may also be what `gatttool --listen` printed, a recording made by
    `bmsreader record`, or any capture that `bmsreader lab` reads. Each line, or each frame found in a capture, is
    answered by exactly one line, in order: a reading, or the reason why the bytes are none. Needs no Bluetooth.

    \b
    bmsreader decode frames.txt
    bmsreader decode btsnoop_hci.log --description my.toml
    gatttool -b 02:00:07:00:00:01 --char-write-req -a 0x0011 -n 3a... --listen | bmsreader decode --json
    """
    if not quiet and file is sys.stdin.buffer and sys.stdin.isatty():
        print("Paste frames, one in each line; Ctrl-D ends.", file=sys.stderr)
    readings, answers = answer(results(file, descriptions, battery), as_json=as_json)
    if not readings:
        raise nothing(answers)


def results(file: BinaryIO, descriptions: Sequence[str], battery: str | None = None) -> "Iterator[Result]":
    """Yield one result for each line, or for each frame of a capture."""
    if isinstance(file, BufferedReader) and file.seekable() and not OURS.match(file.peek(1)):
        from bmsreader.captures.reading import START, is_capture

        if is_capture(file.peek(START)[:START]):
            return captured(file, descriptions, battery)
    first = file.readline(LONGEST_HEADER)
    if first.lstrip().startswith(b"{") and b'"bmsreader"' in first:
        return recording(first, file, descriptions)
    if not first:
        return iter(())
    from bmsreader.cli.lines import LineDecoder

    return LineDecoder(descriptions).results(file, first)


def captured(file: BinaryIO, descriptions: Sequence[str], battery: str | None) -> "Iterator[Result]":
    """Yield one result for each frame of one battery in somebody's capture."""
    from bmsreader.captures.reading import read_open
    from bmsreader.cli.catalogue import codecs
    from bmsreader.model.errors import CorruptAnswer, NothingFound
    from bmsreader.session.captured import decode_capture

    readings = answers = 0
    for result in decode_capture(read_open(file, file.name), codecs(descriptions), battery=battery):
        answers += 1
        readings += hasattr(result, "as_dict")
        yield result
    if not readings:
        why = ", for the reasons shown" if answers else ""
        raise (CorruptAnswer if answers else NothingFound)(
            f"no frame of this capture is read by any description{why}",
            advice="`bmsreader lab analyse` finds out what it says; --description FILE tries a description of yours.",
        )


def recording(header: bytes, file: BinaryIO, descriptions: Sequence[str]) -> "Iterator[Result]":
    """Yield one result for each frame of a recording."""
    from bmsreader.captures.recording import read_header
    from bmsreader.cli.catalogue import codecs
    from bmsreader.session.bulk import BulkDecoder

    decoder = BulkDecoder(read_header(header, source=file.name), codecs(descriptions))
    return decoder.decode(blocks(file))


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield what has arrived so far, in whole lines: from a pipe at once, from a file in large pieces."""
    while block := file.read1(BLOCK):  # type: ignore[attr-defined]
        yield block + file.readline()


def answer(found: "Iterable[Result]", *, as_json: bool) -> tuple[int, int]:
    """Print each result as soon as it is there; return how many are readings, and how many there are."""
    if as_json:
        from bmsreader.cli.jsontext import of
    else:
        from bmsreader.cli.words import of
    out = sys.stdout
    readings = answers = 0
    for result in found:
        answers += 1
        readings += hasattr(result, "as_dict")
        out.write(of(result) + "\n")
        out.flush()
    return readings, answers


def nothing(answers: int) -> "BmsReaderError":
    """Return what to tell where not one reading was found."""
    from bmsreader.model.errors import CorruptAnswer, NothingFound

    if not answers:
        return NothingFound(
            "there is nothing to decode", advice="Give frames, one in each line; see `bmsreader decode --help`."
        )
    what = "the only line is" if answers == 1 else f"all {answers} lines are"
    return CorruptAnswer(
        f"{what} rejected, for the reason shown",
        advice="A frame begins with ':' and ends with '~', or is given in hex.",
    )
