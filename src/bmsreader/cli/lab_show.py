"""`bmsreader lab show` and `diff`: how each byte moves over time, and what differs between rest, load and charge."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import captured, opened, typed

if TYPE_CHECKING:
    from rich.text import Text

    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.analysis import Answer

ROWS = 16
SHADES = " .:-=+*#%@"
COLOURS = ("grey23", "blue", "cyan", "green", "yellow", "red")
DIFFERENCES = 30
"""Columns in front of what differs."""
LEGEND = 9
"""Characters in front of each line of the strip."""
LETTERS = {
    "cell_voltages": "C",
    "pack_voltage": "V",
    "current": "A",
    "soc": "S",
    "temperatures": "T",
    "remaining_capacity": "R",
    "full_charge_capacity": "F",
    "design_capacity": "D",
    "cycle_count": "N",
    "health": "H",
}


@click.command()
@captured
@typed
@click.option(
    "--html", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with plots instead."
)
@options.as_json
def show(file: Path, battery: str | None, typed: Sequence[str], html: Path | None, as_json: bool) -> None:
    """Show every byte of the answers in FILE over time: still, moving now and then, moving always.

    Time goes down, bytes go right; the hotter, the more often it changes. With --html each byte shows its history in a
    page that needs no other file.

    \b
    bmsreader lab show btsnoop_hci.log
    bmsreader lab show btsnoop_hci.log --html bytes.html
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.output.heat import bytes_of, called, size_words
    from bmsreader.lab.output.page import page
    from bmsreader.lab.verdict import counted

    terminal = Terminal(as_json=as_json)
    analysis = opened(file, battery, typed).analysis()
    if html is not None:
        html.write_text(page(analysis, title=f"The bytes of {file.name}"), encoding="utf-8")
        terminal.remark(f"{html} is written; open it in a browser.")
    if as_json:
        for answer in analysis.answers:
            paths = called(answer) if answer.kind.columns else None
            bytes_ = [
                {name: getattr(byte, name) for name in byte.__slots__} | ({"path": paths[byte.at]} if paths else {})
                for byte in bytes_of(answer.series)
            ]
            terminal.json({"size": answer.kind.size, "frames": len(answer.series.payloads), "bytes": bytes_})
    elif html is None:
        for number, answer in enumerate(analysis.answers, 1):
            terminal.line(f"Answer {number}: {counted(len(answer.series.payloads), 'frame')} of {size_words(answer)}")
            for line in strip_lines(answer, terminal.out.width):
                terminal.show(line)


def strip_lines(answer: "Answer", width: int) -> "list[Text]":
    """Return the heat strip of one kind of answer, in lines of so many characters."""
    from rich.text import Text

    from bmsreader.lab.output.heat import called, meanings, strips
    from bmsreader.protocol.vocabulary import list_of

    found = strips(answer.series, ROWS)
    size = len(answer.series.parts)
    names = {at: list_of(name) for at, name in meanings(answer).items()}
    what = "number" if answer.kind.columns else "byte"
    per_line = max(8, (width - LEGEND) // 8 * 8)
    lines: list[Text] = []
    for start in range(0, size, per_line):
        stop = min(start + per_line, size)
        places = "".join(f"{at:<8}" for at in range(start, stop, 8))
        lines.append(Text(f"{what:>8} {places}".rstrip()))
        for at, heat in found:
            line = Text(f"{at:7.0f}s ")
            for one in heat[start:stop]:
                level = min(len(SHADES) - 1, round(one * (len(SHADES) - 1) + (0.499 if one else 0)))
                colour = COLOURS[min(len(COLOURS) - 1, round(one * (len(COLOURS) - 1) + (0.499 if one else 0)))]
                line.append(SHADES[level], style=f"on {colour}" if one else "")
            lines.append(line)
        marks = "".join(LETTERS.get(names[at], "?") if at in names else "." for at in range(start, stop))
        lines.append(Text(f"{'meaning':>8} {marks}"))
    if answer.kind.columns:
        lines.append(Text(f"{'':>8} " + ", ".join(f"{at} {path}" for at, path in enumerate(called(answer)))))
    found_names = sorted(set(names.values()))
    if found_names:
        lines.append(
            Text("         " + ", ".join(f"{LETTERS.get(name, '?')} {name.replace('_', ' ')}" for name in found_names))
        )
    return lines


def between(low: float, high: float) -> str:
    """Return a range of values for people."""
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def differences(answer: "Answer", phases: Mapping[str, Sequence[int]]) -> dict[str, object]:
    """Return what ``lab diff --json`` prints of an answer."""
    from bmsreader.lab.output.heat import meanings, moved_between, values_between

    names = meanings(answer)
    return {
        "size": answer.kind.size,
        "phases": {name: len(indices) for name, indices in phases.items()},
        "values": values_between(answer, phases),
        "bytes": [
            {"at": m.at, "separate": m.separate, "values": dict(m.values), "field": names.get(m.at)}
            for m in moved_between(answer.series, phases)
        ],
    }


def show_differences(answer: "Answer", phases: Mapping[str, Sequence[int]], number: int, terminal: "Terminal") -> None:
    """Print what ``lab diff`` says of an answer."""
    from bmsreader.lab.output.heat import called, meanings, moved_between, values_between
    from bmsreader.lab.verdict import counted

    names, places = meanings(answer), called(answer)
    what, form = ("number", "g") if answer.kind.columns else ("byte", "02X")
    counts = ", ".join(f"{counted(len(indices), 'frame')} at {name}" for name, indices in phases.items())
    terminal.line(f"Answer {number}: {counts}")
    for name, ranges in values_between(answer, phases).items():
        seen = ", ".join(f"{phase} {between(*one)}" for phase, one in ranges.items())
        terminal.folded(f"  {name:<27} {seen}", indent=DIFFERENCES)
    for m in moved_between(answer.series, phases):
        spans = ", ".join(f"{name} {low:{form}}-{high:{form}}" for name, (low, high) in m.values.items())
        apart = "tells them apart" if m.separate else "differs"
        line = f"  {what} {places[m.at]:<4} {apart:<17} {spans}  {names.get(m.at, '')}"
        terminal.folded(line.rstrip(), indent=DIFFERENCES)


@click.command()
@captured
@typed
@options.as_json
def diff(file: Path, battery: str | None, typed: Sequence[str], as_json: bool) -> None:
    """Show which values and bytes of FILE differ between rest, load and charge.

    The phases come from the current where it was found for sure, else from labels with the words rest, load and charge,
    else from the currents that were typed.

    \b
    bmsreader lab diff btsnoop_hci.log --label "0: rest" --label "60: load on" --label "120: load off"
    """
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.output.heat import phases_by_current, phases_by_label
    from bmsreader.model.errors import UsageError

    terminal = Terminal(as_json=as_json)
    found = opened(file, battery, typed)
    analysis = found.analysis()
    told = False
    for number, answer in enumerate(analysis.answers, 1):
        phases = phases_by_label(answer.series, found.labels)
        current = answer.meaning.find("current")
        if current is not None and (current.sure or len(phases) < 2):
            phases = phases_by_current(current.value.values(answer.series))
        if len(phases) < 2:
            continue
        told = True
        if as_json:
            terminal.json(differences(answer, phases))
        else:
            show_differences(answer, phases, number, terminal)
    if not told:
        raise UsageError(
            "rest, load and charge cannot be told apart in this capture",
            advice="Say what happened when, or type the current at rest and under load: "
            'bmsreader lab label FILE "0: rest" "60: load on" "120: load off", or "0: 0A" "60: -20A".',
        )
