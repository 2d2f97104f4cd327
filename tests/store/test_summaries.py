"""Lowest, mean, highest and last value of stretches of time."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.store import summaries
from bmsreader.store.summaries import DAY, QUARTER, Curve, fold
from tests.store.batteries import FEW

VALUES = st.lists(st.tuples(st.integers(0, DAY - 1), st.integers(-9000, 9000).map(lambda n: n / 1000)), min_size=1)


def test_a_quarter_knows_what_was_in_it() -> None:
    parts = fold([0, 1000, QUARTER - 1, QUARTER], [3.0, 1.0, 2.0, 9.0], QUARTER)

    assert parts == {0: (1.0, 6.0, 3.0, 2.0, QUARTER - 1, 3), QUARTER: (9.0, 9.0, 9.0, 9.0, QUARTER, 1)}


@settings(max_examples=FEW)
@given(VALUES, st.integers(0, 50))
def test_it_does_not_matter_in_which_pieces_readings_come(values: list[tuple[int, float]], cut: int) -> None:
    values = sorted(dict(values).items())
    stamps, numbers = [stamp for stamp, _ in values], [value for _, value in values]
    parts = fold(stamps[:cut], numbers[:cut], QUARTER)
    summaries.merge(parts, fold(stamps[cut:], numbers[cut:], QUARTER))

    assert parts == fold(stamps, numbers, QUARTER)


@settings(max_examples=FEW)
@given(VALUES)
def test_a_day_comes_back_from_its_block(values: list[tuple[int, float]]) -> None:
    values = sorted({stamp + 7 * DAY: value for stamp, value in values}.items())
    parts = fold([stamp for stamp, _ in values], [value for _, value in values], QUARTER)

    assert summaries.unpack(7, summaries.pack(7, parts)) == parts


def test_a_curve_groups_quarters_into_longer_stretches() -> None:
    stamps = [number * QUARTER for number in range(12)]
    curve = Curve()
    curve.add_day(0, summaries.pack(0, fold(stamps, [float(number) for number in range(12)], QUARTER)))

    wide = curve.grouped(8 * QUARTER)
    assert dict(zip(wide.starts, zip(*wide.columns[:4], strict=True), strict=True)) == {
        0: (0.0, 28.0, 7.0, 7.0),
        8 * QUARTER: (8.0, 38.0, 11.0, 11.0),
    }


def test_the_last_value_is_that_of_the_latest_reading_not_of_the_latest_arrival() -> None:
    late, early = (1.0, 1.0, 1.0, 1.0, 500, 1), (2.0, 2.0, 2.0, 2.0, 100, 1)

    assert summaries.joined(late, early)[3] == 1.0
    assert summaries.whole([early, late])[3] == 1.0


def test_days_are_those_of_utc() -> None:
    assert summaries.by_day({0: (0,) * 6, DAY: (1,) * 6}) == {0: {0: (0,) * 6}, 1: {DAY: (1,) * 6}}


def test_what_is_no_number_spoils_no_sum() -> None:
    assert summaries.finite([1, 2, 3], [1.0, math.nan, math.inf]) == ([1], [1.0])
