"""Find where a block of cells begins and ends: other numbers of the size of a cell may stand beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import sqrt

from bmsreader.lab.labels import Label
from bmsreader.lab.meaning.cellblock import FEWEST, Cells, numbers
from bmsreader.lab.meaning.series import NEAR, Series, Word

SPREAD = 700
"""mV between the cells of one pack that are still taken for one block."""
MOVING = 4
"""Values that a cell takes before a word beside it that never moves is none."""

SHORTER = (4, 12)
"""Words that are left out at either end of a run, fewer than that; bytes are more often alike by chance."""
COARSE = 0.0005
"""V by which the sum of cells in coarse units is off: for each mV of the unit, times the root of their number."""

Columns = Sequence[Sequence[int]]
"""What each word of a block says in every payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a run of words that may be cells, and what tells its ends."""

    cells: Cells
    columns: Columns
    counted: bool = False
    """Their number stands in front of them."""
    extremes: int = 0
    """Words beside them that say which cell is the highest, the lowest or the mean."""
    undecided: bool = False
    """Another part of the run would do as well."""


def parts(series: Series, block: Cells, labels: Sequence[Label]) -> Iterator[Part]:
    """Yield the parts of a run whose words belong together."""
    columns = [numbers(series, word) for word in block.words]
    for start, stop in _segments(columns, block):
        if stop - start < FEWEST - 1:
            continue
        number = _counted(series, _part(block, start, stop))
        if number:
            chosen = _part(block, start, start + number)
            yield Part(cells=chosen, columns=columns[start : start + number], counted=True)
            if number == stop - start:
                continue
        summed = _is_typed(series, columns[start:stop], labels, block)
        ends = _ways(columns[start:stop]) if block.close and not summed else [(0, stop - start)]
        for a, b in ends:
            extremes = stop - start - (b - a)
            fits = [(start + a, start + b)]
            if not extremes:
                fits = _as_typed(series, columns, fits[0], labels, block)
            first, last = fits[0]
            yield Part(
                cells=_part(block, first, last),
                columns=columns[first:last],
                extremes=extremes,
                undecided=len(fits) > 1 or len(ends) > 1,
            )


def _part(block: Cells, start: int, stop: int) -> Cells:
    return replace(block, word=replace(block.word, at=block.word.at + block.step * start), count=stop - start)


def _counted(series: Series, cells: Cells) -> int | None:
    """Return how many cells there are when their number stands right in front of them."""
    found: set[int] = set()
    for back, kind in ((1, "u8"), (2, "u16-le" if cells.word.little else "u16")):
        if cells.word.at >= back:
            values = set(series.values(Word(at=cells.word.at - back, type=kind)))
            found |= values if len(values) == 1 else set()
    return max((number for number in found if FEWEST <= number <= cells.count), default=None)


def _as_typed(
    series: Series, columns: Columns, part: tuple[int, int], labels: Sequence[Label], block: Cells
) -> list[tuple[int, int]]:
    """Return the parts of a block, up to some words shorter at either end, whose sum is the typed pack voltage.

    All have as many words as the longest; where none has this sum, the block is returned as it is.
    """
    found: list[tuple[int, int]] = []
    for off in sorted(product(range(SHORTER[block.word.width == 1]), repeat=2), key=sum):
        start, stop = part[0] + off[0], part[1] - off[1]
        if found and stop - start < found[0][1] - found[0][0]:
            break
        chosen = columns[start:stop]
        if stop - start >= FEWEST and _whole(chosen, block) and _is_typed(series, chosen, labels, block):
            found.append((start, stop))
    return found or [part]


def _is_typed(series: Series, columns: Columns, labels: Sequence[Label], block: Cells) -> bool:
    """Return whether the sum of words is the typed pack voltage, at moments when it was different."""
    typed = [(label, seen) for label in labels for seen in label.seen if seen.name == "pack_voltage"]
    windows = series.windows((label.at for label in labels), NEAR)
    rounding = COARSE * block.unit * sqrt(len(columns)) if block.word.width == 1 else 0.0
    return len({seen.value for _, seen in typed}) > 1 and all(
        any(
            abs(block.total([column[i] for column in columns]) - seen.value) <= seen.step * 0.5 + 0.02 + rounding
            for i in windows[label.at]
        )
        for label, seen in typed
    )


def _whole(columns: Columns, block: Cells) -> bool:
    """Return whether no end of a block is the highest, lowest or mean cell, which of coarse ones nobody can tell."""
    return block.word.width == 1 or (0, len(columns)) in _ways(columns)


def _ways(columns: Columns) -> list[tuple[int, int]]:
    """Return the parts that are left when the highest, lowest or mean cell stands beside the cells.

    Usually that is one part. Where the same two cells are always the highest and the lowest, the words in front may
    say what those behind are, or the other way round: the words behind are the likelier ones.
    """
    return list(dict.fromkeys(_without_extremes(columns, behind_first=first) for first in (True, False)))


def _without_extremes(columns: Columns, *, behind_first: bool) -> tuple[int, int]:
    """Return the part of a block that is left when the highest, lowest or mean cell stands beside the cells."""
    start, stop = _without_still(columns)
    while True:
        for more, behind in ((2, behind_first), (2, not behind_first), (1, behind_first), (1, not behind_first)):
            if stop - start - more < FEWEST:
                continue
            inner = (start, stop - more) if behind else (start + more, stop)
            outer = (stop - more, stop) if behind else (start, start + more)
            if _says_extremes(columns[outer[0] : outer[1]], columns[inner[0] : inner[1]]):
                start, stop = inner
                break
        else:
            return start, stop


def _without_still(columns: Columns) -> tuple[int, int]:
    """Return the part of a block without words at its ends that never move while all others do."""
    moves = [len(set(column)) >= MOVING for column in columns]
    start, stop = 0, len(columns)
    if sum(moves) >= max(FEWEST, 0.6 * len(columns)):
        while not moves[start] and len(set(columns[start])) == 1:
            start += 1
        while not moves[stop - 1] and len(set(columns[stop - 1])) == 1:
            stop -= 1
    return start, stop


def _says_extremes(said: Columns, cells: Columns) -> bool:
    """Return whether words always say what the highest, the lowest or the mean of the other cells is."""
    rows = list(zip(*cells, strict=True))
    count = len(cells)
    ends = [(max(row), min(row)) for row in rows]
    if len(set(ends)) < (2 if len(said) > 1 else 5):
        return False
    for half in (0, count // 2):  # a mean is cut off or rounded
        facts = [(*pair, (sum(row) + half) // count) for pair, row in zip(ends, rows, strict=True)]
        if all(
            all(word in known for word in words) and (len(set(words)) == len(words) or known[0] == known[1])
            for words, known in zip(zip(*said, strict=True), facts, strict=True)
        ):
            return True
    return False


def _segments(columns: Columns, block: Cells) -> Iterator[tuple[int, int]]:
    """Cut where one cell is much further from its neighbour than neighbours are from each other."""
    steps = [_apart(one, other) for one, other in pairwise(columns)]
    usual = sorted(steps)[len(steps) // 2]
    unit = block.unit if block.word.width == 1 else min(block.unit, 1.0)
    limit = min(SPREAD / unit, max(250 / unit, 6 * usual))
    start = 0
    for number, step in enumerate(steps, 1):
        if step > limit:
            yield start, number
            start = number
    yield start, len(columns)


def _apart(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how far two words are apart, in nearly all payloads: what stands beside cells moves in its own way."""
    return sorted(abs(a - b) for a, b in zip(one, other, strict=True))[len(one) * 9 // 10]
