"""Which check value stands in the frames, found without being told where, over what, or how it is made.

Two frames sort out most of the rules; all frames judge what is left. A rule's evidence is what its check values could
have been but for the rule, less the bits that it takes to name the rule among all others: so an exotic rule needs more
frames than an everyday one, and the sum of all false hopes stays small.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from bmsreader.lab.checks.places import SHORTEST, Place, places
from bmsreader.lab.checks.sums import FUNCTIONS
from bmsreader.lab.checks.trials import Trial, everyday, others
from bmsreader.lab.evidence import Checksum, Domain, Finding

WORTH = 6.0
"""Bits below which a rule is not even mentioned."""
PLENTY = 40.0
"""Bits from which nothing more exotic is tried."""
JUDGES = 64
"""Frames that judge a rule."""
JURY = 8
"""Frames that a rule must convince before all others are asked."""
SMALLEST = 4
"""Bytes of a frame that can have a check value."""
LARGEST = 1 << 12
"""Bytes of a frame that is looked at: what goes on for longer without a pause is no frame."""
RIVALS = 4

Stage = Callable[[bytes, bytes, Sequence[Place]], Iterator[Trial]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of the frames before the search: rules that agree with it are more likely."""

    start: int = 0
    """Bytes of the start marker."""
    end: int = 0
    """Bytes of the end marker."""


def find_checksum(
    domains: Mapping[Domain, Sequence[bytes]],
    hints: Mapping[Domain, Hints] | None = None,
    *,
    quick: bool = False,
) -> Finding[Checksum] | None:
    """Return the rule that the frames obey; None when there is none, which is an answer.

    ``domains`` holds the same frames, in the same order, as sent and as decoded. A ``quick`` search tries the everyday
    functions only.
    """
    hints = hints or {}
    found: list[_Judged] = []
    for domain, frames in domains.items():
        different = [frame for frame in dict.fromkeys(frames) if SMALLEST <= len(frame) <= LARGEST]
        found += _search(different, domain, hints.get(domain, Hints()), (everyday,) if quick else (everyday, others))
    found.sort(key=lambda one: (-one.bits, one.cost))
    if not found or found[0].bits < WORTH:
        return None
    return _finding(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    rule: Checksum
    bits: float
    cost: float
    agreeing: int
    of: int

    @property
    def evidence(self) -> float:
        return self.bits + self.cost


def _search(frames: Sequence[bytes], domain: Domain, hints: Hints, stages: Sequence[Stage]) -> list[_Judged]:
    judges = _spread(frames, JUDGES)
    jury = _spread(judges, JURY)
    found: list[_Judged] = []
    tried: set[Checksum] = set()
    for stage in stages:
        for one, other in _pairs(judges):
            for trial in stage(one, other, tuple(places())):
                rule = _rule(trial, domain)
                if rule not in tried:
                    tried.add(rule)
                    if _promising(rule, jury):
                        found.append(_judge(rule, judges, hints))
            if any(judged.bits >= PLENTY and _clean(judged.rule, hints) for judged in found):
                return found
    return found


def _promising(rule: Checksum, jury: Sequence[bytes]) -> bool:
    """Whether a few frames are for the rule; chance made most of those that two frames agree on."""
    if len(jury) < JURY:
        return True
    pairs = [check_value(rule, frame) for frame in jury]
    return sum(pair is not None and pair[0] == pair[1] for pair in pairs) * 3 > len(jury)


def _clean(rule: Checksum, hints: Hints) -> bool:
    """Whether a rule leaves no bytes unexplained: else it may be a part of a wider one."""
    return not rule.gap and not rule.constant and rule.tail == hints.end


def _rule(trial: Trial, domain: Domain) -> Checksum:
    place = trial.place
    return Checksum(
        algorithm=trial.name,
        domain=domain,
        width=place.width,
        notation=place.notation,
        start=trial.start,
        gap=trial.gap,
        tail=place.tail,
        constant=trial.constant,
    )


def _spread(frames: Sequence[bytes], count: int) -> list[bytes]:
    """Return some of many frames, from all of the capture."""
    if len(frames) <= count:
        return list(frames)
    return [frames[index * len(frames) // count] for index in range(count)]


def _pairs(frames: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield pairs of frames that sort out rules: first of one size, then mixed, for some may be damaged."""
    if len(frames) < 2:
        yield from ((frame, frame) for frame in frames)
        return
    sizes: dict[int, list[bytes]] = {}
    for frame in frames:
        sizes.setdefault(len(frame), []).append(frame)
    ranked = sorted(sizes.values(), key=len, reverse=True)
    chosen = [(group[0], _most_different(group[0], group[1:9])) for group in ranked[:2] if len(group) > 1]
    if len(ranked) > 1:
        chosen.append((ranked[0][-1], ranked[1][-1]))
    if len(ranked[0]) > 3:
        chosen.append((ranked[0][len(ranked[0]) // 2], ranked[0][-1]))
    yield from chosen[:3]


def _most_different(one: bytes, others: Sequence[bytes]) -> bytes:
    return max(others, key=lambda other: sum(a != b for a, b in zip(one, other, strict=True)))


def check_value(rule: Checksum, data: bytes) -> tuple[int, int] | None:
    """Return the value that stands in a frame and the one that the rule makes; None where the frame is too short."""
    place = Place(rule.tail, rule.width, rule.notation)
    sent = place.value(data)
    end = place.begin(data) - rule.gap
    if sent is None or end - rule.start < SHORTEST:
        return None
    made = FUNCTIONS[rule.algorithm].compute(data[rule.start : end])
    if rule.constant and "xor" in rule.algorithm:
        return sent, made ^ rule.constant
    return sent, made + rule.constant & (1 << 8 * rule.width) - 1


def _judge(rule: Checksum, frames: Sequence[bytes], hints: Hints) -> _Judged:
    values = []
    for frame in frames:
        pair = check_value(rule, frame)
        if pair and pair[0] == pair[1]:
            values.append(pair[0])
    cost = _cost(rule, hints)
    bits = -cost - _exceptions(len(frames), len(values))
    for byte in range(rule.width):
        different = len({value >> 8 * byte & 0xFF for value in values})
        if different > 1 or (values and values[0] >> 8 * byte & 0xFF):  # a zero that never moves may be anything
            bits += 8 * different
    return _Judged(rule=rule, bits=bits, cost=cost, agreeing=len(values), of=len(frames))


def _exceptions(frames: int, agreeing: int) -> float:
    """Bits that it takes to say which frames the rule leaves out; more than half makes it no rule."""
    if agreeing == frames:
        return 0
    if agreeing * 2 <= frames or frames < 4:
        return 1e6
    share = agreeing / frames
    return frames * (-share * log2(share) - (1 - share) * log2(1 - share)) + log2(frames)


def _cost(rule: Checksum, hints: Hints) -> float:
    """Bits that it takes to name a rule: its function, its place, its range."""
    bits = FUNCTIONS[rule.algorithm].cost + 1
    bits += 1.0 if rule.start in (0, hints.start) else 2.5 if rule.start < 4 else 4.5
    bits += 0.3 if not rule.gap else 4.0
    bits += 0.5 if rule.tail == hints.end else 1.5 if rule.tail < hints.end else 4.0
    bits += 1.0 if rule.width == 1 else 1.6
    bits += 2 + 8 * rule.width if rule.constant else 0
    return bits


def _finding(found: Sequence[_Judged]) -> Finding[Checksum]:
    best = found[0]
    same = [one for one in found[1:] if one.evidence == best.evidence and one.agreeing == best.agreeing]
    rivals = [one for one in found[1:] if one not in same and one.bits >= WORTH][:RIVALS]
    return Finding(
        value=best.rule,
        bits=round(best.bits, 1),
        why=_why(best),
        rivals=tuple(Finding(value=one.rule, bits=round(one.bits, 1), why=_why(one)) for one in rivals),
        equals=tuple(one.rule for one in same[:RIVALS]),
    )


def _why(judged: _Judged) -> str:
    rule = judged.rule
    span = f"from {'character' if rule.notation == 'hex' else 'byte'} {rule.start}"
    gap = f", leaving out {rule.gap} before it" if rule.gap else ""
    constant = f" and a constant of {rule.constant:#x}" if rule.constant else ""
    return f"{judged.agreeing} of {judged.of} different frames agree with {rule.algorithm}{constant} {span}{gap}"
