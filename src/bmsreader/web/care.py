"""What the API says of a battery's well-being: alarms, what is wrong on the radio, and its health."""

import asyncio
from datetime import timedelta
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.gateway.diagnosis import Finding, Surroundings, diagnose
from bmsreader.health import as_dict, examine
from bmsreader.links.neighbours import wifi_on_the_chip_of
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.errors import StoreError, UsageError
from bmsreader.store import Reader
from bmsreader.store.alarms import State
from bmsreader.web import asked, encoding
from bmsreader.web.answers import answer
from bmsreader.web.health_shapes import HealthReport
from bmsreader.web.house import House
from bmsreader.web.refusal import not_found
from bmsreader.web.shapes import Acknowledged, Alarms, Done, Findings, FindingShape

RECENT = timedelta(hours=24)
MOST_RECORDS = 20_000
STATES = get_args(State)
LONGEST_NUMBER = 15
REPORT_EVERY = 900.0
"""s for which a health report is good: it looks at months."""
MOST_ALARMS = 5000


class Care:
    """Answers about what needs somebody's care."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._reports: dict[str, tuple[float, HealthReport]] = {}
        self._examining = asyncio.Lock()

    async def alarms(self, request: Request) -> Response:
        """Return alarms, newest last."""
        slug = asked.text(request, "battery")
        state = asked.text(request, "state") or "open"
        if state not in STATES:
            raise UsageError(f"state must be one of {', '.join(STATES)}")
        since = asked.moment(request, "since")
        limit = asked.whole(request, "limit", 200, least=1, most=MOST_ALARMS)
        battery = self._house.info(slug).id if slug else None
        found = await self._house.in_thread(
            self._house.gateway.alarms, battery=battery, state=state, since=since, limit=limit
        )
        slugs = self._house.slugs()
        shown: Alarms = {"alarms": [encoding.alarm(one, slugs.get(one.battery, one.battery)) for one in found]}
        return answer(request, shown)

    async def acknowledge(self, request: Request) -> Response:
        """Take note that the owner knows of an alarm."""
        number = request.path_params["id"]
        if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
            raise UsageError("an alarm is named by its number")
        if not self._house.gateway.acknowledge(int(number)):
            raise not_found(f"there is no alarm {number}")
        done: Done = {"done": True}
        return answer(request, done)

    async def acknowledge_all(self, request: Request) -> Response:
        """Take note that the owner knows of all alarms."""
        done: Acknowledged = {"count": self._house.gateway.acknowledge_all()}
        return answer(request, done)

    async def health(self, request: Request) -> Response:
        """Return how a battery ages."""
        info = self._house.info(request.path_params["slug"])
        report = self._fresh_report(info)
        if report is None:
            async with self._examining:
                report = self._fresh_report(info)  # somebody else asked for it meanwhile
                if report is None:
                    made = await self._house.in_thread(self._report, info)
                    self._reports[info.id] = asyncio.get_running_loop().time(), made
                    report = made
        return answer(request, report)

    def _fresh_report(self, info: BatteryInfo) -> HealthReport | None:
        made, report = self._reports.get(info.id, (-REPORT_EVERY, None))
        return report if asyncio.get_running_loop().time() - made < REPORT_EVERY else None

    def _report(self, info: BatteryInfo) -> HealthReport:
        try:
            with Reader(self._house.store.path) as past:
                report = examine(past, info.id)
        except StoreError:
            report = None  # nothing was written yet
        if report is None:
            return {
                "battery": info.slug, "since": None, "until": None, "days": 0, "items": [], "cells": [], "series": {}
            }  # fmt: skip
        found: Any = {**as_dict(report), "battery": info.slug}
        shape: HealthReport = found
        return shape

    async def doctor(self, request: Request) -> Response:
        """Return what is wrong, and what to do."""
        shown: Findings = {"findings": await self._house.in_thread(self._findings)}
        return answer(request, shown)

    def _findings(self) -> list[FindingShape]:
        house = self._house
        now = house.gateway.now()
        records = house.gateway.records(since=now - RECENT, limit=MOST_RECORDS)
        infos = [one.info for one in house.gateway.snapshots()]
        adapters = {one.adapter for one in records} - {""}
        wifi = next((found for one in sorted(adapters) if (found := _wifi(one))), "")
        surroundings = Surroundings(
            names={info.id: info.name for info in infos},
            signals={info.id: mean for info in infos if (mean := self._signal(info.id)) is not None},
            wifi=wifi,
        )
        return [_shown(one) for one in diagnose(records, surroundings)]

    def _signal(self, battery: str) -> float | None:
        """Return the mean signal over the last day, dBm."""
        store, now = self._house.gateway.store, self._house.gateway.now()
        if store is None:
            return None
        try:
            means = store.history(battery, ("signal",), now - RECENT, now, 1).series["signal"].mean
        except StoreError:
            return None
        return next((one for one in reversed(means) if one is not None), None)


def _wifi(adapter: str) -> str:
    """Return in words which Wi-Fi disturbs an adapter; empty = none does."""
    wifi = wifi_on_the_chip_of(adapter)
    return str(wifi) if wifi is not None and wifi.disturbs else ""


def _shown(found: Finding) -> FindingShape:
    return {"title": found.about, "text": found.what, "advice": found.advice, "severity": "warning"}
