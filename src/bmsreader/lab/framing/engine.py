"""Say the structure of the frames in the terms of the description language, or say what the language lacks for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from bmsreader.lab.checks.sums import FUNCTIONS
from bmsreader.lab.evidence import Checksum, Encoding, Length, Structure
from bmsreader.lab.evidence import Framing as Found
from bmsreader.lab.framing.wordy import mark_of
from bmsreader.protocol.checksum import PARTS
from bmsreader.protocol.description import ChecksumRule, Cut, Framing, LengthRule
from bmsreader.protocol.unpacking import Unpacking

LIMIT = 64
"""Bytes of a frame that are allowed for at least."""
OVER: dict[tuple[str, bool], Literal["frame", "bytes", "masked"]] = {
    ("frame", False): "frame",
    ("frame", True): "frame",
    ("decoded", False): "bytes",
    ("decoded", True): "masked",
    ("payload", False): "bytes",
    ("payload", True): "bytes",
}
"""What the lab's domains are called in the language, without and with XOR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Framing, encoding and check value as a description says them."""

    framing: Framing
    checksum: ChecksumRule | None = None
    lacks: tuple[str, ...] = field(default=())
    """What the frames have and the language cannot say; then no description can be written."""

    @property
    def check(self) -> tuple[int, int]:
        """Bytes of the check value and behind it, at the end of a payload; of text it is no part of that."""
        if self.framing.spoken:
            return (0, 0)
        return (self.checksum.width, self.checksum.tail) if self.checksum else (0, 0)

    def payload(self, data: bytes) -> bytes | None:
        """Return the payload of a frame as sent, from which offsets count; None when it is no such frame."""
        framing = self.framing
        return Unpacking(framing).payload(data[len(framing.start) : len(data) - len(framing.end)])


def in_language(structure: Structure) -> Frames:
    """Return the structure in the terms of the description language; ``lacks`` names what cannot be said."""
    found, encoding = structure.framing.value, structure.encoding.value
    if encoding.kind in ("json", "csv") and all(kind.columns for kind in structure.kinds):
        return _in_text(structure)
    start, end = found.start, found.end
    if encoding.kind == "hex":  # what is no digit in front of the digits belongs to the start, if it never changes
        start, end = _with_margins(structure, encoding)
    lacks = list(_encoding_lacks(encoding, found, start, end))
    check = structure.checksum.value if structure.checksum else None
    framing = Framing(
        start=start,
        end=end,
        encoding="ascii-hex" if encoding.kind == "hex" else "binary",
        limit=max(LIMIT, 2 * max((len(f.data) for kind in structure.kinds for f in kind.frames), default=0)),
        escape=found.escape,
        parts=found.parts,
        xor_key_at=_at_least_0(encoding.xor_key_at),
        xor_key=encoding.xor_constant if encoding.xor_key_at is None else 0,
        xor_from=encoding.xor_from,
        xor_over="characters" if encoding.xor_text else "bytes",
    )
    length = _length(found.length, framing)
    cut = _cut(framing, found, length)
    framing = replace(framing, cut=cut, length=length if cut == "length" else None)
    if check and check.domain != "frame":  # what is no digit stays in front of the decoded bytes
        check = replace(check, start=max(0, check.start - encoding.skip), tail=check.tail - encoding.tail)
    if check:
        lacks += _check_lacks(check, framing)
    rule = _checksum(check, framing) if check and not lacks else None
    return Frames(framing=framing, checksum=rule, lacks=tuple(lacks))


def _in_text(structure: Structure) -> Frames:
    found, encoding = structure.framing.value, structure.encoding.value
    sent = [frame.data for kind in structure.kinds for frame in kind.frames]
    framing = Framing(
        start=found.start,
        end=b"" if encoding.kind == "json" else found.end,
        encoding="json" if encoding.kind == "json" else "text",
        parts=found.parts,
        limit=max(LIMIT, 2 << max(map(len, sent), default=0).bit_length()),  # the next answer may be longer
        separators=encoding.separators,
        pair=encoding.pair,
        behind=encoding.behind,
        ahead=encoding.ahead,
        point=encoding.point,
    )
    if structure.checksum is None:
        return Frames(framing=framing)
    check = structure.checksum.value
    name, part = _part(check.algorithm)
    behind = check.start >= len(framing.start)
    rule = ChecksumRule(
        name="check",
        algorithm=name,
        part=part,  # type: ignore[arg-type]
        over="characters" if behind else "frame",
        skip=check.start - len(framing.start) if behind else check.start,
        plus=check.constant,
        order="little" if check.notation == "little" else "big",
        mark="" if framing.behind or framing.ahead else mark_of(check, sent).decode("latin-1"),
        over_mark=not (check.gap or framing.behind or framing.ahead),
    )
    return Frames(framing=framing, checksum=rule)


def _at_least_0(key_at: int | None) -> int | None:
    return key_at if key_at is not None and key_at >= 0 else None


def _with_margins(structure: Structure, encoding: Encoding) -> tuple[bytes, bytes]:
    """Return start and end with the bytes that are no hex digits, where they are always the same."""
    found = structure.framing.value
    frames = [frame.data for kind in structure.kinds for frame in kind.frames]
    before, behind = len(found.start) + encoding.skip, len(found.end) + encoding.tail
    heads, tails = {frame[:before] for frame in frames}, {frame[len(frame) - behind :] for frame in frames}
    start = heads.pop() if len(heads) == 1 else found.start
    return start, tails.pop() if len(tails) == 1 else found.end


def _encoding_lacks(encoding: Encoding, found: Found, start: bytes, end: bytes) -> Iterator[str]:
    if encoding.kind in ("json", "csv"):
        yield f"{encoding.kind.upper()} text"
    margins = (len(start) - len(found.start), len(end) - len(found.end))
    if encoding.kind == "hex" and margins != (encoding.skip, encoding.tail):
        yield "text that is hex digits only in part"
    if encoding.xor_key_at is not None and encoding.xor_key_at < 0:
        yield "XOR by a byte counted from the end"
    if found.escape and encoding.kind == "hex":
        yield "escapes among hex digits"


def _length(found: Length | None, framing: Framing) -> LengthRule | None:
    """Return the length field as the language says it; None where it cannot."""
    if found is None:
        return None
    digits = framing.digits
    if (found.notation == "hex") != (digits == 2):
        return None
    at, odd = divmod(found.at - len(framing.start), digits)
    if odd or at < 0:
        return None
    width = found.width // digits
    kind = {1: "u8", 2: "u16", 4: "u32"}.get(width)
    if kind is None or (found.mask and kind != "u16"):
        return None
    little = found.notation == "little" and width > 1
    return LengthRule(
        at=at,
        type=f"{kind}-le" if little else kind,
        plus=found.constant,
        times=found.scale,
        lenid=bool(found.mask),
    )


def _cut(framing: Framing, found: Found, length: LengthRule | None) -> Cut:
    """Return how frames can be cut: by what they say of themselves, by marks that stand nowhere else, by size."""
    if framing.escape:
        return "marks"
    text = found.text or framing.encoding == "ascii-hex"
    if text and len(framing.start) == len(framing.end) == 1 and framing.start != framing.end:
        return "marks"
    if length and (framing.start or framing.encoding == "binary"):
        return "length"
    return "size" if framing.start or (found.starts and not found.alone) else "pause"


# ---- the check value


def _part(algorithm: str) -> tuple[str, str | None]:
    name, _, part = algorithm.partition("/")
    return name, part or None


def _check_lacks(check: Checksum, framing: Framing) -> Iterator[str]:
    _name, part = _part(check.algorithm)
    hexed = framing.encoding == "ascii-hex"
    as_sent = check.domain == "frame"
    if (part and part not in PARTS) or FUNCTIONS[check.algorithm].bits // 8 != check.width:
        yield f"the check value {check.algorithm}"
    if (check.notation == "hex") != (hexed and as_sent):
        yield f"a check value in {check.notation} notation"
    tail = check.tail - (len(framing.end) if as_sent else 0)
    if tail < 0 or (hexed and as_sent and tail % 2):
        yield "a check value within the end"


def _checksum(check: Checksum, framing: Framing) -> ChecksumRule:
    name, part = _part(check.algorithm)
    as_sent = check.domain == "frame"
    masked = framing.xor_key_at is not None or framing.xor_key != 0
    over = OVER[check.domain, masked]
    skip, tail = check.start, check.tail
    if as_sent:
        tail = (tail - len(framing.end)) // framing.digits
    return ChecksumRule(
        name="check",
        algorithm=name,
        part=part,  # type: ignore[arg-type]
        over="characters" if over == "frame" and skip >= len(framing.start) > 0 else over,
        skip=skip - len(framing.start) if over == "frame" and skip >= len(framing.start) > 0 else skip,
        gap=check.gap,
        tail=tail,
        plus=check.constant,
        order="little" if check.notation == "little" else "big",
    )
