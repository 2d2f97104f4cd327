"""Numbered notifications are found: in front of each stands which part of an answer it is.

It shows by the numbers: each is one more than the one before, or the first again. How many parts there are, and how
many bytes each of them holds, may stand beside it. The pages of a stream look alike: that they are parts of one answer
is told by the check value, or by their total.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bmsreader.lab.evidence import Structure
from bmsreader.lab.framing.bursts import Burst
from bmsreader.protocol.description import Bits, Parts

PLACES, MASKS = range(4), (0xFF, 0xF0, 0x0F)
"""Bytes of a notification, and bits of them, in which its number is looked for."""
LOOKED_AT = 1500
"""Notifications that are looked at."""
SHARE, FOLLOWING = 0.9, 0.2
"""Of the numbers are the next or the first; so many, at least, are the next."""
FEWEST, MOST = 4, 64
"""Answers that must have been seen, and parts of one."""
TRIED = 3
"""Ways that are tried."""

Run = list[bytes]
"""The notifications of one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Answers whose parts were joined."""

    parts: Parts
    bursts: list[Burst]
    """Without what stood in front of each notification, an answer in one burst."""
    size: int
    """Bytes of a full notification."""
    confirmed: bool
    """The app said parts of an answer again."""

    def told(self, structure: Structure) -> Structure:
        """Return the structure of the frames with what stands in front of their notifications."""
        total = ", of how many" if self.parts.total else ""
        length = ", and how many bytes it holds" if self.parts.length else ""
        confirmed = "; the app confirmed the parts, which the reader does not" if self.confirmed else ""
        why = f"{structure.framing.why}; each notification says which part of an answer it is{total}{length}{confirmed}"
        framing = replace(structure.framing.value, parts=self.parts, part=self.size)
        return replace(structure, framing=replace(structure.framing, value=framing, why=why))


def joined(bursts: Sequence[Burst]) -> Iterator[Joined]:
    """Yield answers joined from numbered notifications, in each way that they may be numbered, likely ones first."""
    chunks = [*islice((chunk for burst in bursts for chunk in burst.chunks if not burst.alone), LOOKED_AT)]
    ways = sorted(_ways(chunks), key=lambda parts: (parts.total is None) + (parts.length is None))
    for parts in ways[:TRIED]:
        found = _joined(bursts, parts)
        confirmed = any(burst.confirmed for burst in bursts)
        size = Counter(map(len, chunks)).most_common(1)[0][0]
        yield Joined(parts=parts, bursts=found, size=max(size, parts.head + 1), confirmed=confirmed)


def _ways(chunks: Sequence[bytes]) -> Iterator[Parts]:
    least = min(map(len, chunks), default=0)
    for at in (at for at in PLACES if at < least - 1):
        ways = ((Bits(at=at, mask=mask), first) for mask in MASKS for first in (1, 0))
        found = next(((runs, *way) for way in ways if (runs := _runs(chunks, *way))), None)
        if found:
            yield _with_more(*found, least)


def _runs(chunks: Sequence[bytes], number: Bits, first: int) -> list[Run] | None:
    """Return the answers if these bits number their parts; None otherwise."""
    runs: list[Run] = []
    rolled, before = 0, -1
    for chunk in chunks:
        one = number.of(chunk)
        if one == first:
            runs.append([chunk])
            rolled += chunk[number.at] == before + 1
        elif runs and one == first + len(runs[-1]):
            runs[-1].append(chunk)
        before = chunk[number.at]
    told, following = sum(map(len, runs)), sum(len(run) - 1 for run in runs)
    if len(runs) < FEWEST or told < SHARE * len(chunks) or following < FOLLOWING * len(chunks):
        return None
    return runs if max(map(len, runs)) <= MOST and 2 * rolled < len(runs) else None  # a counter rolls on and on


def _with_more(runs: Sequence[Run], number: Bits, first: int, least: int) -> Parts:
    """Return the way with where the total and the length stand, if they do."""
    places = [Bits(at=at, mask=mask) for at in PLACES if at < least for mask in MASKS]
    free = [bits for bits in places if bits.at != number.at or not bits.mask & number.mask]
    total = next((bits for bits in free if _is_total(bits, runs)), None)
    if total:
        free = [bits for bits in free if bits.at != total.at or not bits.mask & total.mask]
    behind = 1 + max(bits.at for bits in (number, total) if bits)
    whole = (bits for bits in free if bits.mask == 0xFF)
    lengths = ((bits, head) for bits in whole if (head := _head(bits, runs, max(behind, bits.at + 1))))
    length, head = next(lengths, (None, behind))
    return Parts(head=head, number=number, first=first, total=total, length=length)


def _is_total(bits: Bits, runs: Sequence[Run]) -> bool:
    """Return whether bits say how many parts each answer has; what is always the same must say so of several."""
    right = sum({bits.of(chunk) for chunk in run} == {len(run)} for run in runs)
    return right >= SHARE * len(runs) and any(len(run) > 1 for run in runs)


def _head(bits: Bits, runs: Sequence[Run], behind: int) -> int | None:
    """Return the bytes in front of each notification if a byte says how many follow them; None otherwise."""
    full = [chunk for run in runs for chunk in run[:-1]]
    heads = Counter(len(chunk) - bits.of(chunk) for chunk in full)
    head, count = heads.most_common(1)[0]
    if count < SHARE * len(full) or not behind <= head <= behind + 2:
        return None
    last = [(len(chunk) - head, bits.of(chunk)) for run in runs for chunk in run[-1:]]
    good = sum(said <= room for room, said in last)
    shorter = {said for _, said in last} - {bits.of(chunk) for chunk in full}
    return head if shorter and good >= SHARE * len(last) else None


def _joined(bursts: Sequence[Burst], parts: Parts) -> list[Burst]:
    """Return the bursts of whole answers, each with the requests before its first part."""
    found: list[Burst] = []
    awaited = None
    for burst in bursts:
        held: list[tuple[bytes, float]] = []
        for chunk, time in zip(burst.chunks, burst.times, strict=True):
            part = parts.taken_off(chunk)
            if part is None or part[0] not in (parts.first, awaited):
                continue
            if part[0] != parts.first and not held and found:
                found[-1] = _longer(found[-1], [(part[1], time)])
            else:
                held.append((part[1], time))
            awaited = part[0] + 1
        if held:
            chunks, times = tuple(chunk for chunk, _ in held), tuple(time for _, time in held)
            found.append(replace(burst, at=times[0], chunks=chunks, times=times))
    return found


def _longer(burst: Burst, more: Sequence[tuple[bytes, float]]) -> Burst:
    chunks = (*burst.chunks, *(chunk for chunk, _ in more))
    return replace(burst, chunks=chunks, times=(*burst.times, *(time for _, time in more)))
