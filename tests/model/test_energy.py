"""What went in and out in a day."""

from bmsreader.model.energy import Bounds, Missing, longest_gap


def test_a_day_without_gaps_misses_nothing() -> None:
    assert Missing().charge_in.pair == Missing().energy_out.pair == (0.0, 0.0)


def test_both_bounds_come_together() -> None:
    assert Bounds(least=1.0, most=None).pair == (1.0, None)


def test_readings_that_are_wanted_seldom_may_be_far_apart() -> None:
    assert (longest_gap(1.0), longest_gap(600.0)) == (300.0, 1800.0)
