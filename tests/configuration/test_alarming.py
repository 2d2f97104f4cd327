"""Settings of alarms say the same as the rules that they stand for."""

import re
from dataclasses import fields

import pytest

from bmsreader.alarms import DEFAULTS, Rule
from bmsreader.alarms.quiet import FORM
from bmsreader.configuration import Configuration, forms
from bmsreader.configuration.about import rows
from bmsreader.configuration.settings import AlarmsSettings
from bmsreader.model import Severity


def test_there_is_a_switch_for_each_rule_that_every_battery_has() -> None:
    assert [field.name for field in fields(AlarmsSettings)] == [rule.name for rule in DEFAULTS]
    assert all(vars_of(Configuration().alarm_rules).values())


def vars_of(settings: AlarmsSettings) -> dict[str, bool]:
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


@pytest.mark.parametrize("rule", DEFAULTS, ids=lambda rule: rule.name)
def test_the_text_of_a_switch_says_severity_and_limit_of_its_rule(rule: Rule) -> None:
    text = next(row.about.text for row in rows(AlarmsSettings) if row.key == rule.name)
    limits = {f"{rule.limit:g} {rule.unit}", {600.0: "ten minutes"}.get(rule.limit, "")} - {""}

    assert text.startswith("Critical" if rule.severity is Severity.CRITICAL else "Warning")
    assert any(limit in text for limit in limits)


@pytest.mark.parametrize("text", ["22:00-07:00", "7:30 - 8:00", "24:00-1:00", "22-7", "x"])
def test_quiet_hours_have_one_form(text: str) -> None:
    assert bool(re.fullmatch(FORM, text)) == bool(re.fullmatch(forms.HOURS.pattern, text))
