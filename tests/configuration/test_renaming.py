"""A battery that gets another name keeps its place in banks, rules and messages."""

import pytest

from bmsreader.configuration.editing import Draft
from bmsreader.configuration.layers import BY_NAME
from bmsreader.configuration.renaming import change

FILE = """\
[[battery]]
name = "Garage left"  # the old one
address = "simulated:1"

[[battery]]
name = "Right"
address = "simulated:2"

[[bank]]
name = "House"
arrangement = "series( Garage left , 'Right')"  # as it is wired

[[alarm]]
name = "reserve"
field = "soc"
below = 20
batteries = ["right", "garage-left", "House"]

[[notify]]
name = "phone"
batteries = ["GARAGE LEFT"]
url = "json://127.0.0.1"
"""


def with_name(section: str, number: int, name: str) -> str:
    draft = Draft(FILE)
    change(draft, BY_NAME[section], number, {"name": name})
    return draft.text


def test_what_names_a_battery_follows_it() -> None:
    expected = FILE.replace('"Garage left"', '"Front"').replace(" Garage left ", " Front ")
    expected = expected.replace('"garage-left"', '"Front"').replace('"GARAGE LEFT"', '"Front"')

    assert with_name("battery", 0, "Front") == expected


def test_a_name_in_quotes_is_found_and_one_that_needs_quotes_gets_them() -> None:
    assert '( Garage left , \\"Right, new\\")' in with_name("battery", 1, "Right, new")


def test_rules_for_a_bank_follow_its_name() -> None:
    assert '["right", "garage-left", "Home"]' in with_name("bank", 0, "Home")


@pytest.mark.parametrize("name", ["Garage left", "Right"])
def test_a_name_that_stays_changes_nothing_else(name: str) -> None:
    number = ["Garage left", "Right"].index(name)

    assert with_name("battery", number, name) == FILE


def test_other_settings_may_change_along() -> None:
    draft = Draft(FILE)
    change(draft, BY_NAME["battery"], 0, {"interval": 30.0})

    assert draft.text.count("Garage left") == FILE.count("Garage left")
    assert "interval = 30.0" in draft.text


def test_the_name_of_a_rule_is_no_battery() -> None:
    assert with_name("alarm", 0, "House").count("House") == FILE.count("House") + 1
