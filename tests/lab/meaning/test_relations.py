"""Numbers that hang together are found without labels."""

import pytest

from bmsreader.lab.meaning.relations import (
    charge_scale,
    correlation,
    follows_voltage,
    likely_scales,
    parts_of_whole,
    sum_of_cells,
)
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Series, Word


def table(*payloads: bytes, every: float = 60.0) -> Table:
    times = tuple(every * number for number in range(len(payloads)))
    return Table(Series(times=times, payloads=payloads, size=len(payloads[0])), ())


def test_the_sum_of_the_cells_is_recognised() -> None:
    rows = [(13.12, 1312), (13.05, 1305), (13.44, 1344), (12.87, 1287)]
    found = sum_of_cells(table(*(b"\x99" + raw.to_bytes(2) for _, raw in rows)), [v for v, _ in rows], 4, frozenset())

    assert (found[0].value.word, found[0].value.scale) == (Word(at=1, type="u16"), 0.01)


def test_remaining_over_full_charge_is_the_state_of_charge() -> None:
    payloads = [
        bytes((100 * remaining // 2000,)) + remaining.to_bytes(2) + (2000).to_bytes(2)
        for remaining in range(1000, 1600, 37)
    ]
    _, (soc, part, whole) = max(parts_of_whole(table(*payloads), frozenset()), key=lambda pair: pair[0])

    assert (soc.word.at, part.word.at, whole.word.at) == (0, 1, 3)


def test_the_charge_that_flowed_tells_the_scale() -> None:
    payloads = [(1000 - 5 * number).to_bytes(2) for number in range(12)]
    remaining = Place(name="remaining_capacity", word=Word(at=0, type="u16"))

    found = charge_scale(table(*payloads), remaining, [-0.5 * number for number in range(12)])

    assert found is not None
    assert found.value == pytest.approx(0.1)


def test_charge_that_hardly_moves_tells_nothing() -> None:
    remaining = Place(name="remaining_capacity", word=Word(at=0, type="u16"))

    assert charge_scale(table(*[b"\x03\xe8"] * 5), remaining, [-0.5 * number for number in range(5)]) is None


def test_a_full_charge_has_a_scale_that_packs_have() -> None:
    kinds = {kind: Word(at=0, type=kind) for kind in ("u16", "u32", "f32")}
    assert (likely_scales(kinds["u16"], 10000)[0], likely_scales(kinds["u32"], 200_000)[0]) == (0.01, 0.001)
    assert (likely_scales(kinds["f32"], 100.5), likely_scales(kinds["f32"], 200_000.0)) == ([1.0], [0.001])


def test_current_moves_with_the_voltage() -> None:
    amps = [0, 0, -500, -500, -100, -100, 300, 300, 0, -700]
    payloads = [b"\x55" + amp.to_bytes(2, signed=True) + bytes((n * 37 % 256,)) for n, amp in enumerate(amps)]

    found = follows_voltage(table(*payloads), [13.2 + amp / 5000 for amp in amps], frozenset())

    assert (found[0].value.word, found[0].value.scale) == (Word(at=1, type="i16"), 0.01)


def test_what_stands_still_is_like_nothing() -> None:
    assert correlation([1, 1, 1], [1, 2, 3]) == 0


def test_a_register_that_stands_twice_is_no_proof_of_a_charge() -> None:
    payloads = [bytes((soc, 7, 9, soc, 0, 100, 5)) for soc in range(30, 60)]

    assert max(bits for bits, _ in parts_of_whole(table(*payloads), frozenset())) <= 5.0
