"""Floats are read with their own halves, whichever of them comes first."""

from collections.abc import Callable, Sequence
from random import Random
from struct import pack

import pytest

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.fields import find_fields
from bmsreader.lab.meaning.halves import PLAIN, SWAPPED, rounded_to
from bmsreader.lab.meaning.series import Series, Word

DICE = Random(7)
ROWS = [(13.1 + n / 100 + DICE.random() / 90, 7.3 - n / 9, 62.5 - n / 30 + DICE.random() / 50) for n in range(20)]


def plain(row: Sequence[float]) -> bytes:
    return b"\x01" + b"".join(pack(">f", number) for number in row)


def swapped(row: Sequence[float]) -> bytes:
    return b"\x01" + b"".join(pack(">f", number)[2:] + pack(">f", number)[:2] for number in row)


def series(payloads: Sequence[bytes]) -> Series:
    times = tuple(10.0 * number for number in range(len(payloads)))
    return Series(times=times, payloads=tuple(payloads), size=len(payloads[0]))


@pytest.mark.parametrize(("sent", "left_out"), [(plain, SWAPPED), (swapped, PLAIN)])
@pytest.mark.parametrize("grain", [0.01, 1e-6])
def test_a_number_with_half_of_its_neighbour_flickers_or_is_less_round(
    sent: Callable[[Sequence[float]], bytes], left_out: str, grain: float
) -> None:
    rows = [[round(number / grain) * grain for number in row] for row in ROWS]

    assert left_out not in series([sent(row) for row in rows]).floats


def test_numbers_that_stand_still_do_not_tell() -> None:
    assert {PLAIN, SWAPPED} <= {*series([plain(ROWS[0])] * 20).floats}


def test_no_word_is_read_with_halves_of_two_numbers() -> None:
    found = series([swapped(row) for row in ROWS])

    assert [word for word in found.words((PLAIN, SWAPPED)) if word.at < 10] == [
        Word(at=at, type=SWAPPED) for at in (1, 5, 9)
    ]


def test_a_float_that_may_have_its_halves_either_way_is_not_sure() -> None:
    steps = (13.25, 12.75, 12.5, 13.75)
    payloads = [bytes(2) + pack(">f", volts) + bytes(2) for volts in steps for _ in range(9)]
    labels = [parse_label(f"{90 * number + 40}: {volts}V") for number, volts in enumerate(steps)]

    found = find_fields(series(payloads), labels).find("pack_voltage")

    assert found is not None
    assert found.bits == 19


def test_numbers_are_rounded_to_tenths_or_hundredths() -> None:
    assert [rounded_to(values) for values in ((1.5, 2.0), (1.25, 2.0), (1.253, 2.0))] == [0.1, 0.01, 0.0]
