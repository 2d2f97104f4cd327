"""Byte stuffing is found: marks that never stand inside, because an escape byte announces what looks like one.

It shows by three things together: behind the escape byte come none but the codes of the marks and of itself, frames
that differ in length are equally long without escapes, and then their check value is right.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from bmsreader.lab.checks.checksum import check_value, find_checksum
from bmsreader.lab.evidence import SURE, Checksum, Finding, Frame, Framing, Structure
from bmsreader.lab.framing.bursts import Burst
from bmsreader.lab.framing.cutting import LARGEST
from bmsreader.lab.framing.frames import Framed
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.description import Escape
from bmsreader.protocol.description import Framing as Rule
from bmsreader.protocol.stuffing import Stuffed, Stuffing

SHARE = 0.8
"""Of the bursts begin and end with marks; in the others a notification is missing."""
FEWEST = 2
"""Frames with escapes that must have been seen."""
CLEAR = SURE + 6
"""Bits of a check value behind one of many ways that were tried."""
FEW_BITS = 16
"""Of check values in frames with escapes, at least."""
MOST_CODES = 3
"""Of two marks and the escape byte."""
SAMPLE, MOST_BYTES, JUDGES = 400, 1 << 15, 24
"""Bursts and bytes in which escapes are looked for, and frames whose check value is."""
HDLC, SLIP = (0x7E, 0x7D, 0x20), (0xC0, 0xDB, ((0xDC, 0xC0), (0xDD, 0xDB)))
"""Usual ways, which need no check value to be believed: mark, escape byte, and what comes behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstuffed:
    """Frames without marks and escapes, and what they were on the air."""

    rule: Rule
    framed: Framed
    sent: dict[tuple[float, bytes], bytes]


def unstuffed(bursts: Sequence[Burst], handle: int | None = None) -> Unstuffed | None:
    """Return the frames behind byte stuffing; None where there is none."""
    ends = list(accumulate(len(burst.data) for burst in bursts[:SAMPLE]))
    sample = bursts[: bisect_right(ends, MOST_BYTES)]
    ranked = [(_evidence(rule, _cut(sample, rule, handle)), rule) for rule in _rules(sample)]
    bits, rule = max(ranked, key=lambda pair: pair[0], default=(0.0, None))
    return _found(rule, _cut(bursts, rule, handle), bits) if rule and bits else None


def on_air(structure: Structure, found: Unstuffed) -> Structure:
    """Return what was found of frames without marks and escapes, said of the frames as they are on the air."""
    rule, checksum = found.rule, structure.checksum
    framing = replace(structure.framing.value, start=rule.start, end=rule.end, escape=rule.escape)
    if checksum and checksum.value.domain == "frame":
        checksum = replace(checksum, value=replace(checksum.value, domain="decoded"))
    kinds = tuple(
        replace(kind, frames=tuple(replace(one, data=found.sent[one.at, one.data]) for one in kind.frames))
        for kind in structure.kinds
    )
    return replace(structure, framing=replace(structure.framing, value=framing), checksum=checksum, kinds=kinds)


# ---- which marks and escapes there may be


def _rules(bursts: Sequence[Burst]) -> Iterator[Rule]:
    """Yield ways of stuffing that the frequent first and last bytes and what follows each byte allow."""
    pairs = {pair for burst in bursts for pair in pairwise(burst.data)}
    head, tail = _frequent(bursts, slice(0, 2)), _frequent(bursts, slice(-2, None))
    if head and tail and head[0] == tail[0] and head[0] not in (head[1], tail[1]):
        yield _rule(head, tail, Escape(byte=head[0]))
    end, first = _frequent(bursts, slice(-1, None)), _frequent(bursts, slice(0, 1))
    if not end:
        return
    starts = [first] if first == end else [first, b""] if _only_outside(first, end, bursts) else [b""]
    followers: dict[int, set[int]] = {}
    for one, other in pairs:
        followers.setdefault(one, set()).add(other)
    for byte, behind in followers.items():
        if byte in (*end, *first) or len(behind) > MOST_CODES or not _shortens(byte, bursts):
            continue
        for start in starts:
            yield from (_rule(start, end, escape) for escape in _escapes(byte, behind, {*end, *start}))


def _shortens(byte: int, bursts: Sequence[Burst]) -> bool:
    """Return whether answers that hold a byte are as long without it as others are that do not."""
    held = [(len(burst.data), burst.data.count(byte)) for burst in bursts]
    escaped = [size - count for size, count in held if count]
    return _alike([size for size, count in held if not count], escaped, [size for size, count in held if count])


def _alike(plain: Sequence[int], escaped: Sequence[int], before: Sequence[int]) -> bool:
    """Return whether sizes with escapes taken out are those of frames without, or fewer where there is none such."""
    if len(escaped) < FEWEST:
        return False
    if len(plain) >= FEWEST:
        sizes = set(plain)
        return sum(size in sizes for size in escaped) >= SHARE * len(escaped)
    return 2 * len(set(escaped)) <= len(set(before))


def _rule(start: bytes, end: bytes, escape: Escape) -> Rule:
    return Rule(start=start, end=end, encoding="binary", limit=2 * LARGEST, escape=escape)


def _frequent(bursts: Sequence[Burst], where: slice) -> bytes:
    """Return the bytes with which nearly all bursts begin or end."""
    counts = Counter(burst.data[where] for burst in bursts if len(burst.data) > len(range(*where.indices(2))))
    byte, count = max(counts.items(), key=lambda pair: pair[1], default=(b"", 0))
    return byte if count >= SHARE * len(bursts) else b""


def _only_outside(first: bytes, end: bytes, bursts: Sequence[Burst]) -> bool:
    """Return whether a byte stands at the front of frames only."""
    pieces = [piece for burst in bursts for piece in burst.data.split(end) if piece]
    return bool(first) and sum(first in piece[1:] for piece in pieces) <= (1 - SHARE) * len(pieces) / 4


def _escapes(byte: int, behind: set[int], marks: set[int]) -> Iterator[Escape]:
    """Yield what an escape byte may do to the next byte so that these are the codes of what has to be escaped."""
    special = {byte, *marks}
    for xor in sorted({code ^ one for code in behind for one in special} - {0}):
        codes = {one ^ xor for one in special}
        if behind <= codes and not codes & special:
            yield Escape(byte=byte, xor=xor)
    if len(marks) == 1 and len(behind) == 2 and not behind & special:
        (mark,), (low, high) = marks, sorted(behind)
        yield Escape(byte=byte, codes=((low, mark), (high, byte)))
        yield Escape(byte=byte, codes=((low, byte), (high, mark)))


# ---- frames, and what speaks for them

Pair = tuple[Frame, bytes]
"""A frame as on the air and what it means."""


def _cut(bursts: Sequence[Burst], rule: Rule, handle: int | None) -> tuple[list[Pair], list[Frame]]:
    """Return the frames with what they mean, and the pieces that are none."""
    assert rule.escape  # noqa: S101 - each rule has one
    way, cutter = Stuffing(rule.escape, rule.start, rule.end), Stuffed(rule)
    whole: list[Pair] = []
    broken: list[Frame] = []
    at = 0.0
    for burst in bursts:
        served = 0
        for time, chunk in zip(burst.times, burst.chunks, strict=True):
            at = at if cutter.pending else time
            for one in cutter.feed(chunk):
                request = burst.requests[min(served, len(burst.requests) - 1)] if burst.requests else None
                data = one.frame if isinstance(one, FrameRejected) else one
                inner = None if isinstance(one, FrameRejected) else data[len(rule.start) : -len(rule.end)]
                meant = None if inner is None else way.unstuffed(inner)
                frame = Frame(at=at, request=request, data=data, handle=handle)
                served += meant is not None
                at = time
                if meant is None:
                    broken.append(frame)
                else:
                    whole.append((frame, meant))
    return whole, broken


def _evidence(rule: Rule, cut: tuple[list[Pair], list[Frame]]) -> float:
    """Return the bits that speak for a way of stuffing; 0 where it is not believed."""
    whole, broken = cut
    assert rule.escape  # noqa: S101 - each rule has one
    around = len(rule.start) + len(rule.end)
    escaped = [(frame, meant) for frame, meant in whole if len(meant) != len(frame.data) - around]
    lost = sum(len(frame.data) for frame in broken)
    plain = [len(meant) for frame, meant in whole if len(meant) == len(frame.data) - around]
    alike = _alike(plain, [len(meant) for _, meant in escaped], [len(frame.data) for frame, _ in escaped])
    if not alike or lost > (1 - SHARE) * sum(len(frame.data) for frame, _ in whole):
        return 0.0
    checked = _checked([meant for _, meant in escaped], [meant for _, meant in whole])
    if checked:
        return checked
    known = (rule.end[-1], rule.escape.byte, rule.escape.xor or rule.escape.codes) in (HDLC, SLIP) or len(rule.end) == 2
    return min(100.0, 7.0 * len(escaped)) if known else 0.0


def _checked(escaped: Sequence[bytes], whole: Sequence[bytes]) -> float:
    """Return the bits of a check value that is right in frames with escapes; 0 where there is none.

    Where these are few, others of their sizes tell what is summed: but those with escapes must agree to the last.
    """
    few = list(dict.fromkeys(escaped))[:JUDGES]
    sizes = set(map(len, few))
    more = list(dict.fromkeys([*few, *(one for one in whole if len(one) in sizes)]))[:JUDGES]
    for frames, quick in ((few, True), (more, True), (more, False)):
        check = find_checksum({"frame": frames}, quick=quick)
        if not check or check.bits < CLEAR or check.value.constant or check.value.gap:
            continue
        agreeing = sum(_agrees(check.value, frame) for frame in few)
        if agreeing >= SHARE * len(few) and 8 * check.value.width * agreeing >= FEW_BITS:
            return check.bits
    return 0.0


def _agrees(rule: Checksum, frame: bytes) -> bool:
    """Return whether the check value of a frame is right."""
    pair = check_value(rule, frame)
    return pair is not None and pair[0] == pair[1]


def _found(rule: Rule, cut: tuple[list[Pair], list[Frame]], bits: float) -> Unstuffed:
    whole, broken = cut
    frames = tuple(replace(frame, data=meant) for frame, meant in whole)
    sent = {(frame.at, meant): frame.data for frame, meant in whole}
    sizes = tuple(size for size, _ in Counter(len(meant) for _, meant in whole).most_common(24))
    finding = Finding(value=Framing(sizes=sizes), bits=round(bits, 1), why=_why(rule, len(frames)))
    return Unstuffed(rule=rule, framed=Framed(framing=finding, frames=frames, broken=tuple(broken)), sent=sent)


def _why(rule: Rule, frames: int) -> str:
    assert rule.escape  # noqa: S101 - each rule has one
    begin = f"begin with {rule.start.hex(' ').upper()}, " if rule.start else ""
    stuffed = f"marks and {rule.escape.byte:02X} stand inside only behind a {rule.escape.byte:02X}, as other bytes"
    if len(rule.end) == 2:
        stuffed = f"each {rule.escape.byte:02X} inside is doubled"
    return f"{frames} frames {begin}end with {rule.end.hex(' ').upper()}; {stuffed}"
