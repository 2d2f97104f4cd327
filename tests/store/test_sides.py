"""What a battery said beside a gap."""

from bmsreader.store import sides
from bmsreader.store.fields import InMemory
from bmsreader.store.sides import UNKNOWN, Gap

SOURCE = InMemory({"taken_at": [1, 2, 3], "remaining_capacity": [10.0, 11.0, None], "current": [5.0, None, -3.0]}, 3)


def test_the_sides_are_those_of_the_moments_that_are_there() -> None:
    assert sides.sides(SOURCE, [1, 2, 3], [2, 9]) == {2: (11.0, None, None, None)}
    assert sides.sides(SOURCE, [1, 2, 3], [3]) == {3: UNKNOWN}


def test_extremes_grow_with_each_segment() -> None:
    assert sides.extremes(SOURCE) == {"current": (-3.0, 5.0)}
    assert sides.wider({"current": (-9.0, 1.0)}, {"current": (-3.0, 5.0), "pack_voltage": (12.0, 14.0)}) == {
        "current": (-9.0, 5.0),
        "pack_voltage": (12.0, 14.0),
    }


def test_what_is_stored_comes_back() -> None:
    side = (10.0, 198.0, 200.0, 49.0)

    assert sides.side_from(sides.text(side)) == side
    assert sides.extremes_from(sides.text({"current": (-1.0, 2.0)})) == {"current": (-1.0, 2.0)}
    assert (sides.side_from(None), sides.extremes_from(None)) == (UNKNOWN, {})
    assert sides.side_from("[1.0]") == UNKNOWN  # of a program that kept less


def test_a_change_of_charge_is_only_told_of_one_battery() -> None:
    before = (100.0, 198.0, 200.0, 49.0)

    assert Gap(start=0, end=1, before=before, after=(90.0, 190.0, 200.0, 49.0)).change == -10.0
    assert Gap(start=0, end=1, before=before, after=(90.0, 150.0, 200.0, 49.0)).change is None
    assert Gap(start=0, end=1, before=before, after=(90.0, 198.0, 100.0, 49.0)).change is None
    assert Gap(start=0, end=1, before=before).change is None
