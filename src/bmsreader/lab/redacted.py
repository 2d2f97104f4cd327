"""What of a capture may be shown to strangers: the answers that carry values, and nothing that says whose they are.

Kept are only answers of which bytes move, and the requests that they came to. Everything else goes: other batteries'
and other devices' traffic, reads, writes that were not such a request (PINs, names, switches), and answers that never
change (serial numbers, versions, dates of manufacture). In what is kept, the address, the name and every run of text
that never changes are overwritten.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bmsreader.captures.recording import Record
from bmsreader.lab.evidence import Kind, Structure

TEXT = re.compile(rb"[0-9A-Za-z _./:+-]{4,}")
"""What may be a name, a serial number or a date."""
BCD = re.compile(
    rb"(?:[\x00-\x09\x10-\x19\x20-\x29\x30-\x39\x40-\x49\x50-\x59\x60-\x69\x70-\x79\x80-\x89\x90-\x99]){5,}"
)
"""What may be a number in packed decimal digits."""
NEVER = 0xFF
"""A byte that is neither text nor decimal digits."""
MOVING = 2
"""Bytes of an answer that must move; a check value alone moves with a counter."""
OFTEN = 3
"""Times that a request must have been answered: what was sent once may be a password."""
HEAD = 5
"""Bytes at the front that say what an answer is: they are kept, or nobody could use it."""
MASK, MASK_DIGIT = 0, ord("0")
HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What is left of one battery's traffic."""

    records: tuple[Record, ...]
    answers: int
    masked: int
    """Answers in which something was overwritten: their check value is no longer right."""
    left_out: int
    """Answers that were left out whole."""


def redacted(structure: Structure, private: Iterable[bytes]) -> Redacted:
    """Return the answers and requests that may be shown; ``private`` are words that must not be in them."""
    words = [word for word in {form for one in private for form in forms(one)} if len(word) >= 3]
    records: list[Record] = []
    answers = masked = 0
    kept = [kind for kind in structure.kinds if _carries_values(kind)]
    sendable = {kind.request for kind in kept if kind.request and _harmless(kind, words)}
    for kind in kept:
        spans = _still_text([frame.data for frame in kind.frames])
        for frame, payload in zip(kind.frames, kind.payloads, strict=True):
            data = _masked(frame.data, spans, words)
            if data == frame.data and any(word.lower() in payload.lower() for word in words):
                continue  # masked by XOR, so that it cannot be overwritten on the air
            masked += data != frame.data
            answers += 1
            if frame.request in sendable:
                records.append(Record(at=max(0.0, frame.at - 0.001), kind="tx", data=frame.request or b""))
            records.append(Record(at=frame.at, kind="rx", data=data))
    begun = min((record.at for record in records), default=0.0)
    moved = [Record(at=round(record.at - begun, 3), kind=record.kind, data=record.data) for record in records]
    moved.sort(key=lambda record: record.at)
    everything = sum(len(kind.frames) for kind in structure.kinds)
    return Redacted(records=tuple(moved), answers=answers, masked=masked, left_out=everything - answers)


def start_of(structure: Structure) -> float:
    """Return how many seconds of the capture the redacted records leave out at its beginning."""
    kinds = [kind for kind in structure.kinds if _carries_values(kind)]
    times = [frame.at for kind in kinds for frame in kind.frames]
    return max(0.0, min(times, default=0.0) - 0.001)


def _carries_values(kind: Kind) -> bool:
    """Return whether an answer is one of measurements: it was given often, and bytes of it move."""
    size = min(map(len, kind.payloads), default=0)
    moving = sum(len({payload[at] for payload in kind.payloads}) > 1 for at in range(size))
    return len(kind.frames) >= OFTEN and moving >= MOVING


def _harmless(kind: Kind, words: Sequence[bytes]) -> bool:
    """Return whether a request was sent again and again and holds nothing private."""
    request = kind.request or b""
    often = sum(frame.request == request for frame in kind.frames) >= OFTEN
    return often and not any(word.lower() in request.lower() for word in words)


def forms(word: bytes) -> Iterator[bytes]:
    """Yield the ways in which a word may stand in a frame: as it is, turned round, as hex digits of either case."""
    for one in (word, word[::-1]):
        yield one
        yield one.hex().encode("ascii")
        yield one.hex().upper().encode("ascii")
    if len(word) == 12 and all(byte in HEX_DIGITS for byte in word):  # an address as text
        yield from forms(bytes.fromhex(word.decode("ascii")))


def _still_text(frames: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return (start, stop) of runs of text that are the same in all frames, on the air or behind hex digits."""
    size = min(map(len, frames))
    first = frames[0]
    still = [all(frame[at] == first[at] for frame in frames) for at in range(size)]
    spans = []
    if _is_hex_text(first):
        inner = [at for at in range(1, size - 1, 2) if at + 1 < size]
        decoded = bytes(int(first[at : at + 2], 16) if _is_pair(first[at : at + 2]) else 0 for at in inner)
        stays = [still[at] and still[at + 1] for at in inner]
        spans += [(inner[a], inner[b - 1] + 2) for a, b in _runs(decoded, stays) if b > a]
    else:
        spans += _runs(first[:size], still)
    return [span for span in spans if span[0] >= HEAD * (2 if _is_hex_text(first) else 1)]


def _runs(data: bytes, still: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of what may be text or packed decimal digits, as far as it never changes."""
    known = bytes(byte if stays else NEVER for byte, stays in zip(data, still, strict=False))
    for pattern, zeros in ((TEXT, 0), (BCD, 1)):
        for match in pattern.finditer(known):
            run = match.group()
            if len(set(run)) >= 3 and run.count(0) <= zeros:
                yield match.span()


def _is_hex_text(frame: bytes) -> bool:
    inner = frame[1:-1]
    return len(inner) >= 8 and sum(byte in HEX_DIGITS for byte in inner) >= 0.9 * len(inner)


def _is_pair(pair: bytes) -> bool:
    return len(pair) == 2 and all(byte in HEX_DIGITS for byte in pair)


def _masked(data: bytes, spans: Sequence[tuple[int, int]], words: Sequence[bytes]) -> bytes:
    """Return a frame with what is private overwritten; its length stays."""
    mask = MASK_DIGIT if _is_hex_text(data) else MASK
    found = bytearray(data)
    for start, stop in spans:
        found[start:stop] = bytes([mask]) * (stop - start)
    for word in words:
        at = bytes(found).lower().find(word.lower())
        while at >= 0:
            found[at : at + len(word)] = bytes([mask]) * len(word)
            at = bytes(found).lower().find(word.lower())
            if mask in word and bytes(found[at : at + len(word)]).count(mask) == len(word):
                break
    return bytes(found)
