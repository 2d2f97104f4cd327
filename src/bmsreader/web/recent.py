"""What the overview shows of the last hours, today and a small curve: looked up beforehand, not when somebody asks."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bmsreader.model.energy import EnergyDay
from bmsreader.model.errors import OwnerError
from bmsreader.store import Store
from bmsreader.web.house import House
from bmsreader.web.shapes import Bounds, DayFlow, Flow, Sparkline

log = logging.getLogger(__name__)

FIELD = "soc"
STRETCH, POINTS = timedelta(hours=24), 48
EVERY = 20.0
"""s between two looks at today."""
CURVE_EVERY = 300.0
"""s between two looks at a curve."""
FORGOTTEN = 900.0
"""s after which nobody looks any more, and nothing is looked up beforehand."""
MOST_ZONES = 4
"""Time zones of visitors that are kept up to date."""


@dataclass(frozen=True, slots=True)
class _Curve:
    made: float
    line: Sparkline | None


class Recent:
    """Today's energy and the last 24 hours of each battery, by id."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._today: dict[tuple[str, tzinfo], Flow | None] = {}
        self._curves: dict[str, _Curve] = {}
        self._zones: OrderedDict[tzinfo, float] = OrderedDict()

    def today(self, battery: str, zone: tzinfo) -> Flow | None:
        """Return what went in and out today, as of the last look."""
        return self._today.get((battery, zone))

    def sparkline(self, battery: str) -> Sparkline | None:
        """Return the curve of the last look."""
        known = self._curves.get(battery)
        return None if known is None else known.line

    async def look(self, batteries: Collection[str], zone: tzinfo) -> None:
        """Have today and the curves of these batteries ready; what is known already is not looked up again."""
        if self._house.gateway.store is None:
            return
        self._visited(zone)
        days = [one for one in batteries if (one, zone) not in self._today]
        curves = [one for one in batteries if one not in self._curves]
        if days or curves:
            await self._look_up(days, curves, [zone])

    async def run(self) -> None:
        """Keep up to date what somebody looks at, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(EVERY)
            now = loop.time()
            for zone in [zone for zone, used in self._zones.items() if now - used > FORGOTTEN]:
                self._forget(zone)
            if not self._zones:
                self._curves.clear()
                continue
            known = [one.info.id for one in self._house.gateway.snapshots()]
            old = [one for one in known if one not in self._curves or now - self._curves[one].made > CURVE_EVERY]
            await self._look_up(known, old, list(self._zones))

    def _visited(self, zone: tzinfo) -> None:
        self._zones[zone] = asyncio.get_running_loop().time()
        self._zones.move_to_end(zone)
        while len(self._zones) > MOST_ZONES:
            self._forget(next(iter(self._zones)))

    def _forget(self, zone: tzinfo) -> None:
        del self._zones[zone]
        self._today = {key: flow for key, flow in self._today.items() if key[1] != zone}

    async def _look_up(self, days: Sequence[str], curves: Sequence[str], zones: Sequence[tzinfo]) -> None:
        """Ask the history, one battery after the other: other questions get their turn in between."""
        store, now = self._house.store, self._house.gateway.now()
        made = asyncio.get_running_loop().time()
        try:
            for battery in dict.fromkeys([*days, *curves]):
                for zone in zones if battery in days else ():
                    self._today[battery, zone] = await self._house.in_thread(_today, store, battery, zone)
                if battery in curves:
                    line = await self._house.in_thread(_curve, store, battery, now)
                    self._curves[battery] = _Curve(made, line)
        except OwnerError as error:
            log.debug("the overview goes without history: %s", error)


def _today(store: Store, battery: str, zone: tzinfo) -> Flow | None:
    day = store.today(battery, zone)
    return None if day is None else flow(day)


def _curve(store: Store, battery: str, now: datetime) -> Sparkline | None:
    found = store.history(battery, [FIELD], now - STRETCH, now, POINTS)
    if not found.stamps:
        return None
    return {"field": FIELD, "stamps": [*found.stamps], "values": [*found.series[FIELD].mean]}


def flow(day: EnergyDay) -> Flow:
    """Return what went in and out, as the API shows it."""
    missing = day.missing
    bounds: Bounds = {
        "charge_in": _rounded(missing.charge_in.pair),
        "charge_out": _rounded(missing.charge_out.pair),
        "energy_in": _rounded(missing.energy_in.pair),
        "energy_out": _rounded(missing.energy_out.pair),
    }
    return {
        "energy_in": round(day.energy_in, 3),
        "energy_out": round(day.energy_out, 3),
        "charge_in": round(day.charge_in, 4),
        "charge_out": round(day.charge_out, 4),
        "gaps": round(day.gaps, 1),
        "missing": bounds,
    }


def day_flow(day: EnergyDay) -> DayFlow:
    """Return one day, as the API shows it."""
    return {**flow(day), "date": day.date.isoformat(), "start": round(day.start.timestamp() * 1000)}


def _rounded(pair: tuple[float, float | None]) -> list[float | None]:
    return [None if one is None else round(one, 4) for one in pair]
