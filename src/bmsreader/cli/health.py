"""`bmsreader health`: how the batteries age, as far as their history tells."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bmsreader.cli import options
from bmsreader.cli.choosing import chosen, moment, reader, store
from bmsreader.cli.words import count

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

    from bmsreader.cli.terminal import Terminal
    from bmsreader.health import CellHealth, Curve, Finding, Report
    from bmsreader.model.battery import BatteryInfo

TITLES = {
    "soh": "State of health",
    "full_charge_capacity": "Capacity, as the battery says",
    "full_charge_capacity_trend": "Its change",
    "capacity": "Capacity, counted",
    "weakest_cell": "Weakest cell",
    "first_full_cell": "Cell that is full first",
    "spread_rest": "Cell spread at rest",
    "spread_load": "Cell spread under load",
    "spread_top": "Cell spread when full",
    "spread_rest_trend": "Its change at rest",
    "spread_load_trend": "Its change under load",
    "spread_top_trend": "Its change when full",
    "resistance": "Internal resistance",
    "self_discharge": "Self-discharge",
    "uncounted_loss": "Loss that is not counted",
    "rest_voltage_fall": "Fall of voltage at rest",
}
"""What an owner reads for each finding."""
SHOWN = {"V": (1000, "mV", 1), "V/year": (1000, "mV/year", 1), "V/month": (1000, "mV/month", 1), "Ω": (1000, "mΩ", 2)}
"""Small units: by what a value is multiplied, the unit that is shown, and digits; others are shown as they are."""
PLOTTED = ("full_charge_capacity", "capacity", "spread_rest", "spread_load", "spread_top", "resistance")
LEAST_VOLTS, LEAST_PART = 0.004, 0.05
"""What a plot spans at least: volts, and for all else a part of the value."""
COLOURS = {"good": "green", "fair": "yellow", "poor": "red"}


@click.command()
@click.argument("battery", required=False)
@click.option("--from", "begin", metavar="TIME", help="From when on: 90d, or a date. [default: all that is kept]")
@click.option("--explain", is_flag=True, help="Say for each figure what it means and under which conditions it holds.")
@store
@options.quiet
@options.as_json
def command(
    battery: str | None, begin: str | None, explain: bool, store: Path | None, quiet: bool, as_json: bool
) -> None:
    """Say how a battery ages: capacity, cells, resistance and self-discharge, each with how far it can be trusted.

    BATTERY is a name, slug or id; without it, all batteries in the history are looked at. What the data does not
    support has a reason instead of a number. It works while the gateway runs, and does not hold it up.

    \b
    bmsreader health
    bmsreader health house --from 90d --explain
    bmsreader health house --json | jq '.items[] | select(.name == "resistance")'
    """
    from bmsreader.cli.progress import progress_bar
    from bmsreader.cli.terminal import Terminal
    from bmsreader.health import as_dict, examine

    terminal = Terminal(as_json=as_json, quiet=quiet)
    start = None if begin is None else moment(begin, datetime.now(UTC))
    with reader(store) as past:
        for info in chosen(past, battery):
            with progress_bar(terminal, f"looking at {info.name}") as tell:
                report = examine(past, info.id, start, tell=tell)
            if as_json:
                empty = {"days": 0, "items": [], "cells": [], "series": {}}
                terminal.json({**(empty if report is None else as_dict(report)), "battery": info.slug})
            elif report is None:
                terminal.line(f"{info.name}: no readings in this time.")
            else:
                terminal.show(drawn(terminal, info, report, explain=explain))


def drawn(terminal: "Terminal", info: "BatteryInfo", report: "Report", *, explain: bool) -> "Group":
    """Return a report for people."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    known = [one for one in report.findings if one.value is not None]
    unknown = [one for one in report.findings if one.value is None]
    read = f"{count(report.days, 'day')} with readings"
    parts: list[object] = [Text(f"{info.name}  {_date(report.start)} to {_date(report.end)}, {read}", "bold")]
    if known:
        parts += [_figures(known), Text("")]
    if any(cell.findings for cell in report.cells):
        parts += [_cells(report.cells), Text("")]
    ascii_only = terminal.out.options.ascii_only
    plots = [curve for curve in report.curves if curve.name in PLOTTED and len(curve.stamps) > 1]
    if plots:
        parts += [_plots(plots, ascii_only=ascii_only), Text("")]
    for heading, some in (("What the figures mean", known if explain else []), ("Not told by the data", unknown)):
        if some:
            parts.append(Text(heading, "bold"))
            lines = [Text.assemble((f"{TITLES[one.name]}: ", "bold"), one.text or one.reason) for one in some]
            parts += [*(Padding(line, (0, 0, 0, 2)) for line in lines), Text("")]
    return Group(*parts)  # type: ignore[arg-type]


def _figures(findings: "Sequence[Finding]") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("", "Value", "Between", "Trust", "Made from"):
        table.add_column(heading, justify="right" if heading in {"Value", "Between"} else "left", no_wrap=heading != "")
    for one in findings:
        grade = Text(one.grade or "", COLOURS.get(one.grade or "", ""))
        table.add_row(TITLES[one.name], value(one), between(one), grade, _events(one))
    return table


EVENTS = {
    "capacity": "discharge", "resistance": "step", "uncounted_loss": "balance", "self_discharge": "rest",
    "rest_voltage_fall": "rest",
}  # fmt: skip
"""What a figure was made from, if not from days."""


def _events(finding: "Finding") -> str:
    word = EVENTS.get(finding.name, "day")
    span = "" if finding.span is None else f", {_date(finding.span.start)} to {_date(finding.span.end - 1)}"
    return f"{finding.events:,} {word}{'' if finding.events == 1 else 's'}{span}"


def value(finding: "Finding") -> str:
    """Return a finding's value with its unit, in the units that owners use."""
    if finding.value is None:
        return "—"
    return f"{_number(finding.value, finding.unit)} {_scale(finding.unit)[1]}".strip()


def between(finding: "Finding") -> str:
    """Return a finding's interval."""
    if finding.low is None or finding.high is None:
        return ""
    return f"{_number(finding.low, finding.unit)} to {_number(finding.high, finding.unit)}"


def _scale(unit: str) -> tuple[float, str, int]:
    return SHOWN.get(unit, (1, unit, 0 if unit == "" else 1))


def _number(number: float, unit: str) -> str:
    factor, _, digits = _scale(unit)
    text = f"{factor * number:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _cells(cells: "Sequence[CellHealth]") -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Cell beside the mean", justify="right")
    for finding in cells[0].findings:
        name = finding.name.removeprefix("offset_")
        heading = {"rest": "at rest", "load": "under load", "top": "when full"}.get(name, name)
        table.add_column(heading, justify="right", no_wrap=True)
    for cell in cells:
        table.add_row(str(cell.cell), *(_with_half(one) for one in cell.findings))
    return table


def _with_half(finding: "Finding") -> str:
    if finding.value is None or finding.low is None or finding.high is None:
        return "—"
    factor, unit, digits = _scale(finding.unit)
    half = factor * (finding.high - finding.low) / 2
    sign = "+" if finding.name.startswith("offset") and finding.value > 0 else ""
    return f"{sign}{_number(finding.value, finding.unit)} ±{half:.{digits}f} {unit}"


def _plots(curves: "Sequence[Curve]", *, ascii_only: bool) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Month by month", "First", "Last", ""):
        table.add_column(heading, justify="right" if heading in {"First", "Last"} else "left", no_wrap=True)
    for curve in curves:
        unit = _scale(curve.unit)[1]
        ends = [f"{_number(one, curve.unit)} {unit}" for one in (curve.values[0], curve.values[-1])]
        table.add_row(TITLES[curve.name], *ends, Text(line(curve, ascii_only=ascii_only), "cyan"))
    return table


def line(curve: "Curve", *, ascii_only: bool) -> str:
    """Return a curve as characters, one for each month; a month without data is a space."""
    from bmsreader.cli.chart import BLOCKS, PLAIN

    characters = PLAIN if ascii_only else BLOCKS
    places = [_months(stamp) for stamp in curve.stamps]
    low, high = scale(curve)
    shown = [" "] * (places[-1] - places[0] + 1)
    for place, number in zip(places, curve.values, strict=True):
        height = (number - low) / (high - low)
        shown[place - places[0]] = characters[round(height * (len(characters) - 1))]
    return "".join(shown)


def scale(curve: "Curve") -> tuple[float, float]:
    """Return lowest and highest value of a plot: never so near that ups and downs without meaning look large."""
    low, high = min(curve.values), max(curve.values)
    least = LEAST_VOLTS if curve.unit == "V" else LEAST_PART * abs(high + low) / 2
    more = max(least - (high - low), 0.0) / 2
    return (low - more, high + more) if high - low + more > 0 else (low - 1, high + 1)


def _months(stamp: int) -> int:
    day = datetime.fromtimestamp(stamp / 1000, UTC)
    return 12 * day.year + day.month


def _date(stamp: int) -> str:
    return f"{datetime.fromtimestamp(stamp / 1000, UTC).astimezone():%Y-%m-%d}"
