"""Find numbers by how they hang together, without a label: sum of the cells, charge over time, parts of a whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import log2, sqrt
from operator import sub

from bmsreader.lab.evidence import Finding
from bmsreader.lab.meaning.halves import rounded_to
from bmsreader.lab.meaning.scalars import Place, Table
from bmsreader.lab.meaning.series import Word
from bmsreader.protocol.numbers import FLOATS

CAPACITY_TYPES = ("u16", "u16-le", "u32", "u32-le")
SCALES = (0.1, 0.01, 0.001, 1.0)
APART = 16
"""Bytes within which remaining and full charge are looked for."""
OFF = 1.05
"""Percent by which a state of charge may be off the share that is left: it is rounded or cut off."""
FLOWED, WITH_FLOW = 8.0, 0.95
"""Bits that it is worth that a remaining charge moves as charge flowed, and how alike that is."""
LEAST, MOST = 4.0, 1200.0
"""Ah that a pack can hold."""


def sum_of_cells(table: Table, sums: Sequence[float], count: int, taken: frozenset[int]) -> list[Finding[Place]]:
    """Return the words that are the sum of the cells (``sums``, V, one for each payload), best first."""
    found = []
    for scale in (0.001, 0.01, 0.1, 1.0):
        for kind in CAPACITY_TYPES if scale < 1 else FLOATS:
            for word in table.words(kind):
                if not taken.isdisjoint(word.offsets):
                    continue
                values = table.values(word)
                grain = scale if scale < 1 else rounded_to(values)
                slack = max(grain, 0.001 * count) * 0.6 + 0.002
                misses = sum(abs(v * scale - total) > slack for v, total in zip(values, sums, strict=True))
                if misses > len(values) // 20:
                    continue
                distinct = len({round(total / slack) for total in sums})
                bits = log2(60 / (2 * slack)) + 4.0 * min(distinct - 1, 6) + 4 - log2(table.series.size)
                place = Place(name="pack_voltage", word=word, scale=scale)
                found.append(Finding(value=place, bits=bits, why=f"is the sum of the {count} cells in every frame"))
    return sorted(found, key=lambda finding: (-finding.bits, finding.value.word.width))


Charge = tuple[Place, Place, Place]
"""State of charge, remaining and full-charge capacity."""


def _any_word(_name: str, _word: Word) -> bool:
    return True


def parts_of_whole(
    table: Table, taken: frozenset[int], fits: Callable[[str, Word], bool] = _any_word
) -> Iterator[tuple[float, Charge]]:
    """Yield (bits, places) of remaining / full charge = state of charge; scales are left at 1.

    ``fits`` says whether a word can be a value, by name, as far as other things tell it.
    """
    socs = _percentages(table, [w for w in _free(table, ("u8", "u16", "u16-le", *FLOATS), taken) if fits("soc", w)])
    for kind in (*CAPACITY_TYPES, *FLOATS):
        words = [w for w in _free(table, (kind,), taken) if _charges(table.values(w))]
        parts = [word for word in words if fits("remaining_capacity", word)]
        for whole in (w for w in words if _steady(table.values(w)) and fits("full_charge_capacity", w)):
            full = Place(name="full_charge_capacity", word=whole)
            for part in parts:
                if part.width <= abs(part.at - whole.at) <= APART:
                    place = Place(name="remaining_capacity", word=part)
                    for bits, soc in _shares(socs, table.values(part), table.values(whole)):
                        yield bits, (soc, place, full)


def _free(table: Table, kinds: Sequence[str], taken: frozenset[int]) -> Iterator[Word]:
    return (word for kind in kinds for word in table.words(kind) if taken.isdisjoint(word.offsets))


def _charges(values: Sequence[int]) -> bool:
    """Return whether numbers can be charges at all."""
    return min(values) > 0 and max(values) < 2_000_000


def _steady(wholes: Sequence[int]) -> bool:
    """Return whether numbers can be the charge of a full pack: not small, and hardly ever another."""
    return wholes[0] >= 40 and len(set(wholes)) <= 1 + len(wholes) // 10


Percentages = dict[int, list[tuple[Place, Sequence[float], int]]]
"""By the whole percent of the first payload: places, what they say, and how many whole percents they take."""


def _percentages(table: Table, words: Iterable[Word]) -> Percentages:
    """Return the places that can be a state of charge."""
    found: Percentages = {}
    for word in words:
        values = table.values(word)
        if 0 < max(values) <= 100:
            one = Place(name="soc", word=word), values, len(set(map(round, values)))
            found.setdefault(round(values[0]), []).append(one)
    return found


def _shares(socs: Percentages, parts: Sequence[int], wholes: Sequence[int]) -> Iterator[tuple[float, Place]]:
    """Yield the states of charge that are part / whole in every payload, with the bits of evidence for it."""
    if parts[0] > 1.02 * wholes[0]:
        return
    wanted = round(100 * parts[0] / wholes[0])
    near = [one for soc in (wanted - 1, wanted, wanted + 1) for one in socs.get(soc, ())]
    if not near:
        return
    shares = [100 * part / whole for part, whole in zip(parts, wholes, strict=True)]
    moved = len(set(parts)) > 1
    for place, percents, states in near:
        if abs(shares[-1] - percents[-1]) <= OFF and max(map(abs, map(sub, shares, percents))) <= OFF:
            copied = moved and _copied(percents, parts)  # a register that stands twice agrees with itself
            yield 5.0 if copied else 5.0 * min(states, 10) + (3.0 if moved else 0.0), place


def _copied(percents: Sequence[float], parts: Sequence[float]) -> bool:
    """Return whether a charge says no more than its percentage does: it is that again, in other bytes of a word."""
    for shift in (8, 16, 24):
        if all(int(part) >> shift & 0xFF == percent for percent, part in zip(percents, parts, strict=True)):
            return True
    least, most = percents.index(min(percents)), percents.index(max(percents))
    wide, step = percents[most] - percents[least], parts[most] - parts[least]
    return all(
        (part - parts[least]) * wide == (percent - percents[least]) * step
        for percent, part in zip(percents, parts, strict=True)
    )


def typed_share(
    table: Table, taken: frozenset[int], little: bool | None, flow: Sequence[float] = ()
) -> Iterator[tuple[float, Place, Place]]:
    """Yield (bits, remaining, full) whose share is the typed state of charge at every label; scales are left at 1.

    That the remaining charge moves as charge flowed (``flow``, Ah, by payload) is worth most.
    """
    typed = table.seen("soc")
    different = len({seen.value for _, seen in typed})
    for kind in (*CAPACITY_TYPES, *FLOATS):
        words = [w for w in table.words(kind) if taken.isdisjoint(w.offsets)]
        words = [w for w in words if min(table.values(w)) > 0 and max(table.values(w)) < 2_000_000]
        for whole in (w for w in words if _steady(table.values(w))):
            wholes = table.values(whole)
            for part in words:
                parts = table.values(part)
                if not part.width <= abs(part.at - whole.at) <= APART or len(set(parts)) < different:
                    continue
                if all(
                    any(
                        abs(100 * parts[i] / wholes[i] - seen.value) <= 0.55 * seen.step + 0.55
                        for i in table.near[label.at]
                    )
                    for label, seen in typed
                ):
                    bits = 6.5 * different - log2(4 * APART * table.series.size)
                    bits += 1.0 if part.width == 4 else 0.0
                    bits += 2.0 if little is not None and whole.little == little else 0.0
                    bits += FLOWED if flow and correlation(parts, flow) >= WITH_FLOW else 0.0
                    remaining = Place(name="remaining_capacity", word=part)
                    yield bits, remaining, Place(name="full_charge_capacity", word=whole)


def charge_scale(table: Table, remaining: Place, flow: Sequence[float]) -> Finding[float] | None:
    """Return the scale by which remaining charge (raw) changes as charge flowed (Ah); None when it hardly moves."""
    raws = table.values(remaining.word)
    moved, charge = raws[-1] - raws[0], flow[-1] - flow[0] if flow else 0.0
    if abs(moved) < 3 or charge == 0 or (moved > 0) != (charge > 0):
        return None
    ratio = charge / moved
    scale = min(SCALES, key=lambda one: abs(log2(ratio / one)))
    off = abs(log2(ratio / scale))
    if off > 0.6:
        return None
    why = f"moved by {abs(moved)} while {abs(charge):.2f} Ah flowed"
    return Finding(value=scale, bits=8.0 - 6 * off + log2(abs(moved)), why=why)


def likely_scales(word: Word, raw: float) -> list[float]:
    """Return the scales under which a full-charge capacity is one that packs have, the usual one first."""
    if word.floating:
        return [scale for scale in (1.0, 0.001) if LEAST <= raw * scale <= MOST]
    usual = (0.001, 0.01, 0.1, 1.0) if word.width == 4 else (0.01, 0.1, 1.0, 0.001)
    possible = [scale for scale in usual if LEAST <= raw * scale <= MOST]
    return sorted(possible, key=lambda scale: abs(log2(raw * scale / 100)))


def follows_voltage(table: Table, volts: Sequence[float], taken: frozenset[int]) -> list[Finding[Place]]:
    """Return the words that move with the cells as a current does: up when they rise, down when they sag."""
    steps = [b - a for a, b in pairwise(volts)]
    if len(steps) < 4 or max(map(abs, steps)) < 0.004:
        return []
    found = []
    for kind in ("i16", "i16-le", "i32", "i32-le"):
        for word in table.words(kind):
            values = table.values(word)
            if not taken.isdisjoint(word.offsets) or len(set(values)) < 2 or max(map(abs, values)) > 1_000_000:
                continue
            alike = correlation(steps, [b - a for a, b in pairwise(values)])
            if abs(alike) > 0.5:
                moments = sum(abs(step) > 0.3 * max(map(abs, steps)) for step in steps)
                bits = min(30.0, -moments * log2(max(1 - alike * alike, 1e-3)) / 2) - log2(4 * table.series.size)
                place = Place(name="current", word=word, scale=0.01 if alike > 0 else -0.01)
                why = f"moves with the cell voltages in {moments} steps (correlation {alike:+.2f})"
                found.append(Finding(value=place, bits=bits, why=why))
    return sorted(found, key=lambda finding: (-finding.bits, finding.value.word.width))


def moves_alike(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how alike the steps of two rows of numbers are, -1 to 1."""
    return correlation([b - a for a, b in pairwise(one)], [b - a for a, b in pairwise(other)]) if len(one) > 2 else 0.0


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how alike two rows of numbers move, -1 to 1; 0 where one does not move."""
    a, b = sum(one) / len(one), sum(other) / len(other)
    top = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    bottom = sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return top / bottom if bottom else 0.0
