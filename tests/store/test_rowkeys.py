"""The keys of rows in the file."""

from bmsreader.store.rowkeys import FIELDS, day_of, segment_key, stretch_key, summary_key


def test_rows_of_a_battery_lie_together_and_in_order() -> None:
    assert segment_key(1, 3601) < segment_key(1, 7201) < segment_key(2, 1)
    assert summary_key(1, 20_000, FIELDS) < summary_key(1, 20_001, 0) < summary_key(2, 0, 0)
    assert stretch_key(3, 640, 7) == summary_key(3, 640, 7)


def test_the_day_comes_back_from_a_key() -> None:
    assert day_of(summary_key(9, 20_513, 17)) == 20_513
