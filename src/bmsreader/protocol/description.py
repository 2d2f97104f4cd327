"""A battery protocol as data: what a description file says, after it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bmsreader.model.reading import DEAD_CELL

Evidence = Literal["vendor", "measured", "claimed", "disputed"]
Safety = Literal["read", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BleProfile:
    """The UUIDs by which a battery is talked to; handles are never fixed, they differ between batteries."""

    service: str
    notify: str
    write: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What makes an advertisement worth a closer look. Never proof: a battery is recognised by what it answers."""

    names: tuple[str, ...] = ()
    """Shell-style patterns, compared without regard to case."""
    manufacturer_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthRule:
    """A length field in the frame and what it may count."""

    at: int
    type: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How frames are cut from the byte stream and turned into payloads."""

    start: bytes
    end: bytes
    encoding: Literal["ascii-hex", "binary"]
    limit: int
    """Bytes after which an unterminated frame is given up and reported."""
    ignore: bytes = b""
    """Bytes that are dropped wherever they stand in a frame."""
    xor_key_at: int | None = None
    """Every payload byte is XORed with the byte at this offset."""
    length: LengthRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksumRule:
    """Which sum stands at the end of a payload, and over what it is taken."""

    name: str
    algorithm: str
    over: Literal["characters", "bytes"]
    skip: int = 0
    """Characters or bytes at the start that are left out."""
    order: Literal["big", "little"] = "big"
    tolerate: Literal["upper-case"] | None = None
    """A second domain that is tried before giving up; a reading accepted by it says so in its notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Bytes that may be (``read``) or must never be (``write``) sent to a battery."""

    name: str
    safety: Safety
    send: bytes = b""
    pattern: str = ""
    """For known writes: ASCII with '.' for any character; no request of any description may start like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """One bit of a status word: an alarm, a switch, or just a name."""

    bit: int
    name: str
    role: Literal["alarm", "switch", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A sensor after the first is absent when it reads ``raw`` while the first is more than ``beyond`` away."""

    raw: int
    beyond: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a value stands in the payload and how its raw number becomes a value: value = raw x scale + offset."""

    name: str
    type: str
    at: int
    """Offset of the first byte in the payload."""
    minus: int | None = None
    """Offset of a second word that is subtracted (separate words for charge and discharge)."""
    count: int = 1
    least: int = 0
    """Numbers that are never taken for unused places at the end, though they be 0."""
    scale: float = 1
    offset: float = 0
    unit: str = ""
    unknown: tuple[int, ...] = ()
    """Raw numbers that mean "not reported"."""
    valid: tuple[int, int] | None = None
    """Raw numbers outside of this range mean "not reported"."""
    raw: bool = False
    """Kept for inspection and plausibility, not part of a reading."""
    default: int = 0
    """Raw number that the simulator sends when nothing else is asked for."""
    bits: tuple[Bit, ...] = ()
    absent: Absent | None = None
    collapse: bool = False
    """Equal values of all sensors are one sensor."""
    evidence: Evidence = "claimed"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One kind of answer."""

    name: str
    request: str
    size: int
    """Bytes of the payload, checksum included."""
    when: tuple[tuple[int, int], ...]
    """(offset, value) pairs that tell this answer from others."""
    checksum: ChecksumRule
    fields: tuple[Field, ...]
    xor_key: int = 0
    """Key that the simulator encodes with."""
    then: str | None = None
    """Message that completes this one, after its request was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One plausibility rule; its parameters are those of the check (see ``protocol/rules.py``)."""

    check: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A whole battery protocol."""

    id: str
    name: str
    brands: tuple[str, ...]
    sources: tuple[str, ...]
    profiles: tuple[BleProfile, ...]
    hints: Hints
    baudrate: int | None
    """For batteries with a serial port: bits per second, 8N1."""
    framing: Framing
    requests: Mapping[str, Request]
    messages: Mapping[str, Message]
    rules: tuple[Rule, ...]

    @property
    def alarms(self) -> tuple[str, ...]:
        """Names of all alarms that a battery of this protocol can raise, in the order of its messages."""
        bits = (bit for message in self.messages.values() for field in message.fields for bit in field.bits)
        named = [bit.name for bit in bits if bit.role == "alarm"]
        derived = [DEAD_CELL] if any(rule.check == "cells" for rule in self.rules) else []
        return tuple(dict.fromkeys([*named, *derived]))
