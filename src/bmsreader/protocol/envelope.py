"""What surrounds the fields of one message: prefix, length and checksum, checked on the way in, made on the way out."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.protocol.description import Framing, Message
from bmsreader.protocol.fields import Raw, write_raw
from bmsreader.protocol.numbers import NUMBERS

TOLERATED_CASE = "checksum is right only over the upper-case form of the frame"
"""Note of a reading that needed the upper-case tolerance."""


@cache
def xor_table(key: int) -> bytes:
    """Return the translation table that XORs every byte with a key."""
    return bytes(value ^ key for value in range(256))


class Opened(NamedTuple):
    """A frame that passed framing, length and checksum."""

    message: Message
    payload: bytes
    frame: bytes
    notes: tuple[str, ...]


class Envelope:
    """One message as it stands in a frame; all that is constant is worked out once."""

    def __init__(self, framing: Framing, message: Message) -> None:
        self.message = message
        self._framing = framing
        self._rule = message.checksum
        algorithm = ALGORITHMS[message.checksum.algorithm]
        self._compute, self._width = algorithm.compute, algorithm.width
        self._digits = 2 if framing.encoding == "ascii-hex" else 1
        self.characters = message.size * self._digits + len(framing.start) + len(framing.end)
        values = dict(message.when)
        self.prefix = bytes(values[at] for at in range(len(values)))
        self._summed = slice(self._rule.skip, -self._width * self._digits)
        self._characters_summed = self._rule.over == "characters" and self._width == 1
        self._lengths = self._stated_lengths()
        self._length_at = slice(0, 0)
        if framing.length:
            self._length_at = slice(framing.length.at, framing.length.at + NUMBERS[framing.length.type].width)

    def _stated_lengths(self) -> tuple[bytes, ...]:
        """Return every form that the length field of this message may have; what the simulator sends stands first."""
        rule = self._framing.length
        if rule is None:
            return (b"",)
        kind = NUMBERS[rule.type]
        counts = {
            "characters": self.characters,
            "characters-2": self.characters - 2,
            "info-bytes": self.message.size - rule.at - kind.width - self._width,
        }
        names = rule.counts[::-1] if self._width > 1 and "characters-2" in rule.counts else rule.counts
        return tuple(kind.pack(counts[name]) for name in names)

    def fits(self, text: bytes, payload: bytes) -> bool:
        """Return whether length and checksum are right, without a word on what is not: the usual case, quickly."""
        if payload[self._length_at] not in self._lengths:
            return False
        if self._characters_summed:
            return self._compute(text[self._summed]) == payload[-1]
        sent, computed = self.sums(text, payload)
        return sent == computed

    def check(self, frame: bytes, text: bytes, payload: bytes) -> tuple[str, ...] | FrameRejected:
        """Check length and checksum of a payload that has this message's size and prefix; return notes on it."""
        if self._framing.length and payload[self._length_at] not in self._lengths:
            stated = NUMBERS[self._framing.length.type].unpack(payload[self._length_at])
            reason = f"length {stated} stated, {len(frame)} characters received"
            return FrameRejected(reason=reason, frame=frame, stage=Stage.LENGTH)
        sent, computed = self.sums(text, payload)
        if sent == computed:
            return ()
        if self._rule.tolerate == "upper-case" and self.sums(text.upper(), payload)[1] == sent:
            return (TOLERATED_CASE,)
        digits = 2 * self._width
        reason = f"checksum {sent:0{digits}X}, expected {computed:0{digits}X}"
        return FrameRejected(reason=reason, frame=frame, stage=Stage.CHECKSUM)

    def sums(self, text: bytes, payload: bytes) -> tuple[int, int]:
        """Return the checksum as sent and as computed."""
        width, rule = self._width, self._rule
        sent = payload[-1] if width == 1 else int.from_bytes(payload[-width:], rule.order)
        if rule.over == "characters":
            return sent, self._compute(text[rule.skip : -width * self._digits])
        return sent, self._compute(payload[rule.skip : -width])

    def seal(self, raws: Mapping[str, Raw]) -> bytes:
        """Return the whole frame of this message; fields that are left out take the description's default."""
        payload = bytearray(self.message.size)
        for field in self.message.fields:
            raw = raws.get(field.name, field.default)
            if raw != 0:
                write_raw(field, raw, payload)
        for at, value in self.message.when:
            payload[at] = value
        payload[self._length_at] = self._lengths[0]
        del payload[-self._width :]
        domain = self._text(bytes(payload), 0) if self._rule.over == "characters" else bytes(payload)
        check = self._compute(domain[self._rule.skip :]).to_bytes(self._width, self._rule.order)
        return self._framing.start + self._text(bytes(payload) + check, self.message.xor_key) + self._framing.end

    def _text(self, payload: bytes, key: int) -> bytes:
        payload = payload.translate(xor_table(key))
        return payload.hex().upper().encode("ascii") if self._digits == 2 else payload
