"""How a battery ages: capacity, cells, resistance and self-discharge, each with its confidence or why there is none."""

from bmsreader.health.examining import examine
from bmsreader.health.finding import Finding, Grade, Span
from bmsreader.health.past import Past
from bmsreader.health.report import CellHealth, Curve, Report, as_dict

__all__ = ["CellHealth", "Curve", "Finding", "Grade", "Past", "Report", "Span", "as_dict", "examine"]
