"""A frame that was not believed, with the reason."""

from dataclasses import dataclass, field
from enum import IntEnum


class Stage(IntEnum):
    """How far a rejected frame got; the description under which it gets furthest explains it best."""

    FRAMING = 0
    ENCODING = 1
    CHECKSUM = 2
    LENGTH = 3
    MESSAGE = 4
    PLAUSIBILITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRejected:
    """Bytes that arrived but did not become a reading: counted and shown, never swallowed."""

    reason: str
    """One clause in words, such as ``checksum BD, expected B6``."""
    frame: bytes
    """The bytes exactly as received."""
    stage: Stage = field(default=Stage.FRAMING, compare=False)
    """Which check failed."""
