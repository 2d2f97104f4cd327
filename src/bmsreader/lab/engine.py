"""Say the structure of the frames in the terms of the description language, or say what the language lacks for it."""

from binascii import Error as HexError
from binascii import unhexlify
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bmsreader.lab.evidence import Checksum, Frame, Structure
from bmsreader.protocol.checksum import ALGORITHMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Framing, encoding and check value as a description says them."""

    start: str
    end: str
    encoding: Literal["ascii-hex", "binary"]
    xor_key_at: int | None = None
    algorithm: str = "sum8"
    over: Literal["characters", "bytes"] = "bytes"
    skip: int = 0
    order: Literal["big", "little"] = "big"
    lacks: tuple[str, ...] = field(default=())
    """What the frames have and the language cannot say; then no description can be written."""

    @property
    def check(self) -> int:
        """Bytes of the check value at the end of a payload."""
        return ALGORITHMS[self.algorithm].width if self.algorithm in ALGORITHMS else 0

    def payload(self, data: bytes) -> bytes | None:
        """Return the payload of a frame as sent, from which offsets count; None when it is no such frame."""
        inner = data[len(self.start) : len(data) - len(self.end)]
        if self.encoding == "ascii-hex":
            try:
                inner = unhexlify(inner)
            except HexError:
                return None
        if self.xor_key_at is not None and len(inner) > self.xor_key_at:
            key = inner[self.xor_key_at]
            inner = bytes(byte ^ key for byte in inner)
        return inner


def in_language(structure: Structure) -> Frames:
    """Return the structure in the terms of the description language; ``lacks`` names what cannot be said."""
    framing, encoding = structure.framing.value, structure.encoding.value
    lacks = []
    start, end = framing.start[:1], framing.end[-1:]
    if not start:
        lacks.append("frames without one start byte")
    if not end:
        lacks.append("frames without an end byte")
    if start and start == end:
        lacks.append("frames that begin and end with the same byte")
    if encoding.kind in ("json", "csv"):
        lacks.append(f"{encoding.kind.upper()} text")
    if encoding.skip or encoding.tail or encoding.xor_text:
        lacks.append("text that is hex digits only in part")
    frames = tuple(frame for kind in structure.kinds for frame in kind.frames)
    key_at = encoding.xor_key_at
    if encoding.xor_constant and key_at is None:
        key_at = _key_byte(frames, encoding.xor_constant, hexed=encoding.kind == "hex")
        if key_at is None:
            lacks.append("XOR with a constant")
    if key_at is not None and key_at < 0:
        lacks.append("XOR by a byte counted from the end")
        key_at = None
    hexed = encoding.kind == "hex"
    if structure.checksum is None:
        lacks.append("frames without a check value")
        check = None
    else:
        check = structure.checksum.value
        lacks += _check_lacks(check, len(framing.end), hexed=hexed, masked=key_at is not None)
    return Frames(
        start=start.decode("latin-1"),
        end=end.decode("latin-1"),
        encoding="ascii-hex" if hexed else "binary",
        xor_key_at=key_at,
        algorithm=check.algorithm if check else "sum8",
        over=_over(check),
        skip=_skip(check, len(framing.start), len(start), hexed=hexed),
        order="little" if check and check.notation == "little" else "big",
        lacks=tuple(lacks),
    )


def _over(check: Checksum | None) -> Literal["characters", "bytes"]:
    return "characters" if check and check.domain == "frame" else "bytes"


def _skip(check: Checksum | None, stripped: int, one: int, *, hexed: bool) -> int:
    """Return what is left out at the front, counted behind the one start character of the language.

    The lab strips the whole start marker before it decodes, the engine one character only.
    """
    if check is None:
        return 0
    if check.domain == "frame":
        return check.start - one
    extra = (stripped - one) // (2 if hexed else 1)
    return check.start + extra


def _check_lacks(check: Checksum, end: int, *, hexed: bool, masked: bool) -> list[str]:
    lacks = []
    if check.algorithm not in ALGORITHMS:
        lacks.append(f"the check value {check.algorithm}")
    elif ALGORITHMS[check.algorithm].width != check.width:
        lacks.append(f"a part of the check value {check.algorithm}")
    if check.constant:
        lacks.append("a constant added to the check value")
    if check.gap:
        lacks.append("bytes in front of the check value that it leaves out")
    if check.tail != (end if check.domain == "frame" else 0):
        lacks.append("bytes behind the check value")
    if check.domain == "frame" and check.start == 0:
        lacks.append("a check value over the start byte")
    if check.domain == "decoded" and masked:
        lacks.append("a check value over bytes that are still XORed")
    if (check.notation == "hex") != (hexed and check.domain == "frame"):
        lacks.append(f"a check value in {check.notation} notation")
    return lacks


def _key_byte(frames: Sequence[Frame], constant: int, *, hexed: bool) -> int | None:
    """Return an offset that always holds the constant itself: XOR by that byte is the same as XOR by the constant."""
    payloads = []
    for frame in frames:
        inner = frame.data[1:-1]
        try:
            payloads.append(unhexlify(inner) if hexed else inner)
        except HexError:
            continue
    shortest = min(map(len, payloads), default=0)
    return next((at for at in range(shortest) if all(p[at] == constant for p in payloads)), None)
