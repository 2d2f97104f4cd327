"""Write what was found out as a description that the reader runs; each item carries its evidence."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bmsreader.descriptions.validation import validate
from bmsreader.lab.analysis import Analysis, Answer
from bmsreader.lab.evidence import SURE, Finding
from bmsreader.lab.profiles import USUAL
from bmsreader.lab.scalars import Place
from bmsreader.model.errors import CaptureError, DescriptionError
from bmsreader.model.reading import Reading
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile
from bmsreader.protocol.parse import parse
from bmsreader.protocol.writes import known_write

UNITS = {
    "cell_voltages": "V",
    "pack_voltage": "V",
    "current": "A",
    "soc": "%",
    "health": "%",
    "temperatures": "°C",
    "remaining_capacity": "Ah",
    "full_charge_capacity": "Ah",
    "design_capacity": "Ah",
}
WORTH = 0.0
"""Bits from which a finding is written down at all; below 20 it is marked as claimed."""
MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A description that was written, and what it does with the capture that it was made from."""

    text: str
    frames: int
    """Frames of the capture of the kinds that are described."""
    decoded: int
    """Frames of these that become readings, or complete one."""
    remarks: tuple[str, ...] = ()


def describe(
    analysis: Analysis,
    *,
    ident: str,
    name: str,
    sources: Sequence[str],
    profiles: Sequence[BleProfile] = USUAL,
    proven_profiles: bool = False,
) -> Draft:
    """Return a description of the battery.

    Raise CaptureError, saying what is missing, where the language cannot say what was found, or nothing was found.
    """
    if analysis.frames.lacks:
        raise CaptureError(
            f"no description can be written: the description language lacks {', '.join(analysis.frames.lacks)}",
            advice="`bmsreader lab export` writes down what was found; `lab report` makes a file for an issue.",
        )
    chosen = _chosen(analysis)
    if not chosen:
        raise CaptureError(
            "no description can be written: no byte got a meaning",
            advice="Type what the vendor's app showed: `bmsreader lab label FILE`.",
        )
    unasked = [answer for answer, _ in chosen if not answer.kind.request]
    if unasked:
        raise CaptureError(
            "no description can be written: the capture does not show what the app asked for",
            advice="Capture with a logger that keeps writes (Android's HCI log does); see `bmsreader lab check`.",
        )
    for answer, _ in chosen:
        if change := known_write(answer.kind.request or b""):
            raise CaptureError(f"no description can be written: the answers came upon a write: {change}")
    text = "\n".join(_lines(analysis, chosen, ident, name, sources, profiles, proven=proven_profiles)) + "\n"
    return _tried(text, [answer for answer, _ in chosen], source=f"{ident}.toml")


def _chosen(analysis: Analysis) -> list[tuple[Answer, list[Finding[Place]]]]:
    """Return the answers that are worth a message with the values that each contributes; the cells' one first."""
    found: dict[int, list[Finding[Place]]] = {}
    for answer, finding in analysis.best.values():
        if finding.bits >= WORTH:
            found.setdefault(analysis.answers.index(answer), []).append(finding)
    pairs = [(analysis.answers[index], fields) for index, fields in found.items()]
    pairs.sort(key=lambda pair: -len(pair[1]))
    return pairs


def _lines(
    analysis: Analysis,
    chosen: Sequence[tuple[Answer, list[Finding[Place]]]],
    ident: str,
    name: str,
    sources: Sequence[str],
    profiles: Sequence[BleProfile],
    *,
    proven: bool,
) -> Iterator[str]:
    yield "# Written by `bmsreader lab describe`. Evidence stands beside each item, in bits: one more bit halves"
    yield "# the chance of a mistake; from 20 on the lab calls it sure. Read [requests] before you use this file."
    yield ""
    yield f"id = {_quoted(ident)}"
    yield f"name = {_quoted(name)}"
    yield f"sources = [{', '.join(map(_quoted, sources))}]"
    yield ""
    if not proven:
        yield "# The capture shows no UUIDs: these are the usual ones. Keep the one that `bmsreader inspect` shows."
    for profile in profiles:
        yield from (
            "[[ble]]",
            f'service = "{profile.service}"',
            f'notify = "{profile.notify}"',
            f'write = "{profile.write}"',
            "",
        )
    yield from _framing(analysis)
    names = _names(len(chosen))
    for label, (answer, _) in zip(names, chosen, strict=True):
        yield from _request(label, answer, hexed=analysis.frames.encoding == "ascii-hex")
    for number, (label, (answer, fields)) in enumerate(zip(names, chosen, strict=True)):
        then = names[number + 1] if number + 1 < len(names) else None
        yield from _message(label, answer, fields, then)
    yield from _plausible({finding.value.name for _, fields in chosen for finding in fields})


def _names(count: int) -> list[str]:
    return ["status", *(f"status_{number}" for number in range(2, count + 1))]


def _framing(analysis: Analysis) -> Iterator[str]:
    frames, structure = analysis.frames, analysis.structure
    sizes = [len(frame.data) for kind in structure.kinds for frame in kind.frames]
    yield f"[framing] # {_evidence(structure.framing)}"
    yield f"start = {_quoted(frames.start)}"
    yield f"end = {_quoted(frames.end)}"
    yield f"encoding = {_quoted(frames.encoding)} # {_evidence(structure.encoding)}"
    yield f"limit = {max(64, 2 * max(sizes, default=0))}"
    if frames.xor_key_at is not None:
        yield f"xor = {{ key_at = {frames.xor_key_at} }}"
    yield ""
    if structure.checksum:
        yield f"[checksums.check] # {_evidence(structure.checksum)}"
    else:
        yield "[checksums.check]"
    yield f"algorithm = {_quoted(frames.algorithm)}"
    yield f"over = {_quoted(frames.over)}"
    if frames.skip:
        yield f"skip = {frames.skip}"
    if frames.order != "big":
        yield f"order = {_quoted(frames.order)}"
    yield ""


def _request(label: str, answer: Answer, *, hexed: bool) -> Iterator[str]:
    send = answer.kind.request or b""
    asked = sum(frame.request == send for frame in answer.kind.frames)
    yield f"[requests.{label}] # the app sent it {_times(asked)}; that it changes nothing is a claim, not proved"
    text = send.decode("latin-1")
    plain = text.rstrip("\r\n")
    if hexed and plain.isprintable() and plain.isascii():
        yield f"send = {_quoted(plain)}"
    else:
        yield f'send_hex = "{send.hex()}"'
    yield 'safety = "read"'
    yield ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _message(label: str, answer: Answer, fields: Iterable[Finding[Place]], then: str | None) -> Iterator[str]:
    size = max(map(len, answer.kind.payloads))
    conditions = ", ".join(f"{{ at = {at}, equals = 0x{byte:02X} }}" for at, byte in enumerate(answer.head))
    yield f"[messages.{label}] # {_times(len(answer.kind.payloads))} in the capture"
    yield f'request = "{label}"'
    yield f"size = {size}"
    yield f"when = [{conditions}]"
    yield 'checksum = "check"'
    yield f"blocks = {{ {label} = 0 }}"
    if then:
        yield f'then = "{then}"'
    yield ""
    for note in answer.meaning.notes:
        yield f"# {note}"
    for question in answer.meaning.questions:
        yield f"# open: {question}"
    for finding in sorted(fields, key=lambda one: one.value.word.at):
        yield from _field(label, finding)


def _field(label: str, finding: Finding[Place]) -> Iterator[str]:
    place = finding.value
    yield f"[blocks.{label}.{place.name}] # {_evidence(finding)}"
    if place.minus is None:
        yield f"at = {place.word.at}"
    else:
        yield f"plus = {place.word.at}"
        yield f"minus = {place.minus.at}"
    yield f'type = "{place.word.type}"'
    if place.count > 1:
        yield f"count = {place.count}"
    if place.name == "cell_voltages":
        yield f"least = {place.count}"
    if place.scale != 1:
        yield f"scale = {place.scale:g}"
    if place.offset:
        yield f"offset = {place.offset:g}"
    if place.name in UNITS:
        yield f'unit = "{UNITS[place.name]}"'
    yield f'evidence = "{grade(finding)}"'
    yield f"note = {_quoted(_evidence(finding))}"
    yield ""


def grade(finding: Finding[Place]) -> str:
    """Return the evidence grade of the language: measured when sure, disputed when a rival is as good."""
    if any(rival.bits >= finding.bits for rival in finding.rivals):
        return "disputed"
    return "measured" if finding.bits >= SURE else "claimed"


def _evidence(finding: Finding[Any]) -> str:
    why = " ".join(finding.why.split())
    rivals = [rival.value for rival in finding.rivals[:3]]
    told = "; ".join(_place(rival) for rival in rivals if isinstance(rival, Place))
    return f"{finding.bits:.0f} bits: {why}{f'; or else {told}' if told else ''}"


def _place(place: Place) -> str:
    scale = "" if place.scale == 1 else f" x {place.scale:g}"
    return f"byte {place.word.at} {place.word.type}{scale}"


def _plausible(names: set[str]) -> Iterator[str]:
    if "cell_voltages" in names:
        yield from ("[[plausible]]", 'check = "cells"', "min = 1.5", "max = 4.5", "spread = 1.5", "dead = 1", "")
    for name, low, high in (("soc", 0, 100), ("temperatures", -40, 125), ("current", -1000, 1000)):
        if name in names:
            yield from ("[[plausible]]", 'check = "range"', f'field = "{name}"', f"min = {low}", f"max = {high}", "")


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _tried(text: str, answers: Sequence[Answer], *, source: str) -> Draft:
    """Load the description as the reader does and decode the frames of the capture with it."""
    try:
        validate(text, source=source)
        codec = Codec(parse(text, source=source))
    except DescriptionError as error:
        raise CaptureError(
            f"no description can be written: the language refuses what was found: {error}",
            advice="`bmsreader lab report` makes a file for an issue.",
        ) from error
    frames = [frame.data for answer in answers for frame in answer.kind.frames]
    followers = {message.then for message in codec.description.messages.values() if message.then}
    remarks: dict[str, int] = {}
    decoded = 0
    for data in frames:
        opened = codec.open(data)
        if not hasattr(opened, "message"):
            reason = opened.reason
        elif opened.message.name in followers:
            decoded += 1
            continue
        else:
            result = codec.decode(data, battery="lab", taken_at=MOMENT)
            if isinstance(result, Reading):
                decoded += 1
                continue
            reason = result.reason
        remarks[reason] = remarks.get(reason, 0) + 1
    told = tuple(f"{_times(count)}: {reason}" for reason, count in sorted(remarks.items(), key=lambda pair: -pair[1]))
    return Draft(text=text, frames=len(frames), decoded=decoded, remarks=told[:5])
