"""Numbers are taken from text, and what is none is told."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.protocol.texts import MISSING, Unreadable, json_tree, line_tree, look_up, number_of, said


@pytest.mark.parametrize(
    ("written", "number"),
    [("13.2", 13.2), ("-4", -4), ("+0.5", 0.5), (".5", 0.5), ("5.", 5), ("1e3", 1000), (True, 1), ("007", 7)],
)
def test_a_number_is_read(written: str | bool, number: float) -> None:
    assert number_of(written) == number


@pytest.mark.parametrize(
    "written",
    ["NaN", "Infinity", "-inf", "1e400", "9" * 400, "1_000", "٣", "0x10", "1,5", "--4", "12V", [], {}, "1e99"],
)
def test_what_is_no_number_of_a_battery_is_told(written: str | list[str] | dict[str, str]) -> None:
    assert isinstance(number_of(written), Unreadable)


@pytest.mark.parametrize("written", [None, "", MISSING])
def test_nothing_is_not_reported(written: str | None) -> None:
    found = number_of(written)

    assert isinstance(found, float)
    assert isnan(found)


def test_what_is_stuck_to_a_number_must_be_there() -> None:
    assert number_of("V13.2 V", "V", "V") == 13.2
    assert number_of("13.2", "", "V") == Unreadable("'13.2' is not written as numberV")


def test_hex_digits_are_read_where_they_are_meant() -> None:
    assert number_of("00FF", base=16) == 255
    assert isinstance(number_of("00FG", base=16), Unreadable)


def test_a_line_has_values_before_the_first_key_and_values_behind_keys() -> None:
    assert line_tree(b"BAT 1;V=13.2;C=3.30,3.31;x", ";,", "=") == {
        "": ["BAT 1"],
        "V": ["13.2"],
        "C": ["3.30", "3.31", "x"],
    }
    assert line_tree(b" 1   2  3 ", " ", "") == {"": ["1", "2", "3"]}
    assert line_tree(b"1,,3", ",", "") == {"": ["1", "", "3"]}


@pytest.mark.parametrize(
    ("line", "reason"), [(b"V=1;V=2", "twice"), (b"=1", "without its key"), (b"1;\x002", "no text")]
)
def test_a_damaged_line_is_told(line: bytes, reason: str) -> None:
    tree = line_tree(line, ";", "=")

    assert isinstance(tree, Unreadable)
    assert reason in tree.reason


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b'{"a":1', "no JSON"),
        (b'{"a":NaN}', "NaN is no number"),
        (b'{"a":-Infinity}', "-Infinity is no number"),
        (b'{"a":1,"a":2}', "a key is there twice"),
        (b"[" * 100_000, "levels deep"),
        (b'{"a":"\xff"}', "byte 7 is no UTF-8"),
    ],
)
def test_what_is_no_json_of_a_battery_is_told(sent: bytes, reason: str) -> None:
    tree = json_tree(sent)

    assert isinstance(tree, Unreadable)
    assert reason in tree.reason


def test_a_path_leads_through_json() -> None:
    tree = json_tree(b'{"a":[[1,null],{"b":2.50}],"c":"x"}')
    assert not isinstance(tree, Unreadable)

    assert look_up(tree, ("a", 0, 0)) == "1"
    assert look_up(tree, ("a", 0, 1)) is None
    assert look_up(tree, ("a", 1, "b")) == "2.50"
    assert look_up(tree, ("c", 0)) is MISSING
    assert look_up(tree, ("a", 0, 2)) is MISSING


@given(st.binary(max_size=60))
def test_whatever_arrives_is_text_or_refused(sent: bytes) -> None:
    for tree in (json_tree(sent), line_tree(sent, ",;", ":")):
        assert isinstance(tree, (dict, list, str, bool, Unreadable)) or tree is None


@given(st.text(max_size=12))
def test_whatever_is_written_is_a_number_or_refused(written: str) -> None:
    found = number_of(written)

    assert isinstance(found, Unreadable) or isnan(found) or abs(found) <= 1e12


def test_a_battery_writes_no_negative_nothing() -> None:
    assert (said(-0.04, 1), said(13.25, 1), said(float("nan"), 2)) == ("0.0", "13.2", "")
