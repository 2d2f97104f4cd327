"""What surrounds the fields of one message: prefix, length and checksum, checked on the way in, made on the way out."""

from collections.abc import Mapping
from typing import NamedTuple

from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.checksum import ALGORITHMS, combined, part_of
from bmsreader.protocol.description import ChecksumRule, Framing, LengthRule, Message
from bmsreader.protocol.fields import Raw, write_count, write_raw
from bmsreader.protocol.measuring import Shape, lenid
from bmsreader.protocol.numbers import NUMBERS
from bmsreader.protocol.unpacking import Unpacking, xor_table

TOLERATED_CASE = "checksum is right only over the upper-case form of the frame"
"""Note of a reading that needed the upper-case tolerance."""


class Opened(NamedTuple):
    """A frame that passed framing, length and checksum."""

    message: Message
    payload: bytes
    frame: bytes
    notes: tuple[str, ...]


class CheckValue:
    """The check value of one message: where it stands, and what it should be."""

    def __init__(self, framing: Framing, rule: ChecksumRule) -> None:
        algorithm = ALGORITHMS[rule.algorithm]
        self.compute = part_of(algorithm, rule.part).compute if rule.part else algorithm.compute
        self.width = rule.width
        self.rule = rule
        self._digits = framing.digits
        self._start = framing.start
        self._unpacking = Unpacking(framing)
        self.plain = not (rule.gap or rule.tail or rule.plus)
        self.as_sent = rule.over != "bytes"
        """It stands among the bytes as they are on the air, before XOR is taken off."""
        behind = rule.tail + rule.width
        self.place = slice(-behind, -rule.tail or None)
        self._until = -(behind * (framing.digits if rule.over in ("frame", "characters") else 1)) - rule.gap

    def made(self, text: bytes, masked: bytes, payload: bytes) -> int:
        """Return the check value that these bytes, whole with whatever stands at its place, should have."""
        rule = self.rule
        match rule.over:
            case "bytes":
                domain = payload
            case "masked":
                domain = masked
            case "characters":
                domain = text
            case _:
                domain = self._start + text
        value = self.compute(domain[rule.skip : self._until])
        if rule.plus:
            return combined(value, rule.plus, by_xor="xor" in rule.algorithm, width=self.width)
        return value

    def sums(self, text: bytes, payload: bytes) -> tuple[int, int]:
        """Return the check value as sent and as it should be."""
        masked = self._unpacking.bytes_of(text) or b""
        sent = (masked if self.as_sent else payload)[self.place]
        return int.from_bytes(sent, self.rule.order), self.made(text, masked, payload)

    def put(self, payload: bytearray, key: int) -> None:
        """Write the check value into a payload in which everything else stands."""
        masked = self._unpacking.mask(bytes(payload), key)
        text = self._unpacking.text(masked)
        sent = self.made(text, masked, bytes(payload)).to_bytes(self.width, self.rule.order)
        payload[self.place] = sent.translate(xor_table(self._unpacking.key_of(key))) if self.as_sent else sent


class Envelope:
    """One message as it stands in a frame; all that is constant is worked out once."""

    def __init__(self, framing: Framing, message: Message) -> None:
        self.message = message
        self._framing = framing
        self._unpacking = Unpacking(framing)
        self._check = CheckValue(framing, message.checksum) if message.checksum else None
        self.characters = framing.on_air(message.size)
        self.prefix = message.prefix
        self.conditions = tuple((at, value) for at, value in message.when if at >= len(self.prefix))
        self._lengths = _stated_lengths(framing, message, self.characters)
        self._length_at = slice(0, 0)
        if framing.length:
            self._length_at = slice(framing.length.at, framing.length.at + NUMBERS[framing.length.type].width)
        # The most common kind of check value is judged without a detour.
        check = self._check
        masked = framing.xor_key_at is not None or framing.xor_key
        self._short = check is not None and check.width == 1 and check.plain and not masked
        self._short = self._short and message.checksum is not None and message.checksum.over == "characters"
        self._summed = slice(message.checksum.skip if message.checksum else 0, -framing.digits)
        self._compute = check.compute if check else len

    def meets(self, payload: bytes) -> bool:
        """Return whether a payload of this size is marked as this message is."""
        return payload.startswith(self.prefix) and all(payload[at] == value for at, value in self.conditions)

    def shape(self) -> Shape:
        """Return how this message begins on the air, as far as that is always the same, and how long it is there."""
        head = self._framing.start
        if self._framing.encoding == "binary" and self._framing.xor_key_at is None:
            head += self._unpacking.mask(self.prefix, 0)
        return Shape(head, self.characters)

    def fits(self, text: bytes, payload: bytes) -> bool:
        """Return whether length and checksum are right, without a word on what is not: the usual case, quickly."""
        if payload[self._length_at] not in self._lengths:
            return False
        if self._short:
            return self._compute(text[self._summed]) == payload[-1]
        if self._check is None:
            return True
        sent, computed = self._check.sums(text, payload)
        return sent == computed

    def check(self, frame: bytes, text: bytes, payload: bytes) -> tuple[str, ...] | FrameRejected:
        """Check length and checksum of a payload that has this message's size and prefix; return notes on it."""
        if self._framing.length and payload[self._length_at] not in self._lengths:
            stated = NUMBERS[self._framing.length.type].unpack(payload[self._length_at])
            reason = f"length {stated} stated, {len(frame)} characters received"
            return FrameRejected(reason=reason, frame=frame, stage=Stage.LENGTH)
        if self._check is None:
            return ()
        sent, computed = self._check.sums(text, payload)
        if sent == computed:
            return ()
        if self._check.rule.tolerate == "upper-case" and self._check.sums(text.upper(), payload)[1] == sent:
            return (TOLERATED_CASE,)
        digits = 2 * self._check.width
        reason = f"checksum {sent:0{digits}X}, expected {computed:0{digits}X}"
        return FrameRejected(reason=reason, frame=frame, stage=Stage.CHECKSUM)

    def is_checked(self, text: bytes, payload: bytes) -> bool:
        """Return whether the check value of this kind is right in a payload of any size."""
        if self._check is None or len(payload) <= max(2, self._check.width + self._check.rule.tail):
            return False
        sent, computed = self._check.sums(text, payload)
        return sent == computed

    def seal(self, raws: Mapping[str, Raw]) -> bytes:
        """Return the whole frame of this message; fields that are left out take the description's default."""
        payload = bytearray(self.message.size)
        for field in self.message.fields:
            raw = raws.get(field.name, field.default)
            if raw != 0 or field.sign is not None:
                write_raw(field, raw, payload)
            write_count(field, raw, payload)
        for at, value in self.message.when:
            payload[at] = value
        payload[self._length_at] = self._lengths[0]
        key = self.message.xor_key
        if self._framing.xor_from and self._framing.xor_key_at is not None:
            payload[self._framing.xor_key_at] = key
        if self._check:
            self._check.put(payload, key)
        text = self._unpacking.text(self._unpacking.mask(bytes(payload), key))
        return self._framing.start + text + self._framing.end


def _stated_lengths(framing: Framing, message: Message, characters: int) -> tuple[bytes, ...]:
    """Return every form that the length field of a message may have; what the simulator sends stands first."""
    rule = framing.length
    if rule is None:
        return (b"",)
    if rule.plus is not None:
        return (_stated(rule, (characters - rule.plus) // rule.times),)
    kind = NUMBERS[rule.type]
    checked = message.checksum.width if message.checksum else 0
    counts = {
        "characters": characters,
        "characters-2": characters - 2,
        "info-bytes": message.size - rule.at - kind.width - checked,
    }
    names = rule.counts[::-1] if checked > 1 and "characters-2" in rule.counts else rule.counts
    return tuple(kind.pack(counts[name]) for name in names)


def _stated(rule: LengthRule, number: int) -> bytes:
    return NUMBERS[rule.type].pack(lenid(number) if rule.lenid else number)
