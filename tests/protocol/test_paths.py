"""A path leads to a number in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.paths import LINE, Steps, contradiction, expanded, folded, in_short, place_of, steps_of, written

KEYS = st.text(st.characters(blacklist_characters='"', blacklist_categories=("Cc", "Cs")), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("soc", ("soc",)),
        ("Batt[0][2]", ("Batt", 0, 2)),
        ("[3].cell volts", (3, "cell volts")),
        ('a["b.c"].d', ("a", "b.c", "d")),
        ("°C", ("°C",)),
    ],
)
def test_a_path_names_keys_and_places(path: str, steps: Steps) -> None:
    assert steps_of(path) == steps
    assert written(steps) == path


@pytest.mark.parametrize("path", ["", ".a", "a..b", "a.", "[x]", "[-1]", "[99999]", "a]b", "a\nb", "x" * 300, "[0]a"])
def test_what_is_no_path_is_refused(path: str) -> None:
    assert steps_of(path) is None


@given(st.lists(KEYS | st.integers(0, 9999), min_size=1, max_size=5))
def test_every_place_can_be_written(steps: list[str | int]) -> None:
    assert steps_of(written(tuple(steps))) == tuple(steps)


def test_a_range_stands_for_each_of_its_numbers() -> None:
    assert expanded("C{1..3}") == ("C1", "C2", "C3")
    assert expanded("cell{08..10}.v") == ("cell08.v", "cell09.v", "cell10.v")
    assert expanded("soc") == ("soc",)


@pytest.mark.parametrize("path", ["C{3..1}", "C{0..999}", "{1..2}{1..2}"])
def test_a_range_that_cannot_be_is_none(path: str) -> None:
    assert expanded(path) is None


def test_neighbours_are_written_as_a_range() -> None:
    row: list[Steps] = [("Cells", 0, place) for place in range(3)]

    assert folded([*row, ("T",)]) == ("Cells[0][{0..2}]", "T")
    assert folded([("C08",), ("C09",), ("C10",)]) == ("C{08..10}",)
    assert folded([("a",), ("b",)]) == ("a", "b")


def test_people_see_ranges() -> None:
    assert in_short(("C1", "C2", "C3", "T")) == "C{1..3}, T"


@given(st.lists(st.sampled_from([("C", 1), ("C", 2), ("C", 3), ("T9",), ("T10",), ("x",)]), max_size=8))
def test_what_was_folded_unfolds_again(paths: list[Steps]) -> None:
    assert [one for path in folded(paths) for one in expanded(path) or ()] == [written(path) for path in paths]


def test_the_places_of_a_line_are_values_and_keys_with_values() -> None:
    assert place_of("[3]", in_line=True) == (LINE, 3)
    assert place_of("V", in_line=True) == ("V", 0)
    assert place_of("V[2]", in_line=True) == ("V", 2)
    assert place_of("V.x", in_line=True) is None
    assert place_of("V.x", in_line=False) == ("V", "x")


def test_a_number_holds_no_others() -> None:
    assert contradiction([("a", "b"), ("a", "c", 0)]) is None
    assert contradiction([("a",), ("a", 0)]) == ("a", 0)
    assert contradiction([("a", 0), ("a", "b")]) == ("a", "b")
