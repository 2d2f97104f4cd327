"""What is in memory of a battery."""

from datetime import timedelta

from bmsreader.store.content import milliseconds
from bmsreader.store.memory import Remembered, numbered, readings_between
from tests.clock import START
from tests.store.batteries import HOUSE, bare, readings


def remembered() -> Remembered:
    battery = Remembered(HOUSE, committed=10, lookup=lambda _since: ())
    for one in readings(5):
        battery.batch.add(bare(one), milliseconds(one.taken_at), None, None)
    return battery


def test_what_is_packed_is_still_there() -> None:
    battery = remembered()
    before = [numbered(piece, HOUSE, 0, 99) for piece in battery.pieces()]
    battery.pack()

    assert [numbered(piece, HOUSE, 0, 99) for piece in battery.pieces()] == [
        [(n, one) for n, one in enumerate((row[1] for row in before[0]), 11)]
    ]
    assert (battery.pending, battery.batch.first) == (5, 16)
    assert 0 < battery.weight < 1000


def test_recent_readings_need_no_disk() -> None:
    battery = remembered()

    assert [ordinal for ordinal, _ in battery.recent(12, 2) or []] == [13, 14]
    assert battery.recent(15, 9) == []
    assert battery.recent(9, 9) is None


def test_a_piece_is_cut_to_what_is_wanted() -> None:
    (piece,) = remembered().pieces()

    assert [ordinal for ordinal, _ in numbered(piece, HOUSE, 12, 2)] == [13, 14]
    assert numbered(piece, HOUSE, 99, 2) == []
    begin, end = (milliseconds(START + timedelta(seconds=n)) for n in (1, 3))
    assert len(readings_between(piece, HOUSE, begin, end)) == 2
    assert readings_between(piece, HOUSE, end + 9000, end + 99_000) == []
