"""What was found out, in the forms that others use: a Markdown page, aiobmsble's tables of fields."""

from collections.abc import Iterator, Sequence

from bmsreader.lab.analysis import Analysis, Answer
from bmsreader.lab.evidence import Finding
from bmsreader.lab.meaning.scalars import Place
from bmsreader.lab.output import kaitai
from bmsreader.lab.output.dictation import where
from bmsreader.protocol.vocabulary import LISTS, list_of

AIOBMSBLE = {
    "pack_voltage": "voltage",
    "current": "current",
    "soc": "battery_level",
    "health": "battery_health",
    "remaining_capacity": "cycle_charge",
    "full_charge_capacity": "full_charge_capacity",
    "design_capacity": "design_capacity",
    "cycle_count": "cycles",
    "temperatures": "temp_values",
    "cell_voltages": "cell_voltages",
}
"""Our names and theirs."""


def markdown(analysis: Analysis, *, title: str) -> str:
    """Return a page with everything that was found out."""
    lines = [f"# {title}", "", f"{kaitai.summary(analysis)}.", ""]
    for number, answer in enumerate(analysis.answers, 1):
        columns = answer.kind.columns
        lines += [f"## Answer {number}", "", _asked(answer), ""]
        lines += ["| byte | type | scale | offset | value | evidence |", "| --- | --- | --- | --- | --- | --- |"]
        for finding in answer.meaning.fields:
            place = finding.value
            many = f" x {place.count}" if place.count > 1 else ""
            at = f"{place.word.at} minus {place.minus.at}" if place.minus else f"{place.word.at}"
            at = where(place, columns) if columns else at
            why = finding.why.replace("|", "/")
            lines.append(
                f"| {at} | {'decimal' if columns else place.word.type + many} | {place.scale:g} | {place.offset:g} | "
                f"{place.name.replace('_', ' ')} | {finding.bits:.0f} bits: {why} |"
            )
        lines += ["", *(f"- {note}" for note in answer.meaning.notes), ""]
    lines += [f"- open: {question}" for question in analysis.questions]
    return "\n".join(lines).rstrip() + "\n"


def _asked(answer: Answer) -> str:
    request = f"`{answer.kind.request.hex()}`" if answer.kind.request else "a request that the capture does not show"
    return f"{len(answer.series.payloads)} frames of {answer.kind.size} bytes, answers to {request}."


def aiobmsble(analysis: Analysis) -> str:
    """Return the fields as aiobmsble (0.31) writes them: a table for each kind of answer, and what reads the lists.

    Offsets count from the first byte of the frame; behind hex digits, or a XOR, from the first byte of the payload.
    """
    structure = analysis.structure
    encoding = structure.encoding.value
    if analysis.frames.framing.spoken:
        places = (f"# {line}" for line in kaitai.in_text(analysis))
        return "\n".join((f"# {kaitai.summary(analysis)}", "# aiobmsble has no table for text:", *places)) + "\n"
    bare = encoding.kind != "raw" or bool(encoding.xor_constant) or encoding.xor_key_at is not None
    bare = bare or structure.framing.value.escape is not None
    start = 0 if bare else len(structure.framing.value.start)
    told = "first byte of the decoded payload" if bare else "first byte of the frame"
    lines = [f"# {kaitai.summary(analysis)}", f"# Offsets count from the {told}.", ""]
    for number, answer in enumerate(analysis.answers, 1):
        lines += [f"# {_asked(answer)}", *_table(number, answer, start), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(number: int, answer: Answer, start: int) -> Iterator[str]:
    name = "_FIELDS" if number == 1 else f"_FIELDS_{number}"
    single = [one for one in answer.meaning.fields if _is_point(one.value)]
    mixed = len({one.value.word.little for one in single if one.value.word.width > 1}) > 1
    for little in (False, True):
        points = [one for one in single if _is_little(one.value, single) == little]
        if not points:
            continue
        table = name + ("_LE" if little and mixed else "")
        yield f"{table}: Final[tuple[BMSDp, ...]] = ("
        for one in points:
            place = one.value
            signed = place.word.type.startswith("i")
            what = f'"{AIOBMSBLE[place.name]}", {start + place.word.at}, {place.word.width}, {signed}'
            yield f"    BMSDp({what}{_conversion(place)}),  # {one.bits:.0f} bits"
        order = ', byteorder="little"' if little else ""
        yield from (")", f"# result |= BMS._decode_data({table}, data{order})")
    for one in answer.meaning.fields:
        if not _is_point(one.value):
            yield f"# {_call(one.value, start)}  # {one.bits:.0f} bits"


def _is_little(place: Place, others: Sequence[Finding[Place]]) -> bool:
    """Return whether the low byte comes first; a single byte goes with the others."""
    if place.word.width > 1:
        return place.word.little
    wide = [one.value.word.little for one in others if one.value.word.width > 1]
    return bool(wide) and all(wide)


def _is_point(place: Place) -> bool:
    """Return whether a value can be a row of the table: one plain whole number."""
    plain = place.word.type.startswith(("u", "i")) and "-ws" not in place.word.type
    alone = place.count == 1 and not (place.minus or place.sign)
    return plain and alone and list_of(place.name) not in LISTS and place.name in AIOBMSBLE


def _call(place: Place, start: int) -> str:
    """Return the call that reads a list, or what stands where a table cannot say it."""
    name, word = list_of(place.name), place.word
    plain = word.type.startswith(("u", "i")) and "-ws" not in word.type
    if name not in LISTS or not plain or place.scale > 1:
        return f"{AIOBMSBLE.get(name, name)}: byte {start + word.at}, {word.type}: no row of a table can say it"
    gap = f", gap={place.step - word.width}" if place.step > word.width else ""
    order = ', byteorder="little"' if word.little else ""
    divider = f", divider={round(1 / place.scale)}"
    joined = "=" if name == place.name else "+="
    if name == "cell_voltages":
        call = f"_cell_voltages(data, cells={place.count}, start={start + word.at}, size={word.width}{gap}{order}"
        return f'result["cell_voltages"] {joined} BMS.{call}{divider})'
    signed = f", signed={word.type.startswith('i')}"
    offset = f", offset={round(-place.offset / place.scale):d}" if place.offset else ""
    call = f"_temp_values(data, values={place.count}, start={start + word.at}, size={word.width}{gap}{order}{signed}"
    return f'result["temp_values"] {joined} BMS.{call}{offset}{divider})'


def _conversion(place: Place) -> str:
    """Return the function that makes a value of the number, as a further argument; nothing where it is the number."""
    number = f"(x & 0x{place.mask:X})" if place.mask else "x"
    offset = f" {'+' if place.offset > 0 else '-'} {abs(place.offset):g}" if place.offset else ""
    divisor = round(1 / place.scale) if abs(place.scale) < 1 else 0
    scaled = f"{number} / {divisor}" if divisor else number if place.scale == 1 else f"{number} * {place.scale:g}"
    return "" if scaled + offset == "x" else f", lambda x: {scaled}{offset}"
