"""Marks of frames: bytes that all begin or end with."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

START_LIMIT, END_LIMIT = 4, 2
NOISE = 4
"""Bytes of a notification that may be just noise."""
SHARE = 0.85
"""Of the frames; the others are acknowledgements, noise and pieces."""
COUNTED = 2
"""Whole frames that begin otherwise, from which a byte is no mark."""
MIXED = 0.4
"""How often a byte that tells kinds changes, at least, as a share of how often it would in any order of frames."""
DIGITS = frozenset(b"0123456789abcdefABCDEF")
PRINTABLE = frozenset(b"\t\r\n" + bytes(range(32, 127)))
SIGNS = tuple(bytes([sign]) for sign in b"!#$%&*+/:;<=>?@^|~{}")


def common_start(frames: Sequence[bytes], limit: int = START_LIMIT) -> bytes:
    """Return the bytes that (nearly) all frames begin with; of hex text only what comes before the digits.

    Of other text it is one sign at most: what follows it are words and numbers, though they may never change.
    """
    start = _undisputed(_common([frame[:limit] for frame in frames], limit), frames)
    if hex_text(frames):
        return b"" if start[:1].isspace() else _before_digits(start)  # a line's end belongs to the frame before
    if plain_text(frames):
        return start[:1] if start[:1] in SIGNS else b""
    return start


def common_end(frames: Sequence[bytes]) -> bytes:
    """Return the bytes that (nearly) all frames end with, if they can be a mark: zeros and digits are none."""
    different = list(dict.fromkeys(frames))
    if len(different) < 2:
        return b""
    end = _common([frame[: -END_LIMIT - 1 : -1] for frame in different], END_LIMIT)[::-1]
    if hex_text(frames):
        return _before_digits(end[::-1])[::-1]
    if plain_text(frames) and not end.isspace():
        return end[-1:] if end[-1:] in SIGNS or end[-1:].isspace() else b""
    return b"" if not any(end[-1:]) else end if all(end) else end[-1:]


def starts(frames: Sequence[bytes], length: int = 1) -> tuple[bytes, ...]:
    """Return the few first bytes that nearly all frames share among them, the most frequent first.

    They change from frame to frame: a first byte that stays for long and then changes is a value.
    """
    if not mixed([frame[:length] for frame in frames]):
        return ()
    counts = Counter(frame[:length] for frame in frames)
    longest: Counter[bytes] = Counter()
    for frame in frames:
        longest[frame[:length]] = max(longest[frame[:length]], len(frame))
    chosen: list[bytes] = []
    covered = 0
    for head, count in counts.most_common(6):
        if count * 50 < len(frames):
            break
        if longest[head] <= NOISE < max(longest.values()):
            continue
        chosen.append(head)
        covered += count
    return tuple(chosen) if covered >= SHARE * len(frames) else ()


def mixed(values: Sequence[Hashable]) -> bool:
    """Return whether a byte changes from frame to frame about as often as if frames came in any order."""
    shares = [count / len(values) for count in Counter(values).values()]
    turns = sum(one != other for one, other in pairwise(values)) / max(1, len(values) - 1)
    return turns >= MIXED * (1 - sum(share * share for share in shares))


def hex_text(frames: Sequence[bytes]) -> bool:
    """Whether nearly all frames are hex digits but for a few bytes at both ends."""
    whole = [frame for frame in frames if len(frame) > 6]
    return bool(whole) and sum(_mostly_digits(frame) for frame in whole[:200]) >= SHARE * len(whole[:200])


def plain_text(frames: Sequence[bytes]) -> bool:
    """Whether nearly all frames are printable text."""
    return bool(frames) and sum(map(PRINTABLE.issuperset, frames)) >= SHARE * len(frames)


def _mostly_digits(frame: bytes) -> bool:
    return DIGITS.issuperset(frame[2:-3])


def _before_digits(mark: bytes) -> bytes:
    for count, byte in enumerate(mark):
        if byte in DIGITS:
            return mark[:count]
    return mark


def _undisputed(start: bytes, frames: Sequence[bytes]) -> bytes:
    """Return a start without the bytes that are others in whole frames: values that mostly stood still, or kinds."""
    sizes = Counter(len(frame) for frame in frames if frame.startswith(start))
    for length in range(1, len(start)):
        alike = [f for f in frames if f.startswith(start[:length]) and sizes[len(f)] * 20 >= len(frames)]
        others = sum(frame[length] != start[length] for frame in alike if len(frame) > length)
        if others >= COUNTED and others * 50 >= len(alike):
            return start[:length]
    return start


def _common(heads: Sequence[bytes], limit: int) -> bytes:
    common = b""
    for length in range(1, limit + 1):
        counts = Counter(head[:length] for head in heads if len(head) >= length)
        if not counts:
            break
        head, count = counts.most_common(1)[0]
        if count < SHARE * len(heads) or not head.startswith(common):
            break
        common = head
    return common
