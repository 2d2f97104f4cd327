"""What a block of cells is worth, and when it is proved."""

from collections.abc import Sequence

from bmsreader.lab.evidence import Finding
from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.cellblock import Cells
from bmsreader.lab.meaning.cellends import Part
from bmsreader.lab.meaning.cellproof import judged, proven
from bmsreader.lab.meaning.series import Series, Word


def weigh(rows: Sequence[Sequence[int]], *labels: str, step: int = 2, behind: bytes = b"") -> Finding[Cells] | None:
    """The cells of a pack in frames of a minute each; a byte that counts them stands between cells 3 bytes apart."""
    payloads = tuple(
        b"".join((bytes((n + 1,)) if step == 3 else b"") + word.to_bytes(2) for n, word in enumerate(row)) + behind
        for row in rows
    )
    series = Series(times=tuple(60.0 * n for n in range(len(rows))), payloads=payloads, size=len(payloads[0]))
    cells = Cells(word=Word(at=step - 2, type="u16"), count=len(rows[0]), step=step)
    part = Part(cells=cells, columns=list(zip(*rows, strict=True)))
    typed = [parse_label(label) for label in labels]
    return judged(series, part, typed, typed=any(seen.name == "pack_voltage" for one in typed for seen in one.seen))


ROWS = [[3301, 3302, 3303, 3304], [3281, 3282, 3283, 3284], [3311, 3312, 3313, 3314]]


def bits(*labels: str, rows: Sequence[Sequence[int]] = ROWS, step: int = 2, behind: bytes = b"") -> float:
    found = weigh(rows, *labels, step=step, behind=behind)
    return found.bits if found else 0.0


def test_the_typed_pack_voltage_proves_a_block_when_it_differs() -> None:
    once, twice = weigh(ROWS, "0: 13.21V"), weigh(ROWS, "0: 13.21V", "60: 13.13V")

    assert once is not None
    assert not proven(once)
    assert twice is not None
    assert proven(twice)


def test_typed_lowest_and_highest_cells_speak_for_or_against_a_block() -> None:
    assert bits("0: min=3.301V max=3.304V") > bits() > bits("0: min=3.291V max=3.304V")


def test_a_byte_that_counts_the_cells_speaks_for_them() -> None:
    assert bits(step=3) > bits() + 2


def test_unused_places_of_ones_are_as_good_as_zeros() -> None:
    assert bits(behind=b"\xff" * 4) == bits(behind=bytes(4)) > bits(behind=b"\x12\x34\xff\xff")


def test_words_that_show_the_typed_degrees_are_no_cells() -> None:
    warm = [[2931, 2935, 2941, 2938], [2951, 2955, 2961, 2958]]

    assert bits("0: 20C", "60: 22C", rows=warm) < bits(rows=warm) - 20


def test_cells_that_are_a_volt_apart_are_none() -> None:
    assert weigh([[2400, 2800, 3200, 3600]]) is None
