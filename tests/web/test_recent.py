"""Today and the small curve are ready before anybody asks."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from bmsreader.model.energy import Bounds, EnergyDay, Missing
from bmsreader.web.recent import MOST_ZONES, day_flow
from bmsreader.web.zones import zone_of
from tests.web.serving import Served


def test_a_day_has_bounds_for_what_nobody_saw() -> None:
    missing = Missing(charge_in=Bounds(least=1.0, most=2.0), charge_out=Bounds(least=0.0, most=None))
    day = EnergyDay(
        date=date(2026, 3, 1), start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 3, 2, tzinfo=UTC),
        energy_in=5.00004, gaps=60, missing=missing,
    )  # fmt: skip

    found = day_flow(day)

    assert (found["date"], found["start"], found["energy_in"]) == ("2026-03-01", 1_772_323_200_000, 5.0)
    assert found["missing"]["charge_in"] == [1.0, 2.0]
    assert found["missing"]["charge_out"] == [0.0, None]


@pytest.mark.slow
def test_only_a_few_time_zones_are_kept_up_to_date(house: Served) -> None:
    recent = house.page.live.recent
    names = ["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Lima", "Africa/Cairo", "Asia/Dubai"]

    async def visit() -> None:
        for name in names:
            await recent.look(["02:00:07:00:15:44"], zone_of(name))

    asyncio.run_coroutine_threadsafe(visit(), house.loop).result(20)

    assert len(recent._zones) == MOST_ZONES
    assert recent.today("02:00:07:00:15:44", zone_of("Asia/Dubai")) is not None
    assert recent.today("02:00:07:00:15:44", zone_of("UTC")) is None
    curve = recent.sparkline("02:00:07:00:15:44")
    assert curve is not None
    assert len(curve["stamps"]) == len(curve["values"])
