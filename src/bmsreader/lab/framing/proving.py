"""How much of what all frames begin and end with is a mark: the rest may be a value that stood still.

A mark that is too long refuses every frame in which that value has moved. So each of its bytes needs a reason: the
requests have it as well, answers of several kinds share it, it stands before the length or outside of what is checked,
or it looks like a mark rather than like the upper byte of a number.
"""

from collections.abc import Sequence
from dataclasses import replace

from bmsreader.lab.evidence import Checksum, Finding, Framing, Kind

SEVERAL = 3
"""Kinds of answers that prove a byte which all of them share, even before one that moves; two prove the others."""
MARKS = frozenset(b"#$(*:<@UZ[^h{|~w")
"""Bytes below 80 that begin or end frames; of the others all may but FF: numbers hardly ever have such upper bytes."""
LINE_END = b"\r\n"


def proven(framing: Framing, kinds: Sequence[Kind], checksum: Finding[Checksum] | None) -> Framing:
    """Return a framing whose marks have no byte that may be a value."""
    rule = checksum.value if checksum and checksum.sure and not checksum.value.constant else None
    unchecked = (rule.start, rule.tail) if rule else (0, 0)
    start, end = framing.start, framing.end
    head = max(_asked(start, kinds), _shared(start, kinds), framing.length.at if framing.length else 0, unchecked[0])
    tail = max(_asked(end, kinds, -1), _shared(end, kinds, -1), unchecked[1])
    behind = len(end) - max(tail, _looking(end[::-1], tail))
    return replace(framing, start=start[: max(head, _looking(start, head))], end=end[max(0, behind) :])


def _asked(mark: bytes, kinds: Sequence[Kind], step: int = 1) -> int:
    """Return how many bytes of a mark the requests have as well, in the same order or in another."""
    requests = [kind.request[::step] for kind in kinds if kind.request]
    if not requests:
        return 0
    mark = mark[::step]
    orders = (sum(sorted(one[:size]) == sorted(mark[:size]) for one in requests) for size in range(1, len(mark) + 1))
    return max((size for size, found in enumerate(orders, 1) if found * 2 > len(requests)), default=0)


def _shared(mark: bytes, kinds: Sequence[Kind], step: int = 1) -> int:
    """Return how many bytes of a mark are proven by standing in answers of several kinds."""
    if len(kinds) >= SEVERAL:
        return len(mark)
    if len(kinds) < SEVERAL - 1 or not mark:
        return 0
    at = len(mark) if step > 0 else -len(mark) - 1
    moving = all(len({frame.data[at] for frame in kind.frames if len(frame.data) > len(mark)}) > 1 for kind in kinds)
    return len(mark) - moving


def _looking(mark: bytes, known: int) -> int:
    """Return how many bytes of a mark look like one; a first byte does when it is no upper byte of a number."""
    if mark == LINE_END[::-1]:
        return len(mark)
    size = known
    while size < len(mark) and (0x80 <= mark[size] < 0xFF or mark[size] in b"UZ"):
        size += 1
    if size == 0 and mark and (mark[0] in MARKS or len(mark) > 1):
        return 1
    return size
