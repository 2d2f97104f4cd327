"""Today, asked for again and again."""

from datetime import UTC, timedelta

from bmsreader.model.battery import Totals
from bmsreader.model.energy import EnergyDay
from bmsreader.store.today import AGAIN, Today
from tests.clock import START

A_SECOND = timedelta(seconds=1)
DAY = EnergyDay(date=START.date(), start=START - timedelta(hours=1), end=START + timedelta(hours=23), energy_in=5.0)


def test_it_is_looked_up_once_and_then_goes_on_with_the_counters() -> None:
    asked: list[int] = []

    def look_up() -> EnergyDay | None:
        asked.append(1)
        return DAY

    today = Today()
    found = [
        today.get("house", UTC, START + number * A_SECOND, Totals(energy_in=100.0 + number), look_up)
        for number in range(4)
    ]

    assert [day.energy_in for day in found if day] == [5.0, 6.0, 7.0, 8.0]
    assert len(asked) == 1
    today.get("house", UTC, START + 5 * A_SECOND, Totals(energy_in=104.0, gaps=900.0), look_up)  # a gap has ended
    today.get("house", UTC, START + AGAIN + 6 * A_SECOND, Totals(energy_in=104.0, gaps=900.0), look_up)
    today.get("house", UTC, START + timedelta(hours=24), Totals(energy_in=104.0, gaps=900.0), look_up)
    assert len(asked) == 4


def test_a_battery_without_a_reading_has_no_today() -> None:
    assert Today().get("house", UTC, START, None, lambda: None) is None
