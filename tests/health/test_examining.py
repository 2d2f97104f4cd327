"""A whole report: the same whatever the order of cells, the size of the pack and the year; and never a guess."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmsreader.health import Report, as_dict, examine
from bmsreader.health.examining import ORDER
from bmsreader.health.past import DAY
from bmsreader.model.battery import BatteryInfo
from bmsreader.model.reading import Reading
from bmsreader.simulator.nature import Nature
from bmsreader.store import Reader, Store
from tests.health.lives import CYCLES, LOADS, PLAIN, START, Column, Life, Phase, Remembered, live, moment
from tests.store.batteries import HOUSE, reading

FEW = 4
MIXED: tuple[Phase, ...] = (*CYCLES, *LOADS * 4)
FOUR_YEARS = 1461 * DAY
VALUES = {"soh", "full_charge_capacity", "capacity", "spread_rest", "spread_load", "spread_top", "resistance"}


@cache
def mixed() -> Life:
    """Nine days of everything: full and empty, rest and load, and steps of the current, read every 20 s."""
    nature = Nature(
        resistances=(0.0006, 0.0008, 0.0012, 0.0007),
        charges_missing=(0.003, 0.0, 0.001, 0.002),
        capacities=(200.0, 196.0, 190.0, 205.0),
    )
    return live(16, MIXED, nature=nature, pace=20)


def look(past: Remembered) -> Report:
    report = examine(past, HOUSE)
    assert report is not None
    return report


@cache
def usual() -> Report:
    return look(mixed().past)


def numbers(report: Report) -> dict[str, float | None]:
    found = {one.name: one.value for one in report.findings}
    for cell in report.cells:
        found |= {f"{cell.cell} {one.name}": one.value for one in cell.findings}
    return found


@pytest.mark.slow
def test_a_battery_that_does_everything_tells_nearly_everything() -> None:
    assert {one.name for one in usual().findings if one.value is not None} >= VALUES
    assert usual().days == 16


@pytest.mark.slow
def test_every_report_has_every_figure_with_a_value_or_a_reason() -> None:
    for report in (usual(), look(Remembered([START], {"current": [1.0]})), look(Remembered([START], {"soc": [50.0]}))):
        assert tuple(one.name for one in report.findings) == ORDER
        for one in (*report.findings, *(item for cell in report.cells for item in cell.findings)):
            assert (one.value is None) == bool(one.reason)
            assert (one.value is None) == (one.grade is None)
            assert not one.reason or one.code


def test_a_battery_without_readings_has_no_report() -> None:
    assert examine(Remembered([], {}), HOUSE) is None


@pytest.mark.slow
@settings(max_examples=FEW, deadline=None)
@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_the_cells_changes_their_numbers_only(order: list[int]) -> None:
    past = mixed().past
    columns: dict[str, Column] = {name: column for name, column in past.columns.items() if "cell" not in name}
    columns |= {f"cell_{number + 1}": past.columns[f"cell_{other}"] for number, other in enumerate(order)}
    found = look(Remembered(past.stamps, columns))

    for number, other in enumerate(order):
        for mine, same in zip(found.cells[number].findings, usual().cells[other - 1].findings, strict=True):
            assert mine.value == pytest.approx(same.value)
    assert found.finding("spread_load").value == pytest.approx(usual().finding("spread_load").value)
    assert found.finding("capacity").value == pytest.approx(usual().finding("capacity").value)


@pytest.mark.slow
@settings(max_examples=FEW, deadline=None)
@given(st.sampled_from([0.5, 2.0, 4.0, 8.0]))
def test_a_pack_of_twice_the_size_has_twice_the_capacity_and_half_the_resistance(factor: float) -> None:
    past = mixed().past
    sized = {"current", "remaining_capacity", "full_charge_capacity", "design_capacity"}
    columns: dict[str, Column] = {
        name: [None if value is None else factor * value for value in column] if name in sized else column
        for name, column in past.columns.items()
    }
    found, same = numbers(look(Remembered(past.stamps, columns))), numbers(usual())

    for name, value in same.items():
        scale = factor if name in {"capacity", "full_charge_capacity"} else 1 / factor if "resistance" in name else 1
        assert found[name] == (None if value is None else pytest.approx(scale * value, rel=0.02, abs=1e-6))


@pytest.mark.slow
@settings(max_examples=FEW, deadline=None)
@given(st.sampled_from([-10 * FOUR_YEARS, -FOUR_YEARS, FOUR_YEARS, 12 * FOUR_YEARS]))
def test_the_year_does_not_matter(shift: int) -> None:
    past = mixed().past
    found = look(Remembered([stamp + shift for stamp in past.stamps], past.columns))

    assert numbers(found) == {
        name: None if value is None else pytest.approx(value) for name, value in numbers(usual()).items()
    }
    assert {one.name: one.reason for one in found.findings} == {one.name: one.reason for one in usual().findings}


# ---- what is hopeless


def hopeless(name: str) -> Remembered:
    if name == "constant load":
        return live(12, ((24, -0.002, 0),), pace=60).past
    if name == "only 0.2 A":
        return live(12, ((3, -0.001, 5), (3, 0.001, 5)), pace=60).past
    if name == "too short":
        return live(0.1, LOADS, pace=10).past
    past = mixed().past
    keep = [at for at in range(len(past.stamps)) if at // 10 % 40 == 0]  # three minutes of every two hours
    return past.picked(keep)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["constant load", "only 0.2 A", "too short", "mostly gaps"])
def test_hopeless_data_gives_reasons_and_no_numbers(name: str) -> None:
    found = {one.name: one for one in look(hopeless(name)).findings}

    for figure in ("capacity", "resistance", "self_discharge", "uncounted_loss", "full_charge_capacity_trend"):
        assert found[figure].value is None, figure
        assert found[figure].reason, figure


@pytest.mark.slow
def test_noise_alone_is_no_finding() -> None:
    dice = Random(8)
    count = 5 * 8640
    columns: dict[str, Column] = {name: [round(dice.uniform(3.2, 3.4), 3) for _ in range(count)] for name in CELLS}
    columns |= {"current": [round(dice.uniform(-20, 20) / 0.2) * 0.2 for _ in range(count)]}
    columns |= {"full_charge_capacity": [200.0] * count, "pack_voltage": [13.2] * count}
    found = look(Remembered([START + 10_000 * number for number in range(count)], columns))

    assert found.finding("resistance").value is None
    assert found.finding("capacity").value is None
    assert found.finding("weakest_cell").value is None


CELLS = ("cell_1", "cell_2", "cell_3", "cell_4")


# ---- the real history


def stored(past: Remembered, path: Path) -> None:
    """Write a life into a real history."""
    with Store(path) as store:
        store.put_info(BatteryInfo(id=HOUSE, name="House", slug="house"))
        for at, stamp in enumerate(past.stamps):
            store.append(as_reading(past, at, stamp))
            if at % 3600 == 3599:
                store.commit()


def as_reading(past: Remembered, at: int, stamp: int) -> Reading:
    values = {name: past.columns[name][at] for name in PLAIN}
    cells = tuple(past.columns[name][at] for name in CELLS)
    return reading(
        moment(stamp), HOUSE, cell_voltages=cells, temperatures=(past.columns["temperature_1"][at],), **values
    )


@pytest.mark.slow
def test_the_real_history_tells_the_same(tmp_path: Path) -> None:
    past = mixed().past
    stored(past, tmp_path / "history.sqlite3")

    with Reader(tmp_path / "history.sqlite3") as reader:
        found = examine(reader, HOUSE)

    assert found is not None
    same = numbers(usual())
    assert numbers(found) == {
        name: None if value is None else pytest.approx(value, rel=0.01) for name, value in same.items()
    }
    assert as_dict(found)["series"].keys() == as_dict(usual())["series"].keys()


@pytest.mark.slow
def test_how_far_it_is_grows_to_the_whole() -> None:
    told: list[tuple[float, float]] = []

    examine(mixed().past, HOUSE, tell=lambda done, whole: told.append((done, whole)))

    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.slow
def test_a_part_of_the_history_is_looked_at_alone() -> None:
    middle = moment(START + 8 * DAY)

    found = examine(mixed().past, HOUSE, start=middle, end=middle + timedelta(days=3))

    assert found is not None
    assert found.days == 3
    assert all(one.span is None or one.span.start >= START + 8 * DAY for one in found.findings)


@pytest.mark.slow
def test_few_single_readings_are_looked_at() -> None:
    past = mixed().past
    past.asked = 0

    look(past)

    assert past.asked < len(past.stamps) / 2
