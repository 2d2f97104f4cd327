"""Where a block of cells begins and ends."""

from random import Random

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.cellblock import Cells
from bmsreader.lab.meaning.cellends import Part, parts
from bmsreader.lab.meaning.series import Series, Word


def parts_of(rows: list[list[int]], *labels: str, head: bytes = b"\xee\xee") -> list[Part]:
    payloads = tuple(head + b"".join(word.to_bytes(2) for word in row) for row in rows)
    series = Series(times=tuple(60.0 * n for n in range(len(rows))), payloads=payloads, size=len(payloads[0]))
    block = Cells(word=Word(at=len(head), type="u16"), count=len(rows[0]))
    return list(parts(series, block, [parse_label(label) for label in labels]))


def test_a_word_far_from_the_others_is_no_cell() -> None:
    found = parts_of([[3301, 3302, 3303, 4100]] * 3)

    assert [part.cells.count for part in found] == [3]


def test_their_number_in_front_may_cut_the_block() -> None:
    found = parts_of([[3301, 3302, 3303, 3304, 3320]] * 3, head=b"\x00\x04")

    assert [(part.cells.count, part.counted) for part in found] == [(4, True), (5, False)]


def test_a_rounded_mean_behind_the_cells_is_no_cell() -> None:
    dice = Random(3)
    rows = [[3300 + dice.randint(-9, 9) for _ in range(4)] for _ in range(30)]
    found = parts_of([[*row, (sum(row) + 2) // 4] for row in rows])

    assert [(part.cells.count, part.extremes, part.undecided) for part in found] == [(4, 1, False)]


def test_highest_and_lowest_that_are_always_the_same_cells_leave_it_open_which_are_the_cells() -> None:
    """Cell 1 is always the lowest and cell 2 the highest: the first two words may say so of the others."""
    rows = [[3300 + n, 3320 + n, 3305 + n, 3313 + n, 3300 + n, 3320 + n] for n in range(9)]
    found = parts_of(rows)

    assert [(part.cells.word.at, part.cells.count, part.undecided) for part in found] == [(2, 4, True), (6, 4, True)]


def test_words_that_would_both_make_up_the_typed_voltage_leave_it_open() -> None:
    found = parts_of([[3300, 3301, 3302, 3303, 3301], [3310, 3311, 3312, 3313, 3311]], "0: 13.20V", "60: 13.24V")

    assert [(part.cells.count, part.undecided) for part in found] == [(4, True)]
