"""What the lab finds out, and how sure it is: evidence is counted in bits, and rivals are named.

A finding of n bits is one that chance would produce once in 2^n captures, after everything else that was tried is
taken into account.
"""

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from bmsreader.captures.traffic import Packet
from bmsreader.lab.framing.columns import Columns
from bmsreader.protocol.description import Escape, Parts

T = TypeVar("T")

SURE = 20.0
"""Bits from which a finding is called sure: chance produces it once in a million captures."""

Notation = Literal["little", "big", "hex"]
"""How a number stands in a frame: as bytes in one of two orders, or as hexadecimal digits, most significant first."""


Domain = Literal["frame", "decoded", "payload"]
"""Bytes as sent; between start and end with hex digits read; the same with XOR taken off (all the same when raw)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Generic[T]):
    """One thing that was found out."""

    value: T
    bits: float
    why: str
    """The evidence in words, for people."""
    rivals: tuple["Finding[T]", ...] = ()
    """Other values that explain (nearly) as much, best first; with equal bits, nothing in the capture decides."""
    equals: tuple[T, ...] = ()
    """Values that say the same of every frame in the capture: only unused freedom differs, such as constant bytes."""

    @property
    def sure(self) -> bool:
        """Whether it can be relied on: enough evidence, and no rival with as much."""
        return self.bits >= SURE and not any(rival.bits >= self.bits for rival in self.rivals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One answer of the battery, joined from its notifications, as it was on the air."""

    at: float
    """s since the capture began, of its first notification."""
    request: bytes | None
    """The write before it; None where there was none or where it belongs to no request."""
    data: bytes
    handle: int | None = None
    """Of the characteristic that it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length field: the frame as sent has ``scale * field + constant`` bytes."""

    at: int
    """Offset in the frame as sent, start bytes included."""
    width: int
    """Bytes that the field takes in the frame: with ``notation`` hex these are digits."""
    notation: Notation
    scale: int = 1
    constant: int = 0
    mask: int = 0
    """Bits of the field that count, 0 for all: 0xFFF where the upper four check the lower twelve (LENID)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How frames are cut from the notifications."""

    start: bytes = b""
    """Bytes that all frames begin with."""
    starts: tuple[bytes, ...] = ()
    """First bytes that occur, when there are several."""
    end: bytes = b""
    escape: Escape | None = None
    """How marks are kept out of what stands between them."""
    parts: Parts | None = None
    """What stands in front of each notification; frames are what is left of them, joined."""
    part: int = 0
    """Bytes of a full notification, where they are numbered."""
    length: Length | None = None
    sizes: tuple[int, ...] = ()
    """Bytes of a frame as sent, those that occur, the most frequent first."""
    text: bool = False
    """Frames are text, so that the end mark cannot stand inside."""
    alone: bool = False
    """Each burst is one frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How the bytes between start and end become payload bytes."""

    kind: Literal["raw", "hex", "json", "csv"]
    xor_constant: int = 0
    """Each byte (each character of hex digits, with ``xor_text``) is XORed with it."""
    xor_key_at: int | None = None
    """Each payload byte is XORed with the payload byte at this offset; negative from the end."""
    xor_from: int = 0
    """Payload bytes before this one are as they are."""
    xor_text: bool = False
    """XOR comes over the text, before its hex digits are read."""
    separators: str = ""
    """Of lines of text (csv): the characters that part values."""
    pair: str = ""
    """Of lines of text: the character between a key and its value."""
    point: str = ""
    """Of lines of text: what stands for the point in numbers, if it is not one."""
    behind: int = 0
    """Of text: bytes behind its end that are none, a check value."""
    ahead: int = 0
    """The same, before its end."""
    skip: int = 0
    """Bytes after the start that are no hex digits; they stay as they are, in front of the payload."""
    tail: int = 0
    """Bytes before the end that are no hex digits."""
    modbus: bool = False
    """The answers are those of Modbus RTU: address, function, byte count, 16-bit registers, CRC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """Where the check value stands and over what it is taken."""

    algorithm: str
    """As in ``sums.FUNCTIONS``."""
    domain: Domain
    """Which bytes it is taken over; the place is counted in these, too."""
    width: int
    """Bytes of the check value; 2 digits each with notation hex."""
    notation: Notation
    start: int = 0
    """Bytes at the front that are left out."""
    gap: int = 0
    """Bytes between the end of what is summed and the check value, left out too."""
    tail: int = 0
    """Bytes after the check value."""
    constant: int = 0
    """Added to the sum (XORed with it for XOR), when the frames only agree with a free constant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Answers of one kind, told from others by request, size and head: each will be one message of a description."""

    request: bytes | None
    size: int
    """Bytes of the payload, check value included; 0 where it varies."""
    frames: tuple[Frame, ...]
    payloads: tuple[bytes, ...]
    """Decoded, start and end bytes removed, in the order of ``frames``."""
    columns: Columns | None = None
    """Of text: which number stands where; the payloads are made of the numbers."""
    by_request: bool = False
    """Whether it was told from others of its size by the request that it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Everything that is found out about how frames are built, before any byte gets a meaning."""

    framing: Finding[Framing]
    encoding: Finding[Encoding]
    checksum: Finding[Checksum] | None
    """None is an answer: no rule fits the frames."""
    kinds: tuple[Kind, ...]
    """The most frequent first."""
    broken: tuple[Frame, ...] = ()
    """Pieces that are no whole frame: a notification is missing, or the check value is wrong."""
    truncated: int = 0
    """Notifications that the capture holds cut short: then no frame need be what was on the air."""
    heard: tuple[Packet, ...] = field(default=(), compare=False, repr=False)
    """What all this was found in: what came from the battery's handle, and what was sent to it, in order."""
