"""`bmsreader lab export`: what was found out, in the forms that others use."""

from collections.abc import Sequence
from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import captured, force, opened, refuse_to_write_over, typed


@click.command()
@captured
@typed
@click.option(
    "--format",
    "form",
    type=click.Choice(["ksy", "markdown", "aiobmsble"]),
    default="markdown",
    show_default=True,
    help="Kaitai Struct, a page for people, or aiobmsble's table of fields.",
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@force
@options.as_json
def export(
    file: Path,
    battery: str | None,
    typed: Sequence[str],
    form: str,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write down what was found out of FILE for other programs and people, also where no description can be written.

    \b
    bmsreader lab export btsnoop_hci.log --format ksy -o battery.ksy
    bmsreader lab export btsnoop_hci.log --format aiobmsble
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.output.export import aiobmsble, markdown
    from bmsreader.lab.output.kaitai import kaitai

    terminal = Terminal(as_json=as_json)
    refuse_to_write_over(output, force=force)
    analysis = opened(file, battery, typed).analysis()
    if form == "ksy":
        text = kaitai(analysis, ident="battery")
    elif form == "aiobmsble":
        text = aiobmsble(analysis)
    else:
        text = markdown(analysis, title="What the battery says")
    if output is not None:
        output.write_text(text, encoding="utf-8")
        terminal.remark(f"{output} is written.")
    if as_json:
        terminal.json({"format": form, "output": str(output) if output else None, "text": text})
    elif output is None:
        terminal.line(text.rstrip("\n"))
