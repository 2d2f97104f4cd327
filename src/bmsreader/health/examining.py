"""All examinations of one battery, put together."""

from datetime import datetime, timedelta

from bmsreader.health import capacity, loss, resistance, said, spread
from bmsreader.health.anchors import Anchors
from bmsreader.health.currents import Currents
from bmsreader.health.finding import EPOCH, Finding, missing
from bmsreader.health.past import Past, Source, Tell
from bmsreader.health.report import CellHealth, Report

ORDER = (
    "soh", "full_charge_capacity", "full_charge_capacity_trend", "capacity", "weakest_cell", "first_full_cell",
    "spread_rest", "spread_load", "spread_top", "spread_rest_trend", "spread_load_trend", "spread_top_trend",
    "resistance", "self_discharge", "uncounted_loss", "rest_voltage_fall",
)  # fmt: skip
"""The findings of every report, as they are read."""
PARTS = 4
"""Examinations that take a while."""


def examine(
    past: Past, battery: str, start: datetime | None = None, end: datetime | None = None, *, tell: Tell | None = None
) -> Report | None:
    """Return the health of a battery from its history; None where it has none in this time.

    Trends of what the battery says look at the whole time, everything else at its last 400 days. It takes about a
    second for each year: a server runs it in a thread of its own. ``tell`` is called with how far it is.
    """
    span = past.span(battery)
    if span is None:
        return None
    begin = max(span[0], start) if start else span[0]
    until = min(span[1] + timedelta(milliseconds=1), end) if end else span[1] + timedelta(milliseconds=1)
    if until <= begin:
        return None
    source = Source(past, battery, _milliseconds(begin), _milliseconds(until))
    return _report(source, tell or (lambda _done, _whole: None))


def _report(source: Source, tell: Tell) -> Report:
    def part(number: int) -> Tell:
        return lambda done, whole: tell(number + done / whole, PARTS)

    findings, curves = said.examine(source)
    cells: list[CellHealth] = []
    if "current" in source.fields:
        currents = Currents(source)
        spreads, cells, more = spread.examine(source, currents, part(0))
        ohms = resistance.examine(source, currents, part(1))
        anchors = Anchors(source, currents)
        losses = loss.examine(source, currents, anchors, part(2))
        measured, last = capacity.examine(
            source, currents, anchors, ohm=ohms.ohm, uncounted=losses.uncounted, tell=part(3)
        )
        findings += [*spreads, ohms.pack, *losses.findings, measured]
        curves += [*more, ohms.curve, *last]
        cells = [
            CellHealth(cell=one.cell, findings=(*one.findings, ohm)) for one, ohm in zip(cells, ohms.cells, strict=True)
        ]
    named = {one.name: one for one in findings}
    tell(PARTS, PARTS)
    return Report(
        battery=source.battery,
        start=source.start,
        end=source.end,
        days=len(source.days("current").stamps) if "current" in source.fields else 0,
        findings=tuple(named.get(name) or _no_current(name) for name in ORDER),
        cells=tuple(cells),
        curves=tuple(curve for curve in curves if curve.stamps),
    )


def _no_current(name: str) -> Finding:
    return missing(name, "", "no_current", "This battery does not report its current.")


def _milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)
