"""The structure of answers that are text: their kinds, and the numbers in each."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bmsreader.lab.checks.checksum import Hints, check_value, find_checksum
from bmsreader.lab.evidence import Checksum, Encoding, Finding, Frame, Framing, Kind, Structure
from bmsreader.lab.framing.columns import Columns, Leaf, Said, TakenApart, laid_out, stuck
from bmsreader.lab.framing.written import Writing, tree_of
from bmsreader.protocol.paths import LINE, Steps, written
from bmsreader.protocol.texts import Unreadable

Answer = tuple[Frame, Said]

MOST_WORDS = 8
"""Words at the front of an answer that tell its kind, at most."""
OFTEN = 2
"""Answers of a kind, at least, where a word tells it."""
STAYS = 0.1
"""Changes, as a share of the answers, up to which a word is a state such as charging, not a kind of answer."""
SELDOM = 0.1
"""How often, against whole ones, there are answers that lost a part."""
TURNS = 4
"""Rounds that pages must have made."""
SIZES = 24


def wordy(writing: Writing) -> Structure:
    """Return the structure of answers that are text."""
    checksum = _checksum(writing)
    if checksum:
        writing = _verified(writing, checksum.value)
    if checksum and not (writing.framing.behind or writing.framing.ahead):
        writing = _without_digits(writing, checksum.value)
    kinds, damaged = _whole(sorted(_kinds(writing), key=lambda kind: -len(kind.frames)))
    framing = writing.framing
    sizes = tuple(size for size, _ in Counter(len(frame.data) for frame in writing.frames).most_common(SIZES))
    in_json = framing.encoding == "json"
    marks = f"end with {framing.end.hex(' ').upper()}" if framing.end else f"begin with {framing.start.decode()!r}"
    marks = "are JSON from bracket to bracket" if in_json else marks
    why = f"{len(writing.frames)} answers {marks}; {writing.covered:.1%} of all bytes are in whole ones"
    bits = min(200.0, 8.0 * len({frame.data for frame in writing.frames}))
    numbers = sum(len(kind.columns.columns) * len(kind.frames) for kind in kinds if kind.columns)
    return Structure(
        framing=Finding(
            value=Framing(start=framing.start, end=b"}" if in_json else framing.end, text=True, sizes=sizes),
            bits=bits,
            why=why,
        ),
        encoding=Finding(
            value=Encoding(
                kind="json" if in_json else "csv",
                separators=framing.separators,
                pair=framing.pair,
                behind=framing.behind,
                ahead=framing.ahead,
                point=framing.point,
            ),
            bits=min(200.0, 3.0 * numbers),
            why=_said(writing, numbers),
        ),
        checksum=checksum,
        kinds=kinds,
        broken=(*writing.broken, *damaged),
    )


def _said(writing: Writing, numbers: int) -> str:
    framing = writing.framing
    if framing.encoding == "json":
        return f"{len(writing.frames)} answers are JSON with {numbers} numbers"
    keyed = f", keys before {framing.pair!r}" if framing.pair else ""
    return f"{len(writing.frames)} lines with {numbers} numbers, parted by {framing.separators!r}{keyed}"


# ---- check value


def _checksum(writing: Writing) -> Finding[Checksum] | None:
    """Return the check value at the end of lines: in hex digits behind a mark, or in bytes behind the end."""
    framing = writing.framing
    if framing.encoding == "json":
        return None
    sent = list(dict.fromkeys(frame.data for frame in writing.frames))
    end = 0 if framing.behind else len(framing.end)
    found = find_checksum({"frame": sent}, {"frame": Hints(start=len(framing.start), end=end)})
    if found and found.sure and (framing.behind or framing.ahead):
        rule = found.value
        said = rule.notation != "hex" and (rule.width, rule.tail, rule.gap) == (framing.behind or framing.ahead, end, 0)
        return found if said else None
    if found is None or not found.sure or found.value.notation != "hex" or found.value.tail != len(framing.end):
        return None
    return found if mark_of(found.value, sent) else None


def _verified(writing: Writing, rule: Checksum) -> Writing:
    """Return what is written with the lines whose check value is wrong among the broken ones."""
    pairs = list(zip(writing.frames, writing.said, strict=True))
    right = [(pair := check_value(rule, frame.data)) is not None and pair[0] == pair[1] for frame, _ in pairs]
    good = [pair for pair, fits in zip(pairs, right, strict=True) if fits]
    bad = [frame for (frame, _), fits in zip(pairs, right, strict=True) if not fits]
    return replace(
        writing,
        frames=tuple(frame for frame, _ in good),
        said=tuple(said for _, said in good),
        broken=(*writing.broken, *bad),
    )


def mark_of(rule: Checksum, frames: Sequence[bytes]) -> bytes:
    """Return what stands before the digits of the check value in every line; empty where that is not one thing."""
    behind = rule.tail + 2 * rule.width
    marks = {frame[len(frame) - behind - max(rule.gap, 1) : len(frame) - behind] for frame in frames}
    mark = marks.pop() if len(marks) == 1 else b""
    return b"" if mark.isalnum() else mark


def _without_digits(writing: Writing, rule: Checksum) -> Writing:
    """Return lines as they are without their check value."""
    end = writing.framing.end
    behind = rule.tail + 2 * rule.width + max(rule.gap, 1)
    apart = TakenApart()
    pairs = []
    for frame in writing.frames:
        tree = tree_of(frame.data[: len(frame.data) - behind] + end, writing.framing)
        if not isinstance(tree, Unreadable):
            pairs.append((frame, apart.said(tree)))
    return replace(writing, frames=tuple(frame for frame, _ in pairs), said=tuple(said for _, said in pairs))


# ---- kinds


def _kinds(writing: Writing) -> Iterator[Kind]:
    """Yield the answers by what is in them: how many values, which keys, and the word that tells their kind."""
    groups: dict[Hashable, list[Answer]] = {}
    forms: dict[tuple[Steps, ...], Hashable] = {}
    for frame, said in zip(writing.frames, writing.said, strict=True):
        if said.places not in forms:
            forms[said.places] = _form(said.places)
        groups.setdefault(forms[said.places], []).append((frame, said))
    for group in groups.values():
        in_line = writing.framing.encoding == "text"
        for word, part in _by_word(group, in_line=in_line):
            yield from _kind(part, word, in_line=in_line)


def _whole(kinds: Sequence[Kind]) -> tuple[tuple[Kind, ...], list[Frame]]:
    """Return the kinds without those that are others which lost a part on their way: seldom, and with nothing new."""
    kept: list[Kind] = []
    damaged: list[Frame] = []
    for kind in kinds:
        if any(_is_part(kind, other) for other in kept):
            damaged += kind.frames
        else:
            kept.append(kind)
    return tuple(kept), damaged


def _is_part(one: Kind, other: Kind) -> bool:
    """Return whether answers are others that lost a part."""
    mine, theirs = one.columns, other.columns
    if not mine or not theirs or not mine.columns or len(one.frames) > SELDOM * len(other.frames):
        return False
    keys, known = ({column.steps[0] for column in found.columns} for found in (mine, theirs))
    return one.request == other.request and mine.told == theirs.told and keys <= known


def _form(places: tuple[Steps, ...]) -> Hashable:
    """Return what is the same in all answers of a kind: keys at the top, and the number of values without a key."""
    return frozenset(steps[0] for steps in places), _without_key(places)


def _without_key(places: tuple[Steps, ...]) -> int:
    """Return how many values without a key there are."""
    return len({steps[1] for steps in places if steps[0] == LINE and len(steps) > 1})


def _by_word(group: Sequence[Answer], *, in_line: bool) -> Iterator[tuple[Leaf | None, list[Answer]]]:
    """Yield answers of one form by the word that tells them apart: one that few of them share, at the front."""
    first: list[Leaf] = [(said.places[0], said.values[0]) if said.places else ((), None) for _, said in group]
    places = {steps for steps, _ in first}
    words = Counter(word for _, word in first)
    spoken = all(isinstance(word, str) and word and stuck(word) is None for word in words)
    spoken = spoken or _take_turns([word for _, word in first])
    spoken = spoken and not _is_state(first, in_line=in_line)
    if len(places) > 1 or not spoken or len(words) > MOST_WORDS or min(words.values()) < min(OFTEN, len(group)):
        yield None, [*group]
        return
    for word in words:
        part = [pair for pair, leaf in zip(group, first, strict=True) if leaf[1] == word]
        yield (first[0][0], word), part


def _is_state(first: Sequence[Leaf], *, in_line: bool) -> bool:
    """Return whether words behind a key say how the battery is, not what the answer is: they stay for a while."""
    (steps, word), changes = first[0], sum(one != other for one, other in pairwise(first))
    if not steps or steps[0] == LINE:
        return False
    return changes <= STAYS * len(first) and (changes > 0 or (in_line and isinstance(word, str)))


def _take_turns(words: Sequence[object]) -> bool:
    """Return whether small whole numbers follow each other in turn, as those of pages do: 1 and 2, or A1 and B2."""
    different = set(words)
    if not 1 < len(different) <= MOST_WORDS or len(words) < TURNS * len(different):
        return False
    parts = [stuck(word) or ("", "", "") for word in different]
    small = all(number.isdecimal() and len(number) < 3 for _, number, _ in parts)
    return small and sum(one != other for one, other in pairwise(words)) >= 0.9 * (len(words) - 1)


def _kind(group: Sequence[Answer], word: Leaf | None, *, in_line: bool) -> Iterator[Kind]:
    """Yield a kind with its numbers as bytes; answers that lack one of them are a kind without any."""
    columns, payloads = laid_out([said for _, said in group], in_line=in_line)
    whole = [(frame, payload) for (frame, _), payload in zip(group, payloads, strict=True) if payload is not None]
    rest = [(frame, b"") for (frame, _), payload in zip(group, payloads, strict=True) if payload is None]
    told = ((_path(word[0]), str(word[1])),) if word else ()
    count = _without_key(group[0][1].places) if in_line else 0
    for numbers, answered in ((columns, whole), ((), rest)):
        if answered:
            yield Kind(
                request=Counter(frame.request for frame, _ in answered).most_common(1)[0][0],
                size=len(answered[0][1]),
                frames=tuple(frame for frame, _ in answered),
                payloads=tuple(payload for _, payload in answered),
                columns=Columns(columns=numbers, told=told, count=count),
            )


def _path(steps: Steps) -> str:
    return written(steps[1:] if steps[:1] == (LINE,) else steps)
