"""A current is found by what was typed; where an app hides or turns its sign, the voltage tells."""

from collections.abc import Sequence
from struct import pack

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.currents import find_currents
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Series, Word

AMPS = (0.0, 0.0, -12.5, -36.2, -36.2, 0.0, 7.3, 21.4, 7.3, -12.5, 0.0, -36.2)
VOLTS = tuple(13.2 + amps * 0.004 for amps in AMPS)
MOMENTS = ((0, 0.0), (2, -12.5), (4, -36.2), (7, 21.4))


def best(payloads: Sequence[bytes], typed: Sequence[tuple[int, float]] = MOMENTS) -> Place:
    return found(payloads, typed, VOLTS)[0]


def found(payloads: Sequence[bytes], typed: Sequence[tuple[int, float]], volts: Sequence[float]) -> tuple[Place, str]:
    times = tuple(30.0 * number for number in range(len(payloads)))
    series = Series(times=times, payloads=tuple(payloads), size=len(payloads[0]))
    labels = [parse_label(f"{30 * number}: {amps:.1f}A") for number, amps in typed]
    currents = find_currents(Table(series, labels), frozenset(), volts, little=None)
    return currents.matches[0].place, currents.note


def signed(amps: float, scale: float = 0.1) -> bytes:
    return b"\x55" + round(amps / scale).to_bytes(2, signed=True)


def test_a_current_may_count_from_any_round_number() -> None:
    payloads = [b"\x55" + (4000 + round(amps * 10)).to_bytes(2, "little") for amps in AMPS]

    assert best(payloads) == Place(name="current", word=Word(at=1, type="u16-le"), scale=0.1, offset=-400.0)


def test_charge_and_discharge_may_be_two_floats() -> None:
    payloads = [pack("<ff", max(-amps, 0), max(amps, 0)) for amps in AMPS]

    assert best(payloads) == Place(name="current", word=Word(at=4, type="f32-le"), minus=Word(at=0, type="f32-le"))


def test_a_direction_elsewhere_is_better_than_a_typed_current_that_does_not_fit() -> None:
    payloads = [signed(abs(amps)) + bytes([2 if amps < 0 else amps > 0]) for amps in AMPS]

    assert best(payloads) == Place(name="current", word=Word(at=1, type="u16"), scale=0.1, sign=(3, 0xFF, 2))


def test_the_voltage_tells_which_byte_says_the_direction_when_only_loads_were_typed() -> None:
    payloads = [bytes([7 if amps < -20 else 3]) + signed(abs(amps)) + bytes([amps < 0]) for amps in AMPS]

    assert best(payloads, MOMENTS[:3]).sign == (4, 0xFF, 1)


def test_an_app_that_shows_loads_as_positive_is_turned_round() -> None:
    place, note = found([signed(amps) for amps in AMPS], [(at, -amps) for at, amps in MOMENTS], VOLTS)

    assert (place.scale, note[:44]) == (0.1, "current: typed the other way round than the ")


def test_an_app_that_shows_no_sign_is_understood_by_the_voltage() -> None:
    place, note = found([signed(amps) for amps in AMPS], [(at, abs(amps)) for at, amps in MOMENTS], VOLTS)

    assert (place.word, place.scale, note[:31]) == (Word(at=1, type="i16"), 0.1, "current: the app shows no sign;")


def test_without_a_voltage_what_was_typed_is_believed() -> None:
    place, note = found([signed(amps) for amps in AMPS], [(at, -amps) for at, amps in MOMENTS], ())

    assert (place.scale, note) == (-0.1, "")


def test_one_slip_of_the_owner_does_not_hide_the_current() -> None:
    typed = (*MOMENTS[:3], (7, 12.4))

    assert best([signed(amps) for amps in AMPS], typed).scale == 0.1


def doubt(payloads: Sequence[bytes], typed: Sequence[tuple[int, float]]) -> str:
    times = tuple(30.0 * number for number in range(len(payloads)))
    series = Series(times=times, payloads=tuple(payloads), size=len(payloads[0]))
    labels = [parse_label(f"{30 * number}: {amps:.1f}A") for number, amps in typed]
    return find_currents(Table(series, labels), frozenset(), VOLTS, little=None).matches[0].doubt


def test_a_current_of_which_only_one_direction_was_seen_is_doubted() -> None:
    charging = [signed(abs(amps)) for amps in AMPS]

    assert doubt(charging, [(2, 12.5), (4, 36.2)]).endswith("put a load on and type it")


def test_a_signed_word_on_both_sides_of_zero_needs_one_direction_only() -> None:
    assert doubt([signed(amps) for amps in AMPS], MOMENTS[:3]) == ""


def test_a_direction_that_stands_elsewhere_needs_both() -> None:
    payloads = [signed(abs(amps)) + bytes([2 if amps < 0 else amps > 0]) for amps in AMPS]

    assert doubt(payloads, MOMENTS[:3]) != ""
    assert doubt(payloads, MOMENTS) == ""


def test_a_sign_that_was_typed_in_one_direction_only_is_never_turned() -> None:
    turned = [signed(-abs(amps)) for amps in AMPS]

    place, note = found(turned, [(2, 12.5), (4, 36.2)], VOLTS)

    assert (place.scale, note) == (-0.1, "")
