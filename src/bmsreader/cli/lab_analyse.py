"""`bmsreader lab analyse`: how the frames are built and what their bytes mean, with evidence and rivals."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import captured, opened, typed

if TYPE_CHECKING:
    from datetime import datetime

    from bmsreader.lab.analysis import Analysis, Answer
    from bmsreader.lab.evidence import Finding, Length
    from bmsreader.lab.framing.columns import Columns
    from bmsreader.lab.known import Explanation
    from bmsreader.lab.meaning.scalars import Place


VALUES = 25
"""Columns in front of what was found."""


@click.command()
@captured
@typed
@options.description
@options.as_json
def analyse(file: Path, battery: str | None, typed: Sequence[str], descriptions: Sequence[str], as_json: bool) -> None:
    """Find out what the battery in FILE says: framing, encoding, check value, and the meaning of its bytes.

    First of all: does a known description explain it already? Everything is shown with its evidence in bits: one more
    bit halves the chance of a mistake, from 20 on it is sure. Two or three moments at which the vendor's app showed
    different values make the difference; which would decide most, and when they were shown, is said at the end.

    \b
    bmsreader lab analyse btsnoop_hci.log
    bmsreader lab analyse btsnoop_hci.log --label "75: 12.9V 85% -3.2A" --label "3:20: 13.4V 86% 20.1A"
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.known import explanations

    terminal = Terminal(as_json=as_json)
    found = opened(file, battery, typed)
    known = explanations(found.chunks, codecs(descriptions))
    analysis = found.analysis()
    if as_json:
        terminal.json(as_data(analysis, known))
        return
    for line in (*known_lines(known), "", *lines(analysis), *next_lines(analysis, found.whole.started)):
        terminal.folded(line, indent=VALUES)


def next_lines(analysis: "Analysis", started: "datetime | None") -> Iterator[str]:
    """Yield what to type next, what would decide most first."""
    from bmsreader.lab.output.asking import wishes

    yield from (f"Next: {wish.words(started)}." for wish in wishes(analysis))


def known_lines(known: "Sequence[Explanation]") -> Iterator[str]:
    """Yield what the known descriptions explain, the best first."""
    yield "Known descriptions"
    for one in known:
        verdict = "explains it" if one.explains else "same family, other message" if one.related else "no"
        share = f"{one.readings} readings, {100 * one.covered:.0f} % of the bytes, {one.bits:.0f} bits"
        yield f"  {one.protocol:<10} {verdict}: {share}"
        if not one.explains and one.frames:
            yield from (f"  {'':<10}   {count} x {reason}" for reason, count in one.reasons[:2])
    if known and known[0].explains:
        yield f"  `bmsreader read` reads this battery as it is, with the description {known[0].protocol}."


def lines(analysis: "Analysis") -> Iterator[str]:
    """Yield everything that was found out, for people."""
    structure = analysis.structure
    yield "Structure"
    yield _row("framing", framing_words(analysis), structure.framing)
    yield _row("encoding", encoding_words(analysis), structure.encoding)
    if structure.checksum:
        yield _row("check value", checksum_words(structure.checksum.value), structure.checksum)
        for rival in structure.checksum.rivals[:2]:
            yield f"  {'':<22} or {checksum_words(rival.value)}: {rival.bits:.0f} bits"
    else:
        yield f"  {'check value':<22} none was found"
    if structure.broken:
        yield f"  {len(structure.broken)} pieces are no whole frame"
    for number, answer in enumerate(analysis.answers, 1):
        yield ""
        yield from answer_lines(number, answer)
    yield ""
    yield from (f"Open: {question}." for question in analysis.questions)
    if analysis.frames.lacks:
        yield f"The description language lacks: {', '.join(analysis.frames.lacks)}."


def _row(name: str, words: str, finding: "Finding[Any]") -> str:
    sure = "sure, " if finding.sure else ""
    return f"  {name:<22} {words}  [{sure}{finding.bits:.0f} bits: {finding.why}]"


def answer_lines(number: int, answer: "Answer") -> Iterator[str]:
    """Yield one kind of answer with its fields."""
    from bmsreader.lab.output.heat import size_words
    from bmsreader.lab.verdict import counted

    request, columns = asked(answer.kind.request), answer.kind.columns
    yield f"Answer {number}: {counted(len(answer.kind.payloads), 'frame')} of {size_words(answer)} to {request}"
    for finding in answer.meaning.fields:
        place = finding.value
        first = place.values(answer.series)[:1]
        yield f"  {place.name:<22} {place_words(place, columns)}, first {first[0]:g}  [{told(finding)}]"
        yield from (
            f"  {'':<22} or {place_words(rival.value, columns)}: {rival.bits:.0f} bits"
            for rival in finding.rivals[:2]
            if rival.bits > 0
        )
    yield from (f"  {note}" for note in answer.meaning.notes)


def asked(request: bytes | None) -> str:
    """Return a request as people read it."""
    from bmsreader.model.reading import frame_text

    return f"the request {frame_text(request)}" if request else "no request that the capture shows"


def told(finding: "Finding[Any]") -> str:
    """Return evidence in words."""
    return f"{'sure, ' if finding.sure else ''}{finding.bits:.0f} bits: {finding.why}"


def place_words(place: "Place", columns: "Columns | None" = None) -> str:
    """Return where a value stands and how it is scaled."""
    from bmsreader.lab.output.dictation import where

    scale = "" if place.scale == 1 else f", x {place.scale:g}"
    offset = f", {place.offset:+g}" if place.offset else ""
    return f"{where(place, columns)}{scale}{offset}"


def framing_words(analysis: "Analysis") -> str:
    """Return how frames are cut, in words."""
    framing = analysis.structure.framing.value
    parts = []
    if framing.start:
        parts.append(f"begins {framing.start.hex(' ')}")
    elif framing.starts:
        parts.append(f"begins with one of {', '.join(one.hex(' ') for one in framing.starts[:4])}")
    if framing.end:
        parts.append(f"ends {framing.end.hex(' ')}")
    if framing.escape:
        parts.append(f"escapes behind {framing.escape.byte:02x}")
    if framing.parts:
        parts.append("numbered notifications")
    if framing.length:
        parts.append(f"length at byte {framing.length.at} ({_width(framing.length)})")
    if framing.sizes:
        parts.append(f"{', '.join(map(str, framing.sizes[:4]))} bytes long")
    return ", ".join(parts) or "one burst of notifications is one frame"


def _width(length: "Length") -> str:
    many = f"{length.width} bytes, {length.notation}"
    return "1 byte" if length.width == 1 else many


def encoding_words(analysis: "Analysis") -> str:
    """Return how bytes are encoded, in words."""
    encoding = analysis.structure.encoding.value
    keys = f", keys before {encoding.pair!r}" if encoding.pair else ""
    parted = f"lines of values parted by {encoding.separators!r}{keys}"
    words = {"raw": "bytes as they are", "hex": "hex digits as text", "json": "JSON text", "csv": parted}
    masked = f", XOR 0x{encoding.xor_constant:02X}" if encoding.xor_constant else ""
    keyed = "" if encoding.xor_key_at is None else f", XOR by byte {encoding.xor_key_at}"
    return words[encoding.kind] + masked + keyed + (", Modbus RTU" if encoding.modbus else "")


def checksum_words(checksum: Any) -> str:
    """Return a check value, in words."""
    from bmsreader.lab.verdict import counted

    start = f" from byte {checksum.start}" if checksum.start else ""
    gap = f", {counted(checksum.gap, 'byte')} before it left out" if checksum.gap else ""
    tail = f", {counted(checksum.tail, 'byte')} behind it" if checksum.tail else ""
    constant = f", plus 0x{checksum.constant:X}" if checksum.constant else ""
    return f"{checksum.algorithm} over the {checksum.domain}{start}, {checksum.notation}{gap}{tail}{constant}"


def as_data(analysis: "Analysis", known: "Sequence[Explanation]" = ()) -> dict[str, Any]:
    """Return everything that was found out, ready for JSON."""
    from bmsreader.lab.output.asking import wishes

    structure = analysis.structure
    check = structure.checksum
    return {
        "known": [
            {
                "protocol": one.protocol,
                "explains": one.explains,
                "frames": one.frames,
                "readings": one.readings,
                "covered": round(one.covered, 3),
                "bits": one.bits,
            }
            for one in known
        ],
        "framing": {"words": framing_words(analysis), **evidence(structure.framing)},
        "encoding": {"words": encoding_words(analysis), **evidence(structure.encoding)},
        "checksum": {"words": checksum_words(check.value), **evidence(check)} if check else None,
        "answers": [
            {
                "request": (answer.kind.request or b"").hex() or None,
                "size": answer.kind.size,
                "frames": len(answer.kind.payloads),
                "fields": [field_data(finding, answer.kind.columns) for finding in answer.meaning.fields],
                "notes": answer.meaning.notes,
            }
            for answer in analysis.answers
        ],
        "questions": list(analysis.questions),
        "next": [{"at": wish.at, "name": wish.name or None} for wish in wishes(analysis)],
        "lacks": list(analysis.frames.lacks),
    }


def evidence(finding: "Finding[Any]") -> dict[str, Any]:
    """Return the evidence of a finding."""
    return {"bits": round(finding.bits, 1), "sure": finding.sure, "why": finding.why}


def field_data(finding: "Finding[Place]", columns: "Columns | None" = None) -> dict[str, Any]:
    """Return one field with its evidence and rivals."""
    return {
        **place_data(finding.value, columns),
        **evidence(finding),
        "rivals": [{**place_data(rival.value, columns), "bits": round(rival.bits, 1)} for rival in finding.rivals],
    }


def place_data(place: "Place", columns: "Columns | None" = None) -> dict[str, Any]:
    """Return where a value stands."""
    from bmsreader.lab.output.dictation import paths_of

    return {
        "name": place.name,
        **({"paths": paths_of(place, columns)} if columns else {}),
        "at": place.word.at,
        "type": place.word.type,
        "minus": place.minus.at if place.minus else None,
        "count": place.count,
        "scale": place.scale,
        "offset": place.offset,
    }
