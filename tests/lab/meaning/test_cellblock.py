"""A block of cells and the volts that its words say."""

from struct import pack

import pytest

from bmsreader.lab.meaning.cellblock import Cells, numbers
from bmsreader.lab.meaning.series import Series, Word


@pytest.mark.parametrize(("kind", "order"), [("u16", "big"), ("u16-le", "little")])
def test_cells_say_volts_in_both_orders(kind: str, order: str) -> None:
    payload = b"\x01" + b"".join(cell.to_bytes(2, order) + b"\x07" for cell in (3301, 3302))  # type: ignore[arg-type]

    assert Cells(word=Word(at=1, type=kind), count=2, step=3).volts(payload) == [3.301, 3.302]


def test_a_unit_of_half_a_millivolt_is_halved() -> None:
    assert Cells(word=Word(at=0, type="u16"), count=1, unit=0.5).volts((6602).to_bytes(2)) == [3.301]


def test_floats_are_volts_and_are_compared_in_millivolts() -> None:
    payload = pack(">ff", 3.301, 3.4)
    cells = Cells(word=Word(at=0, type="f32"), count=2, step=4)

    assert cells.close
    assert cells.volts(payload) == pytest.approx([3.301, 3.4])
    assert numbers(Series(times=(0.0,), payloads=(payload,), size=8), cells.words[1]) == [3400]
