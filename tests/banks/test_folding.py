from hypothesis import given
from hypothesis import strategies as st

from bmsreader.banks.folding import (
    all_on,
    any_on,
    fold,
    least_of_all,
    mean_of_known,
    sum_of_all,
    sum_of_known,
    totals,
)
from bmsreader.model.arrangement import Arrangement
from tests.banks.packs import NESTED, arranged, arrangements

SWITCHES = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6)


def test_every_joint_gets_a_value_and_the_bank_the_last_one() -> None:
    assert fold(arranged(NESTED).joints, [1.0, 2.0, 3.0, 4.0], min, sum) == [1.0, 2.0, 3.0, 4.0, 3.0, 7.0, 3.0]


def test_charge_adds_up_in_parallel_and_in_series_the_least_counts() -> None:
    assert totals(arranged(NESTED).joints, [1.0, 2.0, 3.0, 4.0])[-1] == 3.0


def test_a_missing_pack_leaves_a_sum_that_is_at_least_reached() -> None:
    assert totals(arranged("parallel(a, b)").joints, [1.0, None])[-1] == 1.0


def test_a_missing_part_in_series_may_be_the_least() -> None:
    assert totals(arranged("series(a, b)").joints, [1.0, None])[-1] is None


def test_what_is_not_known_is_told_apart_from_zero() -> None:
    assert sum_of_all([1.0, None]) is None
    assert sum_of_known([None, None]) is None
    assert sum_of_known([0.0, None]) == 0.0
    assert mean_of_known([None, 3.0]) == 3.0
    assert mean_of_known([None]) is None
    assert least_of_all([2.0, 1.0]) == 1.0


@given(states=SWITCHES)
def test_a_switch_that_is_not_known_leaves_the_others_to_decide(states: list[bool | None]) -> None:
    known = [state for state in states if state is not None]

    assert all_on(states) is (False if False in known else True if len(known) == len(states) else None)
    assert any_on(states) is (True if True in known else False if len(known) == len(states) else None)


@given(arrangement=arrangements(), data=st.data())
def test_a_total_lies_between_the_least_pack_and_all_of_them(arrangement: Arrangement, data: st.DataObject) -> None:
    packs: list[float | None] = [float(data.draw(st.integers(0, 500))) for _ in arrangement.packs]
    found = totals(arrangement.joints, packs)[-1]
    known = [pack or 0.0 for pack in packs]

    assert found is not None
    assert min(known) <= found <= sum(known)
