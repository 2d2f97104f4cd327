"""`bmsreader lab describe`: write what was found out as a description that every command reads."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import Opened, captured, force, opened, refuse_to_write_over, typed

if TYPE_CHECKING:
    from bmsreader.lab.analysis import Analysis
    from bmsreader.lab.output.trying import Draft


@click.command()
@captured
@typed
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="File to write (TOML)."
)
@click.option("--id", "ident", default="my-battery", show_default=True, help="Short name: it marks every reading.")
@click.option("--name", default="My battery", show_default=True, help="Full name of the battery.")
@force
@options.as_json
def describe(
    file: Path,
    battery: str | None,
    typed: Sequence[str],
    output: Path | None,
    ident: str,
    name: str,
    force: bool,
    as_json: bool,
) -> None:
    """Write a description of the battery in FILE, ready for `bmsreader read --description`.

    Each item carries its evidence. Before it is written the description is loaded as the reader loads it, and tried on
    every frame of the capture. Read its [requests] before you use it: they are what it sends.

    \b
    bmsreader lab describe btsnoop_hci.log -o my.toml
    bmsreader simulate --description my.toml
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.model.errors import UsageError

    terminal = Terminal(as_json=as_json)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", ident):
        raise UsageError(f"--id {ident!r} must be a short name of lower-case letters, digits and -")
    refuse_to_write_over(output, force=force)
    draft = drafted(opened(file, battery, typed), ident=ident, name=name)
    if output is not None:
        output.write_text(draft.text, encoding="utf-8")
    elif not as_json:
        terminal.line(draft.text)
    if as_json:
        terminal.json(
            {
                "id": ident,
                "output": str(output) if output else None,
                "frames": draft.frames,
                "decoded": draft.decoded,
                "remarks": draft.remarks,
                "warnings": draft.warnings,
                "description": draft.text,
            }
        )
        return
    for remark in remarks(draft, output):
        terminal.remark(remark)


def remarks(draft: "Draft", output: Path | None) -> "Iterator[str]":
    """Yield how good a description is, and what to do with it."""
    yield f"Of the {draft.frames} answers of these kinds in the capture it decodes {draft.decoded}."
    yield from (f"  {remark}" for remark in draft.remarks)
    yield from (f"BEWARE: {warning}" for warning in draft.warnings)
    if output is not None:
        asks = "[requests." in draft.text
        first = "Read its [requests], then" if asks else "It asks nothing, so that the reader only listens"
        yield f"{first}: bmsreader read BATTERY --description {output}"


def drafted(found: Opened, *, ident: str, name: str) -> "Draft":
    """Return the description of a battery in a capture."""
    from bmsreader.lab.output.describe import describe as written
    from bmsreader.lab.output.profiles import profiles

    analysis = found.analysis()
    notify, write = handles(found, analysis)
    uuids = {
        handle: uuid for n in found.peer.connections for handle, uuid in found.capture.connections[n].uuids.items()
    }
    services = [one for n in found.peer.connections for one in found.capture.connections[n].services]
    talked, proven = profiles(uuids, notify, write, services)
    return written(
        analysis,
        ident=ident,
        name=name,
        sources=[f"a capture ({found.capture.format})"],
        profiles=talked,
        proven_profiles=proven,
    )


def handles(found: Opened, analysis: "Analysis") -> tuple[int | None, int | None]:
    """Return from which handle the answers with values come, and to which one the requests go."""
    kinds = [answer.kind for answer in analysis.answers]
    asked = {kind.request for kind in kinds if kind.request}
    heard = Counter(frame.handle for kind in kinds for frame in kind.frames)
    sent = Counter(p.handle for p in found.capture.packets if p.sent and (p.value in asked or not asked))
    return tuple(most.most_common(1)[0][0] if most else None for most in (heard, sent))  # type: ignore[return-value]
