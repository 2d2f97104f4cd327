"""Health looks at summaries, and at single readings in a few places only."""

from datetime import UTC, datetime

from bmsreader.health.past import DAY, QUARTER, Source, is_cell, moment, month, spread_out
from tests.health.lives import START, Column, Remembered

MINUTE = 60_000


def minutes(count: int, **columns: float) -> Remembered:
    values: dict[str, Column] = {name: [value] * count for name, value in columns.items()}
    return Remembered([START + number * MINUTE for number in range(count)], values)


def test_the_cells_come_in_their_order() -> None:
    past = minutes(1, cell_10=3.3, cell_2=3.3, cell_1=3.3, cell_spread=0.0, current=0.0)

    assert Source(past, "x", START, START + 1).cells == ("cell_1", "cell_2", "cell_10")


def test_a_spread_is_no_cell() -> None:
    assert is_cell("cell_7")
    assert not is_cell("cell_spread")


def test_days_and_quarters_lie_on_their_grid() -> None:
    source = Source(minutes(3 * 24 * 60, current=1.0), "x", START, START + 3 * DAY)

    assert list(source.days("current").stamps) == [START, START + DAY, START + 2 * DAY]
    assert len(source.quarters(["current"], START + DAY, START + 2 * DAY).stamps) == 96


def test_a_day_at_the_edge_is_not_left_out() -> None:
    source = Source(minutes(100, current=1.0), "x", START + 5 * MINUTE, START + 95 * MINUTE)

    assert list(source.days("current").stamps) == [START]
    assert source.quarters(["current"], 0, START + DAY).stamps[0] == START


def test_readings_without_a_value_are_left_out() -> None:
    past = minutes(10, current=1.0, temperature_1=20.0)
    past.columns["temperature_1"][3] = None

    found = Source(past, "x", START, START + DAY).raw(("current", "temperature_1"), START, START + DAY)

    assert len(found.stamps) == len(found.columns["current"]) == 9


def test_only_the_last_months_are_looked_at_closely() -> None:
    source = Source(minutes(1, current=1.0), "x", START - 2000 * DAY, START)

    assert (START - source.detailed) / DAY == 400


def test_a_month_begins_on_its_first_day() -> None:
    assert moment(month(START + 40 * DAY + QUARTER)) == datetime(2026, 2, 1, tzinfo=UTC)


def test_some_are_chosen_evenly() -> None:
    assert spread_out(list(range(100)), 4) == [12, 37, 62, 87]
    assert spread_out([1, 2], 4) == [1, 2]
    assert spread_out([1, 2], 0) == []
