"""`bmsreader lab report`: a file for an issue, without anything that says whose battery it is."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import Opened, captured, force, opened, refuse_to_write_over, typed

if TYPE_CHECKING:
    from bmsreader.lab.analysis import Analysis
    from bmsreader.lab.labels import Label
    from bmsreader.lab.output.redacted import Redacted

WHEN = (2000, 1, 1, 0, 0, 0)
"""The date of all files in the bundle: nobody needs the real one."""
LEAST_PART = 4
"""Characters of a word in a name from which it is taken out wherever it stands."""
README = """What the bmsreader lab needs to describe this battery, and nothing else.

capture.jsonl          the answers that carry values, and the requests that they came to
capture.jsonl.labels   what the owner read off in the vendor's app, and when
analysis.json          what the lab found out

Left out: addresses, names, serial numbers, PINs, every other device, all writes but those requests, all answers that
never change. Look into it before you publish it; it is text:   bmsreader lab analyse capture.jsonl
"""


@click.command()
@captured
@typed
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="lab-report.zip",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write.",
)
@force
@options.as_json
def report(file: Path, battery: str | None, typed: Sequence[str], output: Path, force: bool, as_json: bool) -> None:
    """Write a redacted bundle of the capture in FILE for an issue.

    Addresses, names, serial numbers, PINs and other devices' traffic are left out: only answers of which bytes move are
    kept, and the requests that they came to. Look into it before you publish it.

    \b
    bmsreader lab report btsnoop_hci.log -o report.zip
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.verdict import counted
    from bmsreader.model.reading import frame_text

    terminal = Terminal(as_json=as_json)
    refuse_to_write_over(output, force=force)
    content, left = bundle(opened(file, battery, typed))
    output.write_bytes(content)
    if as_json:
        terminal.json(
            {
                "output": str(output),
                "answers": left.answers,
                "masked": left.masked,
                "left_out": left.left_out,
                "requests": [request.hex() for request in left.requests],
                "withheld": left.withheld,
            }
        )
        return
    told = f"left out whole: {left.left_out}, overwritten in part: {left.masked}"
    terminal.line(f"{output}: {counted(left.answers, 'answer')}; {told}.")
    terminal.line(f"Requests in it: {', '.join(map(frame_text, left.requests)) or 'none'}.")
    if left.withheld:
        terminal.line(f"Requests that may hold a PIN, and were left out: {left.withheld}.")
    if left.answers:
        terminal.remark("Look into it before you publish it.")
    else:
        terminal.remark("It helps nobody: no answer that changes is in it. `bmsreader lab check` says what to do.")


def bundle(found: Opened) -> "tuple[bytes, Redacted]":
    """Return the content of the bundle, and what was left out of it."""
    from datetime import UTC, datetime

    from bmsreader.captures.recording import Header, RecordingWriter
    from bmsreader.cli.jsontext import encode
    from bmsreader.cli.lab_analyse import as_data
    from bmsreader.lab.output.redacted import redacted, start_of
    from bmsreader.lab.structure import structure_of

    structure = structure_of(found.capture)
    left = redacted(structure, private_words(found), (packet.value for packet in found.capture.packets))
    text = io.StringIO()
    writer = RecordingWriter(text, Header(started=datetime(2000, 1, 1, tzinfo=UTC)))
    for record in left.records:
        writer.write(record)
    labels = shifted(found.labels, start_of(structure))
    analysis = encode(as_data(analysed(left, labels)))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in (
            ("README.txt", README),
            ("capture.jsonl", text.getvalue()),
            ("capture.jsonl.labels", "".join(label.line() + "\n" for label in labels)),
            ("analysis.json", analysis + "\n"),
        ):
            archive.writestr(zipfile.ZipInfo(name, WHEN), body)
    return content.getvalue(), left


def private_words(found: Opened) -> list[bytes]:
    """Return names and addresses of everybody in the capture, whole and in parts."""
    words: set[bytes] = set()
    for connection in found.whole.connections:
        if connection.peer:
            words |= {connection.peer.encode(), re.sub(r"[^0-9A-Fa-f]", "", connection.peer).encode()}
        if connection.name:
            parts = [part for part in re.split(r"[^0-9A-Za-z]+", connection.name) if len(part) >= LEAST_PART]
            words |= {part.encode("utf-8", "replace") for part in (connection.name, *parts)}
    return [word for word in words if len(word) >= LEAST_PART]


def shifted(labels: "Sequence[Label]", begun: float) -> "list[Label]":
    """Return the labels with the time counted from the first answer that is kept."""
    from dataclasses import replace

    return [replace(label, at=round(max(0.0, label.at - begun), 3)) for label in labels]


def analysed(left: "Redacted", labels: "Sequence[Label]") -> "Analysis":
    """Return what can be found out from what is left."""
    from bmsreader.captures.traffic import Capture, Connection, Packet
    from bmsreader.lab.analysis import analyse
    from bmsreader.lab.structure import structure_of

    packets = tuple(
        Packet(at=record.at, kind="write-command" if record.kind == "tx" else "notification", value=record.data)
        for record in left.records
    )
    capture = Capture(source="capture.jsonl", format="redacted", packets=packets, connections=(Connection(),))
    return analyse(structure_of(capture), labels)
