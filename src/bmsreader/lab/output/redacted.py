"""What of a capture may be shown to strangers: the answers that carry values, and nothing that says whose they are.

Kept are only answers of which bytes move, and the requests that they came to. Everything else goes: other batteries'
and other devices' traffic, reads, writes that were not such a request (PINs, names, switches), and answers that never
change (serial numbers, versions, dates of manufacture). In what is kept, the address, the name, every run of text that
never changes, whatever looks like a serial number anywhere in the traffic, and what the battery itself calls a
password, a place or a person are overwritten.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bmsreader.captures.recording import Record
from bmsreader.lab.evidence import Encoding, Framing, Kind, Structure
from bmsreader.lab.framing.columns import Leaf, leaves_of, stuck
from bmsreader.lab.framing.encoding import body_of, payload_of
from bmsreader.lab.framing.engine import in_language
from bmsreader.lab.framing.written import tree_of
from bmsreader.lab.output.private import (
    LONG_NUMBER,
    forms,
    is_hex_text,
    is_text,
    may_be_secret,
    named_spans,
    plain,
    quoted_words,
    serial_words,
    still_text,
)
from bmsreader.protocol.description import Framing as Spoken
from bmsreader.protocol.numbering import notifications
from bmsreader.protocol.paths import Steps
from bmsreader.protocol.spoken import Check
from bmsreader.protocol.stuffing import Stuffing
from bmsreader.protocol.texts import Unreadable

MOVING = 2
"""Bytes of an answer that must move; a check value alone moves with a counter."""
FEW = 2
"""Different values of what may be the serial numbers of two packs, not a measurement."""
OFTEN = 3
"""Times that a request must have been answered: what was sent once may be a password."""
HEAD, PAYLOAD_HEAD = 5, 3
"""Bytes at the front of a frame, and of its payload, that say what an answer is: they are kept."""
MOST_WORDS = 5000
"""Serial numbers that are looked for at most."""
SHORTEST = 3
"""Bytes of a word that is sought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What is left of one battery's traffic."""

    records: tuple[Record, ...]
    answers: int
    masked: int
    """Answers in which something was overwritten: their check value is no longer right."""
    left_out: int
    """Answers that were left out whole."""
    requests: tuple[bytes, ...]
    """Those that are shown; whether one of them holds a PIN, only the owner knows."""
    withheld: int
    """Requests that are not shown, because they may hold a PIN."""


def redacted(structure: Structure, private: Iterable[bytes], heard: Iterable[bytes] = ()) -> Redacted:
    """Return the answers and requests that may be shown.

    ``private`` are words that must not be in them, ``heard`` all values of the traffic: what looks like a serial number
    there must not be in them either.
    """
    framing = structure.framing.value
    kept = [_as_sent(kind, framing) for kind in structure.kinds if _carries_values(kind)]
    in_words = in_language(structure)
    words = _words(kept, (*private, *_spoken(kept, in_words.framing)), heard, in_words.framing)
    encoding = structure.encoding.value
    seal = Check(in_words.framing, in_words.checksum) if in_words.checksum and in_words.framing.spoken else None
    everything = b"\xff".join(part for kind in kept for part in (*kind.payloads, *_on_the_air(kind))).lower()
    there = [word for word in words if word.lower() in everything]
    asked = {kind.request for kind in kept if kind.request and _often(kind)}
    sendable = {request for request in asked if _harmless(request, words, encoding)}
    records: list[Record] = []
    answers = masked = 0
    for kind in kept:
        mask = _Mask(kind, framing, encoding, there)
        for frame, payload in zip(kind.frames, kind.payloads, strict=True):
            data = mask.over_stuffed(frame.data, payload) if framing.escape else mask.over(frame.data, payload)
            if data is None:
                continue
            masked += data != frame.data
            data = seal.resealed(frame.data, data) if seal else data
            answers += 1
            if frame.request in sendable:
                records.append(Record(at=max(0.0, frame.at - 0.001), kind="tx", data=frame.request or b""))
            sent = notifications(data, framing.parts, framing.part) if framing.parts else [data]
            records += [Record(at=frame.at, kind="rx", data=part) for part in sent]
    begun = min((record.at for record in records), default=0.0)
    moved = [Record(at=round(record.at - begun, 3), kind=record.kind, data=record.data) for record in records]
    moved.sort(key=lambda record: record.at)
    given = sum(len(kind.frames) for kind in structure.kinds)
    return Redacted(
        records=tuple(moved),
        answers=answers,
        masked=masked,
        left_out=given - answers,
        requests=tuple(sorted(sendable)),
        withheld=len(asked) - len(sendable),
    )


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


def _as_sent(kind: Kind, framing: Framing) -> Kind:
    """Return a kind with what stands between start and end as its payloads; of text they are numbers until here."""
    if kind.columns is None:
        return kind
    return replace(kind, payloads=tuple(body_of(frame.data, framing) for frame in kind.frames))


def _often(kind: Kind) -> bool:
    return sum(frame.request == kind.request for frame in kind.frames) >= OFTEN


def _on_the_air(kind: Kind) -> Iterator[bytes]:
    for frame in kind.frames:
        yield frame.data
        if is_hex_text(frame.data):
            yield plain(frame.data)


def _harmless(request: bytes, words: Sequence[bytes], encoding: Encoding) -> bool:
    """Return whether a request holds nothing private, masked by a XOR or not."""
    looks = [request]
    if encoding.xor_constant:
        looks.append(bytes(byte ^ encoding.xor_constant for byte in request))
    return not any(may_be_secret(look, digits=encoding.kind == "hex") or _holds(look, words) for look in looks)


def _holds(data: bytes, words: Iterable[bytes]) -> bool:
    low = data.lower()
    return any(word.lower() in low for word in words)


def _words(kept: Sequence[Kind], private: Iterable[bytes], heard: Iterable[bytes], framing: Spoken) -> list[bytes]:
    """Return everything that must be nowhere, in all its forms."""
    mine = b"\xff".join(frame.data for kind in kept for frame in kind.frames)
    told: dict[bytes, bytes] = {}
    for value in dict.fromkeys(heard):
        told |= dict.fromkeys(serial_words([value]), value)
    elsewhere = [word for word, value in islice(told.items(), MOST_WORDS) if value not in mine]
    again: set[bytes] = set()
    for kind in kept:
        seen: set[bytes] = set()
        measured = _measured(kind, framing)
        for payload in dict.fromkeys(kind.payloads):
            found = {word for word in serial_words([payload]) if not word.isdigit() or is_text(payload)} - measured
            again |= found & seen
            seen |= found
        again |= quoted_words(kind.payloads)
    words = {form for one in (*private, *elsewhere, *again) for form in forms(one)}
    return sorted((word for word in words if len(word) >= SHORTEST), key=len, reverse=True)


def _said(kind: Kind, framing: Spoken) -> list[list[Leaf]]:
    """Return what each answer in text says."""
    trees = [tree_of(frame.data, framing) for frame in kind.frames] if kind.columns else []
    return [[*leaves_of(tree)] for tree in trees if not isinstance(tree, Unreadable)]


def _measured(kind: Kind, framing: Spoken) -> set[bytes]:
    """Return the numbers in text that move: in hex digits they look like serial numbers, and come again and again."""
    places = {column.steps for column in kind.columns.columns} if kind.columns else set()
    seen: dict[Steps, set[str]] = {}
    for leaves in _said(kind, framing):
        for steps, word in leaves:
            if steps in places and isinstance(word, str):
                seen.setdefault(steps, set()).add(word)
    return {word.encode("utf-8") for words in seen.values() if len(words) > FEW for word in words}


def _spoken(kept: Sequence[Kind], framing: Spoken) -> Iterator[bytes]:
    """Yield what may be a name or a serial number in answers that are text: words and long numbers that stand still."""
    for kind in kept:
        if kind.columns is None:
            continue
        leaves = [set(one) for one in _said(kind, framing)]
        telling = {word for _, word in kind.columns.told}
        for _, word in set.intersection(*leaves) if leaves else ():
            if isinstance(word, str) and len(word) > SHORTEST and word not in telling and _may_tell(word):
                yield word.encode("utf-8")


def _may_tell(word: str) -> bool:
    """Return whether a word may say whose battery it is: short numbers do not, whatever is stuck to them."""
    parts = stuck(word)
    return parts is None or len(parts[1]) >= LONG_NUMBER


class _Mask:
    """Overwrites what is private in the frames of one kind; their lengths stay."""

    def __init__(self, kind: Kind, framing: Framing, encoding: Encoding, words: Sequence[bytes]) -> None:
        self._words = words
        self._framing, self._encoding = framing, encoding
        self._spoken = kind.columns is not None
        frames = [frame.data for frame in kind.frames]
        spoken = self._spoken  # its words are known: what else stands still are numbers
        self._air = [] if spoken or is_hex_text(frames[0]) else still_text(frames, head=HEAD)
        self._payload = [] if spoken else still_text(kind.payloads, head=PAYLOAD_HEAD)

    def over(self, data: bytes, payload: bytes) -> bytes | None:
        """Return a frame without what is private; None where it cannot be overwritten."""
        found = bytearray(data)
        for start, stop in (*self._air, *named_spans(data), *_places(data, self._words)):
            self._blank(found, start, stop)
        for start, stop in (*self._payload, *named_spans(payload), *_places(payload, self._words)):
            places = [self._on_air(at) for at in range(start, min(stop, len(payload)))]
            for place, width in places:
                self._blank(found, place, place + width)
        after = payload_of(bytes(found)[len(self._framing.start) : len(found) - len(self._framing.end)], self._encoding)
        left = (bytes(found), plain(bytes(found)), after or b"")
        return None if any(_holds(one, self._words) for one in left) else bytes(found)

    def over_stuffed(self, data: bytes, payload: bytes) -> bytes | None:
        """Return the same of a frame with escapes in it."""
        start, end = self._framing.start, self._framing.end
        assert self._framing.escape  # noqa: S101 - the caller looked
        way = Stuffing(self._framing.escape, start, end)
        inner = way.unstuffed(data[len(start) : len(data) - len(end)])
        found = None if inner is None else self.over(start + inner + end, payload)
        if found is None:
            return None
        sent = start + way.stuffed(found[len(start) : len(found) - len(end)]) + end
        return None if _holds(sent, self._words) else sent

    def _on_air(self, at: int) -> tuple[int, int]:
        """Return (place, width) on the air of a byte of the payload."""
        begin, skip = len(self._framing.start), self._encoding.skip
        if self._encoding.kind != "hex" or at < skip:
            return begin + at, 1
        return begin + skip + 2 * (at - skip), 2

    def _blank(self, found: bytearray, start: int, stop: int) -> None:
        written, digits = (
            self._spoken or is_text(bytes(found)),
            self._encoding.kind == "hex" or is_hex_text(bytes(found)),
        )
        for at in range(start, min(stop, len(found))):
            if written:
                found[at] = _blank_character(found[at])
            elif digits:
                found[at] = ord("0") ^ (self._encoding.xor_constant if self._encoding.xor_text else 0)
            else:
                found[at] = 0


def _blank_character(code: int) -> int:
    """Return what a character of text is overwritten with, so that JSON stays JSON."""
    one = chr(code)
    return ord("1") if one.isdigit() else ord("x") if one.isalpha() or not one.isascii() else code


def _places(data: bytes, words: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    low = data.lower()
    for word in words:
        at = low.find(word.lower())
        while at >= 0:
            yield at, at + len(word)
            at = low.find(word.lower(), at + 1)
