"""The contributed recordings in captures/: real answers of batteries with the readings that they must become."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bmsreader.descriptions import load
from bmsreader.model import FrameRejected, Reading
from bmsreader.protocol import Codec

FOLDER = Path(__file__).resolve().parents[1] / "captures"
TAKEN_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One recording: what a battery sent, and the reading or the reason for its rejection."""

    name: str
    description: str
    kind: str
    frames: tuple[bytes, ...]
    reading: dict[str, Any] | None
    raw: dict[str, str]
    rejected: str | None

    @property
    def codec(self) -> Codec:
        return load(self.description)


def _contribution(path: Path) -> Contribution:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Contribution(
        name=f"{path.parent.name}/{path.stem}",
        description=data["description"],
        kind=data["kind"],
        frames=tuple(frame.encode("ascii") for frame in data["frames"]),
        reading=data.get("reading"),
        raw=data.get("raw", {}),
        rejected=data.get("rejected"),
    )


CONTRIBUTED = {one.name: one for one in map(_contribution, sorted(FOLDER.glob("*/*.json")))}
READABLE = [one for one in CONTRIBUTED.values() if one.reading is not None]
REAL_FRAMES = [(one.codec, frame) for one in READABLE if one.kind == "real" for frame in one.frames]


def frame_of(name: str) -> bytes:
    """Return the first frame of a recording."""
    return CONTRIBUTED[name].frames[0]


def decode(codec: Codec, *frames: bytes, cells: int = 0) -> Reading | FrameRejected:
    return codec.decode(frames, battery="test", taken_at=TAKEN_AT, cells=cells)


def reading(codec: Codec, *frames: bytes, cells: int = 0) -> Reading:
    """Return the reading in frames that must be valid."""
    result = decode(codec, *frames, cells=cells)
    assert isinstance(result, Reading), result
    return result


def rejection(codec: Codec, *frames: bytes) -> str:
    """Return the reason for which frames must be rejected."""
    result = decode(codec, *frames)
    assert isinstance(result, FrameRejected), result
    return result.reason
