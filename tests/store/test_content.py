"""Readings become columns and readings again."""

from array import array
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model.reading import Reading
from bmsreader.store import content
from bmsreader.store.block import Block
from tests.clock import START
from tests.store.batteries import HOUSE, bare, reading, readings

VOLTS = st.one_of(
    st.integers(0, 5000).map(lambda number: number / 1000), st.floats(allow_nan=False, allow_infinity=False)
)
MAYBE = st.one_of(st.none(), VOLTS)
TEXTS = st.lists(st.text(max_size=9), max_size=2).map(tuple)


@st.composite
def some_reading(draw: Any) -> Reading:
    taken_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=draw(st.integers(0, 10**12)))
    values: dict[str, Any] = {
        name: draw(MAYBE) for name in ("pack_voltage", "current", "soc", "time_to_full", "health", "max_error")
    }
    switches: dict[str, Any] = {name: draw(st.one_of(st.none(), st.booleans())) for name in ("charge_switch", "heater")}
    several: dict[str, Any] = {
        name: tuple(draw(st.lists(VOLTS, max_size=5))) for name in ("cell_voltages", "temperatures")
    }
    texts: dict[str, Any] = {name: draw(TEXTS) for name in ("alarms", "derived", "notes")}
    words: dict[str, Any] = {name: draw(st.text(max_size=9)) for name in ("protocol", "variant")}
    count: dict[str, Any] = {"cycle_count": draw(st.one_of(st.none(), st.integers(0, 10**6)))}
    return bare(reading(taken_at, **values, **switches, **several, **texts, **words, **count))


def again(some: list[Reading], signals: list[int | None]) -> Block:
    stamps = array("q", [content.milliseconds(one.taken_at) for one in some])
    return Block(content.pack(content.columns_of(stamps, some, signals)))


@pytest.mark.slow
@given(st.lists(some_reading(), min_size=1, max_size=12))
def test_any_readings_come_back(some: list[Reading]) -> None:
    block = again(some, [None] * len(some))

    assert list(map(repr, content.readings_in(block, HOUSE))) == list(map(repr, some))


def test_readings_of_a_battery_in_use_come_back() -> None:
    some = [bare(one) for one in readings(300)]
    some = [replace(one, taken_at=content.moment(content.milliseconds(one.taken_at))) for one in some]

    assert list(map(repr, content.readings_in(again(some, [None] * 300), HOUSE))) == list(map(repr, some))


def test_the_signal_is_kept_beside_the_reading() -> None:
    assert again([reading(), reading(START + timedelta(seconds=1))], [-61, None]).column("signal") == [-61, None]


def test_cells_that_come_and_go_keep_their_places() -> None:
    rows = [(3.3, 0.0, 3.2), (), (3.3, 3.3, 3.3, 3.3)]
    some = [reading(START + timedelta(seconds=n), cell_voltages=row) for n, row in enumerate(rows)]

    found = content.readings_in(again(some, [None] * 3), HOUSE)
    assert [one.cell_voltages for one in found] == rows


def test_blocks_with_different_columns_join() -> None:
    with_cells = again([reading()], [None])
    without = again([reading(START + timedelta(seconds=1), cell_voltages=())], [None])
    joined = content.columns_in([with_cells, without])

    assert [one.cell_voltages for one in content.readings_of(joined, HOUSE)] == [(3.32, 3.32, 3.321, 3.319), ()]


def test_a_block_of_an_older_program_lacks_columns() -> None:
    (found,) = content.readings_of({"taken_at": [0], "soc": [50]}, HOUSE)

    assert (found.soc, found.current, found.alarms, found.protocol) == (50, None, (), "")


def test_a_time_is_cut_to_whole_milliseconds() -> None:
    exact = START + timedelta(microseconds=1999)

    assert content.moment(content.milliseconds(exact)) == START + timedelta(milliseconds=1)


def test_times_go_to_the_nearest_point_of_a_grid() -> None:
    assert [content.on_grid(stamp, 1000) for stamp in (499, 500, 1499)] == [0, 1000, 1000]
