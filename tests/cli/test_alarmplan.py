"""From the configuration to rules and receivers."""

from dataclasses import replace

import pytest

from bmsreader.alarms import DEFAULTS
from bmsreader.alarms.rule import category_of
from bmsreader.cli.alarmplan import notifies_of, rules_of
from bmsreader.configuration.settings import AlarmSettings, AlarmsSettings, Configuration, NotifySettings
from bmsreader.model import Category, Severity
from bmsreader.model.quantity import AGE, QUANTITIES


def test_without_any_settings_every_battery_has_the_default_rules() -> None:
    assert rules_of(Configuration()) == DEFAULTS


def test_a_default_rule_can_be_switched_off() -> None:
    rules = rules_of(Configuration(alarm_rules=AlarmsSettings(low_charge=False)))

    assert [rule.name for rule in DEFAULTS if rule not in rules] == ["low_charge"]


def test_a_rule_of_the_owners_takes_the_place_of_ours() -> None:
    mine = AlarmSettings(name="low_charge", field="soc", below=30.0, severity="critical", batteries=("house",))
    rules = {rule.name: rule for rule in rules_of(Configuration(alarms=(mine,)))}

    assert len(rules) == len(DEFAULTS)
    assert (rules["low_charge"].below, rules["low_charge"].severity) == (30.0, Severity.CRITICAL)


def test_a_rule_that_rests_is_no_rule() -> None:
    mine = AlarmSettings(name="mine", field="soc", below=30.0, enabled=False)

    assert rules_of(Configuration(alarms=(mine,))) == DEFAULTS


@pytest.mark.parametrize("field", [*QUANTITIES, AGE, "cell_3", "temperature_2"])
def test_every_field_is_about_something(field: str) -> None:
    assert category_of(field) in Category


def test_some_fields_are_about_what_one_expects() -> None:
    fields = ("soc", "remaining_capacity", "cell_7", "temperature_max", AGE, "imbalance")

    assert [category_of(field) for field in fields] == [
        Category.CHARGE,
        Category.CHARGE,
        Category.CELL,
        Category.TEMPERATURE,
        Category.COMMUNICATION,
        Category.CHARGE,
    ]


def test_each_address_is_a_receiver_of_its_own() -> None:
    settings = NotifySettings(name="us", url="ntfy://a tgram://b/1 ntfy://a", quiet="22:00-07:00", repeat=60.0)
    first, second = notifies_of(Configuration(notifies=(settings,)))

    assert (first.name, second.name) == ("notify us 1", "notify us 2")
    assert first.key != second.key
    assert "tgram" not in second.key
    assert first.wishes.quiet is not None


def test_the_same_settings_are_the_same_receiver() -> None:
    settings = NotifySettings(url="ntfy://a")
    first, again, other = (
        notifies_of(Configuration(notifies=(one,))) for one in (settings, settings, replace(settings, repeat=60.0))
    )

    assert first == again
    assert first != other
    assert first[0].key == other[0].key
