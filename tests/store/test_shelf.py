"""What lies on disk, read."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bmsreader.model.battery import BatteryInfo
from bmsreader.store import Store
from bmsreader.store.content import milliseconds
from bmsreader.store.database import open_for_reading
from bmsreader.store.shelf import Shelf, Unpacked, info_from, info_text
from tests.clock import START
from tests.store.batteries import A_DAY, HOUSE, fill, readings

pytestmark = pytest.mark.slow


@pytest.fixture
def shelf(path: Path) -> Iterator[Shelf]:
    with Store(path) as mine:
        fill(mine, readings(3 * 3600 + 100), every=3600)
    connection = open_for_reading(path)
    yield Shelf(connection, Unpacked())
    connection.close()


def test_pieces_after_an_ordinal_begin_with_the_one_that_holds_it(shelf: Shelf) -> None:
    known = shelf.battery(HOUSE)
    assert known is not None

    assert [piece.first for piece in shelf.after(known, 0)] == [1, 3601, 7201, 10_801]
    assert [piece.first for piece in shelf.after(known, 3600)] == [3601, 7201, 10_801]
    assert [piece.first for piece in shelf.after(known, 3601)] == [3601, 7201, 10_801]
    assert [piece.first for piece in shelf.after(known, 10_850)] == [10_801]
    assert shelf.committed(known) == 10_900


def test_pieces_between_two_moments_are_only_those_that_touch_them(shelf: Shelf) -> None:
    known = shelf.battery(HOUSE)
    assert known is not None
    start = milliseconds(START)

    assert [piece.first for piece in shelf.between(known, start + 4_000_000, start + 5_000_000)] == [3601]
    assert [piece.first for piece in shelf.between(known, start + 7_190_000, start + 7_210_000)] == [3601, 7201]
    assert list(shelf.between(known, start - 9000, start - 1000)) == []


def test_a_damaged_segment_is_left_out_and_logged(path: Path, shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    with sqlite3.connect(path) as file:
        file.execute("UPDATE segment SET data = x'00' WHERE key & 1099511627775 = 3601")
    file.close()
    known = shelf.battery(HOUSE)
    assert known is not None

    assert [piece.first for piece in shelf.after(known, 0)] == [1, 7201, 10_801]
    assert "reading 3601 is left out" in caplog.text


def test_a_segment_that_was_just_read_is_not_unpacked_again(shelf: Shelf) -> None:
    known = shelf.battery(HOUSE)
    assert known is not None
    first, again = (next(shelf.after(known, 5000)).source for _ in range(2))

    assert first is again


def test_what_a_newer_program_knows_of_a_battery_is_left_out() -> None:
    info = BatteryInfo(id="house", name="House", slug="house", fields=("soc",))

    assert info_from(info_text(info)) == info
    assert info_from(info_text(info).replace("{", '{"colour": "red", ', 1)) == info
    assert info_from(None) is None


def test_days_that_are_long_gone_have_nothing(shelf: Shelf) -> None:
    known = shelf.battery(HOUSE)
    assert known is not None
    start = milliseconds(START - 9 * A_DAY)

    assert shelf.curves.days(known.number, "soc", start, start).starts == []
    assert shelf.curves.days(known.number, "cell_16", start, start).starts == []
    assert shelf.curves.quarters(known.number, "cell_16", start, start).starts == []
