"""Find the block of cell voltages: neighbouring words that are all plausible and nearly alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from bmsreader.lab.evidence import Finding
from bmsreader.lab.labels import Label, Seen
from bmsreader.lab.series import Series, Word

LOW, HIGH = 1500, 4500
"""mV that a living cell of any lithium chemistry can have."""
SPREAD = 700
"""mV between the cells of one pack that are still taken for one block."""
MOST = 48
"""Cells in series that are looked for."""
FEWEST = 3
"""Two neighbours that are alike are chance; a block has three cells, or something else that proves it."""
KELVIN, MOST_SENSORS = (2632, 3082), 3
"""So few words in this range are rather temperatures (-10 to 35 degrees) in tenths of a kelvin."""
SUM, BESIDE = "their sum stands", "beside them stands"
UNDECIDED = 19.0
"""Bits at most of a block that could also be read in the other byte order: not sure."""
TYPES = ("u16", "u16-le")
NEAR = 6.0
"""s around a label in which the app may have shown a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A block of cells: millivolts in words of two bytes."""

    word: Word
    """The first cell."""
    count: int

    @property
    def offsets(self) -> range:
        """The bytes that the block takes."""
        return range(self.word.at, self.word.at + 2 * self.count)

    def volts(self, payload: bytes) -> list[float]:
        """Return the cells of a payload, V."""
        part = payload[self.word.at : self.word.at + 2 * self.count]
        high, low = (part[1::2], part[::2]) if self.word.little else (part[::2], part[1::2])
        return [(256 * upper + lower) / 1000 for upper, lower in zip(high, low, strict=True)]


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
    proved = SUM in best.why or BESIDE in best.why
    if not proved and any(rival.value.word.little != best.value.word.little for rival in found[1:][:3]):
        bits = min(bits, UNDECIDED) if not any(one.name == "cell" for label in labels for one in label.seen) else bits
    return Finding(value=best.value, bits=bits, why=best.why, rivals=rivals[:3])


def _against_shifted(one: Finding[Cells], blocks: Sequence[Finding[Cells]]) -> Finding[Cells]:
    """Prefer a block to the same one read in the other order, a byte further on: that one lies wholly inside."""
    span = one.value.offsets
    for other in blocks:
        inside = other.value.offsets
        shifted = other.value.word.little != one.value.word.little and (inside.start - span.start) % 2
        if shifted and span.start < inside.start and inside.stop < span.stop and len(span) - len(inside) <= 4:
            why = f"{one.why}; the other byte order fits fewer words"
            return Finding(value=one.value, bits=one.bits + 8.0, why=why)
    return one


def _blocks(series: Series, labels: Sequence[Label]) -> Iterator[Finding[Cells]]:
    for kind in TYPES:
        likely = [_likely(series, Word(at=at, type=kind)) for at in range(max(0, series.size - 1))]
        for parity in (0, 1):
            at = parity
            while at < len(likely):
                run = _run(likely, at)
                if run >= FEWEST:
                    yield from _trimmed(series, Word(at=at, type=kind), min(run, MOST), labels)
                at += 2 * max(run, 1)


def _likely(series: Series, word: Word) -> bool:
    """Return whether a word is a possible cell in (nearly) all payloads."""
    if not series.fixed.isdisjoint(word.offsets):
        return False
    values = series.values(word)
    return sum(LOW <= value <= HIGH for value in values) >= 0.97 * len(values)


def _run(likely: Sequence[bool], at: int) -> int:
    count = 0
    while at + 2 * count < len(likely) and likely[at + 2 * count]:
        count += 1
    return count


def _trimmed(series: Series, first: Word, run: int, labels: Sequence[Label]) -> Iterator[Finding[Cells]]:
    """Yield the parts of a run whose words belong together: its ends may be other numbers of the same size."""
    columns = [series.values(Word(at=first.at + 2 * n, type=first.type)) for n in range(run)]
    for start, stop in _segments(columns):
        if stop - start >= FEWEST:
            ends = _without_extremes(columns[start:stop])
            extremes = stop - start - (ends[1] - ends[0])
            start, stop = start + ends[0], start + ends[1]
            start, stop = (start, stop) if extremes else _as_typed(series, columns, (start, stop), labels)
            cells = Cells(word=Word(at=first.at + 2 * start, type=first.type), count=stop - start)
            judged = _judged(series, cells, columns[start:stop], labels)
            if extremes:
                why = f"{judged.why}; {BESIDE} what the highest, lowest or mean cell is"
                judged = Finding(value=cells, bits=judged.bits + 15.0 * extremes, why=why)
            yield judged


def _as_typed(
    series: Series, columns: Sequence[Sequence[int]], part: tuple[int, int], labels: Sequence[Label]
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
                    abs(sum(column[i] for column in columns[start:stop]) / 1000 - seen.value) <= seen.step * 0.5 + 0.02
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
    start, stop = 0, len(columns)
    for more in (2, 1):
        room = stop - start - more >= FEWEST
        if room and not start and _says_extremes(columns[:more], columns[more:stop]):
            start = more
        room = stop - start - more >= FEWEST
        if room and stop == len(columns) and _says_extremes(columns[stop - more : stop], columns[start : stop - more]):
            stop -= more
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
    limit = min(SPREAD, max(200, 6 * usual))
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
    why = [f"{cells.count} words from {min(map(min, columns))} to {max(map(max, columns))}, at most {apart} apart"]
    if cells.count <= MOST_SENSORS and KELVIN[0] <= min(map(min, columns)) and max(map(max, columns)) <= KELVIN[1]:
        bits -= 12.0
        why.append("but they would do as temperatures in tenths of a kelvin")
    for worth, words in (_low_moves_more(rows), _by_sum(series, cells, rows), _by_labels(series, cells, labels)):
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


def _by_sum(series: Series, cells: Cells, rows: Sequence[Sequence[int]]) -> tuple[float, str]:
    """Weigh a word elsewhere that is the sum of the cells: it proves order, start and count at once."""
    for scale in (1, 10, 100):
        slack = max(scale, cells.count) * 0.6 + 2
        for word in series.words(("u16", "u16-le", "u32", "u32-le")):
            if set(word.offsets) & set(cells.offsets):
                continue
            if all(abs(v * scale - sum(r)) <= slack for v, r in zip(series.values(word), rows, strict=True)):
                distinct = min(4, len({sum(row) // scale for row in rows}))
                worth = log2(65536 * scale / (2 * slack + 1)) / 2 + 10 * distinct - 10
                return worth, f"{SUM} at byte {word.at} ({word.type}, {scale} mV)"
    return 0.0, ""


def _by_labels(series: Series, cells: Cells, labels: Sequence[Label]) -> tuple[float, str]:
    """Weigh typed cells and the typed pack voltage."""
    bits, hits, misses = 0.0, 0, 0
    for label in labels:
        near = [cells.volts(series.payloads[index]) for index in series.near(label.at, NEAR)]
        for seen in label.seen:
            if seen.name == "cell" or seen.name == "pack_voltage":
                if any(_shows(volts, seen) for volts in near):
                    hits += 1
                    bits += 6.0 if seen.name == "cell" else 2.0
                elif seen.name == "cell":
                    misses += 1
                    bits -= 12.0
    told = f"{hits} typed values agree" if hits else ""
    return bits, told + (f", {misses} typed cells do not" if misses else "")


def _shows(volts: Sequence[float], seen: Seen) -> bool:
    slack = seen.step * 0.5 + 0.0015
    if seen.name == "pack_voltage":
        return abs(sum(volts) - seen.value) <= slack + 0.002 * len(volts)
    if seen.index is not None:
        return seen.index < len(volts) and abs(volts[seen.index] - seen.value) <= slack
    return any(abs(cell - seen.value) <= slack for cell in volts)
