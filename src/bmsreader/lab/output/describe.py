"""Write what was found out as a description that the reader runs; each item carries its evidence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bmsreader.lab.analysis import HEAD, Analysis, Answer
from bmsreader.lab.evidence import SURE, Finding
from bmsreader.lab.framing.columns import Columns
from bmsreader.lab.meaning.scalars import Place
from bmsreader.lab.output.dictation import (
    byte_keys,
    escape_keys,
    mark_keys,
    message_keys,
    part_keys,
    place_keys,
    quoted,
    sayable,
    where,
)
from bmsreader.lab.output.profiles import USUAL
from bmsreader.lab.output.trying import EITHER, Draft, times, tried, unread
from bmsreader.model.errors import CaptureError
from bmsreader.protocol.consistency import is_one_frame
from bmsreader.protocol.description import BleProfile
from bmsreader.protocol.vocabulary import list_of
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
POLLS = 2
"""Times that a request must have been sent and answered before it is called a poll."""
WORTH = 0.0
"""Bits from which a finding is written down at all; below 20 it is marked as claimed."""


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
            advice=EITHER if analysis.labels else "Type what the vendor's app showed: `bmsreader lab label FILE`.",
        )
    for answer, _ in chosen:
        if change := known_write(answer.kind.request or b""):
            raise CaptureError(f"no description can be written: the answers came upon a write: {change}")
    analysis = _by_pauses(analysis, chosen)
    text = "\n".join(_lines(analysis, chosen, ident, name, sources, profiles, proven=proven_profiles)) + "\n"
    draft = tried(text, analysis.structure, [answer for answer, _ in chosen], source=f"{ident}.toml")
    names = {finding.value.name for _, fields in chosen for finding in fields}
    return replace(draft, remarks=(*draft.remarks, *unread(analysis.labels, names, analysis.best)))


def _chosen(analysis: Analysis) -> list[tuple[Answer, list[Finding[Place]]]]:
    """Return the answers that are worth a message with the values that each contributes; the cells' one first."""
    found: dict[int, list[Finding[Place]]] = {}
    for answer, finding in analysis.best.values():
        if finding.bits >= WORTH and sayable(finding.value, answer.kind.columns):
            found.setdefault(analysis.answers.index(answer), []).append(finding)
    pairs = [(analysis.answers[index], fields) for index, fields in found.items()]
    pairs.sort(key=lambda pair: -len(pair[1]))
    return pairs


def _by_pauses(analysis: Analysis, chosen: Sequence[tuple[Answer, list[Finding[Place]]]]) -> Analysis:
    """Return the analysis with frames cut by pauses where a message begins with a value, so that nothing else can."""
    framing = analysis.frames.framing
    if framing.cut not in ("length", "size") or framing.start:
        return analysis
    if all(
        conditions(answer, fields, analysis)[:1] and not conditions(answer, fields, analysis)[0][0]
        for answer, fields in chosen
    ):
        return analysis
    return replace(analysis, frames=replace(analysis.frames, framing=replace(framing, cut="pause", length=None)))


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
    yield f"id = {quoted(ident)}"
    yield f"name = {quoted(name)}"
    yield f"sources = [{', '.join(map(quoted, sources))}]"
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
    yield from _checksum(analysis)
    names = _names(len(chosen))
    asked: dict[bytes, str] = {}
    for label, (answer, _) in zip(names, chosen, strict=True):
        if is_poll(answer, analysis) and answer.kind.request not in asked:
            asked[answer.kind.request or b""] = label
            yield from _request(label, answer, analysis.frames.framing.end)
    for number, (label, (answer, fields)) in enumerate(zip(names, chosen, strict=True)):
        then = names[number + 1] if number + 1 < len(names) else None
        request = asked.get(answer.kind.request or b"")
        when = conditions(answer, fields, analysis) if not answer.kind.columns else ()
        yield from _message(label, answer, fields, then, request, when, analysis)
    yield from _plausible({finding.value.name for _, fields in chosen for finding in fields})


def _names(count: int) -> list[str]:
    return ["status", *(f"status_{number}" for number in range(2, count + 1))]


def _framing(analysis: Analysis) -> Iterator[str]:
    framing, structure = analysis.frames.framing, analysis.structure
    yield f"[framing] # {_evidence(structure.framing)}"
    yield from mark_keys("start", framing.start)
    yield from mark_keys("end", framing.end)
    beside = {"behind": framing.behind, "ahead": framing.ahead}
    yield from (f"{key} = {count}" for key, count in beside.items() if count)
    yield f"encoding = {quoted(framing.encoding)} # {_evidence(structure.encoding)}"
    if framing.escape:
        yield f"escape = {escape_keys(framing.escape)}"
    if framing.parts:
        yield f"parts = {part_keys(framing.parts)}"
    if framing.separators:
        yield f"separator = {quoted(framing.separators)}"
    if framing.pair:
        yield f"pair = {quoted(framing.pair)}"
    if framing.point:
        yield f"point = {quoted(framing.point)}"
    if framing.cut != "marks":
        yield f"cut = {quoted(framing.cut)}"
    if framing.length:
        rule = framing.length
        times = f", times = {rule.times}" if rule.times != 1 else ""
        lenid = ", lenid = true" if rule.lenid else ""
        yield f'length = {{ at = {rule.at}, type = "{rule.type}", plus = {rule.plus}{times}{lenid} }}'
    yield f"limit = {framing.limit}"
    if framing.xor_key or framing.xor_key_at is not None:
        key = f"key = {framing.xor_key}" if framing.xor_key_at is None else f"key_at = {framing.xor_key_at}"
        over = ', over = "characters"' if framing.xor_over == "characters" else ""
        begin = f", from = {framing.xor_from}" if framing.xor_from else ""
        yield f"xor = {{ {key}{begin}{over} }}"
    yield ""


def _checksum(analysis: Analysis) -> Iterator[str]:
    rule, found = analysis.frames.checksum, analysis.structure.checksum
    if rule is None or found is None:
        yield from ("# No check value was found: damaged answers are only noticed where they are implausible.", "")
        return
    yield f"[checksums.check] # {_evidence(found)}"
    yield f"algorithm = {quoted(rule.algorithm)}"
    yield f"over = {quoted(rule.over)}"
    for key, number in (("skip", rule.skip), ("gap", rule.gap), ("tail", rule.tail), ("plus", rule.plus)):
        if number:
            yield f"{key} = {number}"
    if rule.mark:
        yield f"mark = {quoted(rule.mark)}"
    if rule.over_mark:
        yield "over_mark = true"
    if rule.part:
        yield f"part = {quoted(rule.part)}"
    if rule.order != "big" and rule.width > 1:
        yield f"order = {quoted(rule.order)}"
    yield ""


def is_poll(answer: Answer, analysis: Analysis) -> bool:
    """Return whether the capture shows that a request is sent again and again, and answered like this each time."""
    send, framing = answer.kind.request, analysis.frames.framing
    if send is None or sum(frame.request == send for frame in answer.kind.frames) < POLLS:
        return False
    return framing.encoding != "ascii-hex" or framing.cut != "marks" or is_one_frame(send, framing)


def _request(label: str, answer: Answer, end: bytes) -> Iterator[str]:
    send = answer.kind.request or b""
    if not send.endswith(end or b"\0") and not answer.kind.columns:
        send = send.rstrip(b"\r\n") or send
    asked = sum(frame.request == answer.kind.request for frame in answer.kind.frames)
    yield f"[requests.{label}] # the app sent it {times(asked)} and got such an answer each time: it polls."
    yield "# That it changes nothing is a claim, not proved: compare it with what others know of this battery."
    text = send.decode("latin-1")
    if text.isascii() and text.rstrip("\r\n").isprintable() and len(text) > 2:
        yield f"send = {quoted(text)}"
    else:
        yield f'send_hex = "{send.hex().upper()}"'
    yield 'safety = "read"'
    yield ""


def conditions(answer: Answer, fields: Sequence[Finding[Place]], analysis: Analysis) -> list[tuple[int, int]]:
    """Return the bytes by which an answer is told from all others of its size: as few as it takes, at the front."""
    payloads, size = answer.kind.payloads, answer.kind.size
    used = {offset for finding in fields for offset in finding.value.offsets}
    still = [
        (at, payloads[0][at])
        for at in range(answer.series.size)
        if at not in used and len({payload[at] for payload in payloads}) == 1
    ]
    needed = [pair for pair in still if pair[0] in answer.fixed and pair[0] <= HEAD]
    framing = analysis.frames.framing
    if framing.cut in ("length", "size") and not framing.start and not any(at == 0 for at, _ in needed):
        needed = [pair for pair in still[:1] if pair[0] == 0]
    for other in analysis.answers:
        rivals = other.kind.payloads if other is not answer and other.kind.size == size else ()
        if _only_by_request(answer, other, analysis):
            continue
        if rivals and not any(all(rival[at] != byte for rival in rivals) for at, byte in needed):
            telling = [pair for pair in still if all(rival[pair[0]] != pair[1] for rival in rivals)]
            needed += sorted(telling, key=lambda pair: len({rival[pair[0]] for rival in rivals}) > 1)[:1]
    return sorted(set(needed))


def _only_by_request(one: Answer, other: Answer, analysis: Analysis) -> bool:
    """Return whether answers to two polls are alike in size and in all that stands still before their values."""
    if one is other or one.kind.size != other.kind.size or one.kind.request == other.kind.request:
        return False
    if not (is_poll(one, analysis) and is_poll(other, analysis)):
        return False
    values = [offset for answer in (one, other) for field in answer.meaning.fields for offset in field.value.offsets]
    heads = [{payload[: min(values, default=0)] for payload in answer.kind.payloads} for answer in (one, other)]
    return not any(
        len(mine) == len(theirs) == 1 and mine != theirs
        for mine, theirs in (
            ({head[at] for head in heads[0]}, {head[at] for head in heads[1]}) for at in range(min(values, default=0))
        )
    )


def _message(
    label: str,
    answer: Answer,
    fields: Iterable[Finding[Place]],
    then: str | None,
    request: str | None,
    when: Sequence[tuple[int, int]],
    analysis: Analysis,
) -> Iterator[str]:
    columns = answer.kind.columns
    size = max(map(len, answer.kind.payloads))
    yield f"[messages.{label}] # {times(len(answer.kind.payloads))} in the capture"
    yield from _occasion(answer, request)
    if columns:
        yield from message_keys(columns, label)
    else:
        yield f"size = {size}"
    if when:
        yield f"when = [{', '.join(f'{{ at = {at}, equals = 0x{byte:02X} }}' for at, byte in when)}]"
    if analysis.frames.checksum is not None:
        yield 'checksum = "check"'
    if request and not columns and any(_only_by_request(answer, other, analysis) for other in analysis.answers):
        yield "by_request = true # other answers look alike: only what was asked tells them apart"
    if not columns:
        yield f"blocks = {{ {label} = 0 }}"
    if then:
        yield f'then = "{then}"'
    yield ""
    for note in answer.meaning.notes:
        yield f"# {note}"
    for question in answer.meaning.questions:
        yield f"# open: {question}"
    for finding in sorted(fields, key=lambda one: one.value.word.at):
        yield from _field(label, finding, columns)


def _occasion(answer: Answer, request: str | None) -> Iterator[str]:
    """Yield what an answer comes upon."""
    if request:
        yield f'request = "{request}"'
    elif answer.kind.request:
        yield f"# The app sent {answer.kind.request.hex().upper()} before it, but not again and again: nothing shows"
        yield "# that it only reads, so it is no request here, and the reader only listens. Add it when you know it."
    else:
        yield "# The capture shows no request for it: it is sent unasked, or the capture lacks the app's writes."


def _field(label: str, finding: Finding[Place], columns: Columns | None) -> Iterator[str]:
    place = finding.value
    yield f"[blocks.{label}.{place.name}] # {_evidence(finding, columns)}"
    yield from place_keys(finding, columns) if columns else byte_keys(place)
    if list_of(place.name) == "cell_voltages":
        yield f"least = {place.count}"
    if place.scale != 1:
        yield f"scale = {place.scale:.12g}"
    if place.offset:
        yield f"offset = {place.offset:.12g}"
    if list_of(place.name) in UNITS:
        yield f'unit = "{UNITS[list_of(place.name)]}"'
    yield f'evidence = "{grade(finding)}"'
    yield f"note = {quoted(_evidence(finding, columns))}"
    yield ""


def grade(finding: Finding[Place]) -> str:
    """Return the evidence grade of the language: measured when sure, disputed when a rival is as good."""
    if any(rival.bits >= finding.bits for rival in finding.rivals):
        return "disputed"
    return "measured" if finding.bits >= SURE else "claimed"


def _evidence(finding: Finding[Any], columns: Columns | None = None) -> str:
    why = " ".join(finding.why.split())
    rivals = [rival.value for rival in finding.rivals[:3]]
    told = "; ".join(_place(rival, columns) for rival in rivals if isinstance(rival, Place))
    return f"{finding.bits:.0f} bits: {why}{f'; or else {told}' if told else ''}"


def _place(place: Place, columns: Columns | None) -> str:
    scale = "" if place.scale == 1 else f" x {place.scale:g}"
    return f"{where(place, columns)}{scale}"


def _plausible(names: set[str]) -> Iterator[str]:
    if "cell_voltages" in names:
        yield from ("[[plausible]]", 'check = "cells"', "min = 1.5", "max = 4.5", "spread = 1.5", "dead = 1", "")
    for name, low, high in (("soc", 0, 100), ("temperatures", -40, 125), ("current", -1000, 1000)):
        if name in names:
            yield from ("[[plausible]]", 'check = "range"', f'field = "{name}"', f"min = {low}", f"max = {high}", "")
