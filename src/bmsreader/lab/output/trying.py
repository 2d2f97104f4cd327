"""Try a description that was written on the capture that it was made from, and say loudly how little it reads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bmsreader.descriptions.validation import validate
from bmsreader.lab.analysis import Answer
from bmsreader.lab.evidence import Frame, Structure
from bmsreader.lab.labels import CELLS, Label
from bmsreader.model.errors import CaptureError, DescriptionError
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.parse import parse
from bmsreader.protocol.vocabulary import list_of

MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
HALF, THIRD = 1 / 2, 1 / 3
"""Share of the answers that are not read, and of the bytes that are in no whole frame, from which that is said."""
EITHER = (
    "Either its labels are late or wrong, or the battery says it in a way that is not known here. `bmsreader lab diff "
    "FILE` tells which: where bytes jump when a load is switched, at the times that were typed, the labels are right."
)
ADVICE = "`bmsreader lab report` makes a file for an issue."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A description that was written, and what it does with the capture that it was made from."""

    text: str
    frames: int
    """Frames of the capture of the kinds that are described."""
    decoded: int
    """Frames of these that become readings, or complete one."""
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
            f"no description can be written: the language refuses what was found: {error}", advice=ADVICE
        ) from error
    frames = [frame for answer in answers for frame in answer.kind.frames]
    reasons: dict[str, int] = {}
    for reason in _refusals(codec, frames):
        reasons[reason] = reasons.get(reason, 0) + 1
    decoded = len(frames) - sum(reasons.values())
    told = tuple(f"{times(count)}: {reason}" for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1]))
    if not decoded:
        why = told[0] if told else "there is none"
        raise CaptureError(
            f"no description can be written: none of the answers in the capture would be read: {why}", advice=ADVICE
        )
    warnings = tuple(_warnings(structure, decoded))
    head = "".join(f"# BEWARE: {warning}\n" for warning in warnings)
    return Draft(text=head + text, frames=len(frames), decoded=decoded, remarks=told[:5], warnings=warnings)


def _refusals(codec: Codec, frames: Sequence[Frame]) -> Iterator[str]:
    """Yield why frames are not read."""
    names = {request.send.rstrip(b"\r\n"): name for name, request in codec.description.requests.items()}
    followers = {message.then for message in codec.description.messages.values() if message.then}
    for frame in frames:
        opened = codec.open(frame.data, names.get((frame.request or b"").rstrip(b"\r\n")))
        if isinstance(opened, FrameRejected):
            yield opened.reason
        elif opened.message.name not in followers:
            result = codec.reading((opened,), battery="lab", taken_at=MOMENT)
            if not isinstance(result, Reading):
                yield result.reason


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
