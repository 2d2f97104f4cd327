"""Say in the description language where a number stands in an answer that is text."""

import json
from collections.abc import Iterator, Sequence

from bmsreader.lab.evidence import Finding
from bmsreader.lab.framing.columns import Column, Columns
from bmsreader.lab.meaning.scalars import Place
from bmsreader.protocol.description import Bits, Escape, Parts
from bmsreader.protocol.paths import LINE, Steps, folded


def sayable(place: Place, columns: Columns | None) -> bool:
    """Return whether the language can say where a value stands: in text it knows whole numbers, all written alike."""
    if columns is None:
        return True
    forms = {(column.prefix, column.suffix, column.digits) for column in columns_of(place, columns)}
    return not place.sign and not place.mask and len(forms) == 1


def columns_of(place: Place, columns: Columns) -> list[Column]:
    """Return the columns in which the numbers of a value stand, those of what is subtracted last."""
    words = (*place.words, *((place.minus,) if place.minus else ()))
    return columns.of_words([word.at for word in words])


def paths_of(place: Place, columns: Columns) -> tuple[str, ...]:
    """Return the paths to the numbers of a value, as short as can be."""
    found = columns_of(place, columns)
    if place.minus:
        return tuple(column.path for column in found)
    return folded(_shortened([column.steps for column in found], in_line=found[0].in_line))


def _shortened(places: Sequence[Steps], *, in_line: bool) -> list[Steps]:
    """Return places without what goes without saying: the line itself, and the first value behind a key."""
    if in_line and all(steps[0] != LINE and steps[1:] == (0,) for steps in places):
        return [steps[:1] for steps in places]
    return [steps[1:] if steps[0] == LINE else steps for steps in places]


def where(place: Place, columns: Columns | None) -> str:
    """Return where a value stands, for people."""
    if columns is not None:
        return " minus ".join(paths_of(place, columns)) if place.minus else ", ".join(paths_of(place, columns))
    minus = f" minus byte {place.minus.at}" if place.minus else ""
    many = f" x {place.count}" if place.count > 1 else ""
    return f"byte {place.word.at}{minus} {place.word.type}{many}"


def message_keys(columns: Columns, label: str) -> Iterator[str]:
    """Yield the lines of a message that say how its text is told from others."""
    if columns.count:
        yield f"columns = {columns.count}"
    if columns.told:
        told = ", ".join(f"{{ path = {quoted(path)}, equals = {quoted(word)} }}" for path, word in columns.told)
        yield f"when = [{told}]"
    yield f"blocks = [{quoted(label)}]"


def escape_keys(escape: Escape) -> str:
    """Return how marks are kept out of what stands between them, as a table."""
    codes = ", ".join(f"{{ sent = 0x{sent:02X}, means = 0x{means:02X} }}" for sent, means in escape.codes)
    behind = f", xor = 0x{escape.xor:02X}" if escape.xor else f", codes = [{codes}]" if codes else ""
    return f"{{ byte = 0x{escape.byte:02X}{behind} }}"


def part_keys(parts: Parts) -> str:
    """Return what stands in front of each notification, as a table."""
    numbers = (("number", parts.number), ("total", parts.total), ("length", parts.length))
    told = "".join(f", {key} = {_bits(bits)}" for key, bits in numbers if bits)
    first = "" if parts.first else ", first = 0"
    return f"{{ head = {parts.head}{told}{first} }}"


def _bits(bits: Bits) -> str:
    mask = "" if bits.mask == 0xFF else f", mask = 0x{bits.mask:02X}"
    return f"{{ at = {bits.at}{mask} }}"


def place_keys(finding: Finding[Place], columns: Columns) -> Iterator[str]:
    """Yield the lines of a field that say where its numbers stand and how they are written."""
    place = finding.value
    paths = paths_of(place, columns)
    if place.minus:
        yield f"plus = {quoted(paths[0])}"
        yield f"minus = {quoted(paths[1])}"
    else:
        several = ", ".join(map(quoted, paths))
        yield f"path = {several}" if len(paths) == 1 else f"path = [{several}]"
    found = columns_of(place, columns)
    yield f'type = "{place.word.type if found[0].digits else "decimal"}"'
    if found[0].digits:
        yield "base = 16"
    if found[0].prefix:
        yield f"prefix = {quoted(found[0].prefix)}"
    if found[0].suffix:
        yield f"suffix = {quoted(found[0].suffix)}"
    decimals = max(column.decimals for column in found)
    if decimals:
        yield f"decimals = {decimals}"


def byte_keys(place: Place) -> Iterator[str]:
    """Yield where the numbers of a field stand in bytes."""
    if place.minus is None:
        yield f"at = {place.word.at}"
    else:
        yield f"plus = {place.word.at}"
        yield f"minus = {place.minus.at}"
    yield f'type = "{place.word.type}"'
    if place.mask:
        yield f"mask = 0x{place.mask:X}"
    if place.sign:
        at, mask, negative = place.sign
        positive = "" if negative else f", positive = 0x{mask & -mask:X}"
        yield f"sign = {{ at = {at}, mask = 0x{mask:X}, negative = 0x{negative:X}{positive} }}"
    if place.count > 1:
        yield f"count = {place.count}"
    if place.step:
        yield f"step = {place.step}"


def mark_keys(key: str, mark: bytes) -> Iterator[str]:
    """Write a mark as characters where it is some, else as hex digits."""
    text = mark.decode("latin-1")
    if mark and text.isascii() and text.translate(dict.fromkeys(b"\t\r\n")).isprintable():
        yield f"{key} = {quoted(text)}"
    elif mark:
        yield f'{key}_hex = "{mark.hex().upper()}"'


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
