"""Mini-batches, and the totals beside them."""

from datetime import timedelta

import pytest

from bmsreader.model.battery import Totals
from bmsreader.store import rows
from bmsreader.store.block import Block
from bmsreader.store.content import milliseconds
from bmsreader.store.rows import SEGMENT, Batch
from tests.clock import START
from tests.store.batteries import reading


def batch(count: int, *, first: int = 1, step: int = 1) -> Batch:
    found = Batch(first)
    for number in range(count):
        taken_at = START + timedelta(seconds=number * step)
        found.add(reading(taken_at), milliseconds(taken_at), -60, Totals(energy_in=float(number)))
    return found


def test_a_batch_becomes_one_row() -> None:
    (row,) = batch(60, first=7).rows()

    assert (row.first, row.count, row.end - row.start) == (7, 60, 59_000)
    assert Block(row.data).count == 60


@pytest.mark.slow
def test_more_than_a_segment_becomes_several_rows_with_their_own_totals() -> None:
    found = batch(2 * SEGMENT + 10).rows()

    assert [(row.first, row.count) for row in found] == [(1, 3600), (3601, 3600), (7201, 10)]
    assert [int(row.counters[-1][1]) for row in found] == [3599, 7199, 7209]


def test_each_quarter_of_an_hour_has_its_last_totals() -> None:
    counters = batch(1000).counters

    assert [entry[1] for entry in counters] == [899.0, 999.0]


def test_the_newest_totals_are_the_highest_whatever_the_clock_said() -> None:
    assert rows.latest_totals([]) is None
    assert rows.latest_totals([[9, 5.0, 0, 0, 0, 0], [1, 7.0, 0, 0, 0, 0]]) == Totals(energy_in=7.0, energy_out=0)


def test_totals_are_stored_and_found_again() -> None:
    totals = Totals(energy_in=1.5, gaps=3.0)

    assert rows.totals_from(rows.totals_text(totals)) == totals
    assert rows.totals_from(None) is None
    assert rows.totals_from('{"energy_in": 2.0, "of a newer program": 1}') == Totals(energy_in=2.0)
    assert rows.counters_from(rows.counters_text([[1.0, 2.0]])) == [[1.0, 2.0]]
    assert rows.counters_from(rows.counters_text([])) == []
