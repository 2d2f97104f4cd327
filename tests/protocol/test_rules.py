"""Each kind of plausibility rule, alone: what it refuses, what it lets pass, and when it does not apply."""

from pathlib import Path

import pytest

from bmsreader.model import DEAD_CELL, DescriptionError, FrameRejected, Reading
from bmsreader.protocol.rules import CHECKS, check_cells
from tests.contributed import decode
from tests.tiny import tiny

CELLS = 'cell_voltages = { at = 0, type = "u16", count = 4, scale = 0.001 }\n'
CAPACITIES = """remaining_capacity = { at = 8, type = "u8", unknown = [255] }
full_charge_capacity = { at = 9, type = "u8", unknown = [255] }
design_capacity = { at = 10, type = "u8", unknown = [255] }
soc = { at = 11, type = "u8", unknown = [255] }
"""
WORDS = """sent = { at = 12, type = "u16", raw = true, scale = 0.001, unknown = [65535] }
other = { at = 14, type = "u8", raw = true, unknown = [255] }
current = { plus = 15, minus = 17, type = "u16" }
temperatures = { at = 19, type = "u8", count = 2, offset = -40 }
"""
SIZE = 22
GOOD = (3300, 3310, 3320, 3330)


def judged(rule: str, **raws: int | tuple[int, ...]) -> str | Reading:
    """Return the reading, or the reason why the rule refused it."""
    codec = tiny(SIZE, CELLS + CAPACITIES + WORDS, f"[[plausible]]\n{rule}")
    result = decode(codec, codec.encode_raw("answer", {"cell_voltages": GOOD, **raws}))
    return result.reason.removeprefix("implausible: ") if isinstance(result, FrameRejected) else result


def passes(rule: str, **raws: int | tuple[int, ...]) -> bool:
    return isinstance(judged(rule, **raws), Reading)


def test_every_kind_of_rule_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")

    assert [name for name in CHECKS if f'check = "{name}"' not in text] == []


def test_cells_have_a_range_a_spread_and_at_most_so_many_dead_ones() -> None:
    rule = 'check = "cells"\nmin = 2\nmax = 3.7\nspread = 0.5\ndead = 1'

    assert passes(rule)
    assert judged(rule, cell_voltages=(3300, 1999, 3300, 3300)) == "cell 2 at 1.999 V, outside 2 to 3.7 V"
    assert judged(rule, cell_voltages=(3300, 3300, 3300, 3701)) == "cell 4 at 3.701 V, outside 2 to 3.7 V"
    assert judged(rule, cell_voltages=(3000, 3300, 3300, 3500)) == "cells 0.500 V apart, 0.5 V or more"
    assert judged(rule, cell_voltages=(3300, 0, 0, 3300)) == "2 of 4 cells at 0 V"
    assert judged(rule, cell_voltages=(0, 0, 0, 0)) == "no cell voltages"
    dead = judged(rule, cell_voltages=(3300, 0, 3300, 3300))
    assert isinstance(dead, Reading)
    assert dead.alarms == (DEAD_CELL,)


def test_the_judge_of_cells_allows_as_many_dead_ones_as_it_is_told() -> None:
    assert check_cells(2, 3.7, 0.5, 0)((3.3, 0.0)) == "1 of 2 cells at 0 V"
    assert check_cells(2, 3.7, 0.5, 2)((3.3, 0.0, 0.0)) is None
    assert check_cells(2, 3.7, 2, 1)((2.0, 3.7, 0.0)) is None


def test_two_words_of_a_difference_are_not_both_there() -> None:
    codec = tiny(SIZE, CELLS + WORDS, '[[plausible]]\ncheck = "one-direction"\nfield = "current"')
    payload = bytearray(SIZE)
    payload[15:19] = b"\0\1\0\2"
    payload[-1] = sum(payload) & 0xFF
    result = decode(codec, b"<%s>" % payload.hex().encode())

    assert isinstance(result, FrameRejected)
    assert result.reason == "implausible: charge and discharge current at once"


def test_a_value_lies_in_its_range_and_a_value_that_is_not_reported_is_not_judged() -> None:
    rule = 'check = "range"\nfield = "soc"\nmin = 10\nmax = 90'

    assert (passes(rule, soc=10), passes(rule, soc=90), passes(rule, soc=255)) == (True, True, True)
    assert judged(rule, soc=9) == "soc 9, outside 10 to 90"
    assert judged(rule, soc=91) == "soc 91, outside 10 to 90"


def test_each_temperature_lies_in_the_range() -> None:
    rule = 'check = "range"\nfield = "temperatures"\nmin = -20\nmax = 60'

    assert passes(rule, temperatures=(20, 100))
    assert judged(rule, temperatures=(61, 19)) == "temperatures (21, -21), outside -20 to 60"


def test_a_value_is_at_most_so_many_times_another_or_the_larger_of_two() -> None:
    rule = 'check = "ratio"\nfield = "remaining_capacity"\nof = ["full_charge_capacity", "design_capacity"]\nmax = 1.5'

    assert passes(rule, remaining_capacity=150, full_charge_capacity=80, design_capacity=100)
    assert judged(rule, remaining_capacity=151, full_charge_capacity=100, design_capacity=80) == (
        "remaining_capacity 151 Ah, over 1.5 x full charge capacity and design capacity"
    )
    assert passes(rule, remaining_capacity=255, full_charge_capacity=1)
    assert passes(rule, remaining_capacity=9, full_charge_capacity=255, design_capacity=1)


def test_a_ratio_to_one_value_names_it() -> None:
    rule = 'check = "ratio"\nfield = "full_charge_capacity"\nof = ["design_capacity"]\nmax = 2'

    assert judged(rule, full_charge_capacity=201, design_capacity=100) == (
        "full_charge_capacity 201 Ah, over 2 x design capacity"
    )


def test_soc_agrees_with_the_capacities_where_all_are_reported() -> None:
    rule = 'check = "soc"\nwithin = 5'

    assert passes(rule, soc=55, remaining_capacity=50, full_charge_capacity=100)
    assert judged(rule, soc=56, remaining_capacity=50, full_charge_capacity=100) == (
        "soc 56 %, but remaining / full charge is 50 %"
    )
    assert passes(rule, soc=56, remaining_capacity=0, full_charge_capacity=0)
    assert passes(rule, soc=255, remaining_capacity=50, full_charge_capacity=100)
    assert passes(rule, soc=56, remaining_capacity=255, full_charge_capacity=100)


def test_a_sum_is_that_of_the_cells() -> None:
    rule = 'check = "sum-of-cells"\nfield = "sent"\nwithin = 0.002'

    assert passes(rule, sent=13_261)
    assert passes(rule, sent=65_535)
    assert judged(rule, sent=13_263) == "sent 13.263 V, but the cells add up to 13.260 V"


def test_a_spread_is_that_of_the_cells() -> None:
    rule = 'check = "spread-of-cells"\nfield = "sent"\nwithin = 0.0005'

    assert passes(rule, sent=30)
    assert passes(rule, sent=65_535)
    assert passes(rule, sent=1, cell_voltages=())
    assert judged(rule, sent=31) == "cell spread sent as 0.031 V, but the cells say otherwise"


def test_a_count_is_that_of_the_cells() -> None:
    rule = 'check = "count-of-cells"\nfield = "other"'

    assert passes(rule, other=4)
    assert passes(rule, other=255)
    assert judged(rule, other=5) == "5 cells announced, 4 sent"


def test_a_value_that_never_changes_is_that_value() -> None:
    rule = 'check = "equal"\nfield = "other"\nvalue = 7'

    assert passes(rule, other=7)
    assert passes(rule, other=255)
    assert judged(rule, other=8) == "other 8, expected 7"


def test_two_words_are_both_there_or_neither() -> None:
    rule = 'check = "both-or-neither"\nfield = "other"\nother = "soc"'

    assert (passes(rule, other=1, soc=2), passes(rule, other=0, soc=0), passes(rule, other=255)) == (True, True, True)
    assert judged(rule, other=31, soc=0) == "other 1F but soc 0"


def test_an_excess_is_noted_not_refused() -> None:
    rule = 'check = "note-excess"\nfield = "remaining_capacity"\nof = "full_charge_capacity"'
    more = judged(rule, remaining_capacity=101, full_charge_capacity=100)
    as_much = judged(rule, remaining_capacity=100, full_charge_capacity=100)
    unknown = judged(rule, remaining_capacity=101, full_charge_capacity=255)

    assert isinstance(more, Reading)
    assert more.notes == ("the battery reports more remaining capacity than full charge capacity; rely on soc",)
    assert isinstance(as_much, Reading)
    assert as_much.notes == ()
    assert isinstance(unknown, Reading)
    assert unknown.notes == ()


def test_a_rule_about_what_a_message_does_not_carry_does_not_apply() -> None:
    fields = 'soc = { at = 0, type = "u8" }\n'
    rules = "".join(
        f"[[plausible]]\n{rule}\n"
        for rule in ('check = "cells"\nmin = 2\nmax = 3\nspread = 1\ndead = 0', 'check = "soc"\nwithin = 1')
    )
    codec = tiny(2, fields, rules)

    assert isinstance(decode(codec, codec.encode_raw("answer", {"soc": 50})), Reading)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ('check = "range"\nfield = "soc"\nmin = "0"\nmax = 1', "must be a number"),
        ('check = "range"\nfield = "soc"\nmin = true\nmax = 1', "must be a number"),
        ('check = "range"\nfield = "soc"\nmin = nan\nmax = 1', "must be a number"),
        ('check = "range"\nfield = "soc"\nmin = 0\nmax = inf', "must be a number"),
        ('check = "range"\nfield = "soc)"\nmin = 0\nmax = 1', "must name a value"),
        ('check = "range"\nfield = ["soc"]\nmin = 0\nmax = 1', "must name a value"),
        ('check = "ratio"\nfield = "soc"\nof = "soc"\nmax = 1', "must be a list of one or two names"),
        ('check = "ratio"\nfield = "soc"\nof = []\nmax = 1', "must be a list of one or two names"),
        ('check = "ratio"\nfield = "soc"\nof = ["soc", "x()"]\nmax = 1', "must be a list of one or two names"),
        ('check = "range"\nfield = "cell_voltages"\nmin = 0\nmax = 1', "no single number is called 'cell_voltages'"),
        ('check = "one-direction"\nfield = "soc"', "no single number is called 'soc'"),
        ('check = "one-direction"\nfield = "sco"', "no single number is called 'sco'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: str, problem: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        judged(rule)

    assert problem in str(caught.value)
