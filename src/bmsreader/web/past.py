"""What the API says of the past: values over a stretch of time, and what happened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import StoreError, UsageError
from bmsreader.store import Reader, Store
from bmsreader.store.fields import is_field
from bmsreader.web import asked, encoding
from bmsreader.web.answers import answer, of_bytes
from bmsreader.web.house import House
from bmsreader.web.recent import day_flow
from bmsreader.web.refusal import Refused
from bmsreader.web.shapes import Energy, Events, Extent
from bmsreader.web.tables import arrow, has_arrow, milliseconds, rows, shown
from bmsreader.web.text import as_json
from bmsreader.web.zones import name_of

MOST_POINTS, POINTS = 10_000, 1000
MOST_FIELDS = 64
MOST_READINGS = 200_000
"""Single readings, or points, times fields, of one answer."""
ASK_FOR_LESS = "Ask for fewer fields, a shorter time, or fewer points; `bmsreader history export` has no limit."
OFTEN = ("soc", "pack_voltage")
"""Fields that nearly every reading has."""
MOST_EVENTS = 10_000
DAY = timedelta(days=1)
FORMATS = ("json", "csv", "arrow")
GROUPS = {"cells": ("cell_", "cells"), "temperatures": ("temperature_", "sensors")}
MOST_DAYS = 3660


class Past:
    """Answers about the past; what reads the disk runs in a thread."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def history(self, request: Request) -> Response:
        """Return values of a battery over a stretch of time."""
        info = self._house.info(request.path_params["slug"])
        kind = asked.text(request, "format") or "json"
        if kind not in FORMATS:
            raise UsageError(f"format must be one of {', '.join(FORMATS)}")
        if kind == "arrow" and not has_arrow():
            raise Refused(
                HTTPStatus.NOT_IMPLEMENTED,
                "Arrow needs pyarrow, which is not installed",
                advice="pip install bmsreader[parquet]",
            )
        end = asked.moment(request, "end") or self._house.gateway.now()
        start = asked.moment(request, "start") or end - DAY
        if start >= end:
            raise UsageError("start must be before end")
        points = asked.whole(request, "points", POINTS, least=0, most=MOST_POINTS)
        fields = fields_of(asked.words(request, "fields"), info)
        if points * len(fields) > MOST_READINGS:
            raise UsageError(f"{points} points of {len(fields)} fields are too many at once", advice=ASK_FOR_LESS)

        def found() -> Response:
            content, media = self._history(info, fields, start, end, points, kind)
            return of_bytes(request, content, media, headers=_as_file(info, kind))

        return await self._house.in_thread(found)  # packing it takes its time too

    def _history(
        self, info: BatteryInfo, fields: Sequence[str], start: datetime, end: datetime, points: int, kind: str
    ) -> tuple[bytes, str]:
        if not points:
            check_size(self._house.store, info, fields, start, end)
        found = self._house.store.history(info.id, fields, start, end, points or None)
        if kind == "csv":
            return "".join(rows(found)).encode(), "text/csv; charset=utf-8"
        if kind == "arrow":
            return arrow(found), "application/vnd.apache.arrow.stream"
        return as_json(shown(found, info.slug)), "application/json"

    async def extent(self, request: Request) -> Response:
        """Return from when to when there is a history of a battery, and of which fields."""
        info = self._house.info(request.path_params["slug"])
        return answer(request, await self._house.in_thread(self._extent, info))

    def _extent(self, info: BatteryInfo) -> Extent:
        store = self._house.store
        span, fields = None, []
        try:
            with Reader(store.path) as past:
                span, fields = past.span(info.id), past.fields(info.id)
        except StoreError:
            pass  # nothing was written yet
        last = store.last(info.id)
        newest = None if last is None else milliseconds(last[1].taken_at)
        if span is None:
            return {"first": newest, "last": newest, "fields": fields}
        return {"first": milliseconds(span[0]), "last": max(milliseconds(span[1]), newest or 0), "fields": fields}

    async def energy(self, request: Request) -> Response:
        """Return energy and charge of each day."""
        info = self._house.info(request.path_params["slug"])
        days = asked.whole(request, "days", 30, least=1, most=MOST_DAYS)
        zone = asked.zone(request)
        return answer(request, await self._house.in_thread(self._energy, info, days, zone))

    def _energy(self, info: BatteryInfo, days: int, zone: tzinfo) -> Energy:
        now = self._house.gateway.now()
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        start = midnight - (days - 1) * DAY  # of the wall clock: a day of 23 hours is a day
        found = self._house.store.energy(info.id, start.astimezone(UTC), now, zone)
        return {"tz": name_of(zone), "days": [day_flow(one) for one in found]}

    async def events(self, request: Request) -> Response:
        """Return the event record."""
        slug = asked.text(request, "battery")
        battery = self._house.info(slug).id if slug else None
        kinds = asked.words(request, "kind") or None
        since = asked.moment(request, "since")
        limit = asked.whole(request, "limit", 200, least=1, most=MOST_EVENTS)
        found = await self._house.in_thread(
            self._house.gateway.records, battery=battery, kinds=kinds, since=since, limit=limit
        )
        slugs = self._house.slugs()
        shown: Events = {"events": [encoding.event(one, slugs) for one in found]}
        return await self._house.in_thread(answer, request, shown)


def check_size(store: Store, info: BatteryInfo, fields: Sequence[str], start: datetime, end: datetime) -> None:
    """Raise UsageError when single readings would be too many."""
    told = dict.fromkeys([*fields, *OFTEN])  # not every battery reports each of them
    coarse = store.history(info.id, told, start, end, POINTS)
    count = max(sum(one.count) for one in coarse.series.values())
    if count * max(1, len(fields)) > MOST_READINGS:
        raise UsageError(f"these are {count} readings of {len(fields)} fields: too many at once", advice=ASK_FOR_LESS)


def fields_of(names: Sequence[str], info: BatteryInfo) -> list[str]:
    """Return the fields that are asked for; ``cells`` and ``temperatures`` stand for all of them.

    Raise UsageError for what is no field, and for too many.
    """
    found: list[str] = []
    for name in names or ("soc", "pack_voltage", "current", "power"):
        if name in GROUPS:
            prefix, count = GROUPS[name]
            found += [f"{prefix}{number + 1}" for number in range(getattr(info, count))]
        elif is_field(name):
            found.append(name)
        else:
            raise UsageError(
                f"there is no field {name[:60]!r}", advice="GET .../extent lists those that there is a history of."
            )
    if len(found) > MOST_FIELDS:
        raise UsageError(f"at most {MOST_FIELDS} fields at once")
    return list(dict.fromkeys(found))


def _as_file(info: BatteryInfo, kind: str) -> dict[str, str]:
    endings = {"csv": "csv", "arrow": "arrows"}
    return {"Content-Disposition": f'attachment; filename="{info.slug}.{endings[kind]}"'} if kind in endings else {}
