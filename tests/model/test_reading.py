"""A reading says what the battery said, what follows from it, and nothing else."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import datetime

import pytest

from bmsreader.descriptions import load
from bmsreader.model import DEAD_CELL, DERIVED, FIELDS, frame_text
from tests.contributed import CONTRIBUTED, TAKEN_AT, frame_of, reading

CHARGING = reading(load("ej"), frame_of("ej/electronicx-12v-200ah"))
DISCHARGING = reading(load("ej"), frame_of("ej/electronicx-12v-100ah"))
CAPACITY = reading(load("ej"), CONTRIBUTED["ej/ag-12v-100ah"].frames[1])


def test_power_is_positive_while_charging() -> None:
    assert CHARGING.power == 23.45
    assert DISCHARGING.power == -878.014


def test_the_spread_is_that_of_all_cells_dead_ones_too() -> None:
    assert DISCHARGING.cell_spread == 0.031
    assert replace(CHARGING, cell_voltages=(3.3, 0.0)).cell_spread == 3.3


def test_soh_is_full_over_design_and_at_most_100() -> None:
    assert DISCHARGING.soh == 99.0
    assert replace(CHARGING, full_charge_capacity=230.0).soh == 100.0
    assert replace(CHARGING, full_charge_capacity=199.0).soh == 99.5


def test_what_cannot_be_derived_is_not_invented() -> None:
    assert (CAPACITY.power, CAPACITY.cell_spread) == (None, None)
    assert replace(CHARGING, design_capacity=None).soh is None
    assert replace(CHARGING, design_capacity=0.0).soh is None
    assert replace(CHARGING, full_charge_capacity=None).soh is None
    assert replace(CHARGING, current=None).power is None
    assert replace(CHARGING, current=0.0).power == 0.0


def test_a_dead_cell_is_an_alarm_but_no_protection() -> None:
    warned = replace(CHARGING, alarms=(DEAD_CELL, "cell_over_voltage"))

    assert warned.protections == ("cell_over_voltage",)


def test_a_reading_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        replace(CHARGING).soc = 1  # type: ignore[misc]


def test_as_json_it_has_every_value_under_its_name() -> None:
    values = json.loads(json.dumps(CHARGING.as_dict()))

    assert set(values) == {*FIELDS, *DERIVED}
    assert values["pack_voltage"] == 13.028
    assert values["cell_voltages"] == [3.257, 3.258, 3.259, 3.254]
    assert values["health"] is None
    assert values["taken_at"] == "2026-01-02T03:04:05Z"
    assert datetime.fromisoformat(values["taken_at"]) == TAKEN_AT


def test_as_json_it_tells_what_was_derived() -> None:
    assert CHARGING.as_dict()["derived"] == ["pack_voltage", "power", "cell_spread", "soh", "protections"]
    assert CAPACITY.as_dict()["derived"] == ["soh", "protections"]


def test_as_json_frames_are_text_or_hex() -> None:
    assert CHARGING.as_dict()["frames"] == [frame_of("ej/electronicx-12v-200ah").decode()]
    assert (frame_text(b":00~"), frame_text(b"\x01\x02"), frame_text(b":\0~")) == (":00~", "0102", "3a007e")
