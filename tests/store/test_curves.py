"""Summaries as they lie on disk."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bmsreader.store import Store
from bmsreader.store.content import milliseconds
from bmsreader.store.curves import Curves
from bmsreader.store.summaries import DAY, HOUR, QUARTER
from tests.clock import START
from tests.store.batteries import fill, readings

pytestmark = pytest.mark.slow
BEGIN = milliseconds(START)


@pytest.fixture
def curves(path: Path) -> Iterator[Curves]:
    with Store(path) as mine:
        fill(mine, readings(7200, step=30), every=900)
    connection = sqlite3.connect(path)
    yield Curves(connection)
    connection.close()


def test_quarters_hours_and_days_count_the_same_readings(curves: Curves) -> None:
    counts = {
        step: sum(read(1, "soc", BEGIN, BEGIN + 3 * DAY).columns[4])
        for step, read in ((QUARTER, curves.quarters), (HOUR, curves.hours), (DAY, curves.days))
    }

    assert counts == {QUARTER: 7200, HOUR: 7200, DAY: 7200}


def test_a_counter_goes_on_from_what_it_was_before(curves: Curves) -> None:
    starts, lasts, before = curves.steps(1, "energy_in", BEGIN + DAY - BEGIN % DAY, BEGIN + 3 * DAY)

    assert before is not None
    assert before == lasts[0] - 30
    assert starts[0] == BEGIN + DAY - BEGIN % DAY
    assert curves.steps(1, "energy_in", BEGIN - DAY, BEGIN)[2] is None
    assert curves.steps(1, "energy_in", BEGIN + 9 * DAY, BEGIN + 10 * DAY)[2] == 7200.0


def test_the_fields_of_some_days_have_their_names(curves: Curves) -> None:
    assert {"soc", "cell_1", "energy_in"} <= set(curves.names(1, BEGIN // DAY, BEGIN // DAY + 1).values())
    assert curves.names(1, 0, 9) == {}
    assert curves.day_from(1, 0) == BEGIN // DAY
    assert curves.day_from(1, BEGIN // DAY + 9) is None
