"""Weigh a block of cells: how alike they are, what their sum is, and what was typed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import log2

from bmsreader.lab.evidence import Finding
from bmsreader.lab.labels import Label, Seen
from bmsreader.lab.meaning.cellblock import Cells, numbers
from bmsreader.lab.meaning.cellends import Columns, Part
from bmsreader.lab.meaning.series import NEAR, Series, Word
from bmsreader.protocol.numbers import FLOATS

LOW, HIGH = 1500, 4500
"""mV that a living cell of any lithium chemistry can have."""
KELVIN, ZERO, MOST_SENSORS = (2632, 3082), 2731.5, 6
"""So few words in this range are rather temperatures (-10 to 35 degrees) in tenths of a kelvin."""
WIDEST = 1000
"""mV that the cells of a pack are apart at most, in most payloads."""
SUM, BESIDE = "their sum stands", "beside them stands"
STATES, TYPED, OFTEN = "states", "their sum is the typed pack voltage", " at several moments"
AGREE, UNLIKE = "typed cells agree", "do not"
PADDED, PADS = "unused places follow", 2
"""Unused places behind a block that say something, and how many it takes."""
UNUSED = (0, 0xFFFF)
"""What stands in the places of cells that a pack does not have."""
GUESSED = 6.0
"""Bits of a block that a count alone proves, in a unit that looks like something else."""


def judged(series: Series, part: Part, labels: Sequence[Label], *, typed: bool) -> Finding[Cells] | None:
    """Weigh a part of a run; None where it is too short, or in too odd a unit, for how little proves it.

    ``typed`` is whether anybody typed a pack voltage.
    """
    cells = part.cells
    found = _weighed(series, cells, part.columns, labels)
    if found is None:
        return None
    if (cells.unit != 1 or cells.count < 3) and TYPED not in found.why:
        if not (part.counted and cells.unit == 100 and PADDED in found.why) or typed:
            return None
        found = replace(found, bits=min(found.bits, GUESSED))
    if part.counted:
        found = replace(found, bits=found.bits + 6.0, why=f"{found.why}; their number stands in front of them")
    if part.extremes:
        why = f"{found.why}; {BESIDE} what the highest, lowest or mean cell is"
        found = replace(found, bits=found.bits + 15.0 * part.extremes, why=why)
    return found


def proven(found: Finding[Cells]) -> bool:
    """Return whether start, count and order of a block are told by more than that its words are alike."""
    why = found.why
    if AGREE in why and UNLIKE not in why and (TYPED in why or SUM in why):
        return True
    return TYPED + OFTEN in why or (STATES in why and found.value.close)


def _weighed(series: Series, cells: Cells, columns: Columns, labels: Sequence[Label]) -> Finding[Cells] | None:
    """Weigh a block: each word that is near its neighbours is worth bits, and so is every relation."""
    rows = list(zip(*columns, strict=True))
    apart = sorted(max(row) - min(row) for row in rows)[len(rows) // 2]
    if apart * cells.unit > WIDEST:
        return None
    byte = cells.word.width == 1
    per_cell = log2((256 if byte else 65536) / (2 * apart + 2))
    bits = 0.0 if byte else log2(65536 / (HIGH - LOW))
    bits += (cells.count - 1) * per_cell - log2(4 * max(series.size, 1))
    bits -= (0.0 if cells.close else 6.0) + (8.0 if cells.unit != 1 else 0.0)
    why = [f"{cells.count} words from {min(map(min, columns))} to {max(map(max, columns))}, at most {apart} apart"]
    for worth, words in _reasons(series, cells, columns, rows, labels):
        bits += worth
        if words:
            why.append(words)
    return Finding(value=cells, bits=bits, why="; ".join(why))


def _reasons(
    series: Series, cells: Cells, columns: Columns, rows: Sequence[Sequence[int]], labels: Sequence[Label]
) -> Iterator[tuple[float, str]]:
    yield _as_sensors(series, cells, columns, labels)
    whole = cells.unit == 1 and not cells.word.floating
    if whole and len({value & 0xFF for column in columns for value in column}) == 1:
        yield -40.0, "but the lower byte never moves"
    if cells.word.width > 1:
        yield _low_moves_more(rows)
        yield _padded(series, cells)
    yield _indexed(series, cells)
    yield _by_sum(series, cells, rows)
    yield _by_labels(series, cells, labels)


def _as_sensors(series: Series, cells: Cells, columns: Columns, labels: Sequence[Label]) -> tuple[float, str]:
    """Weigh that a block may be sensors in tenths of a kelvin instead, and that somebody typed their temperatures."""
    low, high = min(map(min, columns)), max(map(max, columns))
    if cells.unit != 1 or not (KELVIN[0] <= low and high <= KELVIN[1]):
        return 0.0, ""
    typed = [(label, seen) for label in labels for seen in label.seen if seen.name == "temperatures"]
    windows = series.windows((label.at for label in labels), NEAR)
    shown = [
        any(
            abs((column[i] - ZERO) / 10 - seen.value) <= 0.55 * seen.step + 0.1
            for column in columns
            for i in windows[label.at]
        )
        for label, seen in typed
    ]
    if len({seen.value for _, seen in typed}) > 1 and sum(shown) > 0.7 * len(shown):
        return -40.0, "but in tenths of a kelvin they are the typed temperatures"
    return (
        (-12.0, "but they would do as temperatures in tenths of a kelvin") if cells.count <= MOST_SENSORS else (0, "")
    )


def _low_moves_more(rows: Sequence[Sequence[int]]) -> tuple[float, str]:
    """Weigh the order: read rightly, cells differ by little in time; read wrongly, a low byte counts 256-fold."""
    steps = [abs(a - b) for one, other in pairwise(rows) for a, b in zip(one, other, strict=True)]
    moved = [step for step in steps if step]
    if len(moved) < 4:
        return 0.0, ""
    jumps = sum(step >= 250 for step in moved) / len(moved)
    return (-6.0 * jumps * 4, "jumps of 256 in between") if jumps > 0.05 else (4.0, "moves in small steps")


def _padded(series: Series, cells: Cells) -> tuple[float, str]:
    """Weigh the places of cells that the pack does not have: zeros right behind a block show its end and its order."""
    behind = [cells.word.at + cells.step * (cells.count + n) for n in range(PADS)]
    if behind[-1] + cells.word.width > series.size:
        return 0.0, ""
    found = {value for at in behind for value in series.values(Word(at=at, type=cells.word.type))}
    return (6.0, PADDED) if found in [{value} for value in UNUSED] else (0.0, "")


def _indexed(series: Series, cells: Cells) -> tuple[float, str]:
    """Weigh a byte that stands at each cell and counts them."""
    for before in range(1, cells.step - cells.word.width + 1):
        places = [word.at - before for word in cells.words]
        if places[0] >= 0 and cells.count > 2:
            rows = {tuple(payload[at] - payload[places[0]] for at in places) for payload in series.payloads}
            if rows == {tuple(range(cells.count))}:
                return 12.0, "a byte at each of them counts them"
    return 0.0, ""


def _by_sum(series: Series, cells: Cells, rows: Sequence[Sequence[int]]) -> tuple[float, str]:
    """Weigh a word elsewhere that is the sum of the cells: it proves order, start and count at once."""
    if cells.unit != 1:
        return 0.0, ""
    sums, (first, end) = [*map(sum, rows)], (cells.offsets.start, cells.offsets.stop)
    kinds = tuple(FLOATS) if cells.word.floating else ("u16", "u16-le", "u32", "u32-le")
    words = [(w, numbers(series, w)) for w in series.words(kinds) if w.at >= end or w.at + w.width <= first]
    for scale in (1,) if cells.word.floating else (1, 10, 100):
        slack = max(scale, cells.count) * 0.6 + 2
        for word, values in words:
            if abs(values[0] * scale - sums[0]) > slack:
                continue  # most are out at once
            if all(abs(v * scale - total) <= slack for v, total in zip(values, sums, strict=True)):
                states = len({total // scale for total in sums})
                distinct = min(4, states)
                worth = log2(65536 * scale / (2 * slack + 1)) / 2 + 10 * distinct - 10
                proof = word.little == cells.word.little and states > {1: 1, 10: 4, 100: 12}[scale]
                often = f" in {states} {STATES}" if proof else ""
                return worth, f"{SUM} at byte {word.at} ({word.type}, {scale} mV){often}"
    return 0.0, ""


def _by_labels(series: Series, cells: Cells, labels: Sequence[Label]) -> tuple[float, str]:
    """Weigh typed cells, the highest and lowest among them, and the typed pack voltage."""
    bits, hits, misses = 0.0, 0, 0
    shown: dict[bool, set[float]] = {True: set(), False: set()}
    windows = series.windows((label.at for label in labels), NEAR)
    for label in labels:
        near = [cells.volts(series.payloads[index]) for index in windows[label.at]]
        for seen in label.seen:
            good = any(_shows(volts, seen, cells.unit) for volts in near)
            if seen.name == "pack_voltage":
                shown[good].add(seen.value)
            elif seen.name in ("cell", "lowest_cell", "highest_cell"):
                hits, misses, bits = hits + good, misses + (not good), bits + (6.0 if good else -12.0)
    told = []
    if len(shown[True]) > 3 * len(shown[False] - shown[True]):
        slack = 0.002 * cells.count * max(cells.unit, 1.0) + 0.02
        bits += max(2.0, min(12.0, log2(100 / (2 * slack)))) + 3.0 * (len(shown[True]) - 1)
        told.append(f"{TYPED}{OFTEN}" if len(shown[True]) > 1 else TYPED)
    if hits or misses:
        told.append(f"{hits} {AGREE}" + (f", {misses} {UNLIKE}" if misses else ""))
    return bits, ", ".join(told)


def _shows(volts: Sequence[float], seen: Seen, unit: float) -> bool:
    slack = seen.step * 0.5 + 0.0015 * max(unit, 1.0)
    if seen.name == "pack_voltage":
        return abs(sum(volts) - seen.value) <= slack + (0.002 + 0.0005 * max(unit - 1, 0.0)) * len(volts)
    if seen.name in ("lowest_cell", "highest_cell"):
        return abs((min if seen.name == "lowest_cell" else max)(volts) - seen.value) <= slack
    if seen.index is not None:
        return seen.index < len(volts) and abs(volts[seen.index] - seen.value) <= slack
    return any(abs(cell - seen.value) <= slack for cell in volts)
