"""A captured battery for the pictures of the lab: the invented one of docs/descriptions.md, and what was typed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bmsreader.captures.recording import Header, Record, RecordingWriter
from bmsreader.lab.labels import parse_label, write_labels
from bmsreader.protocol import Codec, parse
from tests.clock import START
from tests.lab.simulated import live

PAGE = Path(__file__).resolve().parents[1] / "docs" / "descriptions.md"
CAPTURE = "caravan.jsonl"
TYPED_AT = (0.05, 0.35, 0.75)


def invented_battery() -> Codec:
    """Return the binary battery that the page on descriptions invents."""
    examples = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return Codec(parse(next(text for text in examples if 'id = "volta"' in text)))


@contextmanager
def a_capture_with_labels(folder: Path, _environment: dict[str, str]) -> Iterator[None]:
    """Keep a capture of five minutes, and beside it what the app showed at three moments."""
    life = live(invented_battery(), count=100)
    capture = folder / CAPTURE
    with capture.open("w", encoding="utf-8") as file:
        writer = RecordingWriter(file, Header(started=START, battery="02:00:07:00:00:01", name="VOLTA-7123"))
        for packet in life.packets:
            writer.write(Record(at=packet.at, kind="tx" if packet.sent else "rx", data=packet.value))
    write_labels(capture, [parse_label(life.label(share)) for share in TYPED_AT])
    yield
