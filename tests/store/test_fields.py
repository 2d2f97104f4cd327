"""The fields that can be drawn."""

from array import array

import pytest

from bmsreader.store import content, fields
from bmsreader.store.fields import InMemory
from tests.store.batteries import reading, readings


def source(**values: object) -> InMemory:
    return InMemory(content.columns_of(array("q", [0]), [reading(**values)], [-60]), 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["power", "cell_spread", "soh"])
def test_derived_fields_are_those_of_the_reading(name: str) -> None:
    some = list(readings(50))
    stamps = array("q", range(50))
    columns = InMemory(content.columns_of(stamps, some, [None] * 50), 50)

    assert fields.values(columns, name) == [getattr(one, name) for one in some]


def test_what_is_not_reported_has_no_values() -> None:
    assert fields.values(source(current=None), "power") is None
    assert fields.values(source(cell_voltages=()), "cell_spread") is None
    assert fields.values(source(), "cell_5") is None
    assert fields.values(source(design_capacity=0.0), "soh") is None


def test_one_cell_has_no_spread() -> None:
    assert fields.values(source(cell_voltages=(3.3,)), "cell_spread") == [0.0]


def test_everything_that_a_battery_reports_is_present() -> None:
    names = fields.present(source())

    assert {"soc", "cell_4", "temperature_1", "power", "signal"} <= set(names)
    assert "cell_5" not in names


def test_fields_have_units_and_others_do_not_exist() -> None:
    assert (fields.unit("cell_16"), fields.unit("temperature_2"), fields.unit("cycle_count")) == ("V", "°C", "")
    assert fields.is_field("energy_in")
    assert not fields.is_field("cell_x")
    assert not fields.is_field("alarms")


def test_readings_without_the_value_are_left_out() -> None:
    assert fields.known([1, 2, 3], [5.0, None, 6.0]) == ([1, 3], [5.0, 6.0])
