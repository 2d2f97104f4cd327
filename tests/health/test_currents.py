"""When a battery rests, when it works, and what was counted in between."""

from random import Random

import pytest

from bmsreader.health.currents import Currents, capacity_of
from bmsreader.health.past import DAY, QUARTER, Source
from tests.health.lives import START, Remembered

PACE = 30_000
HOUR = 3_600_000


def currents(values: list[float], past: Remembered | None = None) -> Currents:
    past = past or Remembered(
        [START + number * PACE for number in range(len(values))],
        {"current": list(values), "full_charge_capacity": [200.0] * len(values)},
    )
    return Currents(Source(past, "x", past.stamps[0], past.stamps[-1] + 1))


def hours(*pairs: tuple[float, float]) -> list[float]:
    return [current for length, current in pairs for _ in range(int(length * 120))]


def test_rest_begins_when_the_voltage_has_settled() -> None:
    found = currents(hours((2, -4.0), (2, 0.0), (1, -4.0)))

    rests = found.rests()[START // DAY]

    assert [found.starts[one] - START for one in rests] == [2 * HOUR + n * QUARTER for n in range(2, 8)]


def test_work_is_a_steady_discharge_that_tells_cells_apart() -> None:
    found = currents(hours((1, -20.0), (1, -0.4), (1, 20.0), (1, 0.0)))

    assert [found.starts[one] - START for one in found.works()[START // DAY]] == [n * QUARTER for n in range(4)]


def test_what_flowed_is_counted() -> None:
    found = currents(hours((1, 20.0), (2, -8.0), (3, 0.0)))

    counted = found.counted(START, START + 6 * HOUR)

    assert counted.charge == pytest.approx(4.0, abs=0.01)
    assert counted.charge_in == pytest.approx(20.0, abs=0.01)
    assert (counted.hours, counted.hours_at_rest, counted.hours_missing) == (6, 3, 0)
    assert counted.hidden == 0


def test_what_a_gap_hides_is_bounded_by_the_largest_current() -> None:
    whole = Remembered(
        [START + number * PACE for number in range(6 * 120)],
        {"current": list(hours((6, -10.0)))},
    )
    found = currents([], whole.without(START + 2 * HOUR, START + 4 * HOUR))

    counted = found.counted(START, START + 6 * HOUR)

    assert counted.hours_missing == 2
    assert counted.hidden == pytest.approx(20.0)


@pytest.mark.slow
def test_a_current_that_changes_between_two_readings_is_counted_within_its_bound() -> None:
    dice = Random(3)
    hits = 0
    for _ in range(40):
        second, true, level = 0, 0.0, 0.0
        told: list[float] = []
        for second in range(6 * 3600):
            if dice.random() < 1 / 200:
                level = dice.choice((0.0, -30.0, -5.0, -12.0))
            true += level / 3600
            if second % 30 == 0:
                told.append(level)
        counted = currents(told).counted(START, START + 6 * HOUR)
        hits += abs(counted.charge - true) <= counted.rounding

    assert 35 <= hits <= 40


def test_a_capacity_is_what_the_battery_says_else_what_it_held() -> None:
    stamps = [START, START + PACE]
    said = Remembered(stamps, {"full_charge_capacity": [198.0, 198.0], "remaining_capacity": [50.0, 51.0]})
    held = Remembered(stamps, {"remaining_capacity": [50.0, 51.0]})

    assert capacity_of(Source(said, "x", START, START + DAY)) == 198.0
    assert capacity_of(Source(held, "x", START, START + DAY)) == 51.0
    assert capacity_of(Source(Remembered(stamps, {}), "x", START, START + DAY)) == 0.0
