import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import ConfigurationError
from bmsreader.model.arrangement import Arrangement, Joint, parse_arrangement, renamed
from tests.banks.packs import LETTERS, NESTED, arranged, arrangements, is_well_formed

KNOWN = {
    **{letter: letter for letter in "abcd"},
    "Garage left": "garage-left",
    "garage-left": "garage-left",
    "Tom's, old (2019)": "toms-old-2019",
}


def problem(text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parse_arrangement(text, KNOWN)
    return str(caught.value)


def test_packs_come_before_the_joints_that_wire_them() -> None:
    assert arranged(NESTED) == Arrangement(
        packs=("a", "b", "c", "d"), joints=(Joint(False, (0, 1)), Joint(False, (2, 3)), Joint(True, (4, 5)))
    )


@pytest.mark.parametrize(
    "text",
    [
        "series(Garage left, a)",
        "SERIES( garage-left ,a )",
        "series(\n  garage   left,\n  a\n)",
        "series('Garage left', \"a\")",
    ],
)
def test_blanks_lines_case_and_quotes_do_not_matter(text: str) -> None:
    assert str(parse_arrangement(text, KNOWN)) == "series(garage-left, a)"


def test_a_name_with_a_comma_or_a_bracket_stands_in_quotes() -> None:
    assert parse_arrangement("""parallel(a, "Tom's, old (2019)")""", KNOWN).packs == ("a", "toms-old-2019")


def test_a_battery_may_be_called_series() -> None:
    assert str(parse_arrangement("parallel(series, a)", KNOWN | {"Series": "series"})) == "parallel(series, a)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("serie(a, b)", "character 1: 'serie' is neither series nor parallel; did you mean 'series'?"),
        (
            "series(a, paralel(b, c))",
            "character 11: 'paralel' is neither series nor parallel; did you mean 'parallel'?",
        ),
        ("series(a, Shed (old))", "character 11: 'Shed' is neither series nor parallel; a name with brackets has to"),
        ("series(a, garage lfet)", "character 11: there is no battery 'garage lfet'; did you mean 'Garage left'?"),
        ("series(a, zz)", "there is no battery 'zz'; known: a, b, c, d, Garage left, Tom's, old (2019)"),
        ("series(a, parallel(b, A))", "character 23: 'A' is in it twice: a pack has one place only"),
        ("series(garage-left, Garage left)", "character 21: 'Garage left' is in it twice"),
        ("series(a, parallel(b))", "character 11: parallel needs two parts at least, with a comma between them"),
        ("series(a, b", "character 12: a comma or ) is expected, but there is nothing more"),
        ("series(a, b))", "character 13: it is complete already, but there is ')'"),
        ("series(a, b) x", "character 14: it is complete already, but there is 'x'"),
        ("series(a,, b)", "character 10: the name of a battery, series( or parallel( is expected, but there is ','"),
        ("series()", "character 8: the name of a battery, series( or parallel( is expected, but there is ')'"),
        ("a", "character 1: 'a' alone is no bank: it needs series(...) or parallel(...)"),
        (" ", "character 2: the name of a battery, series( or parallel( is expected, but there is nothing more"),
        ("series(a, 'b)", "character 11: a quote begins here and does not end"),
        ("series('b' a)", "character 12: a comma or ) is expected, but there is 'a'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, words: str) -> None:
    assert words in problem(text)


def test_of_many_batteries_none_is_listed_when_none_is_near() -> None:
    with pytest.raises(ConfigurationError, match=r"there is no battery 'zz'$"):
        parse_arrangement("series(a, zz)", {letter: letter for letter in LETTERS})


@pytest.mark.slow
@given(arrangement=arrangements(most=16))
def test_an_arrangement_that_is_written_and_read_again_is_the_same(arrangement: Arrangement) -> None:
    assert arranged(str(arrangement)) == arrangement


@given(arrangement=arrangements(most=16))
def test_every_pack_and_every_group_has_one_place(arrangement: Arrangement) -> None:
    assert is_well_formed(arrangement)


@given(text=st.text(alphabet="(),'\" " + "ab" + string.ascii_lowercase[-2:]) | st.text())
def test_any_text_is_an_arrangement_or_a_sentence_about_a_place_in_it(text: str) -> None:
    try:
        found = parse_arrangement(text, KNOWN)
    except ConfigurationError as error:
        place, _, words = str(error).partition(": ")
        assert 1 <= int(place.removeprefix("character ")) <= len(text) + 1
        assert words
    else:
        assert is_well_formed(found)


@given(arrangement=arrangements(), data=st.data())
def test_whatever_is_cut_out_of_an_arrangement_leaves_no_half_one(
    arrangement: Arrangement, data: st.DataObject
) -> None:
    text = str(arrangement)
    cut = data.draw(st.integers(1, len(text) - 1))

    with pytest.raises(ConfigurationError):
        arranged(text[:cut])


def test_no_depth_of_nesting_is_too_much() -> None:
    depth = 1_200
    known = {f"x{number}": f"x{number}" for number in range(depth + 1)}
    text = "".join(f"series(x{number}, " for number in range(depth)) + f"x{depth}" + ")" * depth

    assert len(parse_arrangement(text, known).joints) == depth


@given(
    arrangement=arrangements(most=16),
    name=st.text(string.ascii_letters + string.digits + " ,()'-", min_size=2).filter(lambda one: one.strip() == one),
)
def test_a_pack_that_gets_another_name_keeps_its_place(arrangement: Arrangement, name: str) -> None:
    first = arrangement.packs[0]
    text = renamed(str(arrangement), {first}, name)

    assert (
        parse_arrangement(text, {**{letter: letter for letter in LETTERS}, " ".join(name.split()): first})
        == arrangement
    )


def test_what_is_written_around_a_name_stays_when_it_changes() -> None:
    text = "series( Garage   left ,\n 'b')"

    assert renamed(text, {"garage left", "garage-left"}, "Shed (old)") == "series( \"Shed (old)\" ,\n 'b')"
