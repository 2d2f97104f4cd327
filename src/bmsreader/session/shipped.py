"""Decoding with the shipped descriptions, for programs that have bytes and want a reading."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bmsreader.descriptions.catalogue import load, shipped_ids
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol import decoding
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.fields import FieldValue


def codecs() -> Iterator[Codec]:
    """Yield the shipped descriptions, each compiled only when it is needed."""
    return map(load, shipped_ids())


def decode(data: bytes, *, battery: str = "", taken_at: datetime | None = None) -> Reading | FrameRejected:
    """Return the reading in a battery's answer, or a rejection with the reason.

    ``data`` are the bytes that the battery sent, notifications joined, noise around them allowed; one answer, or the
    frames that complete each other. ``taken_at`` defaults to now, UTC. Never raises for any bytes.
    """
    return decoding.decode(data, codecs(), battery=battery, taken_at=taken_at or datetime.now(UTC))


def explain(reading: Reading) -> tuple[FieldValue, ...]:
    """Return every field of a reading's frames: raw number, value, unit, evidence grade and note."""
    codec = load(reading.protocol)
    return tuple(field for frame in reading.frames for field in codec.explain(frame))
