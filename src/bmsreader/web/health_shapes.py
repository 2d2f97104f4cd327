"""The shapes of what the API answers about a battery's health; see ``shapes``."""

from typing import TypedDict

from bmsreader.web.shapes import Number


class HealthItem(TypedDict):
    """One figure with its confidence, or the reason why there is none."""

    name: str
    value: Number
    unit: str
    low: Number
    high: Number
    grade: str | None
    events: int
    since: str | None
    until: str | None
    reason: str
    code: str
    text: str
    details: dict[str, Number]


class HealthCell(TypedDict):
    """One cell beside the others of its pack; the first one is 1."""

    cell: int
    items: list[HealthItem]


class HealthCurve(TypedDict):
    """A figure over the months."""

    unit: str
    stamps: list[int]
    values: list[Number]
    counts: list[int]


class HealthReport(TypedDict):
    """How a battery ages."""

    battery: str
    since: str | None
    until: str | None
    days: int
    items: list[HealthItem]
    cells: list[HealthCell]
    series: dict[str, HealthCurve]
