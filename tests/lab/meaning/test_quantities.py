"""How batteries send each value."""

import pytest

from bmsreader.lab.meaning.quantities import QUANTITIES, RARE
from bmsreader.protocol.numbers import ALL_NUMBERS


def test_every_way_of_sending_names_a_type_of_the_language() -> None:
    assert {kind for quantity in QUANTITIES.values() for kind, _, _ in quantity.ways()} <= set(ALL_NUMBERS)


@pytest.mark.parametrize("name", QUANTITIES)
def test_no_way_of_sending_is_tried_twice(name: str) -> None:
    ways = list(QUANTITIES[name].ways())

    assert len(ways) == len(set(ways))


def test_a_way_that_is_seldom_met_has_its_price() -> None:
    assert QUANTITIES["soc"].price("u8", 1.0, 0.0) == 0
    assert QUANTITIES["soc"].price("f32", 100.0, 0.0) == RARE
