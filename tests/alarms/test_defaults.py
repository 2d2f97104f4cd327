"""The rules that every battery has, each at its limit."""

from typing import Any

import pytest

from bmsreader.alarms import DEFAULTS
from bmsreader.model import BatteryState, Severity
from tests.alarms.batteries import Watched

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cell_low": ({"cell_voltages": (2.79, 2.79)}, {"cell_voltages": (3.0, 2.8), "current": -20.0}),
    "cell_high": ({"cell_voltages": (3.651, 3.651)}, {"cell_voltages": (3.65, 3.65)}),
    "cell_spread": ({"cell_voltages": (3.3, 3.351)}, {"cell_voltages": (3.3, 3.351), "current": 20.0}),
    "cold_charging": ({"temperatures": (20.0, -0.1), "current": 5.0}, {"temperatures": (-0.1,), "current": -5.0}),
    "hot": ({"temperatures": (20.0, 55.1)}, {"temperatures": (55.0,)}),
    "low_charge": ({"soc": 14.9}, {"soc": 15.0}),
}
"""What raises each rule, and what does not quite."""


@pytest.mark.parametrize("name", CASES)
def test_a_value_beyond_the_limit_raises_this_rule_and_no_other(name: str) -> None:
    bad, _ = CASES[name]

    assert [one.name for one in Watched().for_(2000.0, **bad).raised()] == [name]


@pytest.mark.parametrize("name", CASES)
def test_a_value_at_the_limit_raises_nothing(name: str) -> None:
    _, good = CASES[name]

    assert Watched().for_(2000.0, **good).story == []


def test_silence_raises_an_alarm_after_ten_minutes() -> None:
    watched = Watched().says().wait(30.0).is_(BatteryState.UNREACHABLE).wait(1000.0)

    assert watched.story == [(605.0, "raised", "no_data")]


def test_there_is_a_case_for_every_rule() -> None:
    assert {rule.name for rule in DEFAULTS} == {*CASES, "no_data"}


def test_what_destroys_cells_is_critical() -> None:
    critical = {rule.name for rule in DEFAULTS if rule.severity is Severity.CRITICAL}

    assert critical == {"cell_low", "cold_charging"}


def test_a_battery_in_good_health_never_raises_an_alarm() -> None:
    assert Watched().for_(86_400.0, every=600.0, current=-10.0, soc=50).story == []
