"""The second generation, value by value: PowerBoozt, Wattstunde Nova, Caratec, Doerr and KS Energy."""

import pytest

from bmsreader.descriptions import load
from tests.contributed import frame_of, reading, rejection
from tests.frames import XOR_KEY, changed2, nova_frame, payload_of, words

EJ2 = load("ej2")
CHARGING = frame_of("ej2/powerboozt-12v-300ah")
RESTING = frame_of("ej2/ks-energy-12v-120ah")
NOVA = frame_of("ej2/wattstunde-nova-12v-150ah")
CELLS, STATUS, TEMPERATURES, CURRENT, VOLTAGE, SPREAD, COUNT, FLAGS = 12, 44, 48, 54, 62, 64, 66, 85
CAPACITIES = 70


def long_words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


@pytest.mark.parametrize(
    ("raw", "amperes"),
    [
        pytest.param(0x0000320A, 12.81, id="charging"),
        pytest.param(0x800005F0, -1.52, id="discharging: sign and magnitude, no two's complement"),
        pytest.param(0x0000F618, 63.0, id="63 A do not wrap at 32.767 A"),
        pytest.param(0x8000F618, -63.0, id="nor do they when discharging"),
        pytest.param(0x00008000, 32.768, id="the step where others wrap"),
        pytest.param(0, 0.0, id="at rest"),
        pytest.param(0x80000000, 0.0, id="minus zero is zero"),
        pytest.param(0x8007A120, -500.0, id="500 A"),
    ],
)
def test_the_current_is_sign_and_magnitude(raw: int, amperes: float) -> None:
    assert reading(EJ2, changed2(CHARGING, {CURRENT: long_words(raw)})).current == amperes


def test_more_than_five_hundred_amperes_are_not_believed() -> None:
    assert "outside -500 to 500" in rejection(EJ2, changed2(CHARGING, {CURRENT: long_words(500_001)}))


def test_the_direction_bits_agree_with_the_sign() -> None:
    nova = reading(EJ2, NOVA)
    status = next(field for field in EJ2.explain(NOVA) if field.name == "status")

    assert nova.current == -1.18
    assert isinstance(status.value, tuple)
    assert "discharging" in status.value


def test_the_nova_checksum_counts_and_so_does_its_key() -> None:
    assert rejection(EJ2, NOVA.replace(b"2CDB", b"2CDA", 1)).startswith("checksum")
    assert reading(EJ2, nova_frame(bytes(payload_of(NOVA, check=2, key=XOR_KEY)))).variant == "nova"


def test_the_plain_checksum_leaves_the_address_out() -> None:
    assert reading(EJ2, CHARGING).variant == "status"
    assert rejection(EJ2, CHARGING[:-3] + b"EA~") == "checksum EA, expected EB"


def test_lower_case_digits_are_the_same_bytes() -> None:
    assert reading(EJ2, b":" + CHARGING[1:-1].lower() + b"~").notes == reading(EJ2, CHARGING).notes


def test_a_battery_that_reports_more_charge_than_it_holds_says_so_in_the_notes() -> None:
    resting = reading(EJ2, RESTING)

    assert resting.remaining_capacity == 139.904
    assert resting.full_charge_capacity == 120.0
    assert resting.notes == ("the battery reports more remaining capacity than full charge capacity; rely on soc",)
    assert reading(EJ2, NOVA).notes == ()


def test_the_pack_voltage_is_the_batterys_own() -> None:
    assert reading(EJ2, CHARGING).derived == ()


@pytest.mark.parametrize(
    ("at", "data", "reason"),
    [
        pytest.param(CELLS, words(3381), "pack_voltage 13.524 V, but the cells add up to 13.523 V", id="cell"),
        pytest.param(VOLTAGE, words(13525), "pack_voltage 13.525 V, but the cells add up to 13.524 V", id="voltage"),
        pytest.param(SPREAD, words(9), "cell spread sent as 0.009 V, but the cells say otherwise", id="spread"),
        pytest.param(COUNT, b"\x05", "5 cells announced, 4 sent", id="count"),
        pytest.param(FLAGS, words(0), "status F001 but flags 0", id="flags"),
        pytest.param(52, words(100), "gauge_temperature 100, outside 4000 to 4700", id="gauge"),
        pytest.param(88, words(0), "serial_mark 0, outside 1 to 65535", id="serial mark"),
        pytest.param(69, b"\x65", "soc 101, outside 0 to 100", id="SOC"),
        pytest.param(CAPACITIES, long_words(0), "design_capacity 0.0, outside 1 to 5000", id="design"),
        pytest.param(
            CAPACITIES + 4,
            long_words(390_001),
            "remaining_capacity 390.001 Ah, over 1.3 x full charge capacity and design capacity",
            id="left",
        ),
        pytest.param(
            CAPACITIES + 8,
            long_words(600_001),
            "full_charge_capacity 600.001 Ah, over 2.0 x design capacity",
            id="full",
        ),
    ],
)
def test_values_that_contradict_each_other_are_rejected(at: int, data: bytes, reason: str) -> None:
    assert rejection(EJ2, changed2(CHARGING, {at: data})) == f"implausible: {reason}"


def test_a_dead_cell_keeps_its_place() -> None:
    cells = words(3382, 0, 3384, 3376)
    changes = {CELLS: cells, VOLTAGE: words(10142), SPREAD: words(3384)}

    assert reading(EJ2, changed2(CHARGING, changes)).cell_voltages == (3.382, 0.0, 3.384, 3.376)


def test_a_status_glitch_is_rejected_where_the_second_word_contradicts_it() -> None:
    assert rejection(EJ2, changed2(CHARGING, {STATUS: words(0)})) == "implausible: status 0 but flags F001"


def test_a_status_of_zero_in_both_words_is_read_as_sent() -> None:
    glitch = reading(EJ2, changed2(CHARGING, {STATUS: words(0), FLAGS: words(0)}))

    assert (glitch.charge_switch, glitch.discharge_switch, glitch.alarms) == (False, False, ())


@pytest.mark.parametrize("bit", range(2, 12))
def test_each_alarm_has_the_bit_of_the_first_generation(bit: int) -> None:
    first = {b.bit: b.name for f in load("ej").description.messages["status"].fields for b in f.bits}

    assert reading(EJ2, changed2(CHARGING, {STATUS: words(0xF000 | 1 << bit)})).alarms == (first[bit],)


def test_temperatures_below_zero_are_read() -> None:
    assert reading(EJ2, changed2(CHARGING, {TEMPERATURES: bytes((30, 28, 35, 39))})).temperatures == (-10, -12, -5, -1)


def test_soh_is_derived_since_the_word_that_others_take_for_it_is_none() -> None:
    charging = reading(EJ2, CHARGING)

    assert (charging.health, charging.soh) == (None, 100.0)
