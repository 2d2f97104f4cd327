"""One field at a time, both ways: raw numbers become values, values become raw numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import load
from bmsreader.protocol import Field
from bmsreader.protocol.description import Absent, Bit
from bmsreader.protocol.fields import (
    divisor_of,
    explain,
    present_sensors,
    read_raw,
    reported,
    scaled,
    to_raw,
    to_value,
    unscaled,
    write_raw,
)
from tests.contributed import frame_of

SENSORS = Field(
    name="temperatures", type="u8", at=0, count=4, offset=-40, absent=Absent(raw=0x28, beyond=3), collapse=True
)
CURRENT = Field(name="current", type="u16", at=0, minus=2, scale=0.01)
STATUS = Field(
    name="status",
    type="u16",
    at=0,
    raw=True,
    default=0xF000,
    bits=(
        Bit(bit=0, name="charging", role="name"),
        Bit(bit=2, name="hot", role="alarm"),
        Bit(bit=12, name="discharge_switch", role="switch"),
    ),
)


def test_a_scale_of_a_thousandth_is_a_division_and_so_exact() -> None:
    volts = Field(name="pack_voltage", type="u16", at=0, scale=0.001)

    assert [scaled(volts, raw) for raw in (3257, 13_233, 65_535)] == [3.257, 13.233, 65.535]


@pytest.mark.parametrize(("scale", "divisor"), [(0.001, 1000), (0.1, 10), (0.5, 2), (1, None), (60, None), (0.3, None)])
def test_only_whole_fractions_are_divisions(scale: float, divisor: int | None) -> None:
    assert divisor_of(scale) == divisor


@given(raw=st.integers(0, 0xFFFF), scale=st.sampled_from([1, 0.1, 0.01, 0.001, 60]), offset=st.sampled_from([0, -40]))
def test_a_value_goes_back_to_its_raw_number(raw: int, scale: float, offset: int) -> None:
    field = Field(name="soc", type="u16", at=0, scale=scale, offset=offset)

    assert unscaled(field, scaled(field, raw)) == raw


def test_marks_of_not_reported_are_no_values() -> None:
    field = Field(name="health", type="u8", at=0, unknown=(50,), valid=(1, 100))

    assert [raw for raw in range(256) if not reported(field, raw)] == [0, 50, *range(101, 256)]
    assert to_value(field, 50) is None
    assert to_value(field, 51) == 51


def test_a_current_of_two_words_is_their_difference() -> None:
    payload = bytearray(4)
    write_raw(CURRENT, -6980, payload)

    assert payload.hex() == "00001b44"
    assert read_raw(CURRENT, bytes(payload)) == -6980
    assert to_value(CURRENT, -6980) == -69.8


def test_a_current_of_two_floats_is_their_difference() -> None:
    field = Field(name="current", type="f32", at=0, minus=4)
    payload = bytearray(8)
    write_raw(field, -2.5, payload)

    assert payload.hex() == "0000000040200000"
    assert read_raw(field, bytes(payload)) == -2.5


def test_one_sensor_stands_for_all_and_missing_ones_are_marked_absent() -> None:
    assert to_raw(SENSORS, {"temperatures": (21,)}) == (61, 61, 61, 61)
    assert to_raw(SENSORS, {"temperatures": (4, 6)}) == (44, 46, 0x28, 0x28)
    assert to_raw(SENSORS, {"temperatures": ()}) == ()


@given(st.lists(st.integers(0, 255), min_size=4, max_size=4))
def test_a_sensor_is_only_called_absent_when_it_reads_the_mark(raws: list[int]) -> None:
    values = present_sensors(SENSORS, raws)

    assert values[0] == raws[0] - 40
    if len(set(raws)) == 1:
        assert len(values) == 1
    else:
        gone = [raw for raw in raws[1:] if raw == 0x28] if abs(raws[0] - 0x28) > 3 else []
        assert len(values) == 4 - len(gone)


def test_cells_without_use_are_dropped_at_the_end_only() -> None:
    cells = Field(name="cell_voltages", type="u16", at=0, count=5, scale=0.001)

    assert to_value(cells, (3300, 0, 3310, 0, 0)) == (3.3, 0.0, 3.31)
    assert to_value(cells, (0, 0, 0, 0, 0)) == ()


def test_a_list_of_one_is_a_list() -> None:
    single = Field(name="cell_voltages", type="u16", at=0, count=1, scale=0.001)

    assert to_value(single, read_raw(single, b"\x0c\xb9")) == (3.257,)


def test_a_status_word_is_named_bit_by_bit_and_made_of_alarms_and_switches() -> None:
    assert to_value(STATUS, 0x1005) == ("charging", "hot", "discharge_switch")
    assert to_raw(STATUS, {}) == 0xF000
    assert to_raw(STATUS, {"alarms": ("hot",)}) == 0xF004
    assert to_raw(STATUS, {"discharge_switch": False}) == 0xE000
    assert to_raw(STATUS, {"status": ("charging",)}) == 0xF001


def test_a_switch_is_on_for_every_number_but_zero() -> None:
    heater = Field(name="heater", type="bool", at=0)

    assert [to_value(heater, raw) for raw in (0, 1, 255)] == [False, True, True]
    assert to_raw(heater, {"heater": True}) == 1


def test_bytes_are_kept_as_they_are() -> None:
    clock = Field(name="clock", type="bytes", at=1, count=3, raw=True)
    payload = bytearray(5)
    write_raw(clock, b"\1\2\3\4", payload)

    assert payload == b"\0\1\2\3\0"
    assert to_value(clock, read_raw(clock, bytes(payload))) == b"\1\2\3"
    assert to_raw(clock, {"clock": b"\7"}) == b"\7"


def test_what_a_reading_does_not_say_is_left_to_the_default() -> None:
    assert to_raw(CURRENT, {"current": None}) is None
    assert to_raw(CURRENT, {}) is None


def test_the_time_to_go_is_either_estimate() -> None:
    to_go = Field(name="time_to_go", type="u16", at=0, scale=60)

    assert to_raw(to_go, {"time_to_full": 5400, "time_to_empty": None}) == 90
    assert to_raw(to_go, {"time_to_full": None, "time_to_empty": 60}) == 1


def test_every_field_of_a_frame_is_explained_in_the_order_of_the_bytes() -> None:
    fields = load("ej").explain(frame_of("ej/electronicx-12v-200ah"))
    cells = next(field for field in fields if field.name == "cell_voltages")

    assert [field.at for field in fields] == sorted(field.at for field in fields)
    assert (cells.at, cells.size, cells.unit, cells.evidence) == (12, 32, "V", "measured")
    assert cells.raw == (3257, 3258, 3259, 3254) + 12 * (0,)
    assert cells.value == (3.257, 3.258, 3.259, 3.254)


def test_explaining_does_not_judge() -> None:
    message = load("ej").description.messages["capacity"]

    assert {field.name: field.value for field in explain(message, bytes(14))}["design_capacity"] == 0
