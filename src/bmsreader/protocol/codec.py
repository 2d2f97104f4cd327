"""A compiled description: frames in, readings or rejections out; and the other way for the simulator."""

from binascii import Error as HexError
from binascii import unhexlify
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected, Stage
from bmsreader.protocol.assembler import Assembler, Cutter
from bmsreader.protocol.braces import Braces
from bmsreader.protocol.description import Description, Framing, Message
from bmsreader.protocol.envelope import Envelope, Opened
from bmsreader.protocol.fields import FieldValue, Raw, explain, to_raw
from bmsreader.protocol.generate import Decoder, make_decoder
from bmsreader.protocol.lines import Lines
from bmsreader.protocol.measuring import Measured, Paused
from bmsreader.protocol.numbering import Numbered
from bmsreader.protocol.spoken import Speech, Spoken
from bmsreader.protocol.stuffing import Stuffed
from bmsreader.protocol.unpacking import Unpacking
from bmsreader.protocol.vocabulary import LISTS, SEVERAL, list_of


class Codec:
    """One description, compiled: decode and encode come from the same table."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.id = description.id
        self.preferred = False
        """Whether a person named it: it is tried before all others, whatever hints there are."""
        framing = description.framing
        self._start, self._end = framing.start, framing.end
        self._inner = slice(len(framing.start), -len(framing.end) or None)
        self._least = len(framing.start) + len(framing.end) + 1
        self._hex = framing.encoding == "ascii-hex"
        self._masked = framing.xor_key_at is not None or framing.xor_key != 0
        unpacking = Unpacking(framing)
        self._unmask = unpacking.unmask
        self._unstuffed = unpacking.bytes_of if framing.escape else None
        self._plain = unpacking.plain if framing.xor_over == "characters" else None
        self._decoders: dict[tuple[str, ...], Decoder] = {}
        self._single: dict[Envelope | Spoken, Decoder] = {}
        messages = description.messages.items() if not framing.spoken else ()
        self._envelopes = {name: Envelope(framing, message) for name, message in messages}
        self._checked = any(message.checksum for message in description.messages.values())
        self._by_size: dict[int, list[Envelope]] = {}
        for envelope in self._envelopes.values():
            self._by_size.setdefault(envelope.message.size, []).append(envelope)
        self._speech = Speech(framing, description.messages.values()) if framing.spoken else None

    def assembler(self, *, joined: bool = False) -> Cutter:
        """Return what cuts this description's frames from notifications, new.

        ``joined``: what it is fed are frames, and what stood in front of each notification was taken off.
        """
        framing = self.description.framing
        cutter = self._cutter(framing)
        return Numbered(framing.parts, cutter) if framing.parts and not joined else cutter

    def _cutter(self, framing: Framing) -> Cutter:
        if framing.spoken:
            return (Braces if framing.encoding == "json" else Lines)(framing)
        if framing.escape:
            return Stuffed(framing)
        if framing.cut == "marks":
            return Assembler(framing)
        shapes = [envelope.shape() for envelope in self._envelopes.values()]
        return (Paused if framing.cut == "pause" else Measured)(framing, shapes, self._misread)

    def _misread(self, frame: bytes) -> FrameRejected | None:
        """Return why a frame cannot have been cut rightly; None where it may be.

        Cut by what it says of itself, it may be one that is not described; cut by the size of a message, it is none.
        """
        by_size = self.description.framing.cut != "length"
        found = self._verify(frame) if self._checked or by_size else None
        return found if isinstance(found, FrameRejected) and (by_size or found.stage < Stage.MESSAGE) else None

    # ---- decode

    def decode(
        self, frames: bytes | Sequence[bytes], *, battery: str, taken_at: datetime, cells: int = 0
    ) -> Reading | FrameRejected:
        """Return the reading in one frame, or in several frames that complete each other, or why there is none.

        ``cells`` is the number of cells that the pack is known to have: a cell that reads 0 V is never taken for an
        unused slot below it.
        """
        if isinstance(frames, bytes):
            found = self._verify(frames)
            if isinstance(found, FrameRejected):
                return found
            envelope, payload, notes = found
            if envelope.message.by_request:
                return self._nameless(frames)
            decoder = self._single.get(envelope) or self._make_single(envelope)
            result = decoder(payload, cells, battery, taken_at, (frames,), notes)
            return _implausible(result, frames) if isinstance(result, str) else result
        parts: list[Opened] = []
        following = next(iter(self.description.messages.values())) if len(frames) > 1 else None
        for frame in frames:
            opened = self.open(frame, following.request if following else None)
            if isinstance(opened, FrameRejected):
                return opened
            parts.append(opened)
            following = self.completion(opened.message)
        return self.reading(parts, battery=battery, taken_at=taken_at, cells=cells)

    def reading(
        self, parts: Sequence[Opened], *, battery: str, taken_at: datetime, cells: int = 0
    ) -> Reading | FrameRejected:
        """Return the reading in opened frames, or the rejection when it cannot be real."""
        payload = b"".join([part.payload for part in parts])
        frames = tuple([part.frame for part in parts])
        notes = tuple({note: None for part in parts for note in part.notes})
        decoder = self._decoder(tuple([part.message.name for part in parts]))
        result = decoder(payload, cells, battery, taken_at, frames, notes)
        return _implausible(result, b"".join(frames)) if isinstance(result, str) else result

    def _make_single(self, envelope: Envelope | Spoken) -> Decoder:
        decoder = self._single[envelope] = self._decoder((envelope.message.name,))
        return decoder

    def _decoder(self, names: tuple[str, ...]) -> Decoder:
        """Return the decoder of messages that complete each other; made when first needed."""
        if names not in self._decoders:
            messages = [self.description.messages[name] for name in names]
            self._decoders[names] = make_decoder(self.description, messages)
        return self._decoders[names]

    def open(self, frame: bytes, request: str | None = None) -> Opened | FrameRejected:
        """Check framing, encoding, length and checksum of a frame and return its message and payload.

        ``request`` is what the battery was asked before, where that is known; some messages are told by nothing else.
        """
        found = self._verify(frame)
        if isinstance(found, FrameRejected):
            return found
        envelope, payload, notes = found
        message = envelope.message
        if message.by_request and message.request != request:
            alike = (one for one in self._by_size[len(payload)] if one.message.by_request)
            fitting = (one.message for one in alike if one.message.request == request and one.meets(payload))
            answer = next(fitting, None)
            if answer is None:
                return self._nameless(frame)
            message = answer
        return Opened(message, payload, frame, notes)

    @staticmethod
    def _nameless(frame: bytes) -> FrameRejected:
        reason = "only the request that it answers tells which message it is, and that is not known"
        return FrameRejected(reason=reason, frame=frame, stage=Stage.MESSAGE)

    def _verify(self, frame: bytes) -> tuple[Envelope | Spoken, bytes, tuple[str, ...]] | FrameRejected:
        if self._speech:
            return self._speech.open(frame)
        if not (frame.startswith(self._start) and frame.endswith(self._end) and len(frame) >= self._least):
            return FrameRejected(reason="no frame: start or end byte missing", frame=frame)
        text = frame[self._inner]
        if self._unstuffed:
            return self._opened(frame, text, self._unstuffed(text))
        try:
            plain = self._plain(text) if self._plain else text
            payload = unhexlify(plain) if self._hex else plain
        except HexError:
            return _not_hex(text, frame)
        return self._opened(frame, text, payload)

    def _opened(
        self, frame: bytes, text: bytes, payload: bytes | None
    ) -> tuple[Envelope | Spoken, bytes, tuple[str, ...]] | FrameRejected:
        if payload is None:
            return FrameRejected(reason="an escape byte is followed by no code", frame=frame, stage=Stage.ENCODING)
        if self._masked:
            payload = self._unmask(payload)
        for envelope in self._by_size.get(len(payload), ()):
            if payload.startswith(envelope.prefix) and (not envelope.conditions or envelope.meets(payload)):
                if envelope.fits(text, payload):
                    return envelope, payload, ()
                notes = envelope.check(frame, text, payload)
                return notes if isinstance(notes, FrameRejected) else (envelope, payload, notes)
        return self._unknown(frame, text, payload)

    def _unknown(self, frame: bytes, text: bytes, payload: bytes) -> FrameRejected:
        """Say what is wrong with a frame that no message fits: cut short, damaged, or simply not described."""
        known = [envelope for envelope in self._envelopes.values() if payload.startswith(envelope.prefix)]
        checked = any(envelope.is_checked(text, payload) for envelope in self._envelopes.values())
        if known and not (checked and self.description.framing.cut != "marks"):
            sizes = " or ".join(str(envelope.characters) for envelope in known)
            reason = f"length {self.description.framing.on_air(len(payload))} characters, expected {sizes}"
            return FrameRejected(reason=reason, frame=frame, stage=Stage.LENGTH)
        if checked:
            reason = f"message {payload[:2].hex().upper()} of {len(payload)} bytes is not described"
            return FrameRejected(reason=reason, frame=frame, stage=Stage.MESSAGE)
        return FrameRejected(reason="no known message, and its checksum is wrong", frame=frame, stage=Stage.ENCODING)

    def explain(self, frame: bytes) -> tuple[FieldValue, ...]:
        """Return every field of a valid frame with raw number, value, evidence and note; empty when it is invalid."""
        opened = self.open(frame)
        return () if isinstance(opened, FrameRejected) else explain(opened.message, opened.payload)

    # ---- encode

    def encode(self, message: str, values: Mapping[str, object]) -> bytes:
        """Return the frame of a message that says these values (named and in units as in a reading)."""
        raws: dict[str, Raw] = {}
        told = self._in_groups(values)
        for field in self.description.messages[message].fields:
            raw = to_raw(field, told)
            if raw is not None:
                raws[field.name] = raw
        return self.encode_raw(message, raws)

    def _in_groups(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Return values with each list dealt out to the groups in which the battery sends it."""
        told = dict(values)
        for name, groups in self._groups.items():
            whole, at = values.get(name), 0
            for group, count in groups if isinstance(whole, (tuple, list)) else ():
                told[group] = whole[at : at + count]  # type: ignore[index]
                at += count
        return told

    @cached_property
    def _groups(self) -> dict[str, list[tuple[str, int]]]:
        """Lists that stand in several groups, each with its size, in order."""
        sizes = {f.name: f.count for message in self.description.messages.values() for f in message.fields}
        groups = {name: [(g, sizes[g]) for g in SEVERAL if g in sizes and list_of(g) == name] for name in LISTS}
        return {name: found for name, found in groups.items() if len(found) > 1}

    def encode_raw(self, message: str, raws: Mapping[str, Raw]) -> bytes:
        """Return the frame of a message from raw numbers; fields left out take the description's default."""
        return (self._speech.messages if self._speech else self._envelopes)[message].seal(raws)

    # ---- what may be asked

    @cached_property
    def read_requests(self) -> tuple[bytes, ...]:
        """The bytes of every request that is marked ``read``, the only ones that may ever be sent."""
        return tuple(r.send for r in self.description.requests.values() if r.safety == "read")

    def completion(self, message: Message) -> Message | None:
        """Return the message that completes this one, or None when it stands alone."""
        return self.description.messages[message.then] if message.then else None


def _implausible(reason: str, frame: bytes) -> FrameRejected:
    return FrameRejected(reason=f"implausible: {reason}", frame=frame, stage=Stage.PLAUSIBILITY)


def _not_hex(text: bytes, frame: bytes) -> FrameRejected:
    for position, byte in enumerate(text, 1):
        if byte not in b"0123456789abcdefABCDEF":
            reason = f"character {chr(byte)!r} at position {position} is no hex digit"
            return FrameRejected(reason=reason, frame=frame, stage=Stage.ENCODING)
    return FrameRejected(reason="odd number of hex digits", frame=frame, stage=Stage.ENCODING)
