"""`bmsreader protocols`: which batteries are known, and what is known of each byte and how well."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bmsreader.cli import options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bmsreader.protocol.codec import Codec
    from bmsreader.protocol.description import Description, Field, Message

EVIDENCE = {
    "vendor": "the maker's own document says so",
    "measured": "computed on real frames",
    "claimed": "said by a source, not reproduced",
    "disputed": "sources contradict each other",
}
"""What the evidence grades mean."""


def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the id of a protocol."""
    from bmsreader.descriptions.catalogue import shipped_ids

    return [name for name in shipped_ids() if name.startswith(incomplete)]


@click.command()
@click.argument("protocol", required=False, shell_complete=complete)
@options.as_json
@options.description
def command(protocol: str | None, as_json: bool, descriptions: Sequence[str]) -> None:
    """List the battery protocols that are known, or every field of one PROTOCOL.

    The field table says where each value stands, and how well that is known: by the maker's document, by measurement,
    or only by hearsay. Needs no Bluetooth.

    \b
    bmsreader protocols
    bmsreader protocols ej
    """
    from bmsreader.cli.catalogue import codecs
    from bmsreader.cli.terminal import Terminal

    terminal = Terminal(as_json=as_json)
    known = codecs(descriptions)
    if protocol is None:
        if as_json:
            for codec in known:
                terminal.json(summary(codec.description))
        else:
            terminal.show(overview(known))
        return
    description = chosen(known, protocol).description
    if as_json:
        for field in fields_of(description):
            terminal.json(field)
        return
    for drawing in field_tables(description):
        terminal.show(drawing)


def chosen(known: "Sequence[Codec]", protocol: str) -> "Codec":
    """Return the description with this id; raise UsageError that lists the ids."""
    from bmsreader.model.errors import UsageError

    for codec in known:
        if codec.id == protocol:
            return codec
    raise UsageError(
        f"no protocol is called {protocol!r}", advice=f"There are: {', '.join(codec.id for codec in known)}."
    )


def summary(description: "Description") -> dict[str, Any]:
    """Return what a protocol is, without its fields."""
    return {
        "id": description.id,
        "name": description.name,
        "brands": description.brands,
        "links": links(description),
        "requests": {
            name: request.send.decode("latin-1")
            for name, request in description.requests.items()
            if request.safety == "read"
        },
        "messages": {name: message.size for name, message in description.messages.items()},
        "evidence": evidence(description),
        "sources": description.sources,
    }


def links(description: "Description") -> list[str]:
    """Return over what such a battery can be read."""
    serial = [f"serial {description.baudrate} 8N1"] if description.baudrate else []
    return (["bluetooth"] if description.profiles else []) + serial


def evidence(description: "Description") -> dict[str, int]:
    """Return how many fields have which evidence grade, each field counted once."""
    grades = {field.name: field.evidence for message in description.messages.values() for field in message.fields}
    return {grade: sum(found == grade for found in grades.values()) for grade in EVIDENCE}


def fields_of(description: "Description") -> list[dict[str, Any]]:
    """Return every field of every message, in the order of the bytes."""
    from bmsreader.protocol.paths import in_short

    return [
        {
            "message": message.name,
            "field": field.name,
            "at": None if field.paths else field.at,
            "path": in_short(field.paths) or None,
            "type": kind(field),
            "scale": field.scale,
            "offset": field.offset,
            "unit": field.unit or None,
            "in_reading": not field.raw,
            "evidence": field.evidence,
            "note": field.note or None,
        }
        for message in description.messages.values()
        for field in in_order(message)
    ]


def occasion(description: "Description", message: "Message") -> str:
    """Return what a message answers, in words."""
    if message.request is None:
        return "sent unasked"
    send = description.requests[message.request].send
    text = send.decode("latin-1")
    return f"answers {text if text.isascii() and text.strip().isprintable() else send.hex(' ')}"


def in_order(message: "Message") -> "list[Field]":
    """Return the fields in the order of their bytes."""
    return sorted(message.fields, key=lambda field: field.at)


def kind(field: "Field") -> str:
    """Return type and number of a field's words, such as `16 x u16` or `u16 - u16`."""
    if field.minus is not None:
        return f"{field.type} - {field.type}"
    return f"{field.count} x {field.type}" if field.count > 1 else field.type


def overview(known: "Sequence[Codec]") -> "RenderableType":
    """Return the table of all protocols."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for heading in ("Id", "Batteries", "Read over", "Fields by evidence"):
        table.add_column(heading, style="bold" if heading == "Id" else "")
    for codec in known:
        description = codec.description
        graded = ", ".join(f"{count} {grade}" for grade, count in evidence(description).items() if count)
        batteries = f"{description.name}: {', '.join(description.brands)}" if description.brands else description.name
        table.add_row(codec.id, batteries, "\n".join(links(description)), graded)
    return table


def field_tables(description: "Description") -> "list[RenderableType]":
    """Return a table for each message, with what comes before and after."""
    from rich.table import Table
    from rich.text import Text

    from bmsreader.protocol.paths import in_short

    drawings: list[RenderableType] = [Text(f"{description.id}: {description.name}\n", style="bold")]
    for message in description.messages.values():
        spoken = description.framing.spoken
        what = "text" if spoken else f"{message.size} bytes"
        title = f"{message.name}: {what}, {occasion(description, message)}"
        table = Table(
            title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
        )
        for heading, right in (
            ("Place" if spoken else "Byte", not spoken),
            ("Field", False),
            ("Type", False),
            ("Value", False),
            ("Evidence", False),
        ):
            table.add_column(heading, justify="right" if right else "left", no_wrap=True)
        table.add_column("Note", overflow="fold")
        for field in in_order(message):
            style = "dim" if field.raw else ""
            evidence_text = Text(field.evidence, style=GRADE_STYLES[field.evidence])
            table.add_row(
                in_short(field.paths) or str(field.at),
                field.name,
                kind(field),
                formula(field),
                evidence_text,
                field.note,
                style=style,
            )
        drawings += [table, Text()]
    drawings.append(Text("\n".join(f"{grade}: {meaning}" for grade, meaning in EVIDENCE.items()), style="dim"))
    drawings.append(Text("\nSources: " + "; ".join(description.sources), style="dim"))
    return drawings


GRADE_STYLES = {"vendor": "green", "measured": "green", "claimed": "yellow", "disputed": "red"}


def formula(field: "Field") -> str:
    """Return how the raw number becomes a value, such as `x 0.001 V`."""
    parts = []
    if field.scale != 1:
        parts.append(f"x {field.scale:g}")
    if field.offset:
        parts.append(f"{'+' if field.offset > 0 else '-'} {abs(field.offset):g}")
    parts.append(field.unit)
    return " ".join(parts).strip()
