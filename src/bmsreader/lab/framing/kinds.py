"""Frames sorted by kind: by size, by the request that they answer, by a byte near the front, by the number of a page.

What tells kinds apart changes from one frame to the next, or with the request. A byte that stays for long and then
changes is a value, and one that counts frames tells nothing: sorted by it, they differ no more than by chance.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from statistics import median

from bmsreader.lab.evidence import Frame, Kind
from bmsreader.lab.framing.markers import mixed

KIND_OFFSETS = range(8)
"""Where in a payload its kind may stand."""
KINDS = range(2, 41)
LEAST_GAIN = 0.5
"""Bytes more that must stand still once the frames are sorted by kind."""
ORDERED = 0.7, 5
"""Share of the moving bytes that stand still in each kind where kinds come one after the other, and how many move."""
ROUNDS, CIRCLE = 4, 0.8
"""Times that kinds which take turns must have come round, and the share of frames that keep to it."""
APART = 3.0
"""Times that the pause before a page is longer than before another one, where pages come together."""
EXPLAINED, TOLD, AS_GOOD = 0.5, 2, 0.1
"""Share of a byte's moves that kinds explain where they differ in it; in how many bytes; what makes no matter."""
DIFFERENT = 2.0
"""Bytes more that must stand still once answers are sorted by their request; fewer are an echoed number."""
SMALL = 0.2
"""The same as a share of the bytes of small answers, which have hardly any that stand still."""
ALIKE = 1.5
"""Bytes more that must stand still with frames sorted by a byte than with as many frames one after the other."""
OTHERS = 2
"""Kinds that a byte must part, so that it parts others likewise."""
SAMPLE = 300
"""Payloads that are looked at to tell the kinds."""

Group = list[tuple[Frame, bytes]]


def kinds_of(frames: Sequence[tuple[Frame, bytes]]) -> tuple[Kind, ...]:
    """Return the frames sorted by kind, told apart by a byte near the front and by size; the most frequent first."""
    sizes: dict[int, Group] = {}
    for frame, payload in frames:
        sizes.setdefault(len(payload), []).append((frame, payload))
    if len(sizes) > KINDS.stop:  # sizes vary, as text does
        return (_kind(0, frames),)
    kinds: list[Kind] = []
    for size, alike in sizes.items():
        asked = _by_request(alike)
        if len(asked) > 1:
            kinds += [replace(_kind(size, part), by_request=True) for part in asked]
            continue
        at = _kind_offset(alike)
        groups = [alike] if at is None else _by_byte(alike, at)
        kinds += [_kind(size, part) for part in _parted(groups)]
    return tuple(sorted(kinds, key=lambda kind: -len(kind.frames)))


def _kind(size: int, group: Sequence[tuple[Frame, bytes]]) -> Kind:
    return Kind(
        request=_most(frame.request for frame, _ in group),
        size=size,
        frames=tuple(frame for frame, _ in group),
        payloads=tuple(payload for _, payload in group),
    )


def _sorted(group: Group, keys: Sequence[Hashable]) -> list[Group]:
    """Return frames in parts by a key each, the parts in the order in which they first come."""
    parts: dict[Hashable, Group] = {}
    for pair, key in zip(group, keys, strict=True):
        parts.setdefault(key, []).append(pair)
    return list(parts.values())


def _by_byte(group: Group, at: int) -> list[Group]:
    return _sorted(group, [payload[at] for _, payload in group])


def _sample(group: Group) -> Group:
    return group if len(group) <= SAMPLE else group[len(group) // 2 - SAMPLE // 2 :][:SAMPLE]


# ---- pages


def _parted(groups: Sequence[Group]) -> Iterator[Group]:
    """Yield the parts of kinds by a byte that goes round in a circle, such as the number of a page or of a pack.

    What parts some kinds parts all others, too, in which it says nothing else.
    """
    turning = [_turning(group) for group in groups]
    told: dict[int, set[int]] = {}
    for group, at in zip(groups, turning, strict=True):
        if at is not None:
            told.setdefault(at, set()).update(payload[at] for _, payload in group)
    often = Counter(at for at in turning if at is not None)
    known = {at: told[at] for at, count in often.items() if count >= OTHERS}
    for group, own in zip(groups, turning, strict=True):
        ats = [own] if own is not None else [at for at, said in known.items() if _says_only(group, at, said)]
        yield from _by_byte(group, ats[0]) if ats else [group]


def _turning(group: Group) -> int | None:
    """Return the byte of a kind that goes round in a circle."""
    there = (at for at in KIND_OFFSETS if all(len(payload) > at for _, payload in group))
    pages = (at for at in there if _are_pages(_sample(group), at))
    return next((at for at in pages if min(map(len, _by_byte(group, at))) >= ROUNDS), None)


def _says_only(group: Group, at: int, said: set[int]) -> bool:
    """Return whether a byte of a kind is nothing but what others are parted by, and changes all the time."""
    values = [payload[at] for _, payload in group]
    parts = Counter(values)
    return len(parts) > 1 and parts.keys() <= said and min(parts.values()) >= ROUNDS and mixed(values)


def _are_pages(group: Group, at: int) -> bool:
    """Return whether a byte is the number of a page, not of a frame: pages come together, or differ in other bytes."""
    values = [payload[at] for _, payload in group]
    if len(set(values)) not in KINDS or not _in_a_circle(values):
        return False
    pauses: dict[int, list[float]] = {}
    for (before, _), (frame, payload) in pairwise(group):
        pauses.setdefault(payload[at], []).append(frame.at - before.at)
    typical = [median(several) for several in pauses.values()]
    if max(typical) > APART * max(0.0, min(typical)) and len(typical) == len(set(values)):
        return True
    return _differ(group, values, at)


def _in_a_circle(values: Sequence[Hashable]) -> bool:
    """Return whether a byte changes with each frame, and what follows a value is nearly always the same."""
    if len(values) < ROUNDS * len(set(values)) or _turns(values) < 0.9:
        return False
    following: dict[Hashable, Counter[Hashable]] = {}
    for one, other in pairwise(values):
        following.setdefault(one, Counter())[other] += 1
    usual = sum(counts.most_common(1)[0][1] for counts in following.values())
    return usual >= CIRCLE * (len(values) - 1)


def _differ(group: Group, keys: Sequence[Hashable], but: int = -1) -> bool:
    """Return whether frames with different keys differ in several bytes."""
    payloads = [payload for _, payload in group[:SAMPLE]]
    return sum(share > EXPLAINED for at, share in _explained(payloads, keys[:SAMPLE]) if at != but) >= TOLD


def _explained(payloads: Sequence[bytes], keys: Sequence[Hashable]) -> list[tuple[int, float]]:
    """Return for each byte that moves the share of its moves which the keys explain, trends and chance apart."""
    groups = len(set(keys))
    chance = (groups - 1) / len(keys)
    found = []
    for at, column in enumerate(zip(*payloads, strict=True)):
        moves = _without_trend(column, groups)
        total = sum(move * move for move in moves)
        if total:
            sums: dict[Hashable, list[float]] = {}
            for key, move in zip(keys, moves, strict=True):
                sums.setdefault(key, []).append(move)
            between = sum(sum(part) ** 2 / len(part) for part in sums.values())
            found.append((at, max(0.0, between / total - chance) / max(1e-9, 1 - chance)))
    return found


def _without_trend(column: Sequence[int], window: int) -> list[float]:
    """Return by how much each number is off the mean of those around it."""
    sums = [0]
    for value in column:
        sums.append(sums[-1] + value)
    moves = []
    for index, value in enumerate(column):
        low, high = max(0, index - window // 2), min(len(column), index + window - window // 2)
        moves.append(value - (sums[high] - sums[low]) / (high - low))
    return moves


# ---- answers to requests


def _by_request(group: Group) -> list[Group]:
    """Return frames of one size by the request that they answer, where these take turns and the answers differ.

    Of a request only as much counts as the answers depend on: it may have a number or a time of its own.
    """
    if any(frame.request is None for frame, _ in group):
        return [group]
    whole = [frame.request or b"" for frame, _ in group]
    keys: Sequence[Hashable] = whole
    if len(set(whole)) > 2:
        keys = _telling(group, whole)
    parts = _sorted(group, keys)
    if len(parts) not in KINDS or min(map(len, parts)) < ROUNDS or not _in_a_circle(keys[:SAMPLE]):
        return [group]
    gain = _gain(_payloads(parts))
    size = len(group[0][1])
    return parts if gain >= min(DIFFERENT, size * SMALL) or _differ(group, keys) else [group]


def _telling(group: Group, whole: Sequence[bytes]) -> Sequence[Hashable]:
    """Return what of each request tells its answer: one byte of it where that explains as much as the whole does."""
    payloads = [payload for _, payload in group[:SAMPLE]]

    def shares(keys: Sequence[Hashable]) -> dict[int, float]:
        return dict(_explained(payloads, keys[:SAMPLE])) if len(set(keys)) in KINDS else {}

    best: Sequence[Hashable] = whole
    explained = shares(whole)
    for at in range(max(map(len, whole))):
        keys = [(len(request), request[at : at + 1]) for request in whole]
        if len(set(keys)) in KINDS and len(set(keys)) < len(set(best)):
            other = shares(keys)
            if sum(other[place] < share - AS_GOOD for place, share in explained.items()) <= DIFFERENT:
                best = keys
                explained = explained or other
    return best


# ---- a byte of the payload


def _kind_offset(frames: Group) -> int | None:
    """Return the byte that tells the kind: with frames sorted by it, most of what differed among them stands still."""
    chosen = _sample(frames)
    payloads = [payload for _, payload in chosen]
    moving = min(map(len, payloads)) - _still(payloads)
    best, best_gain = None, LEAST_GAIN
    for at in KIND_OFFSETS:
        values = [payload[at] for payload in payloads if len(payload) > at]
        if len(set(values)) not in KINDS or len(values) < len(chosen):
            continue
        groups = _sorted(chosen, values)
        gain = _gain(_payloads(groups))
        told = _told(groups) or _are_pages(chosen, at)
        ordered = gain >= ORDERED[0] * moving >= ORDERED[0] * ORDERED[1]
        by_chance = _gain(_in_turn(payloads, groups))
        several = len(groups) * 2 * ROUNDS <= len(chosen) and mixed(values)
        if not (told or ordered or (several and gain - by_chance >= ALIKE)):
            continue
        clear = several and gain - by_chance >= max(ALIKE, moving / 4)
        gain += 8.0 if told else -(0.02 if clear else 0.5) * len(groups)
        if gain > best_gain:
            best, best_gain = at, gain
    return best


def _payloads(groups: Sequence[Group]) -> list[list[bytes]]:
    return [[payload for _, payload in group] for group in groups]


def _gain(parts: Sequence[Sequence[bytes]]) -> float:
    """Return how many bytes more stand still in the parts than in all."""
    whole = [payload for part in parts for payload in part]
    return sum(_still(part) * len(part) for part in parts) / len(whole) - _still(whole)


def _in_turn(payloads: Sequence[bytes], groups: Sequence[Group]) -> list[Sequence[bytes]]:
    """Return payloads in parts as large as groups, but one after the other: sorted by a value, no more stands still."""
    ends = list(accumulate(map(len, groups)))
    return [payloads[end - len(group) : end] for end, group in zip(ends, groups, strict=True)]


def _turns(values: Sequence[Hashable]) -> float:
    """Return how often a byte is another one in the next frame, 0 to 1."""
    return sum(one != other for one, other in pairwise(values)) / max(1, len(values) - 1)


def _told(groups: Sequence[Group]) -> bool:
    """Whether each kind has its own request."""
    asked = [Counter(frame.request for frame, _ in group) for group in groups]
    usual = [counts.most_common(1)[0] for counts in asked]
    clear = all(count >= 0.8 * counts.total() for (_, count), counts in zip(usual, asked, strict=True))
    return clear and len({request for request, _ in usual}) == len(usual)


def _still(payloads: Sequence[bytes]) -> int:
    """Return how many bytes never move; a single payload has none, and sizes that differ move all."""
    if len(payloads) < 2 or len(set(map(len, payloads))) > 1:
        return 0
    return sum(len(set(column)) == 1 for column in zip(*payloads, strict=True))


def _most(requests: Iterable[bytes | None]) -> bytes | None:
    counts = Counter(requests)
    return counts.most_common(1)[0][0] if counts else None
