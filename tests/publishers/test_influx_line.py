"""A reading as line protocol."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.publishers.influx_line import PRECISIONS, line, prefix, stamp
from tests.clock import START
from tests.gateway.remembered import HOUSE, reading

MS = PRECISIONS["ms"]


def fields(**values: Any) -> dict[str, str]:
    """Return the fields of a line, by their names."""
    text = line("", reading(**values), step=MS)
    return dict(part.split("=", 1) for part in text.rsplit(" ", 1)[0].split(","))


def test_a_reading_is_one_line_with_all_its_values() -> None:
    assert line(prefix("battery", HOUSE), reading(), step=MS) == (
        "battery,battery=house,id=02:00:07:00:00:01 "
        "pack_voltage=13.2,current=-5.5,power=-72.6,soc=87.0,soh=100.0,"
        "remaining_capacity=87.5,full_charge_capacity=100.5,design_capacity=100.0,cell_spread=0.002,"
        "time_to_empty=57272.0,cycle_count=12i,charge_switch=true,discharge_switch=true,"
        "cell_1=3.301,cell_2=3.3,cell_3=3.299,cell_4=3.3,temperature_1=21.0,temperature_2=22.0,"
        'alarm_count=0i,alarms="" 1772366400000'
    )


def test_what_a_battery_does_not_report_is_not_there() -> None:
    found = fields(soc=None, pack_voltage=None, heater=None, cell_voltages=(), cycle_count=None)

    assert not {"soc", "pack_voltage", "power", "heater", "cell_1", "cell_spread", "cycle_count"} & set(found)


def test_a_dead_cell_keeps_its_place() -> None:
    found = fields(cell_voltages=(3.3, 0.0, 3.3))

    assert (found["cell_2"], found["cell_3"]) == ("0.0", "3.3")


def test_what_is_no_number_is_not_there() -> None:
    assert "soc" not in fields(soc=float("nan"))


def test_alarms_are_counted_and_named() -> None:
    text = line("", reading(alarms=("dead_cell", "over_voltage")), step=MS)

    assert 'alarm_count=2i,alarms="dead_cell,over_voltage"' in text


def test_names_are_escaped_where_the_protocol_asks_for_it() -> None:
    battery = replace(HOUSE, id="my, own=battery\\\n")

    assert prefix("my, measurement", battery) == r"my\,\ measurement,battery=house,id=my\,\ own\=battery/_ "


@pytest.mark.parametrize(
    ("precision", "expected"),
    [("ns", 1772366400123456000), ("us", 1772366400123456), ("ms", 1772366400123), ("s", 1772366400)],
)
def test_the_time_stamp_has_the_precision_that_was_agreed(precision: str, expected: int) -> None:
    assert stamp(START + timedelta(microseconds=123456), PRECISIONS[precision]) == expected


def test_a_time_is_rounded_to_the_nearest_step() -> None:
    assert stamp(START + timedelta(seconds=9.7), PRECISIONS["s"]) - stamp(START, PRECISIONS["s"]) == 10


@given(milliseconds=st.integers(0, 10**13))
def test_milliseconds_are_exact(milliseconds: int) -> None:
    at = START.replace(year=1970, month=1, day=1, hour=0) + timedelta(milliseconds=milliseconds)

    assert stamp(at, MS) == milliseconds


@given(name=st.text(alphabet='a ,=\\"\n\t\x7fü', min_size=1))
def test_no_name_breaks_a_line(name: str) -> None:
    text = line(prefix("battery", replace(HOUSE, id=name)), reading(), step=MS)

    assert len(text.splitlines()) == 1
    assert not text.split(" pack_voltage")[0].endswith("\\")
