"""Everything that is known about the health of one battery, and its form for the HTTP API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bmsreader.health.finding import Finding, iso, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How a figure developed: one point for each month that has enough data; months without are left out."""

    name: str
    """Such as ``resistance``, ``spread_rest``, ``cell_3_offset_load``."""
    unit: str
    stamps: Sequence[int]
    """When each month begins, ms since 1970, UTC."""
    values: Sequence[float]
    counts: Sequence[int]
    """Days or events that each point was made from."""

    def as_dict(self) -> dict[str, Any]:
        """Return the curve, ready for JSON and for a chart."""
        return {
            "unit": self.unit,
            "stamps": list(self.stamps),
            "values": [rounded(value) for value in self.values],
            "counts": list(self.counts),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CellHealth:
    """One cell beside the others of its pack."""

    cell: int
    """From 1 on."""
    findings: tuple[Finding, ...]
    """``offset_rest``, ``offset_load``, ``offset_top`` (V above the mean of all cells), ``resistance`` (Ω)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The health of one battery."""

    battery: str
    """``BatteryInfo.id``."""
    start: int
    """The stretch of time that was looked at, ms since 1970."""
    end: int
    days: int
    """Days in it with readings."""
    findings: tuple[Finding, ...]
    """In an order that is made for reading."""
    cells: tuple[CellHealth, ...]
    curves: tuple[Curve, ...]

    def finding(self, name: str) -> Finding:
        """Return one finding by its name; raise KeyError when no report has it."""
        for one in self.findings:
            if one.name == name:
                return one
        raise KeyError(name)


def as_dict(report: Report) -> dict[str, Any]:
    """Return a report, ready for JSON.

    ``items`` is a list of findings, ``cells`` a list of ``{"cell", "items"}``, ``series`` an object of curves by name.
    """
    return {
        "battery": report.battery,
        "since": iso(report.start),
        "until": iso(report.end),
        "days": report.days,
        "items": [one.as_dict() for one in report.findings],
        "cells": [{"cell": one.cell, "items": [item.as_dict() for item in one.findings]} for one in report.cells],
        "series": {one.name: one.as_dict() for one in report.curves},
    }
