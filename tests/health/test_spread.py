"""How cells differ at rest, under load and when full: against the truth of a simulated pack."""

from functools import cache

import pytest

from bmsreader.health import Finding
from bmsreader.health.currents import Currents
from bmsreader.health.past import DAY, Source
from bmsreader.health.report import CellHealth, Curve
from bmsreader.health.spread import MOST, compare, examine, full_days
from bmsreader.simulator.nature import Nature
from tests.health.lives import CYCLES, START, Column, Life, Phase, Remembered, live

DAILY: tuple[Phase, ...] = ((8, 0.2, 0), (4, 0, 0), (9, -0.06, 0), (3, 0, 0))
UNEVEN = Nature(
    resistances=(0.0006, 0.0006, 0.0012, 0.0006),
    charges_missing=(0.004, 0.0, 0.002, 0.002),
    capacities=(200, 200, 200, 200),
)


@cache
def uneven() -> Life:
    """Two weeks of a pack whose third cell has twice the resistance of the others, and whose second is full first."""
    return live(14, DAILY, nature=UNEVEN, pace=60)


def source(past: Remembered) -> Source:
    return Source(past, "x", past.stamps[0], past.stamps[-1] + 1)


def look(past: Remembered) -> tuple[dict[str, Finding], list[CellHealth], list[Curve]]:
    some = source(past)
    findings, cells, curves = examine(some, Currents(some), lambda _done, _whole: None)
    return {one.name: one for one in findings}, cells, curves


@pytest.mark.slow
def test_the_cell_with_the_highest_resistance_sags_most() -> None:
    findings, cells, _ = look(uneven().past)

    assert findings["weakest_cell"].value == 3
    assert findings["weakest_cell"].details["days_outermost"] == findings["weakest_cell"].events
    sags = [cell.findings[1].value for cell in cells]
    assert sags[2] == min(value for value in sags if value is not None)


@pytest.mark.slow
def test_the_offset_under_load_is_current_times_resistance() -> None:
    findings, cells, _ = look(uneven().past)
    third = cells[2].findings[1]
    truth = -12.0 * (0.0012 - 0.00075)

    assert third.low is not None
    assert third.high is not None
    assert third.low <= truth <= third.high
    spread = findings["spread_load"]
    assert spread.low is not None
    assert spread.high is not None
    assert spread.low <= 12.0 * 0.0006 <= spread.high


@pytest.mark.slow
def test_the_cell_that_is_full_first_is_the_highest_at_the_top() -> None:
    findings, cells, _ = look(uneven().past)
    tops = [cell.findings[2].value or 0.0 for cell in cells]

    assert tops.index(max(tops)) == 1
    assert tops.index(min(tops)) == 0
    assert findings["first_full_cell"].value == 2


@pytest.mark.slow
def test_the_offsets_of_all_cells_cancel_out() -> None:
    _, cells, _ = look(uneven().past)

    for place in range(3):
        assert sum(cell.findings[place].value or 0.0 for cell in cells) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.slow
def test_the_offsets_at_rest_are_true_to_the_millivolt() -> None:
    life = uneven()
    _, cells, _ = look(life.past)
    current = life.past.columns["current"]
    quiet = [at for at in range(60, len(current)) if not any(current[at - 60 : at + 1])]
    rows = [life.true_cells[at] for at in quiet if sum(life.true_cells[at]) / 4 < 3.36]

    for number, cell in enumerate(cells):
        truth = sum(row[number] - sum(row) / 4 for row in rows) / len(rows)
        finding = cell.findings[0]
        assert finding.value == pytest.approx(truth, abs=0.001)


@pytest.mark.slow
def test_cells_that_lose_more_than_others_drift_apart() -> None:
    nature = Nature(self_discharge=(0.0, 0.0, 0.12, 0.0), charges_missing=(0.0,) * 4, capacities=(200.0,) * 4)
    findings, _, curves = look(live(150, CYCLES, nature=nature, pace=180).past)
    trend = findings["spread_top_trend"]

    assert trend.low is not None
    assert trend.low > 0
    spread = next(curve for curve in curves if curve.name == "spread_top")
    assert list(spread.values) == sorted(spread.values)
    assert len(spread.stamps) == 5


def flat(cells: tuple[float, ...], current: float, hours: int = 240) -> Remembered:
    """A pack that does the same thing for days."""
    count = 60 * hours
    columns: dict[str, Column] = {"current": [current] * count, "full_charge_capacity": [200.0] * count}
    columns |= {f"cell_{number}": [volts] * count for number, volts in enumerate(cells, 1)}
    return Remembered([START + number * 60_000 for number in range(count)], columns)


@pytest.mark.slow
def test_cells_that_differ_by_less_than_a_millivolt_are_not_told_apart() -> None:
    findings, _, _ = look(flat((3.3, 3.3, 3.3, 3.301), -20.0))

    assert findings["weakest_cell"].value is None
    assert findings["weakest_cell"].code == "not_apart"
    assert findings["spread_load"].value == pytest.approx(0.001)


@pytest.mark.slow
def test_what_a_battery_never_did_is_not_known() -> None:
    findings, cells, _ = look(flat((3.3, 3.29, 3.3, 3.301), -20.0))

    assert findings["spread_rest"].code == "never_rest"
    assert findings["spread_top"].code == "never_top"
    assert findings["spread_rest"].value is None
    assert cells[0].findings[0].reason


@pytest.mark.slow
def test_a_dead_cell_is_not_compared() -> None:
    findings, _, _ = look(flat((3.3, 0.0, 3.3, 3.301), -20.0))

    assert findings["spread_load"].value is None


def test_a_battery_without_cells_gives_that_as_the_reason() -> None:
    past = Remembered([START], {"current": [0.0]})
    findings, cells, curves = look(past)

    assert {one.code for one in findings.values()} == {"no_cells"}
    assert (cells, curves) == ([], [])


@pytest.mark.slow
def test_some_days_of_each_month_are_enough() -> None:
    past = uneven().past
    some = source(past)

    compared = compare(some, Currents(some), lambda _done, _whole: None)

    assert len(full_days(some)) == 14
    assert all(len(one.days) <= MOST for one in compared.values())
    assert compared["rest"].span is not None
    assert compared["rest"].span.end - compared["rest"].span.start <= 14 * DAY
