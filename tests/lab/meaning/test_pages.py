"""Cells that several answers carry."""

from dataclasses import replace
from random import Random

from bmsreader.lab.meaning.cells import find_cells
from bmsreader.lab.meaning.pages import Known, Source, pack_of
from bmsreader.lab.meaning.series import Series

TYPED = (0.0, 120.0)
"""When the owner typed the pack voltage."""


def cells_over_time(count: int) -> list[list[int]]:
    """A pack whose cells rise by 40 mV in three minutes."""
    dice = Random(count)
    return [[3300 + 10 * minute + dice.randint(-4, 4) for _ in range(count)] for minute in range(4)]


def page(words: list[list[int]], head: bytes) -> Source:
    payloads = tuple(head + b"".join(word.to_bytes(2) for word in row) for row in words)
    times = tuple(60.0 * n for n in range(len(payloads)))
    series = Series(times=times, payloads=payloads, size=len(payloads[0]), request=head)
    return Source(series=series, found=find_cells(series))


def paged(count: int, each: int, slots: int = 0) -> tuple[list[Source], list[Known]]:
    rows = cells_over_time(count)
    filled = [row + [0] * (slots or -count % each) for row in rows]
    pages = [
        page([row[at : at + each] for row in filled], bytes((0x95, at // each + 1)))
        for at in range(0, len(filled[0]), each)
    ]
    known = [Known(volts=round(sum(rows[round(at / 60)]) / 1000, 2), at=at) for at in TYPED]
    return pages, known


def counts(sources: list[Source], known: list[Known]) -> list[tuple[int, int]]:
    return [(number, cells.value.count) for number, cells in pack_of(sources, known)]


def test_a_pack_is_put_together_from_pages_whose_last_one_is_not_full() -> None:
    sources, known = paged(16, 6)

    assert counts(sources[::-1], known) == [(2, 6), (1, 6), (0, 4)]


def test_pages_that_are_asked_for_from_the_highest_number_down_count_the_cells_down() -> None:
    sources, known = paged(12, 4)
    later = [
        replace(source, series=replace(source.series, times=tuple(at + 3 - n for at in source.series.times)))
        for n, source in enumerate(sources)
    ]

    assert [number for number, _ in pack_of(later, known)] == [2, 1, 0]


def test_one_cell_in_each_answer_is_told_by_the_typed_pack_voltage_only() -> None:
    sources, known = paged(4, 1)

    assert counts(sources, known) == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert counts(sources, []) == []


def test_pages_that_are_counted_up_are_likely_a_pack_when_no_voltage_is_known() -> None:
    sources, _ = paged(12, 4)
    found = pack_of(sources, [])

    assert [number for number, _ in found] == [0, 1, 2]
    assert not any(cells.sure for _, cells in found)


def test_a_page_that_is_not_all_of_the_pack_is_never_sure() -> None:
    sources, known = paged(12, 4)
    found = pack_of(sources[:2], known)

    assert len(found) == 1
    assert not found[0][1].sure


def test_a_second_battery_of_the_same_voltage_adds_its_cells() -> None:
    rows, more = cells_over_time(8), [[cell + 3 for cell in row] for row in cells_over_time(8)[::-1]]
    sources = [page(rows, b"\x46\x01"), page(more, b"\x46\x02")]
    volts = sum(map(sum, rows)) / 4000

    assert counts(sources, [Known(volts=volts)]) == [(0, 8), (1, 8)]
    assert len(counts(sources, [Known(volts=volts, at=60.0)])) == 1  # their sum would pass for the pack voltage


def test_the_same_cells_sent_twice_are_not_doubled() -> None:
    rows = cells_over_time(8)
    sources = [page(rows, b"\x46\x01"), page(rows, b"\x47\x05")]

    assert len(counts(sources, [Known(volts=sum(map(sum, rows)) / 4000)])) == 1


def two_packs(more: int) -> tuple[list[Source], list[Known]]:
    """Two packs of four cells, two on a page; the second has so many mV more."""
    rows = cells_over_time(4)
    sources = [
        page([[cell + more * pack for cell in row[at : at + 2]] for row in rows], bytes((pack, 0x56 + at // 2)))
        for pack in (0, 1)
        for at in (0, 2)
    ]
    return sources, [Known(volts=round(sum(rows[round(at / 60)]) / 1000, 2), at=at) for at in TYPED]


def test_the_pages_of_one_pack_have_the_number_of_the_pack_in_common() -> None:
    sources, known = two_packs(60)

    assert counts(sources, known) == [(0, 2), (1, 2)]
    assert all(cells.sure for _, cells in pack_of(sources, known))


def test_pages_of_two_packs_that_are_alike_leave_it_open_which_belong_together() -> None:
    assert not any(cells.sure for _, cells in pack_of(*two_packs(1)))


def test_of_two_ways_to_read_pages_that_is_taken_whose_sum_is_closer_to_what_was_typed() -> None:
    """The byte behind each cell makes a word with the cell's lower byte that could be a cell, too."""
    rows, later = cells_over_time(4), iter(range(1000))
    times = tuple(60.0 * n for n in range(len(rows)))
    sources = [
        Source(
            series=Series(
                times=times,
                payloads=tuple(
                    bytes((0x3F - cell,)) + row[cell].to_bytes(2, "little") + bytes([next(later) * 7 % 200])
                    for row in rows
                ),
                size=4,
                fixed=frozenset((0,)),
            )
        )
        for cell in range(4)
    ]
    known = [Known(volts=round(sum(rows[round(at / 60)]) / 1000, 2), at=at) for at in TYPED]

    assert {cells.value.word.type for _, cells in pack_of(sources, known)} == {"u16-le"}


def test_a_capture_that_begins_amid_a_round_shows_all_the_same_that_cells_are_counted_down() -> None:
    sources, known = paged(12, 4)
    later = [
        replace(source, series=replace(source.series, times=tuple(at + offset for at in source.series.times)))
        for source, offset in zip(sources, (3.0, 2.0, 61.0), strict=True)
    ]

    assert [number for number, _ in pack_of(later, known)] == [2, 1, 0]
