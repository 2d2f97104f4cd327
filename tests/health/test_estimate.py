"""Intervals hold for readings that are rounded, alike from one to the next, and sometimes wrong."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.health.estimate import Estimate, grade, grain, mean, mean_of_days, share, slope, student, through_origin

FEW = 25


def test_the_step_of_a_current_is_found_in_its_values() -> None:
    assert grain([0.0, -4.4, 0.6, 12.0]) == 0.2
    assert grain([5.37, 1.2, -0.02]) == 0.01
    assert grain([198.0, 196.0, 194.0]) == 2.0


def test_what_never_changes_has_no_step() -> None:
    assert grain([4.2, 4.2, 4.2]) == 0.0
    assert grain([0.0]) == 0.0
    assert grain([]) == 0.0


@settings(max_examples=FEW)
@given(st.lists(st.integers(-500, 500), min_size=8), st.integers(1, 400))
def test_all_values_are_multiples_of_their_step(numbers: list[int], step: int) -> None:
    values = [number * step / 1000 for number in numbers]

    found = grain(values)

    assert found == 0.0 or all(abs(value / found - round(value / found)) < 1e-6 for value in values)


def test_few_values_are_less_certain_than_many() -> None:
    assert student(1) > student(5) > student(15) > student(16) > student(1000) > 1.95
    assert student(0) == float("inf")


def test_a_mean_of_one_value_is_no_more_than_that_value() -> None:
    assert mean([3.0]) == Estimate(value=3.0, half=float("inf"))


@pytest.mark.slow
@pytest.mark.parametrize("alike", [pytest.param(0.0, id="independent days"), pytest.param(0.6, id="alike days")])
def test_the_mean_of_days_is_within_its_interval_nearly_always(alike: float) -> None:
    dice = Random(4)
    hits = 0
    for _ in range(200):
        values, value = [], 0.0
        for _ in range(60):
            value = alike * value + dice.gauss(0, 1)
            values.append(5.0 + value)
        found = mean_of_days(values)
        hits += found.low <= 5.0 <= found.high

    assert 176 <= hits <= 200


def test_a_share_of_all_days_is_not_certain() -> None:
    low, high = share(10, 10)

    assert 0.6 < low < 0.8
    assert high == 1.0
    assert share(0, 0) == (0.0, 1.0)


def test_more_that_is_unknown_makes_an_interval_wider() -> None:
    found = Estimate(value=10.0, half=3.0).widened(4.0)

    assert (found.low, found.high) == (5.0, 15.0)


@pytest.mark.slow
@pytest.mark.parametrize("step", [0.0, 1.0, 3.0])
def test_the_slope_of_rounded_values_is_within_its_interval_nearly_always(step: float) -> None:
    dice = Random(5)
    hits = 0
    for _ in range(200):
        steep, begin = dice.uniform(-5, 0), dice.uniform(90, 100)
        times = [day / 365 for day in range(0, 300, 7)]
        values = [begin + steep * time + dice.gauss(0, 0.1) for time in times]
        told = [round(value / step) * step for value in values] if step else values
        found = slope(times, told, rounding=step)
        hits += found.low <= steep <= found.high

    assert 186 <= hits <= 200


def some_steps(dice: Random, ohm: float, *, wrong: float = 0.0) -> tuple[list[float], list[float], list[int]]:
    steps, answers, groups = [], [], []
    for number in range(60):
        step = round(dice.choice((-1, 1)) * dice.uniform(4, 40) / 0.2) * 0.2
        volts = ohm * step * (0.2 if dice.random() < wrong else 1.0) + dice.gauss(0, 0.0007)
        steps.append(step)
        answers.append(round(volts, 3))
        groups.append(number // 6)
    return steps, answers, groups


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [pytest.param(0.0, id="clean"), pytest.param(0.1, id="some steps are wrong")])
def test_a_line_through_steps_is_within_its_interval_nearly_always(wrong: float) -> None:
    dice = Random(6)
    hits = 0
    for _ in range(200):
        fit = through_origin(*some_steps(dice, 0.0008, wrong=wrong), noise=0.0004)
        assert fit is not None
        hits += fit.estimate.low <= 0.0008 <= fit.estimate.high

    assert 176 <= hits <= 200


def test_steps_of_a_single_day_say_nothing_about_other_days() -> None:
    steps, answers, _ = some_steps(Random(7), 0.001)

    fit = through_origin(steps, answers, [0] * len(steps), noise=0.0004)

    assert fit is not None
    assert fit.estimate.half == float("inf")


def test_a_narrow_interval_is_good() -> None:
    assert [grade(half, 1, 2) for half in (0.5, 1.5, 2.5)] == ["good", "fair", "poor"]
