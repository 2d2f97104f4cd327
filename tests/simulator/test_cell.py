"""A cell behaves as LiFePO4 does: flat in the middle, steep at both ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.simulator.cell import OPEN_CIRCUIT, Cell, open_circuit_voltage


@pytest.mark.parametrize(("soc", "volts"), OPEN_CIRCUIT)
def test_the_curve_goes_through_its_points(soc: float, volts: float) -> None:
    assert open_circuit_voltage(soc) == pytest.approx(volts, abs=0.0005)


@given(st.floats(-0.05, 1.05), st.floats(-0.05, 1.05))
def test_more_charge_never_means_less_voltage(one: float, other: float) -> None:
    assert open_circuit_voltage(min(one, other)) <= open_circuit_voltage(max(one, other))


@given(st.floats(-10, 10))
def test_no_charge_makes_a_voltage_that_no_cell_has(soc: float) -> None:
    assert 1.5 < open_circuit_voltage(soc) < 4.5


def test_between_a_fifth_and_nine_tenths_the_voltage_says_little() -> None:
    assert open_circuit_voltage(0.9) - open_circuit_voltage(0.2) < 0.1


def test_a_cell_knows_its_voltage_at_rest() -> None:
    assert Cell(capacity=100, charge=50, resistance=0.0012).at_rest == pytest.approx(3.293)
