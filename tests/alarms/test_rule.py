"""What a rule says, and for which battery."""

from dataclasses import replace
from typing import Any

import pytest

from bmsreader.alarms.rule import Rule, looks, span, value_of
from bmsreader.model import BankFacts, BatteryInfo, BatteryState, Category, Severity, Snapshot, Source, UsageError
from tests.alarms.batteries import HOUSE, moment
from tests.gateway.made import PLAIN, reading

BANK = BatteryInfo(id="bank:all", name="Cellar", slug="cellar", kind="bank")


def rule(**values: Any) -> Rule:
    return Rule(**{"name": "mine", "field": "soc", "below": 20.0, **values})


@pytest.mark.parametrize(
    ("names", "house", "bank"),
    [
        ((), True, False),
        (("house",), True, False),
        (("HOUSE", "Cellar"), True, True),
        ((HOUSE.id.lower(),), True, False),
        (("batteries",), True, False),
        (("banks",), False, True),
        (("all",), True, True),
        (("caravan",), False, False),
    ],
)
def test_a_rule_is_for_the_batteries_that_it_names(names: tuple[str, ...], house: bool, bank: bool) -> None:
    found = rule(batteries=names)

    assert (found.concerns(HOUSE), found.concerns(BANK)) == (house, bank)


def test_a_rule_may_name_a_battery_by_the_address_of_the_one_that_took_its_place() -> None:
    replaced = replace(HOUSE, address="C8:47:80:99:99:99")

    assert rule(batteries=("c8:47:80:99:99:99",)).concerns(replaced)


@pytest.mark.parametrize("limits", [{"below": None}, {"above": 30.0}])
def test_a_rule_has_exactly_one_limit(limits: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="needs one limit"):
        rule(**limits)


def test_a_rule_about_something_that_no_battery_has_is_refused() -> None:
    with pytest.raises(UsageError, match="'volts'"):
        rule(field="volts")


def test_an_alarm_says_value_limit_and_when_it_counts() -> None:
    cold = rule(field="temperature_min", below=0.0, only="charging")

    assert rule().words(14.0) == "State of charge: 14 %, below 20 %."
    assert cold.words(-3.2) == "Lowest temperature: -3.2 °C, below 0 °C while it is charged."
    assert rule(field="age", below=None, above=600.0).words(725.0) == "No fresh values for 12 min."
    assert rule(text="Start the generator!").words(3.0) == "Start the generator!"


def test_that_nothing_comes_is_what_the_gateway_found_out() -> None:
    assert rule(field="age", below=None, above=600.0).source is Source.GATEWAY
    assert rule().source is Source.RULE


@pytest.mark.parametrize(
    ("only", "current", "says"),
    [
        ("always", None, True),
        ("charging", 0.2, True),
        ("charging", -5.0, False),
        ("charging", None, None),
        ("discharging", -0.2, True),
        ("discharging", 0.0, False),
        ("rest", 3.9, True),
        ("rest", -4.1, None),
    ],
)
def test_what_a_rule_is_limited_to(only: Any, current: float | None, says: bool | None) -> None:
    assert looks(only, reading(current=current)) is says


def test_a_battery_that_does_not_say_its_capacity_rests_below_half_an_ampere() -> None:
    unknown: dict[str, Any] = {"full_charge_capacity": None, "design_capacity": None}

    assert looks("rest", reading(current=0.5, **unknown)) is True
    assert looks("rest", reading(current=0.6, **unknown)) is None


def test_a_rule_looks_at_numbers_of_a_battery_and_of_a_bank() -> None:
    facts = BankFacts(arrangement="parallel(a, b)", packs=("a", "b"), seen=("a",), capacity_share=50.0)
    snapshot = Snapshot(info=BANK, at=moment(0), state=BatteryState.LIVE, since=moment(0), reading=PLAIN, bank=facts)

    assert value_of(rule(), snapshot) == 62
    assert value_of(rule(field="capacity_share"), snapshot) == 50.0
    assert value_of(rule(field="age", below=None, above=1.0), snapshot) is None


def test_time_spans_in_words() -> None:
    assert [span(seconds) for seconds in (45, 720, 7200, 400_000)] == ["45 s", "12 min", "2 h", "5 days"]


def test_a_rule_is_a_warning_about_charge_unless_it_says_otherwise() -> None:
    assert (rule().severity, rule().category) == (Severity.WARNING, Category.CHARGE)
