"""The lab finds out what the bytes of simulated batteries mean, and knows what it does not know."""

from functools import cache
from struct import pack

import pytest

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.fields import Meaning, find_fields
from bmsreader.lab.meaning.flow import Flow, flowed
from bmsreader.lab.meaning.series import Series, Word
from tests.lab.simulated import Life, live

pytestmark = pytest.mark.slow  # each analyses whole captures

MOMENTS = (0.1, 0.4, 0.75, 0.95)


@cache
def life(protocol: str) -> Life:
    return live(protocol)


def places(meaning: Meaning) -> dict[str, tuple[int, str, float, float, int]]:
    found = [finding.value for finding in meaning.fields]
    return {p.name: (p.word.at, p.word.type, p.scale, p.offset, p.count) for p in found}


def test_four_labels_give_every_value_of_a_first_generation_battery() -> None:
    meaning = find_fields(life("ej").series, life("ej").labels(*MOMENTS))

    assert places(meaning) == {
        "cell_voltages": (12, "u16", 0.001, 0, 4),
        "current": (44, "u16", 0.01, 0, 1),
        "temperatures": (48, "u8", 1, -40, 4),
        "soc": (61, "u8", 1, 0, 1),
        "remaining_capacity": (62, "u16", 0.1, 0, 1),
        "full_charge_capacity": (64, "u16", 0.1, 0, 1),
    }
    current = meaning.find("current")
    assert current is not None
    assert current.value.minus is not None
    assert current.value.minus.at == 46


def test_four_labels_give_every_value_of_a_second_generation_battery() -> None:
    meaning = find_fields(life("ej2").series, life("ej2").labels(*MOMENTS))

    assert places(meaning) == {
        "cell_voltages": (12, "u16", 0.001, 0, 4),
        "temperatures": (48, "u8", 1, -40, 4),
        "current": (54, "sm32", 0.001, 0, 1),
        "pack_voltage": (62, "u16", 0.001, 0, 1),
        "soc": (69, "u8", 1, 0, 1),
        "remaining_capacity": (74, "u32", 0.001, 0, 1),
        "full_charge_capacity": (78, "u32", 0.001, 0, 1),
    }


def test_a_battery_that_sends_no_pack_voltage_is_understood() -> None:
    meaning = find_fields(life("ej").series, life("ej").labels(*MOMENTS))

    assert meaning.notes == ["pack voltage: no word carries it; what was typed is the sum of the cells"]


def test_without_labels_cells_and_charge_are_found_and_the_rest_is_asked_for() -> None:
    meaning = find_fields(life("ej2").series)

    assert {"cell_voltages", "pack_voltage", "soc", "remaining_capacity"} <= set(places(meaning))
    assert any("capacities: their scale is a guess" in question for question in meaning.questions)


@pytest.mark.parametrize("protocol", ["ej", "ej2"])
def test_no_finding_that_is_sure_is_wrong(protocol: str) -> None:
    truth = {field.name: field for field in life(protocol).codec.description.messages["status"].fields}
    for labels in ((), (0.3,), MOMENTS):
        for finding in find_fields(life(protocol).series, life(protocol).labels(*labels)).fields:
            place, field = finding.value, truth[finding.value.name]
            if finding.sure:
                assert (place.word.at, place.scale, place.offset) == (field.at, field.scale, field.offset), finding


def test_a_label_at_the_wrong_time_is_doubted() -> None:
    labels = life("ej").labels(0.1, 0.75, 0.95)
    wrong = [type(label)(at=(label.at + 200) % 350, seen=label.seen) for label in labels]

    meaning = find_fields(life("ej").series, wrong)

    assert any("not known here, or typed too late" in question for question in meaning.questions)


def test_nothing_is_found_in_nothing() -> None:
    assert find_fields(Series(times=(), payloads=(), size=0)).fields == []


def test_a_current_that_outgrows_its_lower_half_is_read_whole() -> None:
    amps = [0.0, -16.8, -16.8, -64.4, -30.8, 0.0, 25.2, 25.2, 47.6, -14.0] * 3
    payloads = tuple(b"\x01" + round(1000 * one).to_bytes(4, "big", signed=True) + bytes(2) for one in amps)
    series = Series(times=tuple(20.0 * n for n in range(len(amps))), payloads=payloads, size=7)
    labels = [parse_label(f"{20 * n}: {amps[n]}A") for n in (1, 4, 6, 9)]

    found = find_fields(series, labels).find("current")

    assert found is not None
    assert (found.value.word.at, found.value.word.type, found.value.scale) == (1, "i32", 0.001)


def test_a_float_is_found_by_what_was_typed() -> None:
    volts = [13.2 + n / 7 for n in range(30)]
    payloads = tuple(b"\x01" + pack("<f", one) + bytes(2) for one in volts)
    series = Series(times=tuple(20.0 * n for n in range(30)), payloads=payloads, size=7)
    labels = [parse_label(f"{20 * n}: {volts[n]:.2f}V") for n in (1, 12, 25)]

    found = find_fields(series, labels).find("pack_voltage")

    assert found is not None
    assert (found.value.word.at, found.value.word.type, found.sure) == (1, "f32-le", True)


def test_a_state_of_charge_is_told_by_the_current_of_another_answer() -> None:
    """It was the same whenever it was typed, so that other bytes agree as well."""
    amps = [0.0] * 3 + [-60.0] * 12 + [40.0] * 9
    times = tuple(60.0 * number for number in range(len(amps)))
    flow = Flow(times=times, charge=tuple(flowed(times, amps)))
    payloads = tuple(bytes((60, 58 + n % 5, round(60 + 2 * ah), 60)) for n, ah in enumerate(flow.charge))
    series = Series(times=times, payloads=payloads, size=4)
    labels = [parse_label(f"{at}: 60%") for at in (0, 60, 120)]

    alone, told = (find_fields(series, labels, flow=given).find("soc") for given in (None, flow))

    assert alone is not None
    assert told is not None
    assert (told.value.word, told.bits > alone.bits + 5) == (Word(at=2, type="u8"), True)


@pytest.mark.parametrize(("step", "told"), [(0, False), (3, True)])
def test_a_remaining_charge_that_never_moves_is_not_told(step: int, told: bool) -> None:
    """Two numbers whose ratio is the typed state of charge stand in many answers."""
    payloads = tuple(
        bytes((round(80 + n * step / 10),)) + (8000 + 10 * step * n).to_bytes(2) + (10000).to_bytes(2)
        for n in range(12)
    )
    series = Series(times=tuple(60.0 * n for n in range(12)), payloads=payloads, size=5)
    found = find_fields(series, [parse_label("0: 80%")])

    assert (found.find("remaining_capacity") is not None) is told


def test_an_app_that_shows_whole_numbers_may_have_them_from_single_bytes() -> None:
    moments = ((58, -15), (57, -14), (60, 0), (63, 7))
    payloads = tuple(bytes((0x55, volts, amps & 0xFF, 0x77, 0x99)) for volts, amps in moments)
    series = Series(times=(0.0, 60.0, 120.0, 180.0), payloads=payloads, size=5)
    labels = [parse_label(f"{60 * n}: {volts}V {amps}A") for n, (volts, amps) in enumerate(moments)]
    meaning = find_fields(series, labels, cells=False)
    found = [meaning.find("pack_voltage"), meaning.find("current")]

    assert [one and (one.value.word, one.sure) for one in found] == [
        (Word(at=1, type="u8"), False),
        (Word(at=2, type="i8"), False),
    ]
