"""What was found out, in the forms that others use: Kaitai Struct, a Markdown page, aiobmsble's table of fields."""

from collections.abc import Iterator

from bmsreader.lab.analysis import Analysis, Answer
from bmsreader.lab.scalars import Place
from bmsreader.protocol.vocabulary import list_of

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


def kaitai(analysis: Analysis, *, ident: str) -> str:
    """Return a Kaitai Struct specification (.ksy) of the payloads: one type for each kind of answer."""
    lines = ["meta:", f"  id: {ident.replace('-', '_')}", "  endian: be", "doc: |"]
    lines += [f"  {_plain(analysis)}", "types:"]
    for number, answer in enumerate(analysis.answers, 1):
        lines += [f"  answer_{number}:", f"    doc: {len(answer.series.payloads)} frames of {answer.kind.size} bytes"]
        lines.append("    instances:")
        for finding in answer.meaning.fields:
            lines += _instance(finding.value, f"{finding.bits:.0f} bits, {finding.why}")
        if not answer.meaning.fields:
            lines += ["      whole:", "        pos: 0", "        size-eos: true"]
    return "\n".join(lines) + "\n"


def _plain(analysis: Analysis) -> str:
    structure = analysis.structure
    check = structure.checksum
    return f"{structure.framing.why}; {structure.encoding.why}; " + (check.why if check else "no check value")


def _instance(place: Place, why: str) -> Iterator[str]:
    yield f"      {place.name}_raw:" if _scaled(place) else f"      {place.name}:"
    yield f"        pos: {place.word.at}"
    yield f"        type: {_kaitai_type(place)}"
    if place.count > 1:
        yield from ("        repeat: expr", f"        repeat-expr: {place.count}")
    if place.step:
        yield f"        # each number is followed by {place.step - place.word.width} other bytes"
    yield f"        doc: '{why.replace(chr(39), '')}'"
    if place.minus:
        yield from (
            f"      {place.name}_minus:",
            f"        pos: {place.minus.at}",
            f"        type: {_kaitai_type(place)}",
        )
    if _scaled(place) and place.count == 1:
        raw = f"{place.name}_raw" + (f" - {place.name}_minus" if place.minus else "")
        if place.word.type.startswith("sm"):
            half = 1 << 8 * place.word.width - 1
            raw = f"{raw} >= {half} ? {half} - {raw} : {raw}"
        offset = f" + {place.offset:g}" if place.offset else ""
        yield from (f"      {place.name}:", f"        value: '({raw}) * {place.scale:g}{offset}'")


def _scaled(place: Place) -> bool:
    return place.scale != 1 or place.offset != 0 or place.minus is not None


def _kaitai_type(place: Place) -> str:
    """Return the type in Kaitai's words; sign and magnitude has none there, so its bits are kept."""
    signed = "f" if place.word.floating else "s" if place.word.type.startswith("i") else "u"
    order = "" if place.word.width == 1 else "le" if place.word.little else "be"
    return f"{signed}{place.word.width}{order}"


def markdown(analysis: Analysis, *, title: str) -> str:
    """Return a page with everything that was found out."""
    lines = [f"# {title}", "", f"{_plain(analysis)}.", ""]
    for number, answer in enumerate(analysis.answers, 1):
        lines += [f"## Answer {number}", "", _asked(answer), ""]
        lines += ["| byte | type | scale | offset | value | evidence |", "| --- | --- | --- | --- | --- | --- |"]
        for finding in answer.meaning.fields:
            place = finding.value
            many = f" x {place.count}" if place.count > 1 else ""
            at = f"{place.word.at} minus {place.minus.at}" if place.minus else f"{place.word.at}"
            why = finding.why.replace("|", "/")
            lines.append(
                f"| {at} | {place.word.type}{many} | {place.scale:g} | {place.offset:g} | "
                f"{place.name.replace('_', ' ')} | {finding.bits:.0f} bits: {why} |"
            )
        lines += ["", *(f"- {note}" for note in answer.meaning.notes), ""]
    lines += [f"- open: {question}" for question in analysis.questions]
    return "\n".join(lines).rstrip() + "\n"


def _asked(answer: Answer) -> str:
    request = f"`{answer.kind.request.hex()}`" if answer.kind.request else "a request that the capture does not show"
    return f"{len(answer.series.payloads)} frames of {answer.kind.size} bytes, answers to {request}."


def aiobmsble(analysis: Analysis) -> str:
    """Return the fields as aiobmsble writes them: key, position, size, signed, conversion."""
    lines = ["# offsets count from the start of the decoded payload", "_FIELDS: Final[tuple[BMSDp, ...]] = ("]
    for number, answer in enumerate(analysis.answers, 1):
        for finding in answer.meaning.fields:
            place = finding.value
            if place.count > 1 or place.minus or place.word.type.startswith(("sm", "f")):
                lines.append(
                    f"    # {AIOBMSBLE[list_of(place.name)]}: byte {place.word.at}, {place.word.type} x {place.count}"
                )
                continue
            signed = place.word.type.startswith("i")
            little = ", little endian" if place.word.little else ""
            key = AIOBMSBLE[list_of(place.name)]
            what = f'"{key}", {place.word.at}, {place.word.width}, {signed}, {_conversion(place)}'
            lines.append(f"    BMSDp({what}),  # answer {number}{little}, {finding.bits:.0f} bits")
    return "\n".join([*lines, ")"]) + "\n"


def _conversion(place: Place) -> str:
    if not _scaled(place):
        return "lambda x: x"
    offset = f" {'+' if place.offset > 0 else '-'} {abs(place.offset):g}" if place.offset else ""
    divisor = round(1 / place.scale) if abs(place.scale) < 1 else 0
    scaled = f"x / {divisor}" if divisor else "x" if place.scale == 1 else f"x * {place.scale:g}"
    return f"lambda x: {scaled}{offset}"
