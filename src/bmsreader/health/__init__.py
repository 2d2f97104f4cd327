"""How a battery ages: capacity, cells, resistance and self-discharge, each with its confidence or the reason why not."""

from bmsreader.health.finding import Finding, Grade, Span
from bmsreader.health.report import CellHealth, Curve, Report, as_dict

__all__ = ["CellHealth", "Curve", "Finding", "Grade", "Report", "Span", "as_dict"]
