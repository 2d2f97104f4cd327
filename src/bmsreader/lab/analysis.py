"""All that the lab can say of one battery in a capture, put together: structure, kinds of answers, meaning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bmsreader.lab.evidence import SURE, Finding, Frame, Kind, Structure
from bmsreader.lab.framing.engine import Frames, in_language
from bmsreader.lab.framing.joining import rejoined, together
from bmsreader.lab.labels import Label, Seen
from bmsreader.lab.meaning.cellblock import Cells
from bmsreader.lab.meaning.degrees import Shown
from bmsreader.lab.meaning.fields import FLOWING, LABELLED, Meaning, find_fields
from bmsreader.lab.meaning.flow import Flow, flowed
from bmsreader.lab.meaning.pages import Known, Source, pack_of
from bmsreader.lab.meaning.scalars import Place
from bmsreader.lab.meaning.series import Series, series_of
from bmsreader.protocol.vocabulary import MOST_GROUPS, SEVERAL, list_of

HEAD = 2
"""Bytes at the front of a payload that are no values, at most, when several kinds of answers begin alike."""
FAR = 4.0
"""Bits more that another answer must show a value by, so that it is no longer looked for in this one."""
FEWEST_BYTES = 5
"""Answers below this size are acknowledgements, when none of their size ever change."""
DENIAL = ": no "
"""How a note that no byte carries a value goes on behind its name."""
TELLING = 5.0
"""Bits from which a value may be what only told two kinds of answers apart."""
AS_OFTEN = 0.9
"""Share of the frames of another kind that a page of the same answer has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One kind of answer and what its bytes mean."""

    kind: Kind
    """Payloads as the description language counts them."""
    series: Series
    meaning: Meaning
    fixed: frozenset[int] = frozenset()
    """Offsets that are no values: what tells the kind, the length, the check value."""
    page: int = 0
    """Which of the answers that carry cells it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was found out about one battery."""

    structure: Structure
    frames: Frames
    answers: tuple[Answer, ...]
    labels: tuple[Label, ...] = ()
    """What was typed."""
    questions: tuple[str, ...] = ()
    """What the capture leaves open."""

    @property
    def best(self) -> dict[str, tuple[Answer, Finding[Place]]]:
        """For each value the answer that carries it with the most evidence; lists may come from several."""
        found: dict[str, tuple[Answer, Finding[Place]]] = {}
        for answer in self.answers:
            for finding in answer.meaning.fields:
                name = finding.value.name
                if name not in SEVERAL and (name not in found or finding.bits > found[name][1].bits):
                    found[name] = answer, finding
        for name, groups in (("cell_voltages", cell_groups(self)), ("temperatures", sensor_groups(self))):
            for number, (answer, finding) in enumerate(groups[:MOST_GROUPS], 1):
                called = name if number == 1 else f"{name}_{number}"
                found[called] = answer, replace(finding, value=replace(finding.value, name=called))
        return found


Group = tuple[Answer, Finding[Place]]


def cell_groups(analysis: Analysis) -> list[Group]:
    """Return the blocks of cells, which make up the pack in this order."""
    blocks = [(answer, answer.meaning.find("cell_voltages")) for answer in analysis.answers]
    found = [(answer, finding) for answer, finding in blocks if finding is not None]
    return sorted(found, key=lambda block: block[0].page)


def sensor_groups(analysis: Analysis) -> list[Group]:
    """Return the sensors of the answer that shows most of what was typed, and those elsewhere that show the rest."""
    found: list[tuple[Answer, list[Finding[Place]], frozenset[Shown]]] = []
    for answer in analysis.answers:
        findings = [f for f in answer.meaning.fields if list_of(f.value.name) == "temperatures"]
        findings.sort(key=lambda finding: SEVERAL.index(finding.value.name))
        if findings:
            found.append((answer, findings, frozenset[Shown]().union(*answer.meaning.shown.values())))
    found.sort(key=lambda one: (-len(one[2]), -one[1][0].bits))
    groups: list[Group] = []
    explained: set[Shown] = set()
    for answer, findings, shown in found:
        new = shown - explained
        if not groups or len({value for _, value in new}) > 1 or _same_way(groups[0][1], findings[0], shown):
            groups += [(answer, finding) for finding in findings]
            explained |= shown
    return groups


def _same_way(first: Finding[Place], other: Finding[Place], shown: frozenset[Shown]) -> bool:
    """Return whether sensors in another answer are sent as the first are, finely, and follow what was typed."""
    one, two = first.value, other.value
    alike = (one.word.type, one.scale, one.offset) == (two.word.type, two.scale, two.offset)
    return alike and one.grain < 1 and other.bits > 0 and len({value for _, value in shown}) > 1


def analyse(structure: Structure, labels: Sequence[Label] = ()) -> Analysis:
    """Return what the frames mean, as far as they and the labels tell it."""
    frames = in_language(structure)
    kinds = [_recounted(kind, frames) for kind in merged(structure.kinds)]
    kinds = _telling(kinds)
    head = frozenset[int]() if frames.framing.spoken else _head(kinds, frames.framing.start)
    fixed = _length(structure, frames) or head
    answers = tuple(_answer(kind, frames, labels, fixed) for kind in kinds)
    joined = rejoined(kinds, [_values(answer) for answer in answers])
    if len(joined) < len(kinds):
        answers = tuple(_answer(kind, frames, labels, fixed) for kind in joined)
    answers = _with_right_cells(answers, labels)
    analysis = Analysis(structure=structure, frames=frames, answers=answers, labels=tuple(labels))
    analysis = replace(analysis, answers=tuple(_settled(answer, analysis, labels) for answer in analysis.answers))
    analysis = replace(analysis, answers=tuple(_without_contradiction(one, analysis) for one in analysis.answers))
    questions = dict.fromkeys(
        question
        for answer in analysis.answers
        for question in answer.meaning.questions
        if _still_open(question, answer, analysis)
    )
    return replace(analysis, questions=(*questions, *_left_out(analysis)))


def _left_out(analysis: Analysis) -> list[str]:
    """Return what to say where a list has more parts than a description can hold."""
    lists = (("cell voltages", cell_groups(analysis)), ("temperatures", sensor_groups(analysis)))
    return [
        f"{name}: {len(groups)} groups were found, of which a description can hold {MOST_GROUPS}; the rest is left out"
        for name, groups in lists
        if len(groups) > MOST_GROUPS
    ]


def _values(answer: Answer) -> frozenset[int]:
    """Return the offsets that got a meaning which is more than a guess."""
    told = (finding.value.offsets for finding in answer.meaning.fields if finding.bits >= TELLING)
    return frozenset[int]().union(*told)


def _with_right_cells(answers: Sequence[Answer], labels: Sequence[Label]) -> tuple[Answer, ...]:
    """Return the answers with the cells that make up the pack; those looked at anew that had others, or none."""
    sources = [Source(series=answer.series, found=answer.meaning.cells) for answer in answers]
    pages = {number: (page, cells) for page, (number, cells) in enumerate(pack_of(sources, _packs(answers, labels)))}
    return tuple(_with_cells(answer, pages.get(number), labels) for number, answer in enumerate(answers))


def _with_cells(answer: Answer, chosen: tuple[int, Finding[Cells]] | None, labels: Sequence[Label]) -> Answer:
    page, cells = chosen or (0, None)
    if answer.meaning.cells != cells:
        answer = replace(answer, meaning=find_fields(answer.series, labels, cells=cells or False))
    return replace(answer, page=page)


def _packs(answers: Sequence[Answer], labels: Sequence[Label]) -> list[Known]:
    """Return what the pack voltage is, as far as it was typed or found."""
    typed = [
        Known(volts=seen.value, at=label.at) for label in labels for seen in label.seen if seen.name == "pack_voltage"
    ]
    found = [(answer, answer.meaning.find("pack_voltage")) for answer in answers]
    best = max(((f.bits, n) for n, (_, f) in enumerate(found) if f), default=None)
    if best is None or best[0] < SURE - 8:
        return typed
    answer, finding = found[best[1]]
    assert finding is not None  # noqa: S101 - it has bits
    values = finding.value.values(answer.series)
    return [*typed, Known(volts=sum(values) / len(values))]


def _settled(answer: Answer, analysis: Analysis, labels: Sequence[Label]) -> Answer:
    """Return an answer, looked at anew without what another one shows far better, in the byte order of the sure ones.

    What is shown elsewhere is no longer looked for here, so that its bytes are free for what they really mean.
    """
    best = analysis.best
    mine = {finding.value.name: finding for finding in answer.meaning.fields}
    elsewhere = {
        name
        for name in (*LABELLED, "pack_voltage", "current")
        if name in mine and best[name][0] is not answer and best[name][1].bits > mine[name].bits + FAR
    }
    orders = {
        finding.value.word.little for _, finding in best.values() if finding.sure and finding.value.word.width > 1
    }
    little = orders.pop() if len(orders) == 1 else None
    wide = [finding for finding in mine.values() if finding.value.word.width > 1]
    other = little is not None and bool(wide) and not any(one.sure or one.value.word.little == little for one in wide)
    flow = None if "current" in mine or not any(seen.name in FLOWING for seen in _all_seen(labels)) else _flow(best)
    if not elsewhere and not other and not flow:
        return answer
    told = [replace(label, seen=tuple(s for s in label.seen if s.name not in elsewhere)) for label in labels]
    cells = answer.meaning.cells or False
    return replace(answer, meaning=find_fields(answer.series, told, cells=cells, little=little, flow=flow))


def _all_seen(labels: Sequence[Label]) -> Iterator[Seen]:
    return (seen for label in labels for seen in label.seen)


def _flow(best: Mapping[str, Group]) -> Flow | None:
    """Return the charge that flowed, where the current is known well enough."""
    answer, finding = best.get("current", (None, None))
    if answer is None or finding is None or finding.bits < SURE - 8:
        return None
    times = answer.series.times
    charge = flowed(times, finding.value.values(answer.series))
    return Flow(times=times, charge=tuple(charge)) if charge else None


def _without_contradiction(answer: Answer, analysis: Analysis) -> Answer:
    """Return an answer without notes that no byte carries a value which another answer carries."""
    found = analysis.best
    wrong = [note for note in answer.meaning.notes if note.partition(DENIAL)[0].replace(" ", "_") in found]
    notes = [note for note in answer.meaning.notes if DENIAL not in note or note not in wrong]
    return replace(answer, meaning=replace(answer.meaning, notes=notes)) if wrong else answer


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
        found[found.index(twin)] = together(twin, kind)
    return found


def _alike(one: Kind, other: Kind) -> bool:
    if (one.by_request and other.by_request) or one.columns:
        return False
    counts = sorted((len(one.frames), len(other.frames)))
    if one.request == other.request and counts[0] >= AS_OFTEN * counts[1]:
        return False  # pages of one answer
    same_head = bool(one.payloads and other.payloads) and one.payloads[0][:HEAD] == other.payloads[0][:HEAD]
    return one.size == other.size and one.size > 0 and same_head


def _telling(kinds: Sequence[Kind]) -> list[Kind]:
    """Return the kinds that may hold values: short answers of which none of that size change are receipts."""
    moving = {kind.size for kind in kinds if kind.size > 1 and len(set(kind.payloads)) > 1}
    return [
        kind
        for kind in kinds
        if kind.payloads and (kind.columns or kind.size in moving or min(map(len, kind.payloads)) >= FEWEST_BYTES)
    ]


def _recounted(kind: Kind, frames: Frames) -> Kind:
    """Return the kind with payloads as the engine cuts them, where the language can say the framing."""
    if frames.lacks or kind.columns:
        return kind
    pairs: list[tuple[Frame, bytes]] = []
    for frame in kind.frames:
        payload = frames.payload(frame.data)
        if payload is not None:
            pairs.append((frame, payload))
    return replace(
        kind,
        size=max(map(len, (payload for _, payload in pairs)), default=0),
        frames=tuple(frame for frame, _ in pairs),
        payloads=tuple(payload for _, payload in pairs),
    )


def _head(kinds: Sequence[Kind], start: bytes) -> frozenset[int]:
    """Return the first offsets up to the one that tells the kinds apart: they are no values."""
    found = 0
    if not start and not any((kind.payloads[0][:1] or b"?") in (kind.request or kind.payloads[0]) for kind in kinds):
        return frozenset()  # nothing but values: what was asked tells them
    while len(kinds) > 1 and found < HEAD and all(len({p[found] for p in kind.payloads}) == 1 for kind in kinds):
        found += 1
        if len({kind.payloads[0][:found] for kind in kinds}) == len(kinds):
            break
    return frozenset(range(found))


def _length(structure: Structure, frames: Frames) -> frozenset[int]:
    """Return the offsets of the length field and of what stands before it: a head, no values."""
    length, framing = structure.framing.value.length, frames.framing
    if length is None:
        return frozenset()
    first = (length.at - len(framing.start)) // framing.digits
    return frozenset(range(first + max(1, length.width // framing.digits)))


def _answer(kind: Kind, frames: Frames, labels: Sequence[Label], fixed: frozenset[int]) -> Answer:
    size = min(map(len, kind.payloads), default=0)
    if frames.framing.xor_key_at is not None:
        fixed |= {frames.framing.xor_key_at}
    series = series_of(kind, check=min(sum(frames.check), size), fixed=fixed)
    return Answer(kind=kind, series=series, meaning=find_fields(series, labels), fixed=fixed)
