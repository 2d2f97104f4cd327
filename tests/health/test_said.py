"""What a battery says about its capacity is repeated as such, and doubted where it never changes."""

from random import Random

import pytest

from bmsreader.health import Finding
from bmsreader.health.past import DAY, Source
from bmsreader.health.said import examine, monthly
from tests.health.lives import START, Column, Remembered


def said(days: int, capacities: list[float] | None, design: float | None = 200.0) -> dict[str, Finding]:
    stamps = [START + day * DAY for day in range(days)]
    columns: dict[str, Column] = {"current": [0.0] * days}
    if capacities is not None:
        columns["full_charge_capacity"] = list(capacities)
    if design is not None:
        columns["design_capacity"] = [design] * days
    source = Source(Remembered(stamps, columns), "x", START, START + days * DAY)
    return {one.name: one for one in examine(source)[0]}


def test_a_battery_that_repeats_a_constant_is_doubted() -> None:
    found = said(300, [200.0] * 300)

    assert found["full_charge_capacity"].value == 200
    assert found["full_charge_capacity"].grade == "poor"
    assert "same 200 Ah on all 300 days" in found["full_charge_capacity"].text
    assert found["full_charge_capacity_trend"].value is None
    assert found["full_charge_capacity_trend"].code == "constant"


def test_one_day_does_not_tell_a_setting_from_a_measurement() -> None:
    found = said(1, [194.0])

    assert found["full_charge_capacity"].text.endswith("takes 20 days of readings to tell; there are 1.")
    assert "setting" in found["soh"].text


def test_a_month_is_too_short_for_a_trend() -> None:
    found = said(30, [200.0] * 15 + [198.0] * 15)["full_charge_capacity_trend"]

    assert (found.value, found.code) == (None, "too_short")


def test_wear_is_told_in_percent_of_the_label() -> None:
    found = said(100, [198.0] * 50 + [196.0] * 50)["soh"]

    assert (found.low, found.value, found.high) == (97.5, 98.0, 98.5)


def test_a_battery_without_a_label_has_no_wear() -> None:
    assert said(100, [198.0] * 100, design=None)["soh"].code == "no_design"


def test_a_battery_that_does_not_report_it_gives_reasons() -> None:
    found = said(100, None)

    assert {one.code for one in found.values()} == {"not_reported"}
    assert all(one.value is None and one.reason for one in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("step", [0.5, 1.0, 2.0])
def test_the_true_fade_is_within_the_interval_nearly_always(step: float) -> None:
    dice = Random(9)
    hits = count = 0
    for _ in range(100):
        days, fade, begin = dice.randrange(120, 900), dice.uniform(0.5, 6), dice.uniform(195, 205)
        truth = [begin * (1 - fade / 100 * day / 365.25) for day in range(days)]
        found = said(days, [round(value / step) * step for value in truth])["full_charge_capacity_trend"]
        if found.value is not None:
            assert found.low is not None
            assert found.high is not None
            count += 1
            hits += found.low <= -fade * begin / 200 <= found.high

    assert count >= 50
    assert 0.88 * count <= hits <= count


def test_a_curve_has_the_median_of_each_month() -> None:
    curve = monthly("soh", "%", [START, START + DAY, START + 2 * DAY, START + 40 * DAY], [99, 98, 90, 97], fewest=2)

    assert (curve.stamps, curve.values, curve.counts) == ([START], [98], [3])
