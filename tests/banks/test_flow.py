import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.banks.flow import currents, disagree, midpoint_drift, voltages
from tests.banks.packs import NESTED, arranged

FOUR = (True, True, True, True)


def test_series_add_up_and_parallel_packs_share_one_voltage() -> None:
    assert voltages(arranged(NESTED).joints, [13.0, 13.2, 13.3, 13.5], FOUR)[-1] == pytest.approx(26.5)


def test_a_string_that_is_interrupted_does_not_count_beside_one_that_conducts() -> None:
    joints = arranged("parallel(series(a, b), series(c, d))").joints

    assert voltages(joints, [13.0, 13.0, 10.0, 13.0], (True, True, False, True))[-1] == 26.0


def test_where_nothing_conducts_the_packs_voltages_are_all_there_is() -> None:
    assert voltages(arranged("series(a, b)").joints, [13.0, 13.0], (False, True))[-1] == 26.0


def test_of_three_currents_in_series_one_that_is_wrong_does_not_matter() -> None:
    found = currents(arranged("series(a, b, c)").joints, [-10.0, -10.2, 0.0])[-1]

    assert found.amperes == -10.0
    assert found.is_whole


def test_a_whole_part_in_series_tells_the_current_for_one_that_is_not() -> None:
    found = currents(arranged(NESTED).joints, [-5.0, None, -6.0, -5.0])[-1]

    assert found.amperes == -11.0
    assert found.is_whole


def test_where_no_part_is_whole_the_largest_current_seen_is_nearest() -> None:
    found = currents(arranged(NESTED).joints, [-5.0, None, -6.0, None])[-1]

    assert found.amperes == -6.0
    assert not found.is_whole


def test_without_any_current_nothing_is_known() -> None:
    assert currents(arranged(NESTED).joints, [None, None, None, None])[-1].amperes is None


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [(-10.0, -11.0, False), (-100.0, -118.0, False), (-10.0, -20.0, True), (0.0, 1.5, False), (5.0, -5.0, True)],
)
def test_currents_in_series_may_differ_by_what_is_read_a_moment_later(one: float, other: float, differs: bool) -> None:
    joints = arranged("series(a, b)").joints

    assert disagree(joints, currents(joints, [one, other])) is differs


def test_currents_in_parallel_may_be_as_they_like() -> None:
    joints = arranged("parallel(a, b)").joints

    assert not disagree(joints, currents(joints, [-50.0, 20.0]))


def test_the_midpoint_drifts_by_half_of_what_two_packs_differ() -> None:
    assert midpoint_drift(arranged("series(a, b)").joints, [13.0, 13.4, 26.4], [4, 4, 8]) == pytest.approx(0.2)


def test_12_volt_in_series_with_24_volt_is_no_drift() -> None:
    assert midpoint_drift(arranged("series(a, b)").joints, [13.2, 26.4, 39.6], [4, 8, 12]) == pytest.approx(0.0)


def test_a_string_within_a_string_has_the_share_of_its_packs() -> None:
    joints = arranged("series(series(a, b), c)").joints

    assert midpoint_drift(joints, [13.2, 13.2, 13.2, 26.4, 39.6], [1, 1, 1, 2, 3]) == pytest.approx(0.0)


def test_there_is_no_midpoint_in_parallel_nor_beside_a_missing_pack() -> None:
    assert midpoint_drift(arranged("parallel(a, b)").joints, [13.0, 13.4, 13.2], [4, 4, 4]) is None
    assert midpoint_drift(arranged("series(a, b)").joints, [13.0, None, None], [4, 4, 8]) is None


@given(millivolts=st.lists(st.integers(10_000, 14_600), min_size=2, max_size=8))
def test_the_drift_is_never_more_than_the_packs_are_apart(millivolts: list[int]) -> None:
    packs = [volts / 1000 for volts in millivolts]
    joints = arranged(f"series({', '.join('abcdefgh'[: len(packs)])})").joints
    drift = midpoint_drift(joints, [*packs, sum(packs)], [*([4] * len(packs)), 4 * len(packs)])

    assert drift is not None
    assert drift <= max(packs) - min(packs) + 1e-9
