"""How the frames of an unknown battery are cut from its notifications.

Several first guesses (a burst is a frame, a notification is one, frames begin at a mark or end with a short
notification) each teach a rule: start, end, length field, sizes. The rule then cuts everything anew, and the one under
which the most falls into place wins: bytes in whole frames, lengths that are true, check values that agree.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import log2

from bmsreader.lab.checks.checksum import Hints, check_value, find_checksum
from bmsreader.lab.evidence import Checksum, Finding, Frame, Framing, Length
from bmsreader.lab.framing.bursts import Burst
from bmsreader.lab.framing.cutting import FIXED_SIZES, LARGEST, Cut, cut
from bmsreader.lab.framing.lengths import find_length
from bmsreader.lab.framing.markers import PRINTABLE, common_end, common_start, hex_text, mixed, plain_text, starts
from bmsreader.lab.framing.tiling import packed, tiled

SAMPLE = 160
"""Bursts that a rule is learnt from, in each of two places of the capture."""
ENDLESS = 1000
"""Notifications without a pause that are looked at."""
MOST_BYTES = 1 << 17
"""That are looked at in all: a capture that is no battery's must not take minutes."""
FINALISTS, THOROUGH = 5, 3
CLEAR = 0.7
"""Share of bytes in frames with a right check value from which a rule speaks against the others."""
SMALL, PARTED = 18, 30.0
"""Bytes of a notification below which it is a frame rather than a part of one, and what that is worth."""
ALONE = 1.02
"""Frames per burst up to which each burst is one frame."""
UNCLEAR = 0.9
"""What a check value is worth that needs a constant or leaves something out, as in frames that are cut elsewhere."""
MISSED = 0.02
"""Share of bytes in no whole frame from which marks are doubted."""
RARE = 5
"""A size that is this many times rarer than another one after the same first bytes is a piece."""
RARE_PIECE = 1.5
"""The same for a size that lacks full notifications."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """A capture cut into frames."""

    framing: Finding[Framing]
    frames: tuple[Frame, ...]
    broken: tuple[Frame, ...]
    """Pieces that are no whole frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guess:
    framing: Framing
    cut: Cut
    score: float
    covered: float
    """Share of all bytes in frames of usual sizes."""
    length_bits: float = 0.0
    checked: bool = False
    """Its frames have a check value, for sure."""


def frames_in(bursts: Sequence[Burst], handle: int | None = None) -> Framed:
    """Return the frames in bursts."""
    if not bursts:
        nothing = Finding(value=Framing(), bits=0.0, why="the battery sent nothing")
        return Framed(framing=nothing, frames=(), broken=())
    sample = _sample(bursts)
    guesses = _ranked(sample)
    if not guesses:
        nothing = Finding(value=Framing(), bits=0.0, why="nothing tells where frames begin and end")
        pieces = (Frame(at=burst.at, request=None, data=burst.data, handle=handle) for burst in bursts)
        return Framed(framing=nothing, frames=(), broken=tuple(pieces))
    best = guesses[0]
    refined = _guess(_learn([frame.data for frame in best.cut.frames], full_notification(sample)), sample)
    if refined and refined.framing != best.framing:
        best = max(best, _judged([refined])[0], key=lambda guess: guess.score)
    framing, whole = _without_values(best.framing, cut(bursts, best.framing, handle), bursts, handle)
    best = replace(best, framing=framing)
    others = [guess for guess in guesses if guess.cut.frames != best.cut.frames][:2]
    finding = _finding(best, whole, others)
    alone = len(whole.frames) <= ALONE * len(bursts)
    finding = replace(finding, value=replace(finding.value, alone=alone))
    return Framed(framing=finding, frames=whole.frames, broken=whole.broken)


def _without_values(framing: Framing, whole: Cut, bursts: Sequence[Burst], handle: int | None) -> tuple[Framing, Cut]:
    """Return a framing without those bytes of its marks that are others in whole frames, and the frames under it.

    A value that stood still for most of the capture looks like a mark until it moves; then frames seem to be missing.
    """
    if framing.length or framing.text or not (framing.start or framing.end) or whole.covered > 1 - MISSED:
        return framing, whole
    heads = [framing.start[:size] for size in range(len(framing.start), -1, -1)]
    for end in dict.fromkeys((framing.end, b"")):
        for start in heads:
            other = replace(framing, start=start, end=end, starts=())
            if other != framing and (found := cut(bursts, other, handle)).covered > 1 - (1 - whole.covered) / 2:
                return other, found
    return framing, whole


def _sample(bursts: Sequence[Burst]) -> list[Burst]:
    if len(bursts) > 2 * SAMPLE:
        middle = len(bursts) // 2
        bursts = [*bursts[:SAMPLE], *bursts[middle : middle + SAMPLE]]
    sample = [_beginning(burst) for burst in bursts]
    ends = list(accumulate(len(burst.data) for burst in sample))
    return sample[: max(1, bisect_right(ends, MOST_BYTES))]


def _beginning(burst: Burst) -> Burst:
    """Return what is looked at of a stream without pauses: its whole may be hours."""
    ends = list(accumulate(map(len, burst.chunks[:ENDLESS])))
    many = max(1, bisect_right(ends, MOST_BYTES))
    return burst if many == len(burst.chunks) else replace(burst, chunks=burst.chunks[:many], times=burst.times[:many])


# ---- first guesses


def _ranked(bursts: Sequence[Burst]) -> list[_Guess]:
    guesses: dict[Framing, _Guess] = {}
    chunk = full_notification(bursts)
    for segments in _segmentations(bursts):
        learnt = _learn(segments, chunk)
        for framing in (
            learnt,
            replace(learnt, end=b""),
            replace(learnt, length=None),
            replace(learnt, length=None, end=b""),
        ):
            if framing not in guesses and (guess := _guess(framing, bursts)):
                guesses[framing] = guess
    ranked = sorted(guesses.values(), key=lambda guess: -guess.score)
    finalists: list[_Guess] = []
    for guess in ranked:
        if len(finalists) < FINALISTS and all(guess.cut.frames != other.cut.frames for other in finalists):
            finalists.append(guess)
    return _judged(finalists)


def full_notification(bursts: Sequence[Burst]) -> int:
    """Return the size of a full notification; 0 where answers are single notifications."""
    several = [len(chunk) for burst in bursts if len(burst.chunks) > 1 for chunk in burst.chunks]
    return max(several, default=0)


def _segmentations(bursts: Sequence[Burst]) -> Iterator[list[bytes]]:
    yield [part for burst in bursts for part in (burst.chunks if burst.alone else (burst.data,))]
    heads = Counter(burst.chunks[0][:length] for burst in bursts for length in (1, 2, 4))
    for head, count in heads.most_common(6):
        if count * 10 >= len(bursts):
            yield _split_before(bursts, head)
    yield _split_after_short(bursts)
    if frames := tiled([burst.data for burst in bursts]):
        yield frames
    if not _text(bursts) and sum(bool(burst.requests) for burst in bursts) * 10 < len(bursts):
        yield from packed([burst.data for burst in bursts])  # no answer begins in the one to the request before
    yield [chunk for burst in bursts for chunk in burst.chunks]
    if _text(bursts):
        everything = b"".join(burst.data for burst in bursts)
        for mark in (b"\n", b"\r"):
            if mark in everything:
                yield [line + mark for line in everything.split(mark) if line.strip()]


def _text(bursts: Sequence[Burst]) -> bool:
    return sum(PRINTABLE.issuperset(burst.data) for burst in bursts) >= 0.85 * len(bursts)


def _split_before(bursts: Sequence[Burst], head: bytes) -> list[bytes]:
    segments: list[bytes] = []
    for burst in bursts:
        begun = False
        for chunk in burst.chunks:
            if begun and not chunk.startswith(head):
                segments[-1] += chunk
            elif chunk.startswith(head):
                segments.append(chunk)
                begun = True
    return segments


def _split_after_short(bursts: Sequence[Burst]) -> list[bytes]:
    longest = max(len(chunk) for burst in bursts for chunk in burst.chunks)
    segments: list[bytes] = []
    for burst in bursts:
        fresh = True
        for chunk in burst.chunks:
            if fresh:
                segments.append(chunk)
            else:
                segments[-1] += chunk
            fresh = len(chunk) < longest
    return segments


# ---- a rule from segments


def _learn(segments: Sequence[bytes], chunk: int) -> Framing:
    start = common_start(segments)
    fitting = [segment for segment in segments if segment.startswith(start)]
    text = hex_text(fitting) or plain_text(fitting)
    sizes = usual_sizes(fitting, len(start) + (3 if text else 1), chunk)
    length = find_length([segment for segment in fitting if len(segment) in sizes])
    field = length.value if length and _believed(length, sizes, fitting) else None
    if field:
        start = start[: field.at]
    return Framing(
        start=start,
        starts=() if start else starts(segments),
        end=common_end(fitting),
        length=field,
        sizes=sizes,
        text=text,
    )


def _believed(length: Finding[Length], sizes: Sequence[int], frames: Sequence[bytes]) -> bool:
    """Whether a length field is worth cutting by: one size alone proves little, except behind a head at the front."""
    if len(sizes) > 1:
        return length.bits > 0
    if not all(mixed([frame[at] for frame in frames]) for at in range(length.value.at)):
        return False  # a value stands before it
    behind = length.value.constant - length.value.at - length.value.width
    return length.value.at <= 4 and (behind in range(4) or not length.value.constant)


def usual_sizes(frames: Sequence[bytes], head: int, chunk: int = 0) -> tuple[int, ...]:
    """Return the sizes of whole frames: of those that begin alike, pieces are the rarer ones.

    With the size of a full notification, ``chunk``, pieces are known better: full notifications are missing in them.
    """
    alike: dict[bytes, Counter[int]] = {}
    if len({frame[:head] for frame in frames}) * 4 > len(frames):
        head = 0  # the first bytes say nothing of the kind: they move
    for frame in frames:
        if len(frame) <= LARGEST:
            alike.setdefault(frame[:head], Counter())[len(frame)] += 1
    usual: Counter[int] = Counter()
    for sizes in alike.values():
        top, most = sizes.most_common(1)[0]
        for size, count in sizes.items():
            piece = chunk and size < top and (size % chunk == 0 or (top - size) % chunk == 0)
            if count * (RARE_PIECE if piece else RARE) >= most:
                usual[size] += count
    least = max(1, len(frames) // 100)
    return tuple(size for size, count in usual.most_common(24) if count >= least)


def _guess(framing: Framing, bursts: Sequence[Burst]) -> _Guess | None:
    result = cut(bursts, framing)
    if not result.frames:
        return None
    length = find_length([frame.data for frame in result.frames]) if framing.length else None
    bits = length.bits if length else 0.0
    sizes = Counter(len(frame.data) for frame in result.frames)
    covered = result.covered
    if not framing.length:
        head = len(framing.start) + (3 if framing.text else 1)
        usual = usual_sizes([frame.data for frame in result.frames], head, full_notification(bursts))
        if len(usual) <= FIXED_SIZES:
            covered *= sum(size * sizes[size] for size in usual) / sum(size * count for size, count in sizes.items())
    score = 100 * covered + 4 * min(2, len(framing.start)) + 4 * len(framing.end)
    score += min(24.0, max(0.0, bits)) if framing.length else -3 * log2(len(sizes))
    if not framing.start:
        score -= 4 + 3 * len(framing.starts)
    if (framing.start or framing.starts) and max(sizes) <= full_notification(bursts) < SMALL:
        score += PARTED  # a radio that can send 20 bytes at once parts no frame into smaller ones
    return _Guess(framing=framing, cut=result, score=score, covered=covered, length_bits=bits)


def _judged(guesses: Sequence[_Guess]) -> list[_Guess]:
    """Let check values have a say, best first: a frame cut wrongly has none. Exotic ones are tried if need be."""
    judged = [_with_check(guess, quick=True) for guess in guesses]
    if not any(guess.checked for guess in judged):
        judged = [_with_check(guess, quick=False) for guess in guesses[:THOROUGH]] + judged[THOROUGH:]
    return sorted(judged, key=lambda guess: -guess.score)


def _with_check(guess: _Guess, *, quick: bool) -> _Guess:
    framing, frames = guess.framing, [frame.data for frame in guess.cut.frames]
    data = list(dict.fromkeys(frames))[:24]
    hints = Hints(start=len(framing.start), end=len(framing.end))
    found = find_checksum({"frame": data}, {"frame": hints}, quick=quick)
    if not found:
        return guess
    agreeing = sum(len(frame) for frame in frames if _agrees(found.value, frame)) / sum(map(len, frames))
    covered = guess.cut.covered * agreeing
    clear = found.sure and not found.value.constant and not found.value.gap and agreeing > CLEAR
    lost = 100 * max(0.0, guess.covered - covered) if clear else 0.0
    worth = min(60.0, found.bits) * covered * (1.0 if clear else UNCLEAR)
    return replace(guess, score=guess.score - lost + worth, checked=clear)


def _agrees(rule: Checksum, frame: bytes) -> bool:
    pair = check_value(rule, frame)
    return pair is not None and pair[0] == pair[1]


def _finding(best: _Guess, whole: Cut, others: Sequence[_Guess]) -> Finding[Framing]:
    sizes = Counter(len(frame.data) for frame in whole.frames)
    framing = replace(best.framing, sizes=tuple(size for size, _ in sizes.most_common(24)))
    different = len({frame.data for frame in whole.frames})
    marks = 8 * (len(framing.start) + len(framing.end)) * max(0, different - 1)
    bits = min(200.0, marks + max(0.0, best.length_bits)) * whole.covered - 20
    rivals = tuple(
        Finding(
            value=other.framing,
            bits=round(max(0.0, bits - best.score + other.score), 1),
            why=_why(other.framing, other.cut),
        )
        for other in others
    )
    return Finding(value=framing, bits=round(max(0.0, bits), 1), why=_why(framing, whole), rivals=rivals)


def _why(framing: Framing, result: Cut) -> str:
    marks = []
    if framing.start:
        marks.append(f"begin with {framing.start.hex(' ').upper()}")
    if framing.end:
        marks.append(f"end with {framing.end.hex(' ').upper()}")
    if framing.length:
        marks.append(f"say their length at byte {framing.length.at}")
    what = ", ".join(marks) or "are told apart by time alone"
    return f"{len(result.frames)} frames {what}; {result.covered:.1%} of all bytes are in whole frames"
