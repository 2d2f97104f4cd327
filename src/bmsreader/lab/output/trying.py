"""Try a description that was written on the capture that it was made from, and say loudly how little it reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bmsreader.captures.traffic import Packet
from bmsreader.descriptions.validation import validate
from bmsreader.lab.analysis import Answer
from bmsreader.lab.evidence import Structure
from bmsreader.lab.labels import CELLS, Label
from bmsreader.model.errors import CaptureError, DescriptionError
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import Stage
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.decoding import Result, StreamDecoder
from bmsreader.protocol.parse import parse
from bmsreader.protocol.vocabulary import list_of

MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
HALF, THIRD = 1 / 2, 1 / 3
"""Share of the answers that are not read, and of the bytes that are in no whole frame, from which that is said."""
EITHER = (
    "Either its labels are late or wrong, or the battery says it in a way that is not known here. `bmsreader lab diff "
    "FILE` tells which: where bytes jump when a load is switched, at the times that were typed, the labels are right."
)
MOST_BYTES = 1 << 20
"""Of frames that are not described, among which a refused piece is looked for: it may be a part of one."""
MANY = 0.05
"""Share of the answers from which it is said that they are refused, or that their values jump."""
HABIT = 3
"""Times that a value must jump: once it may have been another day."""
LEAPS = {"temperatures": 15.0, "soc": 20.0, "cell_voltages": 0.8}
"""More than this (°C, %, V) no battery's values change from one answer to the next."""
ALIKE = "cannot be told from message"
"""How the language refuses messages that are alike."""
MORE = "Capture again with the app alone on the battery, and type moments that differ more: `bmsreader lab label FILE`."
ADVICE = "`bmsreader lab report` makes a file for an issue."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A description that was written, and what it does with the capture that it was made from."""

    text: str
    frames: int
    """Frames that the reader cuts from the capture, those of kinds that are not described aside."""
    decoded: int
    """Frames of these that become readings."""
    remarks: tuple[str, ...] = ()
    """Why frames are not read, and what was typed that is not read."""
    warnings: tuple[str, ...] = ()
    """Why it is not to be relied on: it reads too little of the capture."""


def tried(text: str, structure: Structure, answers: Sequence[Answer], *, source: str) -> Draft:
    """Load a description as the reader does and decode the frames of the capture with it.

    Raise CaptureError where the language refuses it, or where it reads nothing.
    """
    try:
        validate(text, source=source)
        codec = Codec(parse(text, source=source))
    except DescriptionError as error:
        raise CaptureError(
            f"no description can be written: {_in_words(str(error))}", advice=f"{MORE} {ADVICE}"
        ) from error
    trial = _trial(codec, structure, answers)
    if not trial.readings:
        why = trial.told[0] if trial.told else "there is none"
        raise CaptureError(
            f"no description can be written: none of the answers in the capture would be read: {why}", advice=ADVICE
        )
    warnings = (*_warnings(structure, len(trial.readings)), *_refused(trial), *jumps(trial.readings))
    head = "".join(f"# BEWARE: {warning}\n" for warning in warnings)
    return Draft(
        text=head + text,
        frames=trial.frames,
        decoded=len(trial.readings),
        remarks=trial.told[:5],
        warnings=warnings,
    )


def _in_words(error: str) -> str:
    """Return what the language refuses, without the line of a file that was never written."""
    if ALIKE in error:
        return "two kinds of answers carry values, and no byte in them tells the reader which of the two it has"
    return f"what was found contradicts itself: {error.rpartition(': ')[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """What the reader makes of a capture."""

    readings: tuple[Reading, ...]
    reasons: Counter[str]
    """Why frames are not read, each with how often."""

    @property
    def frames(self) -> int:
        """Read or not."""
        return len(self.readings) + self.reasons.total()

    @property
    def told(self) -> tuple[str, ...]:
        """The reasons in words, the most frequent first."""
        return tuple(f"{times(count)}: {reason}" for reason, count in self.reasons.most_common())


def _trial(codec: Codec, structure: Structure, answers: Sequence[Answer]) -> _Trial:
    """Send the notifications of the capture through the engine, as the reader does; frames of other kinds aside."""
    described = {frame.data for answer in answers for frame in answer.kind.frames}
    others = {frame.data for kind in structure.kinds for frame in kind.frames} - described
    elsewhere = b"".join(others)[:MOST_BYTES]
    readings: list[Reading] = []
    reasons: Counter[str] = Counter()
    for result in _results(codec, structure.heard):
        if isinstance(result, Reading):
            readings.append(result)
        elif result.frame in described or not (result.frame in elsewhere or result.stage == Stage.MESSAGE):
            reasons[result.reason] += 1
    return _Trial(readings=tuple(readings), reasons=reasons)


def _results(codec: Codec, heard: Iterable[Packet]) -> Iterator[Result]:
    streams: dict[int, StreamDecoder] = {}
    for packet in heard:
        stream = streams.get(packet.connection)
        if stream is None:
            stream = streams[packet.connection] = StreamDecoder([codec], battery="lab")
        if packet.sent:
            stream.sent(packet.value)
        else:
            yield from stream.feed(packet.value, MOMENT + timedelta(seconds=packet.at))
    for stream in streams.values():
        yield from stream.flush()


def _refused(trial: _Trial) -> Iterator[str]:
    """Yield that the reader refuses many frames: what was found is not how they are built, or radio lost much."""
    refused = trial.reasons.total()
    if refused > MANY * trial.frames:
        why = trial.reasons.most_common(1)[0][0]
        yield (
            f"the reader refuses {refused} of the {trial.frames} answers in this capture (most often: {why}): "
            "much was lost on the way, or frames are built in another way than was found."
        )


def jumps(readings: Sequence[Reading]) -> Iterator[str]:
    """Yield which values jump from one answer to the next as no battery's do: their bytes mean something else."""
    for name, most in LEAPS.items():
        known = [value for reading in readings if (value := _values(reading, name))]
        pairs = [(one, other) for one, other in pairwise(known) if len(one) == len(other)]
        wild = sum(any(abs(a - b) > most for a, b in zip(one, other, strict=True)) for one, other in pairs)
        if wild >= HABIT and wild > MANY * len(pairs):
            yield (
                f"what is read as {name.replace('_', ' ')} jumps from one answer to the next "
                f"({times(wild)} in {len(known)} answers), "
                "as no battery's do: those bytes mean something else, at least at times. Do not rely on them."
            )


def _values(reading: Reading, name: str) -> tuple[float, ...]:
    value = getattr(reading, name)
    return () if value is None else value if isinstance(value, tuple) else (value,)


def _warnings(structure: Structure, decoded: int) -> Iterator[str]:
    """Yield what a description leaves unread, where that is much; answers that never change say nothing anyway."""
    if structure.truncated:
        yield (
            f"{times(structure.truncated)} the capture holds less than the battery sent: its frames are longer than "
            "they seem here, so that none may be read. Capture again; `bmsreader lab check` says how."
        )
    lost = sum(len(frame.data) for frame in structure.broken)
    whole = sum(len(frame.data) for kind in structure.kinds for frame in kind.frames)
    if lost > THIRD * (lost + whole):
        yield (
            f"{lost / (lost + whole):.0%} of what the battery sent is in no frame that the lab understands: "
            "it may build its frames in a way that is not known here, and what was found may be chance."
        )
    moving = sum(len(kind.payloads) for kind in structure.kinds if len(set(kind.payloads)) > 1)
    if decoded < HALF * moving:
        yield (
            f"only {decoded} of the {moving} answers that change are read: the others got no meaning. "
            "Type more of what the app showed, or look at them with `bmsreader lab show`."
        )


def unread(labels: Iterable[Label], names: Iterable[str], unsaid: Iterable[str] = ()) -> Iterator[str]:
    """Yield what was typed that a description with these values does not read; ``unsaid`` was found, but not said."""
    read, known = _implied(names), _implied(unsaid)
    typed = dict.fromkeys("cell_voltages" if one.name in CELLS else one.name for label in labels for one in label.seen)
    missing = [name for name in typed if name not in read]
    found = [name.replace("_", " ") for name in missing if name in known]
    if found:
        yield f"Found, but in a form that a description cannot say: {', '.join(found)}. {ADVICE}"
    nowhere = [name.replace("_", " ") for name in missing if name not in known]
    if nowhere:
        yield f"Typed, but found nowhere: {', '.join(nowhere)}. {EITHER}"


def _implied(names: Iterable[str]) -> set[str]:
    """Return what is read where these values are: the pack voltage is the sum of the cells."""
    read = set(map(list_of, names))
    read |= {"pack_voltage"} if "cell_voltages" in read else set()
    return read | ({"soc"} if {"remaining_capacity", "full_charge_capacity"} <= read else set())


def times(count: int) -> str:
    """Return how often, in words."""
    return "once" if count == 1 else f"{count} times"
