"""What was found out, as a Kaitai Struct specification: https://doc.kaitai.io/user_guide.html."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from bmsreader.lab.analysis import Analysis, Answer
from bmsreader.lab.evidence import Encoding, Finding, Framing
from bmsreader.lab.meaning.scalars import Place
from bmsreader.lab.meaning.series import Word
from bmsreader.lab.output.dictation import where
from bmsreader.protocol.numbers import NUMBERS

WORDS = "-ws"
"""Ends the name of a type of two words of which the lower one comes first."""
SWAPPED = "; a float whose two words are swapped, which Kaitai cannot read"
WHOLE = (1, 2, 4)
"""Bytes of the numbers that Kaitai knows by name; others are bits to it."""


def kaitai(analysis: Analysis, *, ident: str) -> str:
    """Return a specification (.ksy) of the frames: one type for each kind of answer, behind the start mark."""
    structure = analysis.structure
    if analysis.frames.framing.spoken:
        return "\n".join(_text(analysis, ident)) + "\n"
    lines = ["meta:", f"  id: {ident.replace('-', '_')}", "  endian: be", "doc: |", f"  {summary(analysis)}"]
    framing = structure.framing.value
    if framing.escape:
        lines.append("  This is what stands between the marks, with the escapes taken out.")
        framing = replace(framing, start=b"", end=b"")
    lines += _frame(analysis, framing, structure.encoding.value)
    lines.append("types:")
    for number, answer in enumerate(analysis.answers, 1):
        lines += [f"  answer_{number}:", f"    doc: {len(answer.series.payloads)} frames of {answer.kind.size} bytes"]
        lines.append("    instances:")
        for finding in answer.meaning.fields:
            lines += _value(finding)
        if not answer.meaning.fields:
            lines += ["      whole:", "        pos: 0", "        size-eos: true"]
    return "\n".join(lines) + "\n"


def _text(analysis: Analysis, ident: str) -> Iterator[str]:
    """Yield the specification of an answer that is text, which has no bytes to speak of: what stands where is said."""
    yield from ("meta:", f"  id: {ident.replace('-', '_')}", "doc: |", f"  {summary(analysis)}")
    yield from ("seq:", "  - id: text", "    type: str", "    encoding: UTF-8", "    size-eos: true", "    doc: |")
    yield "      Kaitai describes bytes. In this text the numbers stand at these places:"
    yield from (f"      {line}" for line in in_text(analysis))


def in_text(analysis: Analysis) -> Iterator[str]:
    """Yield where each value stands in answers that are text."""
    for number, answer in enumerate(analysis.answers, 1):
        for finding in answer.meaning.fields:
            place = finding.value
            scale = "" if place.scale == 1 else f" x {place.scale:g}"
            offset = f" {place.offset:+g}" if place.offset else ""
            name, paths = place.name.replace("_", " "), where(place, answer.kind.columns)
            yield f"answer {number}, {name}: {paths}{scale}{offset} ({finding.bits:.0f} bits)"


def summary(analysis: Analysis) -> str:
    """Return how frames are built, in one sentence."""
    structure = analysis.structure
    check = structure.checksum
    return f"{structure.framing.why}; {structure.encoding.why}; " + (check.why if check else "no check value")


def _frame(analysis: Analysis, framing: Framing, encoding: Encoding) -> Iterator[str]:
    """Yield how a frame becomes its payload; where digits must be decoded first, the payload alone is described."""
    around = b"" if encoding.kind != "raw" else framing.start + framing.end
    yield "seq:"
    if encoding.kind != "raw":
        yield f"  # of the payload: decode the {encoding.kind} text between start and end mark first"
    elif framing.start:
        yield from ("  - id: start", f"    contents: {_bytes(framing.start)}")
    yield from ("  - id: payload", f"    size: _io.size - {len(around)}")
    if encoding.kind == "raw" and encoding.xor_constant:
        yield f"    process: xor({encoding.xor_constant})"
    elif encoding.kind == "raw" and encoding.xor_key_at is not None:
        begin = encoding.xor_from
        yield f"    # XOR the bytes from {begin} on with the key first" if begin else "    process: xor(key)"
    yield from _kinds(analysis.answers, len(around))
    if encoding.kind == "raw" and framing.end:
        yield from ("  - id: end", f"    contents: {_bytes(framing.end)}")
    if encoding.kind == "raw" and encoding.xor_key_at is not None:
        at = encoding.xor_key_at + (len(framing.start) if encoding.xor_key_at >= 0 else 0)
        place = f"{at}" if encoding.xor_key_at >= 0 else f"_io.size - {len(framing.end) - at}"
        yield from ("instances:", "  key:", f"    pos: {place}", "    type: u1")


def _kinds(answers: Sequence[Answer], around: int) -> Iterator[str]:
    if len(answers) == 1:
        yield "    type: answer_1"
        return
    yield from ("    type:", "      switch-on: _io.size", "      cases:")
    seen: set[int] = set()
    for number, answer in enumerate(answers, 1):
        size = answer.kind.size + around
        mark = "# told apart by more than its size: " if size in seen else ""
        yield f"        {mark}{size}: answer_{number}"
        seen.add(size)


def _bytes(mark: bytes) -> str:
    return "[" + ", ".join(f"0x{byte:02x}" for byte in mark) + "]"


def _value(finding: Finding[Place]) -> Iterator[str]:
    place = finding.value
    doc = f"{finding.bits:.0f} bits, {finding.why}".replace("'", "")
    if place.count > 1 and not place.step and _native(place.word.type):
        times = f"; each x {place.scale:g}" if place.scale != 1 else ""
        plus = f" {place.offset:+g}" if place.offset else ""
        yield from (f"      {place.name}_raw:", f"        pos: {place.word.at}", f"        type: {_type(place.word)}")
        yield from ("        repeat: expr", f"        repeat-expr: {place.count}", f"        doc: '{doc}{times}{plus}'")
        return
    for number, word in enumerate(place.words, 1):
        name = f"{place.name}_{number}" if place.count > 1 else place.name
        if word.floating and WORDS in word.type:
            yield from (
                f"      {name}_raw:",
                f"        pos: {word.at}",
                "        size: 4",
                f"        doc: '{doc}{SWAPPED}'",
            )
            continue
        expression = yield from _raw(f"{name}_raw", word, doc)
        if place.mask:
            expression = f"({expression} & {place.mask})"
        if place.minus:
            other = yield from _raw(f"{name}_minus", place.minus, "is subtracted")
            expression = f"({expression} - {other})"
        if place.sign:
            at, bits, negative = place.sign
            yield from (f"      {name}_sign:", f"        pos: {at}", "        type: u1")
            expression = f"(({name}_sign & {bits}) == {negative} ? -{expression} : {expression})"
        offset = f" + {place.offset:g}" if place.offset else ""
        yield from (f"      {name}:", f"        value: '{expression} * {place.scale:.10g}{offset}'")


def _native(kind: str) -> bool:
    """Return whether Kaitai has a name for the type."""
    return kind in ("f32", "f32-le") or (
        not kind.startswith("sm") and WORDS not in kind and NUMBERS[kind].width in WHOLE
    )


def _type(word: Word) -> str:
    kind = "f" if word.floating else "s" if word.type.startswith("i") else "u"
    order = "" if word.width == 1 else "le" if word.little else "be"
    return f"{kind}{word.width}{order}"


def _raw(name: str, word: Word, doc: str) -> Generator[str, None, str]:
    """Yield the instances that read a number, and return the expression of it."""
    if WORDS in word.type:
        for part, at in (("low", word.at), ("high", word.at + 2)):
            yield from (f"      {name}_{part}:", f"        pos: {at}", "        type: u2be", f"        doc: '{doc}'")
        expression = f"({name}_high * 65536 + {name}_low)"
    else:
        bits = f"b{8 * word.width}{'le' if word.little else ''}"
        unsigned = Word(at=word.at, type=word.type.replace("sm", "u"))
        kind = _type(unsigned) if word.width in WHOLE else bits
        yield from (f"      {name}:", f"        pos: {word.at}", f"        type: {kind}", f"        doc: '{doc}'")
        if _native(word.type):
            return name
        expression = name
    half = 1 << 8 * word.width - 1
    if word.type.startswith("sm"):
        return f"({expression} >= {half} ? {half} - {expression} : {expression})"
    return f"({expression} >= {half} ? {expression} - {2 * half} : {expression})" if word.type[0] == "i" else expression
