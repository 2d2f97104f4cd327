"""The first generation, value by value: what Electronicx, Supervolt, Volthium and their kin say."""

import pytest

from bmsreader.descriptions import load
from bmsreader.model import DEAD_CELL, Reading
from tests.contributed import CONTRIBUTED, frame_of, reading, rejection
from tests.frames import changed, ej_frame, payload_of, words

EJ = load("ej")
CHARGING = frame_of("ej/electronicx-12v-200ah")
DISCHARGING = frame_of("ej/electronicx-12v-100ah")
CELLS, CURRENT, TEMPERATURES, STATUS, HEATER, TIME_TO_GO = 12, 44, 48, 52, 54, 55
CYCLES, MAX_ERROR, HEALTH, SOC, CAPACITIES = 57, 59, 60, 61, 62

ALARMS = {
    2: "cell_over_voltage",
    3: "over_discharge",
    4: "charge_over_current",
    5: "short_circuit",
    6: "discharge_over_current",
    7: "discharge_over_current_2",
    8: "charge_over_temperature",
    9: "charge_under_temperature",
    10: "discharge_over_temperature",
    11: "discharge_under_temperature",
}
SWITCHES = {12: "discharge_switch", 13: "charge_switch", 14: "discharge_enabled", 15: "charge_enabled"}


def with_bytes(at: int, data: bytes, frame: bytes = CHARGING) -> Reading:
    return reading(EJ, changed(frame, {at: data}))


# ---- cells


def test_a_dead_cell_keeps_its_place_and_raises_an_alarm() -> None:
    dead = with_bytes(CELLS, words(3300, 0, 3310, 3305))

    assert dead.cell_voltages == (3.3, 0.0, 3.31, 3.305)
    assert dead.alarms == (DEAD_CELL,)
    assert dead.protections == ()
    assert dead.cell_spread == 3.31


def test_a_dead_last_cell_of_the_smallest_pack_is_seen_at_once() -> None:
    frame = changed(CHARGING, {CELLS: words(3300, 3290, 3310, 0)})

    assert reading(EJ, frame).cell_voltages == (3.3, 3.29, 3.31, 0.0)
    assert reading(EJ, frame).alarms == (DEAD_CELL,)


def test_a_dead_last_cell_of_a_larger_pack_looks_like_no_cell_until_the_number_of_cells_is_known() -> None:
    frame = changed(CHARGING, {CELLS: words(3300, 3290, 3310, 3305, 0)})

    assert reading(EJ, frame).cell_voltages == (3.3, 3.29, 3.31, 3.305)
    assert reading(EJ, frame, cells=5).cell_voltages == (3.3, 3.29, 3.31, 3.305, 0.0)
    assert reading(EJ, frame, cells=5).alarms == (DEAD_CELL,)


def test_knowing_fewer_cells_than_there_are_hides_none() -> None:
    assert reading(EJ, CHARGING, cells=2).cell_voltages == (3.257, 3.258, 3.259, 3.254)


@pytest.mark.parametrize(
    ("millivolts", "reason"),
    [
        pytest.param((3300, 0, 0, 3305), "2 of 4 cells at 0 V", id="two dead cells"),
        pytest.param((0, 0, 0, 0), "no cell voltages", id="no cell"),
        pytest.param((3300, 1499, 3310, 3305), "cell 2 at 1.499 V, outside 1.5 to 4.5 V", id="too low"),
        pytest.param((3300, 3300, 4501, 3305), "cell 3 at 4.501 V, outside 1.5 to 4.5 V", id="too high"),
        pytest.param((2000, 3300, 3310, 3500), "cells 1.500 V apart, 1.5 V or more", id="too far apart"),
        pytest.param((0, 2000, 3310, 3500), "cells 1.500 V apart, 1.5 V or more", id="too far apart beside a dead one"),
    ],
)
def test_cells_that_cannot_be_are_rejected(millivolts: tuple[int, ...], reason: str) -> None:
    assert rejection(EJ, changed(CHARGING, {CELLS: words(*millivolts)})) == f"implausible: {reason}"


def test_sixteen_cells_add_up_to_the_pack() -> None:
    large = with_bytes(CELLS, words(*range(3300, 3316)))

    assert len(large.cell_voltages) == 16
    assert large.pack_voltage == 52.92
    assert large.derived == ("pack_voltage",)


# ---- current


def test_charge_is_positive_and_discharge_negative() -> None:
    assert with_bytes(CURRENT, words(1234, 0)).current == 12.34
    assert with_bytes(CURRENT, words(0, 1234)).current == -12.34
    assert with_bytes(CURRENT, words(0, 0)).current == 0.0


def test_charge_and_discharge_at_once_are_rejected() -> None:
    frame = changed(CHARGING, {CURRENT: words(180, 20)})

    assert rejection(EJ, frame) == "implausible: charge and discharge current at once"


def test_five_hundred_amperes_are_believed_and_more_are_not() -> None:
    assert with_bytes(CURRENT, words(0, 50_000)).current == -500.0
    assert rejection(EJ, changed(CHARGING, {CURRENT: words(0, 50_001)})) == (
        "implausible: current -500.01, outside -500 to 500"
    )


def test_the_direction_comes_from_the_current_not_from_the_often_unused_bits() -> None:
    assert with_bytes(STATUS, words(0xF002)).current == 1.8


# ---- temperatures


@pytest.mark.parametrize(
    ("raws", "celsius"),
    [
        pytest.param((61, 61, 61, 61), (21,), id="one value four times is one sensor"),
        pytest.param((44, 0x28, 0x28, 0x28), (4,), id="0 degrees beside 4 degrees are absent sensors"),
        pytest.param((43, 0x28, 0x28, 0x28), (3, 0, 0, 0), id="0 degrees beside 3 degrees may be real"),
        pytest.param((37, 0x28, 0x28, 0x28), (-3, 0, 0, 0), id="0 degrees beside -3 degrees may be real"),
        pytest.param((36, 0x28, 35, 0x28), (-4, -5), id="0 degrees beside -4 degrees are absent, the others stay"),
        pytest.param((0x28, 0x28, 0x28, 0x28), (0,), id="0 degrees four times is one sensor"),
        pytest.param((0x28, 61, 61, 61), (0, 21, 21, 21), id="the first sensor is always there"),
        pytest.param((46, 42, 42, 42), (6, 2, 2, 2), id="four sensors"),
        pytest.param((0, 15, 20, 165), (-40, -25, -20, 125), id="from -40 to 125 degrees"),
        pytest.param((66, 66, 0x28, 0x28), (26, 26), id="two sensors"),
    ],
)
def test_sensors_that_are_there_are_reported(raws: tuple[int, ...], celsius: tuple[int, ...]) -> None:
    assert with_bytes(TEMPERATURES, bytes(raws)).temperatures == celsius


def test_a_temperature_above_125_degrees_is_no_temperature() -> None:
    assert rejection(EJ, changed(CHARGING, {TEMPERATURES: b"\x3d\x3d\x3d\xa6"})).startswith("implausible: temperatures")


# ---- status


@pytest.mark.parametrize("bit", ALARMS)
def test_each_alarm_has_its_bit(bit: int) -> None:
    assert with_bytes(STATUS, words(0xF000 | 1 << bit)).alarms == (ALARMS[bit],)


@pytest.mark.parametrize("bit", SWITCHES)
def test_each_switch_has_its_bit(bit: int) -> None:
    off = with_bytes(STATUS, words(0xF000 & ~(1 << bit)))

    assert {name: getattr(off, name) for name in SWITCHES.values()} == {
        name: other != bit for other, name in SWITCHES.items()
    }
    assert off.alarms == ()


def test_several_alarms_are_all_named() -> None:
    assert with_bytes(STATUS, words(0xFFFC)).alarms == tuple(ALARMS.values())


@pytest.mark.parametrize("word", [0xF000, 0xF001, 0xF002, 0xF003])
def test_the_direction_bits_are_no_alarm(word: int) -> None:
    assert with_bytes(STATUS, words(word)).alarms == ()


def test_a_status_glitch_is_read_as_it_was_sent() -> None:
    """One of 540 frames said 0000 while 6.8 A flowed: valid, so the session has to wait for a second one."""
    glitch = reading(EJ, changed(CHARGING, {STATUS: words(0), CURRENT: words(0, 680)}))

    assert glitch.current == -6.8
    assert (glitch.charge_switch, glitch.discharge_switch) == (False, False)
    assert glitch.alarms == ()


def test_the_heater_is_on_or_off() -> None:
    assert with_bytes(HEATER, b"\x01").heater is True
    assert with_bytes(HEATER, b"\x00").heater is False


# ---- time to go, counters


@pytest.mark.parametrize(
    ("minutes", "amperes", "to_full", "to_empty"),
    [
        pytest.param(4982, words(180, 0), 298_920, None, id="charging"),
        pytest.param(90, words(0, 180), None, 5400, id="discharging"),
        pytest.param(4982, words(0, 0), None, None, id="at rest"),
        pytest.param(0, words(180, 0), None, None, id="zero is unknown"),
        pytest.param(0xFFFF, words(180, 0), None, None, id="FFFF is unknown"),
    ],
)
def test_the_time_to_go_belongs_to_the_direction(
    minutes: int, amperes: bytes, to_full: int | None, to_empty: int | None
) -> None:
    result = reading(EJ, changed(CHARGING, {TIME_TO_GO: words(minutes), CURRENT: amperes}))

    assert (result.time_to_full, result.time_to_empty) == (to_full, to_empty)


@pytest.mark.parametrize(("raw", "percent"), [(0, None), (1, 1), (100, 100), (101, None), (255, None)])
def test_health_and_its_error_are_percent_or_unknown(raw: int, percent: int | None) -> None:
    assert with_bytes(HEALTH, bytes([raw])).health == percent
    assert with_bytes(MAX_ERROR, bytes([raw])).max_error == percent


def test_the_cycles_are_counted() -> None:
    assert with_bytes(CYCLES, words(1234)).cycle_count == 1234


# ---- charge and capacity


def test_a_charge_above_100_percent_is_rejected() -> None:
    frame = changed(CHARGING, {SOC: b"\x65", CAPACITIES: words(2000)})

    assert rejection(EJ, frame) == "implausible: soc 101, outside 0 to 100"


@pytest.mark.parametrize(
    ("tenths", "reason"),
    [
        pytest.param(
            (340, 4002, 2000), "full_charge_capacity 400.2 Ah, over 2.0 x design capacity", id="full > 2 x design"
        ),
        pytest.param(
            (2606, 2004, 2000),
            "remaining_capacity 260.6 Ah, over 1.3 x full charge capacity and design capacity",
            id="left",
        ),
        pytest.param((660, 2000, 2000), "soc 17 %, but remaining / full charge is 33 %", id="SOC"),
    ],
)
def test_capacities_that_contradict_each_other_are_rejected(tenths: tuple[int, ...], reason: str) -> None:
    assert rejection(EJ, changed(CHARGING, {CAPACITIES: words(*tenths)})) == f"implausible: {reason}"


def test_soh_is_derived_and_at_most_100() -> None:
    assert reading(EJ, DISCHARGING).soh == 99.0
    assert with_bytes(CAPACITIES, words(340, 2300, 2000)).soh == 100.0


def test_soc_agrees_with_the_full_charge_capacity_not_with_the_label() -> None:
    aged = reading(EJ, changed(CHARGING, {SOC: b"\x64", CAPACITIES: words(1000, 1000, 2000)}))

    assert (aged.soc, aged.remaining_capacity, aged.soh) == (100, 100.0, 50.0)


# ---- variants


def test_a_length_in_info_bytes_is_accepted_as_well() -> None:
    """Volthium's wired version 5.0 states 3F, the 63 bytes between length field and checksum."""
    payload = payload_of(CHARGING)
    payload[2:5] = b"\x50\x00\x3f"
    wired = reading(EJ, ej_frame(bytes(payload)))

    assert wired.cell_voltages == reading(EJ, CHARGING).cell_voltages


def test_the_short_status_has_no_capacities_and_no_balancer_is_invented() -> None:
    short = reading(EJ, frame_of("ej/libatt-10s"))

    assert (short.remaining_capacity, short.full_charge_capacity, short.design_capacity) == (None, None, None)
    assert (short.soh, short.time_to_full, short.health) == (None, None, None)
    assert not [name for name in short.as_dict() if "balanc" in name]


def test_both_frames_of_a_two_frame_battery_are_one_reading() -> None:
    pair = CONTRIBUTED["ej/ag-12v-100ah"].frames
    both = reading(EJ, *pair)

    assert (both.variant, both.soc, both.remaining_capacity) == ("short_status+capacity", 60, 59.0)
    assert both.frames == pair


def test_the_capacity_alone_is_a_reading_of_capacities() -> None:
    alone = reading(EJ, CONTRIBUTED["ej/ag-12v-100ah"].frames[1])

    assert (alone.remaining_capacity, alone.cell_voltages, alone.soc, alone.pack_voltage) == (59.0, (), None, None)


def test_unused_clock_bytes_may_hold_anything() -> None:
    assert with_bytes(5, bytes.fromhex("000101C0000088")).soc == 17


def test_another_address_is_another_battery() -> None:
    assert rejection(EJ, changed(CHARGING, {0: b"\x01"})) == "message 0182 of 69 bytes is not described"
