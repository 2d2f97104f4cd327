"""Find the block of cell voltages: neighbouring words that are all plausible and nearly alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log2

from bmsreader.lab.evidence import Finding
from bmsreader.lab.labels import Label, Seen
from bmsreader.lab.series import Series, Word
from bmsreader.protocol.numbers import FLOATS

LOW, HIGH = 1500, 4500
"""mV that a living cell of any lithium chemistry can have."""
SPREAD = 700
"""mV between the cells of one pack that are still taken for one block."""
MOST_VOLTS = 1000.0
"""V that no float of a battery exceeds."""
MOST = 48
"""Cells in series that are looked for."""
FEWEST = 3
"""Two neighbours that are alike are chance; a block has three cells, or something else that proves it."""
KELVIN, MOST_SENSORS = (2632, 3082), 3
"""So few words in this range are rather temperatures (-10 to 35 degrees) in tenths of a kelvin."""
STATES, TYPED_OFTEN = "states", "pack voltage at several moments"
"""What makes a block sure: which word is its sum, or that it is what was typed, more than once."""
SUM, BESIDE = "their sum stands", "beside them stands"
UNDECIDED = 19.0
"""Bits at most of a block that could also be read in the other byte order: not sure."""
MOVING = 4
"""Values that a cell takes before a word beside it that never moves is none."""
PADDED = "unused places follow"
TENTHS, GUESSED = 100.0, 6.0
"""Tenths of a volt look like degrees: without a typed pack voltage a block of them is a guess, of so many bits."""
PADS = 2
"""Unused places behind a block that say something."""
TYPED = "their sum is the typed pack voltage"
TYPES = ("u16", "u16-le")
UNITS = (1.0, 10.0, 100.0, 0.1)
"""mV that a number may count."""
STEPS = (2, 4, 3)
"""Bytes from one cell to the next: side by side, or with something in between."""
NEAR = 6.0
"""s around a label in which the app may have shown a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A block of cells: millivolts in words of two bytes."""

    word: Word
    """The first cell."""
    count: int
    step: int = 2
    """Bytes from one cell to the next."""
    unit: float = 1.0
    """mV that a number counts."""

    @property
    def offsets(self) -> range:
        """The bytes from the first cell to the last."""
        return range(self.word.at, self.word.at + self.step * (self.count - 1) + self.word.width)

    @property
    def close(self) -> bool:
        """Whether they stand side by side."""
        return self.step == self.word.width

    def volts(self, payload: bytes) -> list[float]:
        """Return the cells of a payload, V."""
        stop = self.word.at + self.step * self.count
        if self.word.floating:
            return [FLOATS[self.word.type].unpack(payload[at : at + 4]) for at in range(self.word.at, stop, 4)]
        low, high = (0, 1) if self.word.little else (1, 0)
        lower = payload[self.word.at + low : stop : self.step][: self.count]
        upper = payload[self.word.at + high : stop : self.step][: self.count]
        return [(256 * a + b) * self.unit / 1000 for a, b in zip(upper, lower, strict=True)]


def find_cells(series: Series, labels: Sequence[Label] = ()) -> Finding[Cells] | None:
    """Return the best block of cells with its rivals; None where no block is likely."""
    blocks = list(_blocks(series, labels))
    found = sorted((_against_shifted(one, blocks) for one in blocks), key=lambda finding: -finding.bits)
    if not found or found[0].bits < 8:
        return None
    best = found[0]
    taken = set(best.value.offsets)
    rivals = tuple(f for f in found[1:] if taken & set(f.value.offsets) and f.bits > best.bits - 10)
    bits = best.bits
    told = any(one.name == "cell" for label in labels for one in label.seen)
    told = told or TYPED_OFTEN in best.why or (STATES in best.why and best.value.close)
    if not told and bits >= UNDECIDED:
        bits = UNDECIDED + min(bits, 900.0) / 1000  # the order stays
    return Finding(value=best.value, bits=bits, why=best.why, rivals=rivals[:3])


def _against_shifted(one: Finding[Cells], blocks: Sequence[Finding[Cells]]) -> Finding[Cells]:
    """Prefer a block to the same one read in the other order, a byte further on: that one lies wholly inside."""
    span = one.value.offsets
    for other in blocks:
        inside = other.value.offsets
        alike = other.value.step == one.value.step == 2 and other.value.unit == one.value.unit
        shifted = alike and other.value.word.little != one.value.word.little and (inside.start - span.start) % 2
        if shifted and span.start < inside.start and inside.stop < span.stop and len(span) - len(inside) <= 4:
            why = f"{one.why}; the other byte order fits fewer words"
            return Finding(value=one.value, bits=one.bits + 8.0, why=why)
    return one


def _blocks(series: Series, labels: Sequence[Label]) -> Iterator[Finding[Cells]]:
    """Yield every block; other units than millivolts where a typed pack voltage is their sum, or as a guess."""
    units = UNITS if _types_voltage(labels) else (UNITS[0], TENTHS)
    for kind in (*TYPES, *FLOATS):
        for unit in units if kind in TYPES else (UNITS[0],):
            width = Word(at=0, type=kind).width
            likely = [_likely(series, Word(at=at, type=kind), unit) for at in range(max(0, series.size - width + 1))]
            for step in (4,) if kind in FLOATS else STEPS:
                for first, run in _runs(likely, step, close=step == width):
                    cells = Cells(word=Word(at=first, type=kind), count=min(run, MOST), step=step, unit=unit)
                    yield from _trimmed(series, cells, labels)


def _types_voltage(labels: Sequence[Label]) -> bool:
    return any(seen.name == "pack_voltage" for label in labels for seen in label.seen)


def _likely(series: Series, word: Word, unit: float) -> bool:
    """Return whether a word is a possible cell in (nearly) all payloads."""
    if not series.fixed.isdisjoint(word.offsets):
        return False
    values = _numbers(series, word)
    return sum(LOW <= value * unit <= HIGH for value in values) >= 0.97 * len(values)


def _numbers(series: Series, word: Word) -> Sequence[int]:
    """Return what a word says in every payload; floats, which are volts, in millivolts."""
    values = series.values(word)
    return [round(1000 * value) if abs(value) < MOST_VOLTS else 0 for value in values] if word.floating else values


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


def _counted(series: Series, cells: Cells) -> int | None:
    """Return the number of cells that stands right in front of them, as a byte or as a word."""
    found: set[int] = set()
    for back, kind in ((1, "u8"), (2, "u16-le" if cells.word.little else "u16")):
        if cells.word.at >= back:
            values = set(series.values(Word(at=cells.word.at - back, type=kind)))
            found |= values if len(values) == 1 else set()
    return next((number for number in sorted(found, reverse=True) if FEWEST <= number <= cells.count), None)


def _trimmed(series: Series, block: Cells, labels: Sequence[Label]) -> Iterator[Finding[Cells]]:
    """Yield the parts of a run whose words belong together: its ends may be other numbers of the same size."""
    first, step, unit = block.word, block.step, block.unit
    columns = [_numbers(series, Word(at=first.at + step * n, type=first.type)) for n in range(block.count)]
    for start, stop in _segments(columns):
        if stop - start >= FEWEST - 1:
            counted = _counted(
                series, replace(block, word=replace(first, at=first.at + step * start), count=stop - start)
            )
            stop = start + counted if counted else stop
            ends = _without_extremes(columns[start:stop]) if block.close and not counted else (0, stop - start)
            extremes = stop - start - (ends[1] - ends[0])
            start, stop = start + ends[0], start + ends[1]
            if not extremes and not counted:
                start, stop = _as_typed(series, columns, (start, stop), labels, unit)
            word = Word(at=first.at + step * start, type=first.type)
            cells = Cells(word=word, count=stop - start, step=step, unit=unit)
            judged = _judged(series, cells, columns[start:stop], labels)
            if (unit != 1 or cells.count < FEWEST) and TYPED not in judged.why:
                if not (counted and unit == TENTHS and PADDED in judged.why) or _types_voltage(labels):
                    continue
                judged = replace(judged, bits=min(judged.bits, GUESSED))
            if counted:
                why = f"{judged.why}; their number stands in front of them"
                judged = Finding(value=cells, bits=judged.bits + 6.0, why=why)
            if extremes:
                why = f"{judged.why}; {BESIDE} what the highest, lowest or mean cell is"
                judged = Finding(value=cells, bits=judged.bits + 15.0 * extremes, why=why)
            yield judged


def _as_typed(
    series: Series, columns: Sequence[Sequence[int]], part: tuple[int, int], labels: Sequence[Label], unit: float
) -> tuple[int, int]:
    """Return the part of a block, up to three words shorter at either end, whose sum is the typed pack voltage."""
    typed = [(label, seen) for label in labels for seen in label.seen if seen.name == "pack_voltage"]
    if len({seen.value for _, seen in typed}) < 2:
        return part
    for off in sorted(((a, b) for a in range(4) for b in range(4)), key=sum):
        start, stop = part[0] + off[0], part[1] - off[1]
        if (
            stop - start >= FEWEST
            and _whole(columns[start:stop])
            and all(
                any(
                    abs(sum(column[i] for column in columns[start:stop]) * unit / 1000 - seen.value)
                    <= seen.step * 0.5 + 0.02
                    for i in series.near(label.at, NEAR)
                )
                for label, seen in typed
            )
        ):
            return start, stop
    return part


def _whole(columns: Sequence[Sequence[int]]) -> bool:
    """Return whether no end of a block is the highest, lowest or mean cell."""
    return _without_extremes(columns) == (0, len(columns))


def _without_extremes(columns: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return the part of a block that is left when the highest, lowest or mean cell stands beside the cells."""
    start, stop = _without_still(columns)
    while True:
        for more in (2, 1):
            room = stop - start - more >= FEWEST
            if room and _says_extremes(columns[start : start + more], columns[start + more : stop]):
                start += more
                break
            if room and _says_extremes(columns[stop - more : stop], columns[start : stop - more]):
                stop -= more
                break
        else:
            return start, stop


def _without_still(columns: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return the part of a block without words at its ends that never move while all others do."""
    moves = [len(set(column)) >= MOVING for column in columns]
    start, stop = 0, len(columns)
    if sum(moves) >= max(FEWEST, 0.6 * len(columns)):
        while not moves[start] and len(set(columns[start])) == 1:
            start += 1
        while not moves[stop - 1] and len(set(columns[stop - 1])) == 1:
            stop -= 1
    return start, stop


def _says_extremes(said: Sequence[Sequence[int]], cells: Sequence[Sequence[int]]) -> bool:
    """Return whether words always say what the highest, the lowest or the mean of the other cells is."""
    rows = list(zip(*cells, strict=True))
    facts = [(max(row), min(row), sum(row) // len(row)) for row in rows]
    if len({(high, low) for high, low, _ in facts}) < (2 if len(said) > 1 else 5):
        return False
    for words in zip(*said, strict=True):
        known = facts.pop(0)
        if len(set(words)) < len(words) and known[0] != known[1]:
            return False
        if any(word not in known for word in words):
            return False
    return True


def _segments(columns: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Cut where one cell is much further from its neighbour than neighbours are from each other."""
    steps = [_apart(one, other) for one, other in pairwise(columns)]
    usual = sorted(steps)[len(steps) // 2]
    limit = min(SPREAD, max(250, 6 * usual))
    start = 0
    for number, step in enumerate(steps, 1):
        if step > limit:
            yield start, number
            start = number
    yield start, len(columns)


def _apart(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how far two words are apart, in nearly all payloads: what stands beside cells moves in its own way."""
    return sorted(abs(a - b) for a, b in zip(one, other, strict=True))[len(one) * 9 // 10]


def _judged(series: Series, cells: Cells, columns: Sequence[Sequence[int]], labels: Sequence[Label]) -> Finding[Cells]:
    """Weigh a block: each word that is near its neighbours is worth bits, and so is every relation."""
    rows = list(zip(*columns, strict=True))
    apart = sorted(max(row) - min(row) for row in rows)[len(rows) // 2]
    per_cell = log2(65536 / (2 * apart + 2))
    bits = log2(65536 / (HIGH - LOW)) + (cells.count - 1) * per_cell - log2(4 * max(series.size, 1))
    bits -= (0.0 if cells.close else 6.0) + (8.0 if cells.unit != 1 else 0.0)
    why = [f"{cells.count} words from {min(map(min, columns))} to {max(map(max, columns))}, at most {apart} apart"]
    if cells.count <= MOST_SENSORS and KELVIN[0] <= min(map(min, columns)) and max(map(max, columns)) <= KELVIN[1]:
        bits -= 12.0
        why.append("but they would do as temperatures in tenths of a kelvin")
    if (
        cells.unit == 1
        and not cells.word.floating
        and len({value & 0xFF for column in columns for value in column}) == 1
    ):
        bits -= 40.0
        why.append("but the lower byte never moves")
    reasons = (_low_moves_more(rows), _padded(series, cells), _by_sum(series, cells, rows))
    for worth, words in (*reasons, _by_labels(series, cells, labels)):
        bits += worth
        if words:
            why.append(words)
    return Finding(value=cells, bits=bits, why="; ".join(why))


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
    unused = not any(any(series.values(Word(at=at, type=cells.word.type))) for at in behind)
    return (6.0, PADDED) if unused else (0.0, "")


def _by_sum(series: Series, cells: Cells, rows: Sequence[Sequence[int]]) -> tuple[float, str]:
    """Weigh a word elsewhere that is the sum of the cells: it proves order, start and count at once."""
    if cells.unit != 1:
        return 0.0, ""
    for scale in (1,) if cells.word.floating else (1, 10, 100):
        slack = max(scale, cells.count) * 0.6 + 2
        for word in series.words(tuple(FLOATS) if cells.word.floating else ("u16", "u16-le", "u32", "u32-le")):
            if set(word.offsets) & set(cells.offsets):
                continue
            if all(abs(v * scale - sum(r)) <= slack for v, r in zip(_numbers(series, word), rows, strict=True)):
                distinct = min(4, len({sum(row) // scale for row in rows}))
                worth = log2(65536 * scale / (2 * slack + 1)) / 2 + 10 * distinct - 10
                states = len({sum(row) // scale for row in rows})
                proof = word.little == cells.word.little and states > {1: 1, 10: 4, 100: 12}[scale]
                often = f" in {states} states" if proof else ""
                return worth, f"{SUM} at byte {word.at} ({word.type}, {scale} mV){often}"
    return 0.0, ""


def _by_labels(series: Series, cells: Cells, labels: Sequence[Label]) -> tuple[float, str]:
    """Weigh typed cells and the typed pack voltage, whose every other value proves more."""
    bits, hits, misses = 0.0, 0, 0
    shown: dict[bool, set[float]] = {True: set(), False: set()}
    for label in labels:
        near = [cells.volts(series.payloads[index]) for index in series.near(label.at, NEAR)]
        for seen in label.seen:
            if seen.name == "cell":
                good = any(_shows(volts, seen, cells.unit) for volts in near)
                hits, misses, bits = hits + good, misses + (not good), bits + (6.0 if good else -12.0)
            elif seen.name == "pack_voltage":
                shown[any(_shows(volts, seen, cells.unit) for volts in near)].add(seen.value)
    told = []
    if len(shown[True]) > 3 * len(shown[False] - shown[True]):
        slack = 0.002 * cells.count * max(cells.unit, 1.0) + 0.02
        bits += max(2.0, min(12.0, log2(100 / (2 * slack)))) + 3.0 * (len(shown[True]) - 1)
        told.append(f"{TYPED} at several moments" if len(shown[True]) > 1 else TYPED)
    if hits or misses:
        told.append(f"{hits} typed cells agree" + (f", {misses} do not" if misses else ""))
    return bits, ", ".join(told)


def _shows(volts: Sequence[float], seen: Seen, unit: float) -> bool:
    slack = seen.step * 0.5 + 0.0015 * max(unit, 1.0)
    if seen.name == "pack_voltage":
        return abs(sum(volts) - seen.value) <= slack + (0.002 + 0.0005 * max(unit - 1, 0.0)) * len(volts)
    if seen.index is not None:
        return seen.index < len(volts) and abs(volts[seen.index] - seen.value) <= slack
    return any(abs(cell - seen.value) <= slack for cell in volts)
