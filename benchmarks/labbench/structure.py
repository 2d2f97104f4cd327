"""The stages of LabBench that know nothing of meaning: frames, length field, encoding, check value."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.labbench.conversation import captured, converse
from benchmarks.labbench.families import FAMILIES, Family
from benchmarks.labbench.judged import TRUTH_OF, chosen
from benchmarks.labbench.recorded import recorded, whole
from benchmarks.labbench.truths import Truth
from benchmarks.measure import Verdict, print_table
from bmsreader.captures.traffic import Capture
from bmsreader.lab.checks.checksum import find_checksum
from bmsreader.lab.evidence import Checksum, Length, Structure
from bmsreader.lab.framing.lengths import size_of
from bmsreader.lab.structure import FEWEST, structure_of

RANDOM_SETS = 300
AT_WORK = 12
"""Moments of a battery at work that are taken where few frames were recorded."""
TEN_MINUTES = 600
"""Polls of three answers each: what a phone records in ten minutes while the app is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the lab did on one protocol; None where the protocol has no such thing."""

    name: str
    right: int
    found: int
    true: int
    length: bool | None
    encoding: bool
    checksum: bool
    has_checksum: bool
    sure_but_wrong: bool
    seconds: float


def main() -> list[Verdict]:
    """Measure both tiers."""
    synthetic = [_synthetic(family) for family in FAMILIES]
    real = [_recorded(truth, frames) for truth, frames in sorted(_enough().items(), key=lambda one: one[0].module)]
    rows = [_row("S: synthetic", synthetic)]
    if real:
        rows.append(_row("R: recorded", real))
    columns = ("tier", "protocols", "F1", "length", "encoding", "check value first", "sure but wrong", "s each")
    print_table("LabBench: how frames are built", columns, rows)
    for tier, outcomes in (("S", synthetic), ("R", real)):
        _print_misses(tier, outcomes)
    if not real:
        print("Tier R is left out: the source package of aiobmsble cannot be had here.")
    false = _false_rules()
    slowest = max(_seconds(family) for family in FAMILIES[:8:3])
    return [
        *_verdicts("synthetic", synthetic),
        *(_verdicts("recorded", real) if real else []),
        Verdict(promise=f"rules found in {RANDOM_SETS} sets of random frames", measured=float(false), limit=0.0),
        Verdict(promise="seconds for the structure of a ten-minute capture", measured=slowest, limit=3.0),
    ]


def _verdicts(tier: str, outcomes: Sequence[Outcome]) -> Iterator[Verdict]:
    measured = {name: share for name, share in _shares(outcomes).items() if share is not None}
    for name, limit in (("F1", 0.99), ("length", 1.0), ("encoding", 1.0), ("check value", 1.0)):
        if name in measured:
            promise = f"{tier} protocols: {name} right"
            yield Verdict(promise=promise, measured=round(measured[name], 4), limit=limit, at_least=True)
    wrong = sum(one.sure_but_wrong for one in outcomes)
    yield Verdict(promise=f"{tier} protocols: sure of a wrong check value", measured=float(wrong), limit=0.0)


def _shares(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    total = sum(one.found + one.true for one in outcomes)
    lengths = [one.length for one in outcomes if one.length is not None]
    return {
        "F1": 2 * sum(one.right for one in outcomes) / total if total else None,
        "length": sum(lengths) / len(lengths) if lengths else None,
        "encoding": sum(one.encoding for one in outcomes) / len(outcomes),
        "check value": sum(one.checksum for one in outcomes) / len(outcomes),
    }


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    lengths = [one.length for one in outcomes if one.length is not None]
    return (
        name,
        str(len(outcomes)),
        f"{_shares(outcomes)['F1'] or 0:.4f}",
        f"{sum(lengths)}/{len(lengths)}",
        f"{sum(one.encoding for one in outcomes)}/{len(outcomes)}",
        f"{sum(one.checksum for one in outcomes)}/{len(outcomes)}",
        str(sum(one.sure_but_wrong for one in outcomes)),
        f"{sum(one.seconds for one in outcomes) / len(outcomes):.2f}",
    )


def _print_misses(tier: str, outcomes: Iterable[Outcome]) -> None:
    for one in outcomes:
        missed = [
            word
            for word, bad in (
                (
                    f"frames ({one.right} of {one.true}, {one.found} found)",
                    one.right * 100 < one.true * 99 or one.found > one.right,
                ),
                ("length", one.length is False),
                ("encoding", not one.encoding),
                ("check value", not one.checksum),
            )
            if bad
        ]
        if missed:
            print(f"  {tier} {one.name}: {', '.join(missed)}")


# ---- tier S


def _synthetic(family: Family) -> Outcome:
    talk = converse(family)
    begin = time.perf_counter()
    found = structure_of(talk.capture)
    seconds = time.perf_counter() - begin
    check = family.check
    rule = found.checksum.value if found.checksum else None
    if not check or not rule:
        right = (rule is None) == (check is None)
    else:
        right = (rule.algorithm, rule.domain, rule.gap) == (check.function, check.domain, 0)
    kinds = {"raw": ("raw", 0), "hex": ("hex", 0), "xor": ("raw", 0x55), "hex-xor-key": ("hex", 0)}
    encoding = found.encoding.value
    told = (encoding.kind, encoding.xor_constant) == kinds[family.encoded]
    told = told and (encoding.xor_key_at is not None) == (family.encoded == "hex-xor-key")
    frames = [built.frame for built in talk.frames]
    length = _agrees(found.framing.value.length, frames) if family.length else None
    return _outcome(family.name, found, frames, length, told, right, check is not None, seconds)


# ---- tier R


def _enough() -> dict[Truth, list[bytes]]:
    """Return the recorded frames of each type; of those with few also what they say of a battery at work."""
    frames = {truth: found for truth, found in recorded() if not truth.masked}  # behind an XOR all looks alike
    for story in chosen().values() if frames else ():
        truth = TRUTH_OF[story["module"]]
        if len(frames.get(truth, ())) < FEWEST:
            told = [bytes.fromhex(frame) for moment in story["moments"][:AT_WORK] for _, frame in moment["asked"]]
            frames[truth] = list(dict.fromkeys([*frames.get(truth, ()), *told]))
    return frames


def _recorded(truth: Truth, frames: Sequence[bytes]) -> Outcome:
    on_air = _joined(frames, truth) if truth.paged else {frame: frame for frame in frames}
    frames = [*on_air]
    polls = [[(b"\x01" + bytes([index]), on_air[frame]) for index, frame in enumerate(frames)]] * 6
    capture = captured(truth.module, polls, truth.chunk)
    begin = time.perf_counter()
    found = structure_of(capture)
    seconds = time.perf_counter() - begin
    masked = truth.xor_at is not None and len(frames) < FEWEST  # behind a key, so few frames prove nothing
    right = _right_check(found, truth, None if masked else truth.checksum, frames)
    sent = frames * len(polls)
    several = len(set(map(len, frames))) > 1
    length = _agrees(found.framing.value.length, sent) if truth.length and several else None
    told = found.encoding.value.kind == truth.kind
    return _outcome(truth.module, found, sent, length, told, right, truth.checksum is not None, seconds)


def _joined(pages: Sequence[bytes], truth: Truth) -> dict[bytes, bytes]:
    """Return what pages make up together, where this is right, each with its pages as they were sent."""
    found: dict[bytes, bytes] = {}
    message: list[bytes] = []
    for page in pages:
        number, total = page[1] >> 4, page[1] & 0xF
        message = [*message, page] if number == len(message) + 1 else [page] if number == 1 else []
        if message and number == total:
            content = b"".join(one[2 : 2 + one[0]] for one in message)
            if whole(content, replace(truth, paged=False, size=None)):
                found[content] = b"".join(message)
            message = []
    return found


def _right_check(found: Structure, truth: Truth, true: Checksum | None, frames: Sequence[bytes]) -> bool:
    """Return whether the right rule was found, or one that says the same of every frame, where both are named."""
    if not found.checksum or not true:
        return (found.checksum is None) == (true is None)
    if true.domain != "frame" and not truth.start:  # the lab counts from behind what all frames begin with
        true = replace(true, start=true.start - len(found.framing.value.start))
    return any(_same_rule(rule, true, frames) for rule in (found.checksum.value, *found.checksum.equals))


def _same_rule(rule: Checksum, true: Checksum, frames: Sequence[bytes]) -> bool:
    """Whether a rule is the true one; a constant start byte of 0 may be summed or not."""
    same = (rule.algorithm, rule.domain, rule.gap, rule.tail) == (true.algorithm, true.domain, true.gap, true.tail)
    zeros = all(not any(frame[min(rule.start, true.start) : max(rule.start, true.start)]) for frame in frames)
    return same and (rule.start == true.start or zeros) and not rule.constant


# ---- both


def _outcome(
    name: str,
    found: Structure,
    sent: Sequence[bytes],
    length: bool | None,
    encoding: bool,
    checksum: bool,
    has_checksum: bool,
    seconds: float,
) -> Outcome:
    cut = Counter(frame.data for kind in found.kinds for frame in kind.frames)
    return Outcome(
        name=name,
        right=(cut & Counter(sent)).total(),
        found=cut.total(),
        true=len(sent),
        length=length,
        encoding=encoding,
        checksum=checksum,
        has_checksum=has_checksum,
        sure_but_wrong=bool(found.checksum and found.checksum.sure and not checksum),
        seconds=seconds,
    )


def _agrees(length: Length | None, frames: Sequence[bytes]) -> bool:
    """Whether a length field says the truth of every frame."""
    return length is not None and all(size_of(length, frame) == len(frame) for frame in frames)


def _false_rules() -> int:
    """Count the check values that are found where there are none."""
    dice = Random(2026)
    found = 0
    for _ in range(RANDOM_SETS):
        frames = [dice.randbytes(dice.randrange(12, 60)) for _ in range(dice.randrange(3, 12))]
        found += find_checksum({"frame": frames}) is not None
    return found


def _seconds(family: Family) -> float:
    capture: Capture = converse(family, polls=TEN_MINUTES).capture
    begin = time.perf_counter()
    structure_of(capture)
    return time.perf_counter() - begin
