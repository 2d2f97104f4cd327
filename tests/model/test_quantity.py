"""The numbers of a reading, by name."""

from dataclasses import fields
from typing import Any

import pytest

from bmsreader.model import BankFacts, Reading
from bmsreader.model.quantity import QUANTITIES, quantity
from tests.gateway.made import PLAIN, reading


def value(name: str, **values: Any) -> float | None:
    found = quantity(name)
    assert found is not None
    return found.get(reading(**values))


@pytest.mark.parametrize("name", list(QUANTITIES))
def test_every_quantity_is_a_number_or_not_reported(name: str) -> None:
    found = QUANTITIES[name].get(PLAIN)

    assert found is None or isinstance(found, (int, float))


def test_every_number_of_a_reading_has_a_name_here() -> None:
    numbers = {field.name for field in fields(Reading) if field.type in (float | None, int | None)}

    assert numbers <= set(QUANTITIES)


def test_lowest_and_highest_of_cells_and_temperatures() -> None:
    cells, sensors = (3.31, 3.29, 3.35, 3.3), (21.0, -2.0)

    assert value("cell_min", cell_voltages=cells) == 3.29
    assert value("cell_max", cell_voltages=cells) == 3.35
    assert value("temperature_min", temperatures=sensors) == -2.0
    assert value("temperature_max", temperatures=sensors) == 21.0


def test_what_a_battery_does_not_report_is_no_number() -> None:
    assert [value(name, cell_voltages=(), temperatures=()) for name in ("cell_min", "cell_max", "cell_3")] == [None] * 3
    assert value("temperature_max", temperatures=()) is None


def test_a_bank_has_numbers_that_a_battery_does_not_have() -> None:
    facts = BankFacts(arrangement="series(a, b)", packs=("a", "b"), seen=("a",), capacity_share=50.0)
    share = QUANTITIES["capacity_share"]

    assert share.get(PLAIN) is None
    assert share.of_bank is not None
    assert share.of_bank(facts) == 50.0


def test_single_cells_and_sensors_are_counted_from_one() -> None:
    assert value("cell_2", cell_voltages=(3.1, 3.2)) == 3.2
    assert value("cell_3", cell_voltages=(3.1, 3.2)) is None
    assert value("temperature_1", temperatures=(7.0,)) == 7.0


@pytest.mark.parametrize("name", ["cell_0", "cell_01", "cell_100", "cell_", "volts", "age", ""])
def test_other_names_mean_nothing(name: str) -> None:
    assert quantity(name) is None


def test_a_value_is_told_without_zeros_that_say_nothing() -> None:
    assert QUANTITIES["soc"].told(14.0) == "14 %"
    assert QUANTITIES["cell_min"].told(2.75) == "2.75 V"
    assert QUANTITIES["cycle_count"].told(120) == "120"
    assert QUANTITIES["current"].told(-0.001) == "0 A"
