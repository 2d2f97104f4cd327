"""What is true of a simulated pack can be set, and its BMS does not see it."""

from random import Random
from typing import Any

import pytest

from bmsreader.model.errors import UsageError
from bmsreader.simulator.demand import Steady
from bmsreader.simulator.nature import MONTH, YEAR, Nature
from bmsreader.simulator.pack import Pack
from tests.clock import Clock


def pack(clock: Clock, rate: float = 0.0, **nature: Any) -> Pack:
    return Pack(
        clock=clock, dice=Random(1), demand=Steady(rate=rate), ambient=30, step=3600.0, hour=0, nature=Nature(**nature)
    )


def test_a_cell_has_the_capacity_and_resistance_that_it_was_given() -> None:
    some = pack(Clock(), capacities=(90, 91, 92, 93), resistances=(0.001, 0.002, 0.003, 0.004))

    assert [cell.capacity for cell in some.cells] == [90, 91, 92, 93]
    assert [cell.resistance for cell in some.cells] == [0.001, 0.002, 0.003, 0.004]


def test_self_discharge_is_not_seen() -> None:
    clock = Clock()
    some = pack(clock, self_discharge=(3.0, 0.0, 0.0, 0.0))
    before, said = [cell.charge for cell in some.cells], some.measure()

    clock.advance(MONTH)

    assert before[0] - some.cells[0].charge == pytest.approx(0.03 * some.cells[0].capacity, rel=0.01)
    assert some.cells[1].charge == before[1]
    assert (some.measure().remaining_capacity, some.measure().current) == (said.remaining_capacity, 0.0)


def test_a_load_that_flows_past_the_meter_is_not_seen() -> None:
    clock = Clock()
    some = pack(clock, parasite=0.02)
    before = some.cells[2].charge

    clock.advance(100 * 3600)

    assert before - some.cells[2].charge == pytest.approx(2.0, rel=0.02)
    assert some.measure().current == 0.0


@pytest.mark.slow
def test_a_pack_ages() -> None:
    clock = Clock()
    some = pack(clock, fade=5.0, growth=20.0)
    capacity, resistance = some.cells[0].capacity, some.cells[0].resistance

    clock.advance(YEAR)

    assert some.cells[0].capacity == pytest.approx(0.95 * capacity, rel=0.001)
    assert some.cells[0].resistance == pytest.approx(1.2 * resistance, rel=0.001)
    assert some.measure().full_charge_capacity == 92.0


def test_a_meter_has_its_own_steps_offset_and_scale() -> None:
    some = pack(Clock(), rate=-0.1, current_step=0.5, current_offset=0.2, current_gain=1.02)

    assert some.true_current == pytest.approx(-10.0)
    assert some.measure().current == -10.0  # -10.2 + 0.2


def test_a_cell_may_have_a_curve_of_its_own() -> None:
    typical, higher = pack(Clock(), capacities=(200,) * 4), pack(Clock(), capacities=(200,) * 4, curve=0.9)

    for some in (typical, higher):
        some.cells[0].charge = 10.0
    assert higher.cells[0].at_rest > typical.cells[0].at_rest
    for some in (typical, higher):
        some.cells[0].charge = 0.0
    assert higher.cells[0].at_rest == typical.cells[0].at_rest


def test_a_part_of_the_resistance_builds_up_slowly() -> None:
    clock = Clock()
    some = Pack(
        clock=clock,
        dice=Random(1),
        demand=Steady(rate=-0.2),
        ambient=30,
        step=10.0,
        nature=Nature(polarisation=0.5, polarisation_time=120.0, resistances=(0.002,) * 4),
    )
    at_once = some.cells[0].at_rest - some.true_voltages[0]

    clock.advance(600)

    assert at_once == pytest.approx(0.0208, rel=0.05)
    assert some.cells[0].at_rest - some.true_voltages[0] == pytest.approx(0.04, rel=0.02)


def test_a_charger_sees_what_was_lost_unseen() -> None:
    clock = Clock()
    some = pack(clock, rate=0.2, self_discharge=4.0)
    clock.advance(2 * MONTH)

    assert min(cell.charge / cell.capacity for cell in some.cells) > 0.94


@pytest.mark.parametrize(
    "wrong",
    [
        {"resistances": (0.001,)},
        {"self_discharge": (1.0, 2.0)},
        {"polarisation": 2.0},
        {"current_step": 0.0},
        {"curve": 9.0},
    ],
    ids=["one resistance", "two losses", "too slow", "no step", "no cell"],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        pack(Clock(), **wrong)
