"""Every alarm of every battery has a place in the common vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.alarms import MEANINGS, meaning
from bmsreader.descriptions import shipped
from bmsreader.model import DEAD_CELL, Category, Severity
from bmsreader.protocol.vocabulary import NAME

SHIPPED = sorted({name for codec in shipped() for name in codec.description.alarms} | {DEAD_CELL})


@pytest.mark.parametrize("name", SHIPPED)
def test_every_alarm_of_the_shipped_descriptions_has_a_place(name: str) -> None:
    assert name in MEANINGS


def test_a_dead_cell_is_critical_and_about_a_cell() -> None:
    assert (meaning(DEAD_CELL).category, meaning(DEAD_CELL).severity) == (Category.CELL, Severity.CRITICAL)


@pytest.mark.parametrize(
    ("name", "category", "severity"),
    [
        ("cell_imbalance", Category.CELL, Severity.WARNING),
        ("mosfet_temp_high", Category.TEMPERATURE, Severity.WARNING),
        ("charge_mosfet_failure", Category.SWITCH, Severity.CRITICAL),
        ("temperature_sensor_fault", Category.TEMPERATURE, Severity.CRITICAL),
        ("current_sensor_fault", Category.HARDWARE, Severity.CRITICAL),
        ("pack_undervoltage", Category.VOLTAGE, Severity.WARNING),
        ("overload", Category.CURRENT, Severity.WARNING),
        ("soc_low", Category.CHARGE, Severity.WARNING),
        ("cell_balancing", Category.CELL, Severity.INFO),
        ("afe_comm_lost", Category.COMMUNICATION, Severity.WARNING),
        ("x17", Category.HARDWARE, Severity.WARNING),
    ],
)
def test_an_alarm_of_a_foreign_description_is_judged_by_its_words(
    name: str, category: Category, severity: Severity
) -> None:
    assert (meaning(name).category, meaning(name).severity) == (category, severity)


@pytest.mark.slow
@given(name=st.from_regex(NAME, fullmatch=True))
def test_whatever_the_name_there_is_a_sentence(name: str) -> None:
    assert meaning(name).text.endswith(".")
    assert meaning(name).category in Category
