from hypothesis import given
from hypothesis import strategies as st

from bmsreader.banks.charge import capacities, charge, levels, limits
from bmsreader.banks.pack import Pack
from bmsreader.model.arrangement import Arrangement
from tests.banks.packs import NESTED, arranged, arrangements, said

SOCS = st.integers(0, 100).map(float)


def limiting(text: str, *socs: float | None, full: tuple[float, ...] = ()) -> tuple[str, str] | None:
    arrangement = arranged(text)
    found = charge(arrangement.joints, socs, full or (100.0,) * len(socs))
    numbers = limits(arrangement.joints, len(socs), found)
    return None if numbers is None else (arrangement.packs[numbers[0]], arrangement.packs[numbers[1]])


def test_a_pack_says_itself_how_full_it_is_or_its_capacities_do() -> None:
    packs = [Pack(slug="a", reading=said(soc=61.0)), Pack(slug="b", reading=said(soc=None)), Pack(slug="c")]

    assert levels(packs) == [61.0, 50.0, None]


def test_a_pack_that_says_neither_is_not_known() -> None:
    bare = said(soc=None, full_charge_capacity=None)

    assert levels([Pack(slug="a", reading=bare)]) == [None]


def test_what_was_never_known_is_taken_as_large_as_the_others() -> None:
    packs = [Pack(slug="a", capacity=100.0), Pack(slug="b", capacity=200.0), Pack(slug="c")]

    assert capacities(packs) == ([100.0, 200.0, 150.0], True)


def test_without_any_capacity_each_pack_counts_as_one() -> None:
    assert capacities([Pack(slug="a"), Pack(slug="b")]) == ([1.0, 1.0], False)


def test_in_series_the_lowest_ends_the_discharge_and_the_highest_the_charge() -> None:
    assert limiting("series(a, b, c)", 50.0, 40.0, 60.0) == ("b", "c")


def test_in_series_ah_count_and_not_percent() -> None:
    assert limiting("series(a, b)", 50.0, 40.0, full=(100.0, 200.0)) == ("a", "a")


def test_in_a_group_the_lowest_pack_drops_out_first() -> None:
    assert limiting(NESTED, 50.0, 40.0, 90.0, 80.0) == ("b", "c")


def test_packs_that_are_all_alike_end_together() -> None:
    assert limiting(NESTED, 50.0, 50.0, 50.0, 50.0) is None


def test_alike_in_percent_is_not_alike_in_series() -> None:
    assert limiting("series(a, b)", 50.0, 50.0, full=(200.0, 100.0)) == ("b", "b")


def test_a_missing_part_in_series_may_be_the_limit() -> None:
    assert limiting("series(a, b)", 50.0, None) is None


def test_of_parallel_packs_those_seen_are_compared() -> None:
    assert limiting("parallel(a, b, c)", 50.0, None, 40.0) == ("c", "a")


def test_one_empty_pack_and_one_full_pack_in_series_have_no_soc() -> None:
    assert charge(arranged("series(a, b)").joints, [0.0, 100.0], [100.0, 100.0]).soc is None


@given(arrangement=arrangements(), data=st.data())
def test_the_pack_that_ends_the_discharge_is_empty_when_the_bank_is(
    arrangement: Arrangement, data: st.DataObject
) -> None:
    socs: list[float | None] = [data.draw(SOCS) for _ in arrangement.packs]
    full = [200.0] * len(socs)
    found = charge(arrangement.joints, socs, full)
    numbers = limits(arrangement.joints, len(socs), found)

    assert found.soc is None or 0.0 <= found.soc <= 100.0
    if found.soc == 0.0 and numbers is not None:
        assert socs[numbers[0]] == 0.0
    if found.soc == 100.0 and numbers is not None:
        assert socs[numbers[1]] == 100.0


@given(arrangement=arrangements(), data=st.data())
def test_to_charge_every_pack_never_lowers_what_can_be_taken(arrangement: Arrangement, data: st.DataObject) -> None:
    before: list[float | None] = [data.draw(st.integers(0, 90).map(float)) for _ in arrangement.packs]
    after: list[float | None] = [None if soc is None else soc + 10.0 for soc in before]
    full = [data.draw(st.sampled_from([100.0, 200.0])) for _ in before]
    least = charge(arrangement.joints, before, full).remaining[-1]
    more = charge(arrangement.joints, after, full).remaining[-1]

    assert least is not None
    assert more is not None
    assert least <= more
