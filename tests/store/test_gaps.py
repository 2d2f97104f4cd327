"""Pauses are gaps, or not."""

from bmsreader.store import gaps


def test_the_pace_is_the_usual_step() -> None:
    assert gaps.pace([0, 1000, 2000, 9000, 10_000]) == 1000
    assert gaps.pace([0]) is None
    assert gaps.pace([0, 60_000], usual=1000) == 1000


def test_a_pause_beyond_three_steps_is_a_gap() -> None:
    stamps = [0, 10_000, 20_000, 49_000, 80_000]

    assert gaps.find(stamps, gaps.limit(10_000)) == [(49_000, 80_000)]


def test_a_second_or_two_missing_is_no_gap() -> None:
    assert gaps.find([0, 1000, 5900], gaps.limit(1000)) == []


def test_what_came_before_counts() -> None:
    assert gaps.find([100_000, 101_000], 5000, after=0) == [(0, 100_000)]
    assert gaps.find([1000, 2000], 5000, after=90_000) == []


def test_readings_inside_a_gap_cut_it() -> None:
    assert gaps.refine([(0, 60_000)], [20_000, 22_000], 5000) == [(0, 20_000), (22_000, 60_000)]
    assert gaps.refine([(0, 60_000)], [], 5000) == [(0, 60_000)]
    assert gaps.refine([(0, 9000)], [3000, 6000], 5000) == []
