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
