"""`bmsreader lab label`: keep what the vendor's app showed, beside the capture."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import astray, read

if TYPE_CHECKING:
    from datetime import datetime

    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.labels import Label


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.argument("labels", nargs=-1)
@click.option("--clear", is_flag=True, help="Forget the labels that are kept.")
@options.as_json
def label(file: Path, labels: Sequence[str], clear: bool, as_json: bool) -> None:
    """Keep what the vendor's app showed during the capture in FILE, and when: as LABELS, or typed line by line.

    A label is a time and what was seen: "75: 12.9V -3.2A 85% 21C". The time is seconds since the capture began; 1:15 is
    the same; 14:03:20+02:00 is the time of day, by clocks that are two hours ahead of UTC, and 14:03:20Z that of UTC.
    More can be said: remaining=170Ah full=200Ah design=200Ah cycles=12 health=98 cell1=3.257V min=3.251V max=3.262V
    T1=18C T2=21C mosfet=35C ambient=20C. The words rest, load and charge say what was going on. What is typed again for
    the same moment is corrected.

    \b
    bmsreader lab label btsnoop_hci.log "75: 12.9V -3.2A 85% 21C load on" "3:20: 13.4V 20.1A 86% charge"
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.labels import corrected, parse_label, read_labels, write_labels
    from bmsreader.lab.verdict import counted

    terminal = Terminal(as_json=as_json)
    capture = read(file, terminal)
    started = capture.started
    kept = () if clear else read_labels(file, started=started)
    added = [parse_label(text, started=started) for text in labels]
    if not labels and not clear:
        added = list(_typed(terminal, started))
    everything = corrected(kept, added)
    path = write_labels(file, everything)
    if as_json:
        terminal.json({"file": str(path), "labels": [one.line() for one in everything]})
        return
    for one in everything:
        terminal.line(one.line())
    for remark in astray(capture, everything):
        terminal.remark(remark)
    terminal.remark(f"{counted(len(everything), 'label')} kept in {path.name}.")


def _typed(terminal: "Terminal", started: "datetime | None") -> "Iterator[Label]":
    """Yield what is typed, line by line, until an empty line; a person may try again after a mistake."""
    from bmsreader.lab.labels import parse_label
    from bmsreader.model.errors import UsageError

    if sys.stdin.isatty():
        terminal.remark('Type what the app showed, such as "75: 12.9V -3.2A 85% 21C load on"; an empty line ends.')
    for line in sys.stdin:
        if not line.strip():
            return
        try:
            yield parse_label(line.strip(), started=started)
        except UsageError as error:
            if not sys.stdin.isatty():
                raise
            terminal.remark(f"{error}. {error.advice}")
