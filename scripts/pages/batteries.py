"""The pages about batteries: what is supported, and what each byte means, from the descriptions and the captures."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bmsreader.descriptions import shipped
from bmsreader.protocol import Codec, Field, Message
from bmsreader.protocol.description import Bit
from bmsreader.protocol.numbers import BYTES, width

CAPTURES = Path(__file__).resolve().parents[2] / "captures"

KINDS = {
    "real": "real: as a battery sent it",
    "edited": "edited: a real frame in which somebody changed values",
    "synthetic": "synthetic: made for a test",
    "corrupt": "corrupt: must be rejected",
}
GRADES = {
    "vendor": "from the vendor's own document",
    "measured": "computed on real frames, and it fits",
    "claimed": "stated by somebody, not reproduced here",
    "disputed": "sources disagree; the note says what was decided",
}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(item) for item in line)} |" for line in lines)


def _cell(item: object) -> str:
    return str(item).replace("|", "\\|").replace("\n", " ")


def captures(description: str) -> list[dict[str, Any]]:
    """Return the contributed recordings for one description."""
    paths = sorted((CAPTURES / description).glob("*.json"))
    return [{**json.loads(path.read_text(encoding="utf-8")), "file": path.stem} for path in paths]


# ---- what is supported


def supported() -> Iterator[tuple[str, str]]:
    """Yield the list of supported batteries, with how well each is known."""
    parts = [
        "# Supported batteries",
        "A battery is recognised by what it answers: the brand on the label does not matter. *Captures* counts the "
        "real recordings of that brand that the tests decode each time; without one, the brand is known from "
        "documents and reports only, and a recording of yours is welcome (`bmsreader record BATTERY FILE`).",
    ]
    for codec in shipped():
        parts += _supported(codec)
    parts += ["## What the captures are", table(["kind", "meaning"], [text.split(": ") for text in KINDS.values()])]
    yield "supported.md", "\n\n".join(parts)


def _supported(codec: Codec) -> Iterator[str]:
    description, found = codec.description, captures(codec.id)
    real = [capture["brand"] for capture in found if capture["kind"] == "real" and "reading" in capture]
    yield f"## {description.name}"
    fields = f"[What each byte means](fields-{codec.id}.md)"
    serial = f" Also over RS-485 at {description.baudrate} bits per second." if description.baudrate else ""
    yield f"Description `{codec.id}`. {fields}.{serial}"
    yield table(["brand", "captures"], [(brand, real.count(brand) or "none yet") for brand in description.brands])
    yield "### Variants"
    variants = []
    for message in description.messages.values():
        frames = sum(message.name in _variants(capture) for capture in found if capture["kind"] == "real")
        completed = f"`{message.then}`" if message.then else ""
        variants.append((f"`{message.name}`", _characters(codec, message), f"`{message.request}`", completed, frames))
    yield table(["variant", "characters", "request", "completed by", "real captures"], variants)
    yield "### Captures"
    rows = [
        (
            f"`{c['file']}`",
            c["battery"],
            c["kind"],
            ", ".join(f"`{v}`" for v in _variants(c)) or "rejected",
            c["source"],
        )
        for c in found
    ]
    yield table(["capture", "battery", "kind", "variant", "source"], rows)


def _variants(capture: Mapping[str, Any]) -> list[str]:
    reading = capture.get("reading")
    return str(reading["variant"]).split("+") if reading else []


def _characters(codec: Codec, message: Message) -> int:
    return len(codec.encode_raw(message.name, {}))


# ---- what each byte means


def field_tables() -> Iterator[tuple[str, str]]:
    """Yield one page per description: each byte, with how sure its meaning is."""
    for codec in shipped():
        yield f"fields-{codec.id}.md", "\n\n".join(_field_page(codec))


def _field_page(codec: Codec) -> Iterator[str]:
    description = codec.description
    yield f"# {description.name}: what each byte means"
    encoding = "two hex digits each" if description.framing.encoding == "ascii-hex" else "as they are"
    start, end = description.framing.start.decode("latin-1"), description.framing.end.decode("latin-1")
    yield (
        f"Description `{codec.id}`. A frame is `{start}`, then bytes ({encoding}), then `{end}`. Offsets count bytes "
        f"after `{start}`, from 0. Value = raw number x scale + offset. *Raw* fields are kept for inspection and are "
        "no value of a reading."
    )
    yield table(["evidence", "meaning"], [(f"*{grade}*", meaning) for grade, meaning in GRADES.items()])
    shown: dict[tuple[Bit, ...], str] = {}
    for message in description.messages.values():
        yield from _message_tables(codec, message)
        yield from _bit_tables(message, shown)
    yield "## Requests"
    yield "Only reads are ever sent. What is known to write is listed so that nothing like it can be sent."
    yield table(["request", "bytes", "safety"], [_request_row(codec, name) for name in description.requests])
    yield "## What is refused though its checksum is right"
    yield "\n".join(f"- {_rule_words(rule.check, rule.parameters)}" for rule in description.rules)
    yield "## Sources"
    yield "\n".join(f"- {source}" for source in description.sources)


def _message_tables(codec: Codec, message: Message) -> Iterator[str]:
    yield f"## Message `{message.name}`"
    rule = message.checksum
    where = ", ".join(f"byte {at} is {value:02X}" for at, value in message.when)
    completed = f", completed by `{message.then}`" if message.then else ""
    checked = f"Checksum `{rule.algorithm}` over the {rule.over}. " if rule else ""
    asked = f"Answers the request `{message.request}`" if message.request else "Sent unasked"
    yield (f"{_characters(codec, message)} characters, {message.size} bytes; {where}. {checked}{asked}{completed}.")
    fields = sorted(message.fields, key=lambda field: field.at)
    yield table(
        ["offset", "bytes", "value", "type", "scale", "unit", "evidence", "note"],
        [_field_row(field) for field in fields],
    )


def _bit_tables(message: Message, shown: dict[tuple[Bit, ...], str]) -> Iterator[str]:
    """Yield what the bits of status words mean, once for each meaning."""
    roles = {"alarm": "alarm", "switch": "switch", "name": "only a name"}
    for field in message.fields:
        if field.bits in shown:
            yield f"Bits of `{field.name}`: as in message `{shown[field.bits]}`."
        elif field.bits:
            shown[field.bits] = message.name
            yield f"Bits of `{field.name}`:"
            yield table(
                ["bit", "name", "what it is"], [(bit.bit, f"`{bit.name}`", roles[bit.role]) for bit in field.bits]
            )


def _field_row(field: Field) -> tuple[object, ...]:
    size = width(field.type) * field.count
    offset = f"{field.at}" if field.minus is None else f"{field.at}, minus {field.minus}"
    scale = f"x {field.scale:g}" if field.scale != 1 else ""
    if field.offset:
        scale = f"{scale} {field.offset:+g}".strip()
    kind = f"{field.count} x {field.type}" if field.count > 1 and field.type != BYTES else field.type
    name = f"`{field.name}`" + (" (raw)" if field.raw else "")
    return offset, size, name, kind, scale, field.unit, f"*{field.evidence}*", " ".join(_notes(field))


def _notes(field: Field) -> Iterator[str]:
    if field.note:
        yield field.note
    if field.unknown:
        yield f"Not reported: {', '.join(f'{raw:X}' for raw in field.unknown)}."
    if field.valid:
        yield f"Not reported outside {field.valid[0]} to {field.valid[1]}."


def _request_row(codec: Codec, name: str) -> tuple[str, str, str]:
    request = codec.description.requests[name]
    shown = request.send.decode("latin-1") if request.send else request.pattern
    return f"`{name}`", f"`{shown}`", "read" if request.safety == "read" else "**write**, never sent"


def _rule_words(check: str, parameters: Mapping[str, Any]) -> str:
    name = f"`{parameters.get('field', '')}`"
    words = {
        "cells": "cells outside {min} to {max} V, {spread} V or more apart, or more than {dead} at 0 V",
        "one-direction": "{name} with both of its words non-zero",
        "range": "{name} outside {min} to {max}",
        "ratio": "{name} over {max} x {of}",
        "soc": "`soc` more than {within} points away from remaining / full-charge capacity",
        "sum-of-cells": "{name} that is not the sum of the cells (within {within})",
        "spread-of-cells": "{name} that is not the spread of the cells (within {within})",
        "count-of-cells": "{name} that is not the number of cells",
        "equal": "{name} other than {value}",
        "both-or-neither": "{name} without `{other}`, or the other way round",
        "note-excess": "not refused, but noted in the reading: {name} above `{of}`",
    }
    of = parameters.get("of")
    shown = {**parameters, "name": name, "of": " and ".join(f"`{o}`" for o in of) if isinstance(of, list) else of}
    return words[check].format(**shown)
