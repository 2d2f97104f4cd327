"""A battery protocol as data: what a description file says, after it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bmsreader.model.reading import DEAD_CELL
from bmsreader.protocol.checksum import ALGORITHMS, PARTS

Evidence = Literal["vendor", "measured", "claimed", "disputed"]
Safety = Literal["read", "write"]
Cut = Literal["marks", "length", "size", "pause"]
Encoding = Literal["ascii-hex", "binary", "json", "text"]


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
    """Offset in the payload."""
    type: str
    counts: tuple[str, ...] = ()
    plus: int | None = None
    """Instead of ``counts``: the frame on the air has ``times`` x the number + ``plus`` bytes."""
    times: int = 1
    lenid: bool = False
    """The upper four bits check the lower twelve: all four hex digits add up to 0 modulo 16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escape:
    """How marks are kept out of what stands between them: a byte announces that the next one means another."""

    byte: int
    xor: int = 0
    """What the next byte is XORed with; with 0 it stands for itself, unless there are ``codes``."""
    codes: tuple[tuple[int, int], ...] = ()
    """(what is sent behind the byte, what it means), all that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bits:
    """A number in some bits of a byte."""

    at: int
    mask: int = 0xFF

    @property
    def shift(self) -> int:
        """How far from the right end of the byte it stands."""
        return (self.mask & -self.mask).bit_length() - 1

    def of(self, data: bytes) -> int:
        """Return the number."""
        return (data[self.at] & self.mask) >> self.shift

    def put(self, data: bytearray, number: int) -> None:
        """Write the number, as much of it as there is room for."""
        data[self.at] = data[self.at] & ~self.mask | number << self.shift & self.mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What stands in front of each notification: which part of an answer it is."""

    head: int
    """Bytes that it takes; they are no part of the frame."""
    number: Bits
    first: int = 1
    """The number of the first part."""
    total: Bits | None = None
    """How many parts the answer has."""
    length: Bits | None = None
    """How many bytes of the frame the notification holds; filling follows them."""

    def taken_off(self, chunk: bytes) -> tuple[int, bytes] | None:
        """Return which part a notification is, and the bytes of the frame in it; None where it is none."""
        if len(chunk) <= self.head:
            return None
        number = self.number.of(chunk)
        last = self.total.of(chunk) - 1 + self.first if self.total else number
        stop = self.head + self.length.of(chunk) if self.length else len(chunk)
        return (number, chunk[self.head : stop]) if self.first <= number <= last and stop <= len(chunk) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How frames are cut from the byte stream and turned into payloads."""

    start: bytes = b""
    """What every frame begins with."""
    end: bytes = b""
    """What every frame ends with."""
    encoding: Encoding
    limit: int
    """Bytes after which an unterminated frame is given up and reported."""
    cut: Cut = "marks"
    """``marks``: from start to end character, which stand nowhere else. ``length``: as long as it says. ``size``: as
    long as the messages are. ``pause``: the notifications between two pauses."""
    ignore: bytes = b""
    """Bytes that are dropped wherever they stand in a frame."""
    parts: Parts | None = None
    """What stands in front of each notification; frames are what is left, joined."""
    escape: Escape | None = None
    """With ``marks``: how they are kept out of the payload."""
    xor_key_at: int | None = None
    """Every payload byte is XORed with the byte at this offset."""
    xor_key: int = 0
    """Every payload byte is XORed with this number."""
    xor_from: int = 0
    """Payload bytes before this offset are sent as they are."""
    xor_over: Literal["bytes", "characters"] = "bytes"
    """With ``characters`` it is the characters on the air, between start and end, that are XORed."""
    length: LengthRule | None = None
    separators: str = ""
    """Characters of which each parts the values of a line; the first is the one that the simulator writes."""
    pair: str = ""
    """Character between a key and its value."""
    point: str = ""
    """What stands for the point in the numbers of a line: a comma; empty for the point itself."""
    behind: int = 0
    """Bytes behind the end of a text that belong to it: a check value that is no text."""
    ahead: int = 0
    """Bytes before the end of a text that are a check value, and no text."""

    @property
    def spoken(self) -> bool:
        """Whether answers are text with numbers in it, which paths lead to, and not bytes with offsets."""
        return self.encoding in ("json", "text")

    @property
    def open_ended(self) -> bool:
        """Whether a text has no end of its own: the next one ends it, or a pause."""
        return self.encoding == "text" and not self.end

    @property
    def digits(self) -> int:
        """Bytes on the air for one byte of the payload."""
        return 2 if self.encoding == "ascii-hex" else 1

    def on_air(self, size: int) -> int:
        """Return how long the frame of a payload of so many bytes is, escapes not counted."""
        return len(self.start) + size * self.digits + len(self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksumRule:
    """Which check value stands near the end of a payload, and over what it is taken."""

    name: str
    algorithm: str
    over: Literal["frame", "characters", "bytes", "masked"]
    """``frame``: as on the air, from its first byte. ``characters``: the same behind the start. ``bytes``: of the
    payload. ``masked``: of the payload before XOR is taken off."""
    skip: int = 0
    """Characters or bytes at the start that are left out."""
    gap: int = 0
    """Characters or bytes in front of the check value that are left out, too."""
    tail: int = 0
    """Bytes of the payload behind the check value."""
    plus: int = 0
    """Added to the sum; a XOR is XORed with it."""
    part: Literal["low8", "high8", "low16", "high16"] | None = None
    """The part of a wider check value that is sent."""
    order: Literal["big", "little"] = "big"
    mark: str = ""
    """In a line of text: what stands before the hex digits of the check value."""
    over_mark: bool = False
    """The mark is summed, too."""
    tolerate: Literal["upper-case"] | None = None
    """A second domain that is tried before giving up; a reading accepted by it says so in its notes."""

    @property
    def width(self) -> int:
        """Bytes of the check value in the payload."""
        return PARTS[self.part][0] if self.part else ALGORITHMS[self.algorithm].width


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
class Sign:
    """Another byte that says whether a number is negative."""

    at: int
    """Its offset in the payload."""
    negative: int
    """What its bits under ``mask`` are then."""
    mask: int = 0xFF
    positive: int = 0
    """What the simulator sends otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where a value stands in the payload and how its raw number becomes a value: value = raw x scale + offset."""

    name: str
    type: str
    at: int
    """Offset of the first byte in the payload."""
    minus: int | None = None
    """Offset of a second word that is subtracted (separate words for charge and discharge)."""
    mask: int = 0
    """The bits of the word that are the number; 0 = all."""
    sign: Sign | None = None
    count: int = 1
    step: int = 0
    """Bytes from one number to the next; 0 = they stand side by side."""
    count_at: int | None = None
    """Offset of a byte that says how many of the numbers are used."""
    least: int = 0
    """Numbers that are never taken for unused places at the end, though they be 0."""
    scale: float = 1
    offset: float = 0
    unit: str = ""
    unknown: tuple[int, ...] = ()
    """Raw numbers that mean "not reported"."""
    valid: tuple[int, int] | None = None
    """Raw numbers outside of this range mean "not reported"."""
    paths: tuple[str, ...] = ()
    """In text: where each number stands, one after the other."""
    prefix: str = ""
    """In text: what is written before the number, without a gap."""
    suffix: str = ""
    """In text: what is written behind the number, such as its unit."""
    base: int = 10
    """In text: 16 where hex digits are written."""
    decimals: int = 0
    """In text: digits behind the point that the simulator writes."""
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
    request: str | None
    """None: the battery sends it without being asked."""
    size: int
    """Bytes of the payload, checksum included."""
    when: tuple[tuple[int, int], ...]
    """(offset, value) pairs that tell this answer from others."""
    checksum: ChecksumRule | None
    fields: tuple[Field, ...]
    xor_key: int = 0
    """Key that the simulator encodes with."""
    then: str | None = None
    """Message that completes this one, after its request was sent."""
    by_request: bool = False
    """Nothing in it tells it from other messages of its size: only the request that it answers does."""
    told: tuple[tuple[str, str], ...] = ()
    """In text, instead of ``when``: (path, what stands there)."""
    columns: int = 0
    """In a line of text: how many values it has, without those that have a key; 0 = any number."""

    @property
    def prefix(self) -> bytes:
        """The first bytes as far as ``when`` says them without a gap."""
        values = dict(self.when)
        return bytes(values[at] for at in range(next(n for n in range(len(values) + 1) if n not in values)))


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
