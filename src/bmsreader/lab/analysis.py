"""All that the lab can say of one battery in a capture, put together: structure, kinds of answers, meaning."""

from collections.abc import Sequence
from dataclasses import dataclass

from bmsreader.lab.engine import Frames, in_language
from bmsreader.lab.evidence import Finding, Frame, Kind, Structure
from bmsreader.lab.fields import Meaning, find_fields
from bmsreader.lab.labels import Label
from bmsreader.lab.scalars import Place
from bmsreader.lab.series import Series, series_of

HEAD = 2
"""Bytes at the front of a payload that are no values, at most, when several kinds of answers begin alike."""
FEWEST_BYTES = 6
"""Answers below this size are acknowledgements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One kind of answer and what its bytes mean."""

    kind: Kind
    """Payloads as the description language counts them."""
    series: Series
    meaning: Meaning
    fixed: frozenset[int] = frozenset()
    """Offsets that are no values: what tells the kind, the length, the check value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was found out about one battery."""

    structure: Structure
    frames: Frames
    answers: tuple[Answer, ...]
    questions: tuple[str, ...] = ()
    """What the capture leaves open."""

    @property
    def best(self) -> dict[str, tuple[Answer, Finding[Place]]]:
        """For each value the answer that carries it with the most evidence."""
        found: dict[str, tuple[Answer, Finding[Place]]] = {}
        for answer in self.answers:
            for finding in answer.meaning.fields:
                name = finding.value.name
                if name not in found or finding.bits > found[name][1].bits:
                    found[name] = answer, finding
        return found


def analyse(structure: Structure, labels: Sequence[Label] = ()) -> Analysis:
    """Return what the frames mean, as far as they and the labels tell it."""
    frames = in_language(structure)
    kinds = [_recounted(kind, frames) for kind in merged(structure.kinds)]
    kinds = [kind for kind in kinds if kind.payloads and min(map(len, kind.payloads)) >= FEWEST_BYTES]
    head = _head(kinds)
    answers = tuple(_answer(kind, frames, labels, head | _length(structure, frames)) for kind in kinds)
    analysis = Analysis(structure=structure, frames=frames, answers=answers)
    questions = dict.fromkeys(
        question
        for answer in answers
        for question in answer.meaning.questions
        if _still_open(question, answer, analysis)
    )
    return Analysis(structure=structure, frames=frames, answers=answers, questions=tuple(questions))


def _still_open(question: str, asker: Answer, analysis: Analysis) -> bool:
    """Return whether no other kind of answer settles what this one leaves open."""
    about = question.partition(":")[0]
    known = analysis.best.get(about.replace(" ", "_"))
    if known is not None:
        return known[0] is asker
    return not any(note.startswith(f"{about}:") for answer in analysis.answers for note in answer.meaning.notes)


def merged(kinds: Sequence[Kind]) -> list[Kind]:
    """Return the kinds, those without request together with the one of their size and head that has one."""
    found: list[Kind] = []
    for kind in kinds:
        twin = next((one for one in found if _alike(one, kind)), None)
        if twin is None:
            found.append(kind)
            continue
        both = sorted(
            zip(twin.frames + kind.frames, twin.payloads + kind.payloads, strict=True), key=lambda pair: pair[0].at
        )
        found[found.index(twin)] = Kind(
            request=twin.request or kind.request,
            size=twin.size,
            frames=tuple(frame for frame, _ in both),
            payloads=tuple(payload for _, payload in both),
        )
    return found


def _alike(one: Kind, other: Kind) -> bool:
    same_head = bool(one.payloads and other.payloads) and one.payloads[0][:HEAD] == other.payloads[0][:HEAD]
    return one.size == other.size and one.size > 0 and same_head


def _recounted(kind: Kind, frames: Frames) -> Kind:
    """Return the kind with payloads as the engine cuts them, where the language can say the framing."""
    if frames.lacks:
        return kind
    pairs: list[tuple[Frame, bytes]] = []
    for frame in kind.frames:
        payload = frames.payload(frame.data)
        if payload is not None:
            pairs.append((frame, payload))
    return Kind(
        request=kind.request,
        size=max(map(len, (payload for _, payload in pairs)), default=0),
        frames=tuple(frame for frame, _ in pairs),
        payloads=tuple(payload for _, payload in pairs),
    )


def _head(kinds: Sequence[Kind]) -> frozenset[int]:
    """Return the first offsets that never change within a kind, where there are several: they are no values."""
    found = 0
    if len(kinds) > 1:
        while found < HEAD and all(len({payload[found] for payload in kind.payloads}) == 1 for kind in kinds):
            found += 1
    return frozenset(range(found))


def _length(structure: Structure, frames: Frames) -> frozenset[int]:
    """Return the offsets of the length field."""
    length, framing = structure.framing.value.length, frames.framing
    if length is None:
        return frozenset()
    first = (length.at - len(framing.start)) // framing.digits
    return frozenset(range(max(0, first), first + max(1, length.width // framing.digits)))


def _answer(kind: Kind, frames: Frames, labels: Sequence[Label], fixed: frozenset[int]) -> Answer:
    size = min(map(len, kind.payloads), default=0)
    if frames.framing.xor_key_at is not None:
        fixed |= {frames.framing.xor_key_at}
    series = series_of(kind, check=min(sum(frames.check), size), fixed=fixed)
    return Answer(kind=kind, series=series, meaning=find_fields(series, labels), fixed=fixed)
