"""Short values of segments, one after the other."""

from bmsreader.store.short import clusters, ordered


def test_segments_that_overlap_in_time_stay_together() -> None:
    assert clusters([(1, 0, 10), (2, 11, 20), (4, 15, 17), (3, 18, 30), (5, 31, 40)]) == [[1], [2, 4, 3], [5]]
    assert clusters([]) == []


def test_moments_are_mostly_in_order() -> None:
    assert (ordered([1, 2, 2, 3]), ordered([1, 3, 2]), ordered([])) == (True, False, True)
