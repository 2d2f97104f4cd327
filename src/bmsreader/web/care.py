"""What the API says of a battery's well-being: alarms, what is wrong on the radio, and its health."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.gateway.diagnosis import Finding, Surroundings, diagnose
from bmsreader.links.neighbours import wifi_on_the_chip_of
from bmsreader.model.errors import StoreError, UsageError
from bmsreader.web import asked, encoding
from bmsreader.web.answers import answer
from bmsreader.web.house import House
from bmsreader.web.shapes import Alarms, AlarmShape, Findings, FindingShape

RECENT = timedelta(hours=24)
MOST_RECORDS = 20_000
STATES = ("active", "open", "all")
MOST_ALARMS = 5000


class Care:
    """Answers about what needs somebody's care."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def alarms(self, request: Request) -> Response:
        """Return alarms, newest last."""
        slug = asked.text(request, "battery")
        state = asked.text(request, "state") or "open"
        if state not in STATES:
            raise UsageError(f"state must be one of {', '.join(STATES)}")
        since = asked.moment(request, "since")
        limit = asked.whole(request, "limit", 200, least=1, most=MOST_ALARMS)
        battery = self._house.info(slug).id if slug else None
        found: list[AlarmShape] = []
        for snapshot in self._house.gateway.snapshots():
            if battery in (None, snapshot.info.id):
                found += [
                    encoding.alarm(one, snapshot.info.slug)
                    for one in snapshot.alarms
                    if (state != "active" or one.is_active) and (since is None or one.raised_at >= since)
                ]
        shown: Alarms = {"alarms": sorted(found, key=lambda one: one["id"])[-limit:]}
        return answer(request, shown)

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
