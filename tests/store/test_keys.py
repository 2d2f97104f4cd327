"""No two readings of a battery have the same moment."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.store import keys
from bmsreader.store.keys import Keys
from tests.store.batteries import FEW


def test_time_that_goes_on_is_taken_as_it_is() -> None:
    mine = Keys(None, lambda _since: ())

    assert [mine.take(stamp) for stamp in (1000, 2000, 3001)] == [1000, 2000, 3001]


def test_a_moment_that_is_taken_moves_on_by_milliseconds() -> None:
    mine = Keys(None, lambda _since: ())

    assert [mine.take(1000), mine.take(1000), mine.take(1000)] == [1000, 1001, 1002]


def test_a_clock_set_back_onto_earlier_readings_finds_free_moments() -> None:
    mine = Keys(None, lambda _since: ())
    first = [mine.take(stamp) for stamp in range(0, 10_000, 1000)]
    second = [mine.take(stamp) for stamp in range(5000, 15_000, 1000)]

    assert second == [*range(5001, 10_000, 1000), *range(10_000, 15_000, 1000)]
    assert len({*first, *second}) == 20


def test_readings_on_disk_count_too_and_are_looked_up_once() -> None:
    asked = []

    def lookup(since: int) -> list[int]:
        asked.append(since)
        return [5000, 6000]

    mine = Keys(6000, lookup)

    assert [mine.take(5000), mine.take(6000), mine.take(7000)] == [5001, 6001, 7000]
    assert asked == [5000]


@settings(max_examples=FEW)
@given(st.lists(st.integers(0, 40)))
def test_all_moments_differ_whatever_the_clock_does(stamps: list[int]) -> None:
    mine = Keys(None, lambda _since: ())
    taken = [mine.take(stamp) for stamp in stamps]

    assert len(set(taken)) == len(taken)


def test_memory_is_bounded() -> None:
    mine = Keys(None, lambda _since: ())
    for stamp in range(3 * keys.REMEMBERED):
        mine.take(stamp)

    assert len(mine._mine) < 2 * keys.REMEMBERED
