"""Find the block of cell voltages: neighbouring words that are all plausible and nearly alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bmsreader.lab.evidence import Finding
from bmsreader.lab.labels import Label
from bmsreader.lab.meaning.cellblock import FEWEST, Cells, numbers
from bmsreader.lab.meaning.cellends import parts
from bmsreader.lab.meaning.cellproof import HIGH, LOW, TYPED, judged, proven
from bmsreader.lab.meaning.series import Series, Word
from bmsreader.protocol.numbers import FLOATS

MOST = 48
"""Cells in series that are looked for."""
LEAST_BITS = 8.0
"""A block with less is no block."""
UNDECIDED = 19.0
"""Bits at most of a block that could also be read in another way: not sure."""
TENTHS = 100.0
"""Tenths of a volt look like degrees: without a typed pack voltage a block of them is a guess."""
TYPES = ("u16", "u16-le")
UNITS = (1.0, 10.0, 100.0, 0.1, 0.5)
"""mV that a number may count."""
BYTES = ((10.0, 2000.0), (20.0, 0.0), (10.0, 1500.0), (10.0, 2500.0), (10.0, 1000.0))
"""mV that a number of one byte may count, and what it counts from."""
BYTE_STEPS = (1, 2, 3, 4)
BYTE_RANGE = (2400.0, 4400.0)
"""mV of cells that are at work: nearly any byte could be some cell."""
STEPS, FLOAT_STEPS = (2, 4, 3, 5, 6, 8), (4, 5, 6, 8)
"""Bytes from one cell to the next: side by side, or with something in between."""


def find_cells(series: Series, labels: Sequence[Label] = ()) -> Finding[Cells] | None:
    """Return the best block of cells with its rivals; None where no block is likely."""
    best = _best(list(_blocks(series, labels)))
    if best is None or not proven(best):
        coarse = _best(list(_coarse(series, labels)))
        best = coarse if coarse and (best is None or (proven(coarse) and coarse.bits > best.bits)) else best
    return best


def _best(blocks: Sequence[tuple[Finding[Cells], bool]]) -> Finding[Cells] | None:
    found = sorted(((_against_shifted(one, blocks), sole) for one, sole in blocks), key=lambda pair: -pair[0].bits)
    if not found or found[0][0].bits < LEAST_BITS:
        return None
    best, sole = found[0]
    taken = set(best.value.offsets)
    rivals = tuple(f for f, _ in found[1:] if taken & set(f.value.offsets) and f.bits > best.bits - 10)
    alike = TYPED in best.why and any(TYPED in rival.why and _as_fine(rival, best) for rival in rivals)
    bits = best.bits
    if (not sole or alike or not proven(best)) and bits >= UNDECIDED:
        bits = UNDECIDED + min(bits, 900.0) / 1000  # the order stays
    return Finding(value=best.value, bits=bits, why=best.why, rivals=rivals[:3])


def _as_fine(rival: Finding[Cells], best: Finding[Cells]) -> bool:
    """Return whether cells that have the typed sum as well count the same unit; bytes are coarse in any."""
    return rival.value.unit == best.value.unit or best.value.word.width == 1


def _against_shifted(one: Finding[Cells], blocks: Sequence[tuple[Finding[Cells], bool]]) -> Finding[Cells]:
    """Prefer a block to the same one read in the other order, a byte further on: that one lies wholly inside."""
    span = one.value.offsets
    for other, _ in blocks:
        inside = other.value.offsets
        alike = other.value.step == one.value.step == 2 and other.value.unit == one.value.unit
        shifted = alike and other.value.word.little != one.value.word.little and (inside.start - span.start) % 2
        if shifted and span.start < inside.start and inside.stop < span.stop and len(span) - len(inside) <= 4:
            return replace(one, bits=one.bits + 8.0, why=f"{one.why}; the other byte order fits fewer words")
    return one


def _blocks(series: Series, labels: Sequence[Label]) -> Iterator[tuple[Finding[Cells], bool]]:
    """Yield every block and whether its ends are told.

    Other units than millivolts are tried where a typed pack voltage is their sum, or as a guess.
    """
    typed = any(seen.name == "pack_voltage" for label in labels for seen in label.seen)
    units = UNITS if typed else (UNITS[0], TENTHS)
    for kind in (*TYPES, *series.floats):
        for unit in units if kind in TYPES else (UNITS[0],):
            width = Word(at=0, type=kind).width
            likely = [
                _likely(series, Cells(word=Word(at=at, type=kind), count=1, unit=unit))
                for at in range(max(0, series.size - width + 1))
            ]
            for step in FLOAT_STEPS if kind in FLOATS else STEPS:
                for first, run in _runs(likely, step, close=step == width):
                    block = Cells(word=Word(at=first, type=kind), count=min(run, MOST), step=step, unit=unit)
                    for part in parts(series, block, labels):
                        found = judged(series, part, labels, typed=typed)
                        if found is not None:
                            yield found, not part.undecided


def _coarse(series: Series, labels: Sequence[Label]) -> Iterator[tuple[Finding[Cells], bool]]:
    """Yield blocks of one byte for each cell: only the pack voltage, typed at several moments, can tell them."""
    typed = {seen.value for label in labels for seen in label.seen if seen.name == "pack_voltage"}
    if len(typed) < 2 or series.legal is not None:
        return
    for unit, base in BYTES:
        one = Cells(word=Word(at=0, type="u8"), count=1, unit=unit, base=base)
        cells = [replace(one, word=Word(at=at, type="u8")) for at in range(series.size)]
        likely = [_likely(series, cell, BYTE_RANGE) for cell in cells]
        for step in BYTE_STEPS:
            for first, run in _runs(likely, step, close=step == 1):
                block = replace(cells[first], count=min(run, MOST), step=step)
                for part in parts(series, block, labels):
                    found = judged(series, part, labels, typed=True)
                    if found is not None:
                        yield found, not part.undecided


def _likely(series: Series, cell: Cells, bounds: tuple[float, float] = (LOW, HIGH)) -> bool:
    """Return whether a word is a possible cell in (nearly) all payloads."""
    if not series.fixed.isdisjoint(cell.word.offsets):
        return False
    values, (low, high) = numbers(series, cell.word), bounds
    return sum(low <= value * cell.unit + cell.base <= high for value in values) >= 0.97 * len(values)


def _runs(likely: Sequence[bool], step: int, *, close: bool) -> Iterator[tuple[int, int]]:
    """Yield where runs of possible cells begin, and of how many."""
    fewest = FEWEST - 1 if close else FEWEST + 1
    for first in range(step):
        at = first
        while at < len(likely):
            count = 0
            while at + step * count < len(likely) and likely[at + step * count]:
                count += 1
            if count >= fewest:
                yield at, count
            at += step * max(count, 1)
