"""What all lab commands begin with: the capture, which battery in it, its labels, its structure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bmsreader.captures.choosing import Peer
    from bmsreader.captures.traffic import Capture
    from bmsreader.lab.analysis import Analysis
    from bmsreader.lab.labels import Label

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
        """Return all that can be found out."""
        from bmsreader.lab.analysis import analyse
        from bmsreader.lab.structure import structure_of

        return analyse(structure_of(self.capture), self.labels)


def opened(file: Path, battery: str | None, typed: Sequence[str] = ()) -> Opened:
    """Return the battery's traffic with its labels; raise CaptureError or UsageError in words."""
    from bmsreader.captures.choosing import chosen, only
    from bmsreader.captures.reading import read_capture
    from bmsreader.lab.labels import in_order, parse_label, read_labels

    whole = read_capture(file)
    peer = chosen(whole, battery)
    kept = read_labels(file, started=whole.started)
    labels = in_order([*kept, *(parse_label(text, started=whole.started) for text in typed)])
    return Opened(path=file, whole=whole, capture=only(whole, peer), peer=peer, labels=labels)
