"""What all lab commands begin with: the capture, which battery in it, its labels, its structure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bmsreader.captures.choosing import Peer
    from bmsreader.captures.traffic import Capture
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.analysis import Analysis
    from bmsreader.lab.labels import Label

LARGE = 8 << 20
"""Bytes from which on reading takes long enough to be shown."""
SOON = 60.0
"""s around what a battery said in which a label may still be meant for it."""

battery = click.option(
    "--battery", metavar="WHICH", help="Address, name or number of the battery, where the capture holds several."
)
typed = click.option(
    "--label",
    "typed",
    metavar="LABEL",
    multiple=True,
    help='What the app showed and when, such as "75: 12.9V 85% -3.2A"; beside those kept by `lab label`.',
)

force = click.option("--force", is_flag=True, help="Write over a file that exists.")


def refuse_to_write_over(output: Path | None, *, force: bool) -> None:
    """Raise UsageError where a file is there already that nobody wants to lose."""
    from bmsreader.model.errors import UsageError

    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} exists", advice="Give --force to write over it, or another name.")


def captured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument for the capture and the option for the battery."""
    path = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
    return click.argument("file", type=path)(battery(command))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One battery's traffic in a capture."""

    path: Path
    whole: "Capture"
    """With everybody's traffic."""
    capture: "Capture"
    """With this battery's alone."""
    peer: "Peer"
    labels: "tuple[Label, ...]"

    @property
    def chunks(self) -> list[bytes]:
        """What the battery sent, as it came."""
        return [packet.value for packet in self.capture.packets if not packet.sent]

    def analysis(self) -> "Analysis":
        """Return all that can be found out; show that it takes its time where it does."""
        from bmsreader.cli.terminal import Terminal
        from bmsreader.lab.analysis import analyse
        from bmsreader.lab.structure import structure_of

        with Terminal().working("working it out"):
            return analyse(structure_of(self.capture), self.labels)


def opened(file: Path, battery: str | None, typed: Sequence[str] = (), *, remarks: bool = True) -> Opened:
    """Return the battery's traffic with its labels; raise CaptureError or UsageError in words.

    What its owner should know of the capture and the labels is told, unless ``remarks`` is off.
    """
    from bmsreader.captures.choosing import chosen, only
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.labels import in_order, parse_label, read_labels

    terminal = Terminal()
    whole = read(file, terminal)
    peer = chosen(whole, battery)
    kept = read_labels(file, started=whole.started)
    labels = in_order([*kept, *(parse_label(text, started=whole.started) for text in typed)])
    capture = only(whole, peer)
    for remark in (*(whole.remarks if remarks else ()), *astray(capture, labels)):
        terminal.remark(remark)
    return Opened(path=file, whole=whole, capture=capture, peer=peer, labels=labels)


def read(file: Path, terminal: "Terminal") -> "Capture":
    """Read a capture; of a large one, show how far."""
    from bmsreader.captures.reading import read_capture
    from bmsreader.cli.progress import progress_bar

    if file.stat().st_size < LARGE:
        return read_capture(file)
    with progress_bar(terminal, f"reading {file.name}") as tell:
        return read_capture(file, tell=tell)


def astray(capture: "Capture", labels: "Sequence[Label]") -> "Iterator[str]":
    """Yield a remark for each label at a time at which the battery said nothing."""
    times = [packet.at for packet in capture.packets]
    first, last = min(times, default=0.0), max(times, default=0.0)
    for label in labels:
        if last > first and not first - SOON <= label.at <= last + SOON:
            heard = f"the battery was heard from {first:.0f} s to {last:.0f} s only"
            yield f'The label "{label.line()}" is of no use: {heard}.'
